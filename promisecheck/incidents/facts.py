"""Facts of one incident: read from its cells, and derived where two moments give a third."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from promisecheck.incidents.columns import (
    COUNT_FIELDS,
    FACT,
    HOUR_FIELDS,
    MINUTE_FIELDS,
    MONEY_FIELDS,
)
from promisecheck.incidents.countries import country_code
from promisecheck.incidents.headers import CLOSED_WORDS, OPEN_WORDS
from promisecheck.incidents.numbers import read_flag, read_hours, read_number
from promisecheck.model import Fact

MOMENT_FACTS = (
    "first_reply_at", "ordered_at", "dispatched_at", "delivered_at", "installed_at", "refunded_at", "deadline",
    "scheduled_at", "actual_at",
)  # fmt: skip


class WorkingDays(Protocol):
    """Count working days between two moments: the part of a work calendar that facts need."""

    def working_days_between(self, start: datetime, end: datetime) -> float:
        """Return the working days from `start` to `end`."""
        ...


def read_fact(field: str, value: Any, unit: str) -> Fact | None:
    """Read one cell as the fact its column was mapped to; None where it cannot be read."""
    if field in HOUR_FIELDS:
        return _rounded(read_hours(value, unit))
    if field in MINUTE_FIELDS:
        hours = read_hours(value, unit)
        return None if hours is None else _rounded(hours * 60)
    if field in MONEY_FIELDS:
        return _rounded(read_number(value, money=True))
    if field in COUNT_FIELDS:
        number = _rounded(read_number(value))
        return int(number) if number is not None and number.is_integer() else number
    if field == "reopened":
        return read_flag(value)
    if field == "country":
        return country_code(str(value)) or None
    if field in ("customers", "measured_by"):
        return " ".join(str(value).split()).casefold() or None
    return _free(value) if field.startswith(FACT) else None


def read_open(value: Any) -> bool | None:
    """Read a status as open (True) or closed (False); None where the word says neither."""
    if isinstance(value, bool):
        return value
    word = "".join(str(value).casefold().split())
    if word in CLOSED_WORDS:
        return False
    return True if word in OPEN_WORDS else None


def derive_facts(
    facts: Mapping[str, Fact],
    moments: Mapping[str, datetime],
    calendar: WorkingDays | None,
) -> dict[str, Fact]:
    """Add what follows from the moments: hours to the first reply and to the end, days of delivery.

    What a column states is never overruled. Time that waited for the customer is taken from the hours to
    the end. A moment that lies before its start derives nothing.
    """
    derived: dict[str, Fact] = {name: moments[name].isoformat() for name in MOMENT_FACTS if name in moments}
    start, end = moments.get("occurred_at"), moments.get("closed_at")
    if end is not None:
        derived["ended_at"] = end.isoformat()
    reply = _hours(start, moments.get("first_reply_at"))
    if reply is not None:
        derived["first_reply_hours"] = reply
    resolution = _hours(start, end)
    if resolution is not None:
        paused = float(facts.get("paused_hours", 0.0))
        derived["resolution_hours"] = max(0.0, round(resolution - paused, 4))
    planned, actual = moments.get("scheduled_at"), moments.get("actual_at")
    if planned is not None and actual is not None:
        derived["delay_minutes"] = round((actual - planned).total_seconds() / 60, 4)
    ordered, delivered = moments.get("ordered_at"), moments.get("delivered_at")
    if ordered and delivered and delivered >= ordered:
        derived["delivery_days"] = float((delivered.date() - ordered.date()).days)
        if calendar is not None:
            derived["delivery_working_days"] = float(calendar.working_days_between(ordered, delivered))
    return {**derived, **facts}


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds() / 3600, 4)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _free(value: Any) -> Fact | None:
    if isinstance(value, bool | int | float):
        return value
    text = str(value).strip()
    number = (
        read_number(text)
        if text.replace(" ", "").strip("+-").replace(",", "").replace(".", "").isdigit()
        else None
    )
    return number if number is not None else text or None
