"""The smallest true promise, in the promise's own language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.clock import WorkCalendar
from promisecheck.findings import Measured
from promisecheck.findings.truth import smallest_true_promise
from promisecheck.model import Incident, Measure, Promise

MONDAY = datetime(2026, 9, 7, 8, tzinfo=UTC)


def promise(language: str, metric: str = "first-reply", unit: str = "hour", value: float = 24) -> Promise:
    return Promise(
        company_id="c", theme="speed", kind="quantified", url="", language=language, quote="x", start=0, end=1,
        metric=metric, measure=Measure(kind="duration", compare="at-most", value=value, unit=unit),
    )  # fmt: skip


def replies(*hours: float) -> list[Incident]:
    return [
        Incident(
            company_id="c",
            source="s",
            external_id=str(n),
            occurred_at=MONDAY,
            facts={"first_reply_hours": taken},
        )
        for n, taken in enumerate(hours)
    ]


SPOKEN = [
    ("da", "95 % blev besvaret inden for 41 timer: »2 hverdage« ville være sandt"),
    ("nb", "95 % ble besvart innen 41 timer: «2 virkedager» ville vært sant"),
    ("sv", "95 % blev besvarade inom 41 timmar: ”2 arbetsdagar” hade varit sant"),
    ("en", "95 % were answered within 41 hours: “2 working days” would be true"),
    ("nn", "95 % vart svara på innan 41 timar: «2 vyrkedagar» ville vore sant"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), SPOKEN)
def test_in_the_language_of_the_promise(language: str, sentence: str) -> None:
    log = replies(*[float(n) for n in range(1, 20)], 40.5, 90.0)
    calendar = WorkCalendar(country="DK", timezone="UTC")
    said = smallest_true_promise(promise(language), log, 0.95, calendar=calendar)
    assert said == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("da", "95 % blev besvaret inden for 4 dage, weekender og helligdage talt med: »2 hverdage« ville være sandt"),
        ("nb", "95 % ble besvart innen 4 dager, helger og helligdager medregnet: «2 virkedager» ville vært sant"),
        ("nn", "95 % vart svara på innan 4 dagar, helger og heilagdagar medrekna: «2 vyrkedagar» ville vore sant"),
        ("sv", "95 % blev besvarade inom 4 dagar, helger inräknade: ”2 arbetsdagar” hade varit sant"),
        ("en", "95 % were answered within 4 days, weekends and holidays included: “2 working days” would be true"),
    ],
)  # fmt: skip
def test_days_over_a_weekend_are_said_to_be_so(language: str, sentence: str) -> None:
    friday = MONDAY + timedelta(days=4)
    log = [replace(one, occurred_at=friday) for one in replies(*[93.0] * 9)]
    calendar = WorkCalendar(country="DK", timezone="UTC")
    assert smallest_true_promise(promise(language), log, 0.95, calendar=calendar) == sentence


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([0.05] * 9, "95 % were answered within 3 minutes: “3 minutes” would be true"),
        ([5.2] * 9, "95 % were answered within 6 hours: “6 hours” would be true"),
        ([24.0] * 9, "95 % were answered within 24 hours: “24 hours” would be true"),
        ([100.0] * 9, "95 % were answered within 5 days: “5 days” would be true"),
        ([1000.0] * 9, "95 % were answered within 42 days: “6 weeks” would be true"),
        ([0.5] * 4, ""),
    ],
)
def test_without_a_calendar(hours: list[float], said: str) -> None:
    assert smallest_true_promise(promise("en"), replies(*hours), 0.95) == said


def test_cases_still_open_have_no_end() -> None:
    log = [
        *replies(*[1.0] * 9),
        *(Incident(company_id="c", source="s", external_id=f"o{n}", occurred_at=MONDAY) for n in range(9)),
    ]
    assert smallest_true_promise(promise("en"), log, 0.95) == ""
    assert (
        smallest_true_promise(promise("en"), log, 0.5)
        == "50 % were answered within 60 minutes: “1 hour” would be true"
    )


def test_deadlines_are_measured_from_the_start_of_the_case() -> None:
    log = [
        Incident(
            company_id="c", source="s", external_id=str(n), occurred_at=MONDAY,
            facts={"deadline": MONDAY.isoformat(), "ended_at": (MONDAY + timedelta(days=9)).isoformat()},
        )
        for n in range(9)
    ]  # fmt: skip
    made = Promise(
        company_id="c",
        theme="reliability",
        kind="guarantee",
        url="",
        language="en",
        quote="x",
        start=0,
        end=1,
    )
    assert smallest_true_promise(made, log, 0.95) == "95 % were closed within 9 days: “9 days” would be true"


def test_percentiles_of_an_aggregate() -> None:
    own = Measured(promise_id="p", n=1000, kept=700, percentiles={0.95: 30.0})
    assert (
        smallest_true_promise(promise("en"), [], 0.95, measured=own)
        == "95 % were answered within 30 hours: “2 days” would be true"
    )
