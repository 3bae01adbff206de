"""Numbers decide: facts of an incident, the clock and the limit of a promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.clock import WorkCalendar
from promisecheck.match.claim import claim_of
from promisecheck.match.fact import FactJudgement, judge_facts, tracked_facts
from promisecheck.model import Fact, Incident, Measure, Promise

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 9, 4, 14, 30, tzinfo=UTC)
CALENDAR = WorkCalendar(country="DK")


def claim_for(
    metric: str, measure: Measure | None = None, quote: str = "Vi lover det.", theme: str = "speed"
):  # type: ignore[no-untyped-def]
    return claim_of(
        Promise(
            company_id="c", theme=theme, kind="quantified", url="https://c.example/", language="da", quote=quote,
            start=0, end=len(quote), metric=metric, measure=measure,
        )
    )  # fmt: skip


def limit(value: float, unit: str, high: float | None = None, kind: str = "duration") -> Measure:
    return Measure(kind=kind, compare="at-most", value=value, unit=unit, high=high)  # type: ignore[arg-type]


def incident(facts: dict[str, Fact], **more: object) -> Incident:
    fields = {"company_id": "c", "source": "log", "external_id": "1", "occurred_at": FRIDAY, "closed_at": NOW}
    return Incident(facts=facts, **{**fields, **more})  # type: ignore[arg-type]


MEASURED = [
    ("first-reply", limit(24, "hour"), {"first_reply_hours": 23.9}, "keeps"),
    ("first-reply", limit(24, "hour"), {"first_reply_hours": 24.1}, "breaks"),
    ("first-reply", limit(1, "working-day"), {"first_reply_hours": 70.0}, "keeps"),
    ("first-reply", limit(1, "working-day"), {"first_reply_hours": 90.0}, "breaks"),
    ("first-reply", limit(24, "hour"), {"first_reply_at": (FRIDAY + timedelta(hours=5)).isoformat()}, "keeps"),
    ("first-reply", limit(24, "hour"), {"first_reply_hours": 30.0, "paused_hours": 10.0}, "keeps"),
    ("queue", limit(5, "minute"), {"queue_minutes": 5}, "keeps"),
    ("queue", limit(5, "minute"), {"queue_minutes": 5.5}, "breaks"),
    ("delivery", limit(1, "working-day", 3), {"delivery_working_days": 3}, "keeps"),
    ("delivery", limit(1, "working-day", 3), {"delivery_working_days": 4}, "breaks"),
    ("delivery", limit(2, "working-day"), {"ordered_at": "2026-09-04", "delivered_at": "2026-09-08"}, "keeps"),
    ("delivery", limit(2, "working-day"), {"ordered_at": "2026-09-04", "delivered_at": "2026-09-09"}, "breaks"),
    ("resolution", limit(5, "day"), {"resolution_hours": 24.0}, "keeps"),
    ("transfers", limit(0, "times", kind="count"), {"transfers": 2}, "breaks"),
    ("contacts", limit(1, "times", kind="count"), {"contacts": 1}, "keeps"),
    ("uptime", limit(99.9, "percent", kind="percent"), {"uptime": 99.95}, "keeps"),
    ("uptime", limit(99.9, "percent", kind="percent"), {"uptime": 98.0}, "breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "measure", "facts", "outcome"), MEASURED)
def test_measured(metric: str, measure: Measure, facts: dict[str, Fact], outcome: str) -> None:
    judged = judge_facts(claim_for(metric, measure), incident(facts), now=NOW, calendar=CALENDAR)
    assert judged is not None
    assert judged.outcome == outcome
    assert judged.reason


@pytest.mark.parametrize(
    ("facts", "closed", "outcome"),
    [
        ({"deadline": "2026-09-10T12:00:00+02:00", "ended_at": "2026-09-10T11:59:00+02:00"}, None, "keeps"),
        ({"deadline": "2026-09-10T12:00:00+02:00", "ended_at": "2026-09-10T12:01:00+02:00"}, None, "breaks"),
        ({"deadline": "2026-09-10T12:00:00+02:00"}, None, "breaks"),
        ({"deadline": "2026-10-10T12:00:00+02:00"}, None, "silent"),
        ({"deadline": "2026-09-10T12:00:00+02:00"}, datetime(2026, 9, 9, tzinfo=UTC), "keeps"),
    ],
)
def test_deadline_of_the_case(facts: dict[str, Fact], closed: datetime | None, outcome: str) -> None:
    judged = judge_facts(claim_for("deadline"), incident(facts, closed_at=closed), now=NOW)
    assert judged is not None
    assert judged.outcome == outcome


def test_a_deadline_is_understood_from_the_words() -> None:
    claim = claim_for("", quote="Alle sager afsluttes inden fristen.", theme="reliability")
    assert claim.metric == "deadline"


@pytest.mark.parametrize(
    ("now", "outcome"), [(FRIDAY + timedelta(hours=23), "silent"), (FRIDAY + timedelta(hours=25), "breaks")]
)
def test_open_cases_count_where_the_log_records_the_fact(now: datetime, outcome: str) -> None:
    still = incident({}, closed_at=None)
    claim = claim_for("first-reply", limit(24, "hour"))
    answered = incident({"first_reply_hours": 2.0}, external_id="2")
    judged = judge_facts(claim, still, now=now, calendar=CALENDAR, tracked=tracked_facts([still, answered]))
    assert judged is not None
    assert judged.outcome == outcome
    assert judge_facts(claim, still, now=now, calendar=CALENDAR, tracked=tracked_facts([still])) is None


@pytest.mark.parametrize(
    ("promised", "charged", "outcome"),
    [(329.0, 658.0, "breaks"), (329.0, 329.0, "keeps"), (329.0, 300.0, "keeps")],
)
def test_price(promised: float, charged: float, outcome: str) -> None:
    claim = claim_for("", quote="Din regning stemmer hver gang.", theme="reliability")
    judged = judge_facts(claim, incident({"price_promised": promised, "price_charged": charged}), now=NOW)
    assert judged == FactJudgement(
        outcome=outcome, reason=f"{charged:g} was charged; {promised:g} was agreed."
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "facts", [{}, {"first_reply_hours": "soon"}, {"first_reply_hours": True}, {"deadline": "?"}]
)
def test_nothing_recorded_says_nothing(facts: dict[str, Fact]) -> None:
    assert judge_facts(claim_for("first-reply", limit(24, "hour")), incident(facts), now=NOW) is None


def test_without_a_start_a_doubt_goes_to_the_company() -> None:
    claim = claim_for("first-reply", limit(2, "working-day"))
    said = [
        judge_facts(claim, incident({"first_reply_hours": hours}, occurred_at=None), now=NOW)
        for hours in (40.0, 80.0, 200.0)
    ]
    assert [one.outcome if one else None for one in said] == ["keeps", None, "breaks"]
