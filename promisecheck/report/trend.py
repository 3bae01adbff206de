"""Kept and broken cases over time: whole weeks, or whole months where the log is long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

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
    number = _week if unit == "week" else _month
    end = number(last)
    begin = number(first) if unit == "week" else max(number(first), end - _MOST_MONTHS + 1)
    kept, broken = [0] * (end - begin + 1), [0] * (end - begin + 1)
    for day, outcome in dated:
        n = number(day) - begin
        if n >= 0:
            (broken if outcome == "breaks" else kept)[n] += 1
    starts = _starts(begin, end, unit, say)
    points = [
        TrendPoint(start=start, label=label, kept=k, broken=b)
        for (start, label), k, b in zip(starts, kept, broken, strict=True)
    ]
    return tuple(points), unit


def _week(day: date) -> int:
    """Return the number of the week, which begins on Monday as the year 1 did."""
    return (day.toordinal() - 1) // 7


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


# The logs of many findings span the same weeks.
@lru_cache(maxsize=512)
def _starts(begin: int, end: int, unit: TrendUnit, say: Speech) -> tuple[tuple[date, str], ...]:
    """Return on which day each week (or month) starts, and what it is called."""
    numbers = range(begin, end + 1)
    if unit == "month":
        return tuple((day, say.month(day)) for day in (date(n // 12, n % 12 + 1, 1) for n in numbers))
    return tuple((day, say.short_day(day)) for day in (date.fromordinal(7 * n + 1) for n in numbers))
