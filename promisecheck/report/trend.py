"""Kept and broken cases over time: whole weeks, or whole months where the log is long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from promisecheck.report.speech import Speech
from promisecheck.report.view import CaseView, TrendPoint, TrendUnit

MOST_WEEKS = 26
_MOST_MONTHS = 60


def trend_of(cases: Sequence[CaseView], say: Speech) -> tuple[tuple[TrendPoint, ...], TrendUnit]:
    """Return one point for each week (or month) between the first and the last dated case."""
    dated = [(case.at.date(), case.outcome) for case in cases if case.at]
    if not dated:
        return (), "week"
    first, last = min(dated)[0], max(dated)[0]
    unit: TrendUnit = "week" if (last - first).days < 7 * MOST_WEEKS else "month"
    starts = _weeks(first, last) if unit == "week" else _months(first, last)[-_MOST_MONTHS:]
    counts = Counter((_start(day, unit), outcome) for day, outcome in dated)
    points = tuple(
        TrendPoint(
            start=start,
            label=say.short_day(start) if unit == "week" else say.month(start),
            kept=counts[start, "keeps"],
            broken=counts[start, "breaks"],
        )
        for start in starts
    )
    return points, unit


def _start(day: date, unit: TrendUnit) -> date:
    return day - timedelta(days=day.weekday()) if unit == "week" else day.replace(day=1)


def _weeks(first: date, last: date) -> list[date]:
    start = _start(first, "week")
    return [start + timedelta(weeks=n) for n in range((last - start).days // 7 + 1)]


def _months(first: date, last: date) -> list[date]:
    number = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(n // 12, n % 12 + 1, 1) for n in number]
