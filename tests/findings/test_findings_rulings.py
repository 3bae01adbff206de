"""Ten rulings on service promises by advertising regulators, restated: each must come out as it was decided."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promisecheck.findings import Measured, find
from promisecheck.match import Statement, match
from promisecheck.model import Incident, Measure, Promise

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def days(value: float, unit: str = "working-day", high: float | None = None) -> Measure:
    return Measure(kind="duration", compare="at-most", value=value, unit=unit, high=high)


def promise(quote: str, **more: object) -> Promise:
    fields = {
        "company_id": "shop", "theme": "speed", "kind": "quantified", "url": "https://shop.example/",
        "language": "en", "quote": quote, "start": 0, "end": len(quote), "metric": "delivery",
    }  # fmt: skip
    return Promise(**{**fields, **more})  # type: ignore[arg-type]


FREE = {"kind": "guarantee", "theme": "price", "metric": "fee", "strength": "absolute"}

RULINGS = [
    pytest.param(
        promise("Your parcel arrives within two working days", measure=days(2)),
        (10_000, 9_780, ""), [], [], "kept",
        id="nearly 98 in 100 parcels on time over half a year prove a time promise",
    ),
    pytest.param(
        promise("Order today, wear it tomorrow: next-day delivery", measure=days(1)),
        (40_000, 39_100, "in one sale week about one order in twenty came late"), [], [], "kept",
        id="one exceptional week is no pattern",
    ),
    pytest.param(
        promise("Your sofa could be with you in just seven days", measure=days(7, "day"), strength="hedged"),
        (2_000, 1_040, ""), [], [], "kept",
        id="could is less than will: more than half is enough",
    ),
    pytest.param(
        promise("Next-day plus", measure=days(1)),
        (5_000, 4_750, ""), ["Parcels are delivered in 1-2 working days"], [], "contradicted",
        id="the site's own longer time elsewhere contradicts the name of the service",
    ),
    pytest.param(
        promise("Every one of your orders comes free and on the next day", **FREE),
        None, ["Free next-day delivery does not apply below our order minimum, to islands or to heavy goods"], [],
        "contradicted",
        id="exceptions contradict all, they do not qualify it",
    ),
    pytest.param(
        promise("We deliver all orders for free", **FREE),
        None, ["Delivery is free on orders over £200"], [], "contradicted",
        id="a threshold elsewhere excludes all orders",
    ),
    pytest.param(
        promise("Delivered before Christmas, guaranteed", kind="guarantee", strength="absolute", metric="delivery"),
        None, ["Every delivery date we give is an estimate and subject to change"], [], "contradicted",
        id="a guarantee leaves no room for subject to change",
    ),
    pytest.param(
        promise("Tables usually arrive in 5-7 working days", measure=days(5, high=7), strength="hedged"),
        None, [], ["I waited four months for my table to be delivered."], "at-risk",
        id="one complaint does not break usually, and nothing proves it",
    ),
    pytest.param(
        promise("100 % satisfied customers", kind="value", theme="other", strength="absolute", metric=""),
        None, [], ["Our site was down for more than a week and nobody answered our emails."], "contradicted",
        id="one credible case contradicts a hundred per cent",
    ),
    pytest.param(
        promise("Delivered within two working days", measure=days(2)),
        None, ["* For larger items delivery can take up to two weeks"], [], "contradicted",
        id="a footnote does not qualify an unqualified headline",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("made", "tracked", "statements", "complaints", "expected"), RULINGS)
def test_ruling(
    made: Promise,
    tracked: tuple[int, int, str] | None,
    statements: list[str],
    complaints: list[str],
    expected: str,
) -> None:
    incidents = [
        Incident(company_id="shop", source="mail", external_id=str(n), language="en", details=text)
        for n, text in enumerate(complaints)
    ]
    said = [Statement(text=text, language="en", url="https://shop.example/terms") for text in statements]
    own = (
        [Measured(promise_id=made.id, n=tracked[0], kept=tracked[1], exceptional=tracked[2])]
        if tracked
        else []
    )
    matches = match([made], incidents, statements=said, now=NOW)
    (finding,) = find([made], matches, incidents, now=NOW, measured=own)
    assert finding.verdict == expected, finding.why
    assert finding.kept + finding.broken == finding.relevant
    assert finding.why
