"""Opening hours: days and clock times become the number of hours open in a week, or in a day where none is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promisecheck.model import Measure
from promisecheck.quantities.grammar import Calendar, Quantity

_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|noon)?")
_ROUND = {0, 15, 30, 45}


def find_windows(small: str, calendar: Calendar) -> Iterator[Quantity]:
    """Yield each stated opening time; clock times without a sign of one are left out."""
    if not calendar.hours.search(small):
        return
    for match in calendar.window.finditer(small):
        hours = _hours(match["from"], match["to"], calendar.clock12)
        days = _days(match["days"] or match["later"] or "", calendar)
        if hours is None or not (days or _is_clock(match)):
            continue
        start = match.start() + (len(match[0]) - len(match[0].lstrip(" ,.:;-–(\n")))
        unit = "week" if days else "day"
        value = round(hours * (days or 1), 2)
        measure = Measure(kind="window", compare="exactly", value=value, unit=unit)
        yield Quantity(measure=measure, start=start, end=match.end())


def _is_clock(match: re.Match[str]) -> bool:
    """Tell "kl. 8-16", "9am-5pm" and "8.00-16.30" from plain ranges and from dates such as 01.12-24.12."""
    if match["fill"].strip(" ,.:;-–()\n"):
        return True
    times = [_CLOCK.fullmatch(match[name].strip()) for name in ("from", "to")]
    if any(time and time[3] for time in times):
        return True
    return all(time and time[2] and (":" in time[0] or int(time[2]) in _ROUND) for time in times)


def _hours(first: str, last: str, clock12: bool) -> float | None:
    begin, finish = _CLOCK.fullmatch(first.strip()), _CLOCK.fullmatch(last.strip())
    if not begin or not finish:
        return None
    opens, closes = _minutes(begin), _minutes(finish)
    if opens is None or closes is None:
        return None
    if (
        finish[3]
        and not begin[3]
        and int(begin[1]) < 12
        and opens + 720 < closes
        and finish[3].startswith("p")
    ):
        # "1-5pm" opens in the afternoon, "9-5pm" in the morning.
        opens += 720
    if clock12 and not begin[3] and not finish[3] and closes <= opens and closes <= 720:
        closes += 720
    return ((closes - opens) % 1440 or 1440) / 60


def _minutes(clock: re.Match[str]) -> int | None:
    hour, minute = int(clock[1]), int(clock[2] or 0)
    half = (clock[3] or "").replace(".", "")
    if half in {"am", "pm", "noon"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half != "am" else 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 and hour * 60 + minute <= 1440 else None


def _days(text: str, calendar: Calendar) -> int:
    """Return how many days of the week the words name; "mon-fri" is five, "sat and sun" two."""
    covered: set[int] = set()
    last_end, last_day = 0, None
    for match in calendar.day.finditer(text):
        first, final = calendar.days[_key(match["day"])]
        if last_day is not None and calendar.range_sign.fullmatch(text[last_end : match.start()]):
            covered.update((last_day + step) % 7 for step in range((first - last_day) % 7 + 1))
        covered.update(range(first, final + 1))
        last_end, last_day = match.end(), final
    return len(covered)


def _key(word: str) -> str:
    return re.sub(r"\s+", " ", word)
