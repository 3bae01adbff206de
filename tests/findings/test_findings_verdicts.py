"""One verdict a promise: thresholds by strength, honest denominators, what is left out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.findings import Measured, Policy, Window, find
from promisecheck.findings.rate import wilson
from promisecheck.model import Incident, Match, Measure, Promise, Signal

NOW = datetime(2026, 10, 1, tzinfo=UTC)
SEEN = datetime(2026, 9, 30, tzinfo=UTC)


def promise(**more: object) -> Promise:
    fields = {
        "company_id": "c", "theme": "speed", "kind": "guarantee", "url": "https://c.example/hjaelp", "language": "da",
        "quote": "Vi svarer hurtigt", "start": 0, "end": 17, "first_seen": SEEN, "last_seen": SEEN,
    }  # fmt: skip
    return Promise(**{**fields, **more})  # type: ignore[arg-type]


def incident(n: int, **more: object) -> Incident:
    fields = {
        "company_id": "c",
        "source": "log",
        "occurred_at": NOW - timedelta(days=20),
        "details": f"sag {n}",
    }
    return Incident(external_id=str(n), **{**fields, **more})  # type: ignore[arg-type]


def signal(code: str, status: str = "broken") -> Signal:
    return Signal(theme="ease", status=status, code=code, quote="x", start=0, end=1, score=0.8)  # type: ignore[arg-type]


def said(
    made: Promise, one: Incident, outcome: str, kind: str = "incident", codes: tuple[str, ...] = ()
) -> Match:
    score = 0.0 if outcome == "silent" else 0.9
    return Match(
        promise_id=made.id, evidence_id=one.id, evidence_kind=kind, outcome=outcome, score=score,
        reasons=("because",), signals=tuple(signal(code) for code in codes),
    )  # type: ignore[arg-type]  # fmt: skip


def finding(made: Promise, broken: int, kept: int, kind: str = "incident", **more: object):  # type: ignore[no-untyped-def]
    log = [incident(n) for n in range(broken + kept)]
    matches = [said(made, one, "breaks" if n < broken else "keeps", kind) for n, one in enumerate(log)]
    log += [incident(-1)]
    (found,) = find([made], matches, log, now=NOW, **more)  # type: ignore[arg-type]
    assert found.kept + found.broken == found.relevant
    return found


TOLD = [
    ("absolute", 0, 0, "no-evidence"),
    ("absolute", 0, 9, "no-evidence"),
    ("absolute", 1, 0, "contradicted"),
    ("absolute", 1, 500, "contradicted"),
    ("firm", 0, 50, "no-evidence"),
    ("firm", 1, 0, "at-risk"),
    ("firm", 2, 0, "contradicted"),
    ("firm", 2, 198, "at-risk"),
    ("hedged", 1, 0, "at-risk"),
    ("hedged", 4, 0, "at-risk"),
    ("hedged", 6, 0, "contradicted"),
    ("hedged", 6, 6, "at-risk"),
]


@pytest.mark.parametrize(("strength", "broken", "kept", "verdict"), TOLD)
def test_told_in_words(strength: str, broken: int, kept: int, verdict: str) -> None:
    assert finding(promise(strength=strength), broken, kept).verdict == verdict


MEASURED = [
    ("firm", 0, 20, "kept"),
    ("firm", 5, 95, "kept"),
    ("firm", 6, 94, "contradicted"),
    ("firm", 0, 19, "no-evidence"),
    ("absolute", 0, 100, "kept"),
    ("absolute", 1, 99, "contradicted"),
    ("hedged", 50, 50, "kept"),
    ("hedged", 51, 49, "contradicted"),
]


@pytest.mark.parametrize(("strength", "broken", "kept", "verdict"), MEASURED)
def test_measured(strength: str, broken: int, kept: int, verdict: str) -> None:
    found = finding(promise(strength=strength), broken, kept, kind="fact")
    assert found.verdict == verdict, found.why


@pytest.mark.parametrize(("cases", "others", "verdict"), [
    (15, 0, "kept"), (15, 1, "no-evidence"), (9, 0, "no-evidence"), (20, 9, "kept"),
])  # fmt: skip
def test_fewer_cases_do_where_the_log_measures_every_one(cases: int, others: int, verdict: str) -> None:
    made = promise()
    log = [incident(n, channel="chat") for n in range(cases)]
    matches = [said(made, one, "keeps", "fact") for one in log]
    log += [incident(100 + n, channel="chat") for n in range(others)] + [incident(200, channel="mail")]
    (found,) = find([made], matches, log, now=NOW)
    assert found.verdict == verdict


def test_what_lies_outside_a_promise_is_left_out_with_its_reason() -> None:
    made = promise()
    log = [incident(n) for n in range(2)]
    reason = "It was in NO; the promise is for SE."
    matches = [
        said(made, log[0], "keeps", "fact"),
        replace(said(made, log[1], "silent", "fact"), reasons=(reason,)),
    ]
    (found,) = find([made], matches, log, now=NOW)
    assert [(one.reason, one.count) for one in found.excluded] == [
        ("lies outside what the promise covers", 1)
    ]


def test_praise_and_complaints_alone_never_prove_a_promise() -> None:
    for strength in ("absolute", "firm", "hedged"):
        for kept in (1, 20, 1000):
            assert finding(promise(strength=strength), 0, kept).verdict != "kept"


def test_words_stand_beside_a_measured_count_and_are_shown() -> None:
    made = promise()
    log = [incident(n) for n in range(32)]
    matches = [said(made, one, "keeps", "fact") for one in log[:30]] + [
        said(made, one, "breaks") for one in log[30:]
    ]
    (found,) = find([made], matches, log, now=NOW)
    assert (found.verdict, found.kept, found.broken) == ("kept", 30, 0)
    assert [(one.reason, one.count) for one in found.excluded] == [
        ("told in words, beside the measured cases", 2)
    ]


def test_open_in_time_is_left_out_with_its_reason() -> None:
    made = promise()
    log = [incident(n) for n in range(3)]
    matches = [
        said(made, log[0], "breaks", "fact"),
        replace(
            said(made, log[1], "silent", "fact"), reasons=("Still open, and its deadline has not passed.",)
        ),
        said(made, log[2], "keeps", "fact"),
    ]
    (found,) = find([made], matches, log, now=NOW)
    assert (found.relevant, found.excluded[0].reason, found.excluded[0].count) == (
        2,
        "still open, and in time",
        1,
    )


def test_an_exceptional_period_is_shown_and_not_counted() -> None:
    made = promise()
    log = [incident(n, occurred_at=datetime(2026, 9, 1 + n, tzinfo=UTC)) for n in range(4)]
    storm = Window(
        start=datetime(2026, 9, 2, tzinfo=UTC), end=datetime(2026, 9, 3, tzinfo=UTC), reason="storm"
    )
    (found,) = find([made], [said(made, one, "breaks") for one in log], log, now=NOW, exceptional=[storm])
    assert found.broken == 2
    assert [(one.reason, one.count) for one in found.excluded] == [("in an exceptional period: storm", 2)]


def test_before_the_first_crawl_is_assumed_in_force_and_said() -> None:
    found = finding(promise(), 3, 0)
    assert found.broken == 3
    assert any("it is assumed that the promise stood there then" in reason for reason in found.why)
    strict = finding(promise(), 3, 0, policy=Policy(assume_in_force_before_first_seen=False))
    assert (strict.broken, strict.verdict) == (0, "no-evidence")
    assert strict.excluded[0].reason == "happened before the promise stood on the site"


def test_a_promise_known_to_be_new_is_not_held_against_the_past() -> None:
    old, new = promise(quote="Altid åbent", first_seen=SEEN - timedelta(days=300)), promise()
    log = [incident(1), incident(2)]
    matches = [said(new, one, "breaks") for one in log]
    verdicts = {found.promise_id: found for found in find([old, new], matches, log, now=NOW)}
    assert verdicts[new.id].broken == 0
    assert verdicts[new.id].excluded[0].count == 2


def test_a_promise_taken_down_is_not_held_against_what_came_after() -> None:
    gone = promise(first_seen=SEEN - timedelta(days=300), last_seen=SEEN - timedelta(days=100))
    stays = promise(quote="Altid åbent", first_seen=SEEN - timedelta(days=300))
    log = [incident(1), incident(2, occurred_at=SEEN - timedelta(days=200))]
    matches = [said(gone, one, "breaks") for one in log]
    found = {one.promise_id: one for one in find([gone, stays], matches, log, now=NOW)}[gone.id]
    assert found.broken == 1
    assert found.excluded[0].reason == "happened after the promise had gone from the site"


def test_the_same_text_twice_is_one_case() -> None:
    made = promise()
    log = [incident(1, details="Samme klage"), incident(2, details="samme  KLAGE")]
    (found,) = find([made], [said(made, one, "breaks") for one in log], log, now=NOW)
    assert (found.broken, found.verdict) == (1, "at-risk")


def test_recovery_is_shown_and_not_subtracted() -> None:
    made = promise()
    log = [incident(1), incident(2)]
    matches = [
        replace(said(made, one, "breaks"), signals=(signal("no-reply"), signal("refunded", "kept")))
        for one in log
    ]
    (found,) = find([made], matches, log, now=NOW)
    assert (found.verdict, found.broken, dict(found.recovered)) == (
        "contradicted",
        2,
        {"any": 2, "refunded": 2},
    )


def test_parties_and_channels_are_counted() -> None:
    made = promise()
    log = [incident(n, party="Thorsager" if n < 9 else "Egen drift", channel="Telefon") for n in range(14)]
    matches = [said(made, one, "breaks" if n < 10 else "keeps") for n, one in enumerate(log)]
    (found,) = find([made], matches, log, now=NOW)
    assert [(s.dimension, s.name, s.broken, s.relevant) for s in found.by_party] == [
        ("party", "Thorsager", 9, 9), ("party", "Egen drift", 1, 5), ("channel", "Telefon", 10, 14),
    ]  # fmt: skip


VALUES = [
    ("ease", [("long-queue",)], "at-risk"),
    ("ease", [("long-queue", "transferred")] * 2, "at-risk"),
    ("ease", [("long-queue", "transferred")] * 3, "contradicted"),
    ("ease", [("long-queue",)] * 9, "at-risk"),
    ("ease", [("unsafe", "wasteful")] * 9, "no-evidence"),
    ("ease", [], "no-evidence"),
    ("unknown", [("rude",)], "not-measurable"),
]


@pytest.mark.parametrize(("theme", "shown", "verdict"), VALUES)
def test_values_by_declared_indicators(theme: str, shown: list[tuple[str, ...]], verdict: str) -> None:
    made = promise(kind="value", theme=theme)
    log = [incident(n) for n in range(len(shown))]
    matches = [said(made, one, "breaks", codes=codes) for one, codes in zip(log, shown, strict=True)]
    (found,) = find([made], matches, log, now=NOW)
    assert found.verdict == verdict, found.why


def test_a_value_names_its_indicators_and_how_many_there_are() -> None:
    made = promise(kind="value", theme="ease")
    log = [incident(n) for n in range(3)]
    matches = [said(made, one, "breaks", codes=("long-queue", "transferred")) for one in log]
    (found,) = find([made], matches, log, now=NOW)
    assert [(one.code, one.incidents) for one in found.indicators] == [("long-queue", 3), ("transferred", 3)]
    assert found.why[0].startswith("2 of 10 declared indicators speak against it, in 3 cases")


def test_the_sites_own_text_outranks_a_good_record() -> None:
    made = promise()
    own = Match(
        promise_id=made.id, evidence_id="terms", evidence_kind="site", outcome="breaks", score=0.9,
        reasons=("Elsewhere the site says 5 days.",),
    )  # fmt: skip
    (found,) = find([made], [own], [], now=NOW, measured=[Measured(promise_id=made.id, n=1000, kept=990)])
    assert (found.verdict, found.kept, found.broken) == ("contradicted", 990, 10)
    assert found.why[0] == "Elsewhere the site says 5 days."


def test_what_could_not_be_read_is_not_checked() -> None:
    made = promise()
    (found,) = find([made], [], [], now=NOW, not_checked={made.id: "the page could not be read"})
    assert (found.verdict, found.why) == ("not-checked", ("the page could not be read",))


def test_the_most_severe_stands_first() -> None:
    home = promise(quote="På forsiden", role="banner", url="https://c.example/")
    deep = promise(quote="I vilkårene", role="footer")
    log = [incident(1), incident(2)]
    matches = [said(made, one, "breaks") for made in (deep, home) for one in log]
    found = find([deep, home], matches, log, now=NOW)
    assert [one.promise_id for one in found] == [home.id, deep.id]
    assert found[0].severity > found[1].severity > 0


@pytest.mark.parametrize(
    ("kept", "n", "low", "high"),
    [(0, 1, 0.0, 0.793), (1, 1, 0.207, 1.0), (95, 100, 0.888, 0.978), (9780, 10000, 0.975, 0.981)],
)
def test_wilson(kept: int, n: int, low: float, high: float) -> None:
    rate = wilson(kept, n)
    assert rate.low == pytest.approx(low, abs=0.001)
    assert rate.high == pytest.approx(high, abs=0.001)


def test_no_case_has_no_rate() -> None:
    assert wilson(0, 0).share is None


def test_none_and_all_bound_the_interval_exactly() -> None:
    assert {wilson(0, n).low for n in range(1, 200)} == {0.0}
    assert {wilson(n, n).high for n in range(1, 200)} == {1.0}


def test_a_promise_that_names_a_share_is_measured_by_that_share() -> None:
    quote = "At least 85 % of our flights land on time"
    measure = Measure(kind="percent", compare="at-least", value=85, unit="percent")
    made = promise(quote=quote, end=len(quote), kind="quantified", measure=measure)
    assert finding(made, 14, 86, kind="fact").verdict == "kept"
    assert finding(made, 16, 84, kind="fact").verdict == "contradicted"
    assert finding(made, 2, 0).verdict == "at-risk"


def test_a_faint_case_does_not_fell_an_absolute_promise_alone() -> None:
    made, one = promise(strength="absolute"), incident(1)
    faint = replace(said(made, one, "breaks"), score=0.65)
    (found,) = find([made], [faint], [one], now=NOW)
    assert found.verdict == "at-risk"


def test_a_measured_value_is_judged_by_its_cases() -> None:
    made = promise(kind="value", theme="reliability")
    assert finding(made, 11, 7, kind="fact").verdict == "contradicted"


def test_what_happened_while_the_promise_was_away_is_left_out() -> None:
    made = promise(first_seen=NOW - timedelta(days=90))
    away = {made.id: [(NOW - timedelta(days=40), NOW - timedelta(days=10))]}
    found = finding(made, 3, 0, away=away)
    assert (found.relevant, found.verdict) == (0, "no-evidence")
    assert [(one.reason, one.count) for one in found.excluded] == [
        ("happened after the promise had gone from the site", 3)
    ]
    assert finding(made, 3, 0, away={made.id: [(NOW - timedelta(days=15), NOW)]}).broken == 3


def test_a_promise_that_replaced_another_answers_for_what_came_after_it() -> None:
    """The site is known from before, though nothing that stands on it now is."""
    made = promise(first_seen=NOW - timedelta(days=5))
    assert finding(made, 3, 0).broken == 3
    assert finding(made, 3, 0, read_since=NOW - timedelta(days=90)).relevant == 0
