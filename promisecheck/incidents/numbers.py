"""Numbers, durations and yes/no as they stand in cells: decimal comma, thousands, hours and minutes."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

_NUMBER = re.compile(r"[-−+]?\d[\d\s\u00a0\u202f.,']*")
_CLOCK = re.compile(r"^(?P<a>\d{1,4}):(?P<b>\d{2})(?::(?P<c>\d{2}))?(?:[.,]\d+)?$")
_PART = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>sekund\w*|sek\w*|sec\w*|s|minut\w*|min\w*|m|timmar|timme|timer?|tim"
    r"|hours?|hrs?|hr|h|t|døgn|dygn|dage?|dagar|dager|dag|days?|d|uger?|uker?|veckor|vecka|weeks?|w)\b\.?",
    re.IGNORECASE,
)
_YES_TEXT = "ja j yes y true sand sant sandt 1 x igen genåbnet gjenåpnet återöppnad reopened"
_YES = frozenset(_YES_TEXT.split())
_NO_TEXT = "nej nei no n false falsk falskt 0 - ingen"
_NO = frozenset(_NO_TEXT.split())
HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0}


def read_number(value: Any, *, money: bool = False) -> float | None:
    """Read a number whatever marks its decimals; with `money`, one mark before three digits is thousands."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value) if value == value else None
    if not isinstance(value, str) or not (found := _NUMBER.search(value)):
        return None
    text = re.sub(r"[\s\u00a0\u202f']", "", found[0]).replace("−", "-").rstrip(".,")
    try:
        return float(_plain(text, money))
    except ValueError:
        return None


def _plain(text: str, money: bool) -> str:
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
        thousands = "." if decimal == "," else ","
        return text.replace(thousands, "").replace(decimal, ".")
    mark = "," if comma >= 0 else "."
    groups = text.split(mark)
    grouped = (
        len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and len(groups[0].lstrip("+-")) <= 3
    )
    if grouped and (money or len(groups) > 2):
        return "".join(groups)
    return text.replace(",", ".")


def read_hours(value: Any, unit: str) -> float | None:
    """Read a duration in hours; a bare number counts `unit` (second, minute, hour, day, week)."""
    if isinstance(value, timedelta):
        return value.total_seconds() / 3600
    if isinstance(value, time):
        return value.hour + value.minute / 60 + value.second / 3600
    if isinstance(value, str):
        text = value.strip()
        if clock := _CLOCK.match(text):
            return _clock_hours(clock, unit)
        parts = [
            (float(part["number"].replace(",", ".")), _unit(part["unit"])) for part in _PART.finditer(text)
        ]
        if parts:
            return sum(number * HOURS[name] for number, name in parts)
    number = read_number(value)
    return None if number is None else number * HOURS[unit]


def _clock_hours(clock: re.Match[str], unit: str) -> float:
    first, second = int(clock["a"]), int(clock["b"])
    if clock["c"] is None and unit in ("minute", "second"):
        return first / 60 + second / 3600
    return first + second / 60 + int(clock["c"] or 0) / 3600


def _unit(word: str) -> str:
    lower = word.casefold()
    if lower.startswith("s"):
        return "second"
    if lower.startswith("m"):
        return "minute"
    if lower.startswith(("t", "h")):
        return "hour"
    return "day" if lower.startswith("d") else "week"


def header_unit(header: str) -> str | None:
    """Return the unit of time that a header names, as in "Ventetid (min.)" or "svartid i timer"."""
    words = re.findall(r"[^\W\d_]+", header.casefold())
    for word in reversed(words):
        if word in ("sek", "sekunder", "sec", "secs", "seconds", "s"):
            return "second"
        if word in ("min", "mins", "minutter", "minuter", "minutes", "m"):
            return "minute"
        if word in ("timer", "time", "timar", "timmar", "tim", "hours", "hrs", "h", "t"):
            return "hour"
        if word in ("dage", "dager", "dagar", "days", "døgn", "dygn", "d"):
            return "day"
    return None


def read_flag(value: Any) -> bool | None:
    """Read yes or no; a number counts as yes above 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in _YES:
            return True
        if word in _NO:
            return False
    number = read_number(value)
    return None if number is None else number > 0
