"""Dates as people and programs write them in the Nordic countries; day and month order decided by column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

Order = Literal["day-first", "month-first"]
EXCEL_EPOCH = datetime(1899, 12, 30)
_MONTH_NAMES = (
    "jan januar januari january", "feb februar februari february", "mar mars mart marts march",
    "apr april", "maj mai may", "jun juni june", "jul juli july", "aug august augusti",
    "sep sept september", "okt oct oktober october", "nov november", "dec des december desember",
)  # fmt: skip
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_TIME = r"(?:[\sT,]+(?:(?:kl|klokken|klokka|klockan|at)\b\.?\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
_END = r"\s*(?:Z|UTC)?\s*$"
_NUMERIC = re.compile(
    r"^(?:[^\W\d]+\.?,?\s+)?(?:den\s+)?(?P<a>\d{1,2})\s*[./-]\s*(?P<b>\d{1,2})\s*[./\s-]\s*(?P<year>\d{4}|\d{2})"
    rf"{_TIME}{_END}",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}{_END}", re.IGNORECASE
)
_NAMED = re.compile(
    r"^(?:[^\W\d]+\.?,?\s+)?(?:den\s+)?(?P<day>\d{1,2})(?:\.|st|nd|rd|th|:e)?[\s-]*(?P<name>[^\W\d]+)\.?,?[\s-]*"
    rf"(?P<year>\d{{4}}|\d{{2}}){_TIME}{_END}",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(
    r"^(?:[^\W\d]+day,?\s+)?(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<year>\d{{4}}){_TIME}{_END}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"^\d+(?:[.,]\d+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """Hold which comes first in a column's all-number dates, and why that was decided."""

    order: Order
    why: str


def decide_order(values: Iterable[Any]) -> DateOrder:
    """Decide day and month order from every value of one column: a number above 12 can only be a day."""
    day_first = month_first = ""
    for value in values:
        found = _NUMERIC.match(value.strip()) if isinstance(value, str) else None
        if found and int(found["a"]) > 12:
            day_first = day_first or value.strip()
        elif found and int(found["b"]) > 12:
            month_first = month_first or value.strip()
    if month_first and not day_first:
        return DateOrder(order="month-first", why=f"month before day, as {month_first} shows")
    if day_first and not month_first:
        return DateOrder(order="day-first", why=f"day before month, as {day_first} shows")
    if day_first:
        return DateOrder(
            order="day-first", why=f"day before month, though {month_first} does not fit ({day_first} does)"
        )
    return DateOrder(order="day-first", why="day before month, as is usual in the Nordic countries")


def has_numeric_order(values: Iterable[Any]) -> bool:
    """Return whether any value is a date in which the order of day and month matters."""
    return any(isinstance(value, str) and _NUMERIC.match(value.strip()) is not None for value in values)


def read_date(value: Any, zone: tzinfo, order: Order = "day-first") -> datetime | None:
    """Read one date with its time; None where it is none. A date without a zone is one of `zone`."""
    found = _from_object(value) if not isinstance(value, str) else _from_text(value.strip(), order)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _from_object(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value))
    return None


def _from_text(text: str, order: Order) -> datetime | None:
    if not text:
        return None
    if _DIGITS.match(text) and len(text) != 8:
        return _from_number(float(text.replace(",", ".")))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in (_YEAR_FIRST, _NUMERIC, _NAMED, _NAMED_FIRST):
        found = pattern.match(text)
        moment = _from_match(found, order) if found else None
        if moment is not None:
            return moment
    return None


def _from_number(number: float) -> datetime | None:
    """Read an Excel serial (1954 to 2119) or seconds or milliseconds since 1970 (2001 to 2096)."""
    if 20000 <= number <= 80000:
        return EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    for scale in (1, 1000):
        if 1e9 <= number / scale <= 4e9:
            return datetime.fromtimestamp(number / scale, tz=UTC)
    return None


def _from_match(found: re.Match[str], order: Order) -> datetime | None:
    parts = found.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (first, second) if order == "day-first" else (second, first)
    else:
        day = int(parts["day"])
        month = int(parts["month"]) if parts.get("month") else MONTHS.get(parts["name"].casefold(), 0)
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").replace(".", "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0))
    except ValueError:
        return None
