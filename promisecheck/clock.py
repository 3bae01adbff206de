"""Time as promises count it: wall clock, opening hours, working days, public holidays and pauses.

Every moment is an aware datetime. Hours are elapsed hours, so both nights when the clocks change come out right;
days, weeks and months are calendar days in the company's zone, and the day on which the clock starts is day 0.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from promisecheck.errors import ConfigError, InputError
from promisecheck.model import Measure

Pause = tuple[datetime, datetime | None]
Hours = Mapping[int, tuple[time, time]]
Policy = Literal["wall-clock", "opening-hours"]

ZONES = {"DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "SE": "Europe/Stockholm", "GB": "Europe/London"}
OFFICE_HOURS: Hours = {weekday: (time(9), time(17)) for weekday in range(5)}
_EVES_CLOSED = frozenset({"DK", "NO", "SE"})
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
_LONGEST = {
    "second": 9e7, "minute": 1.5e6, "hour": 25_000, "day": 40_000, "working-day": 2_000, "week": 5_000,
    "month": 1_200, "year": 100,
}  # fmt: skip
_HORIZON = 3700  # days: a little over ten years, so that a calendar with no open day ends in an error


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    # Imported here, because a cold command line that asks for no dates should not pay for it.
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError as error:
        known = ", ".join(sorted(ZONES))
        raise ConfigError(
            f"no public holidays for {country} {subdivision}".rstrip(), where="country", do=f"such as {known}"
        ) from error
    return frozenset(day for day in found if day.year == year)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Say when a company works: its country's holidays, its zone, opening hours and closed days.

    `opening_hours` maps a weekday (0 = Monday) to when it opens and closes, midnight as the end being `time(0)`;
    a weekday left out is closed for opening hours, and working days are Monday to Friday whatever is open.
    `hours` says how promised hours run where the caller does not: by the wall clock or in opening hours.
    `eves_closed` closes 24 and 31 December and Swedish midsummer's eve; None follows the custom of the country.
    """

    country: str = "DK"
    timezone: str = ""
    opening_hours: Hours = field(default_factory=lambda: OFFICE_HOURS)
    company_days: frozenset[date] = frozenset()
    eves_closed: bool | None = None
    subdivision: str = ""
    hours: Policy = "wall-clock"

    def __post_init__(self) -> None:
        name = self.timezone or ZONES.get(self.country, "")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            hint = "such as Europe/Copenhagen"
            raise ConfigError(f"unknown time zone {name!r}", where="timezone", do=hint) from error
        for weekday, (opens, closes) in self.opening_hours.items():
            if weekday not in range(7) or not (opens < closes or closes == time(0)):
                raise ConfigError(
                    "a weekday 0-6 must open before it closes", where=f"opening_hours.{weekday}"
                )

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone that days are counted in."""
        return ZoneInfo(self.timezone or ZONES[self.country])

    def is_closed_day(self, day: date) -> bool:
        """Tell whether the day is a public holiday, a closed eve or one of the company's own closed days."""
        subdivision = self.subdivision or ("ENG" if self.country == "GB" else "")
        if day in self.company_days or day in _holidays(self.country, subdivision, day.year):
            return True
        eves = self.country in _EVES_CLOSED if self.eves_closed is None else self.eves_closed
        return eves and _is_eve(day, self.country)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the day is a Monday to Friday on which the company does not close."""
        return day.weekday() < 5 and not self.is_closed_day(day)

    def opening(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when the company opens and closes on that day, or None where it stays closed."""
        if day.weekday() not in self.opening_hours or self.is_closed_day(day):
            return None
        opens, closes = self.opening_hours[day.weekday()]
        last = day + timedelta(days=1) if closes == time(0) else day
        return datetime.combine(day, opens, self.zone), datetime.combine(last, closes, self.zone)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Return elapsed wall-clock hours; negative where the end comes first."""
        return _seconds(start, end) / 3600

    def opening_hours_between(self, start: datetime, end: datetime) -> float:
        """Return the hours between the two during which the company was open; 0 where the end comes first."""
        start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
        seconds = 0.0
        for opens, closes in self._openings(self._local(start), self._local(end)):
            seconds += max(0.0, _seconds(max(opens, start), min(closes, end)))
        return seconds / 3600

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Return the working days after the day of the start, up to and with the day of the end."""
        first, last = self._local(start), self._local(end)
        if last < first:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def elapsed(
        self,
        start: datetime,
        end: datetime,
        unit: str,
        pauses: Sequence[Pause] = (),
        policy: Policy | None = None,
    ) -> float:
        """Return the time from start to end in a measure's unit, without the pauses.

        Days, working days and weeks count calendar days, so `elapsed <= limit` says what `deadline` says.
        """
        policy, spans = policy or self.hours, _clipped(pauses, start, end)
        if unit in _SECONDS:
            between = self.opening_hours_between if policy == "opening-hours" else self.hours_between
            hours = between(start, end) - sum(between(*span) for span in spans)
            return hours * 3600 / _SECONDS[unit]
        if unit == "working-day":
            begin = self._counted_from(start, policy)
            return float(
                self.working_days_between(begin, end) - sum(self.working_days_between(*s) for s in spans)
            )
        days = self._days_between(start, end) - sum(self._days_between(*span) for span in spans)
        if unit in _DAYS:
            return days / _DAYS[unit]
        if unit in _MONTHS:
            first = self._local(start)
            return _months_between(first, first + timedelta(days=days)) / _MONTHS[unit]
        raise _not_a_time(unit)

    def deadline(
        self,
        start: datetime,
        measure: Measure,
        policy: Policy | None = None,
        pauses: Sequence[Pause] = (),
    ) -> datetime:
        """Return the last moment at which a duration that starts then is kept, in the calendar's zone.

        Seconds to hours run by the wall clock or, by policy, in opening hours. Days, weeks and months end at the
        last moment of their last day; working days too, or by policy at closing time, and then what comes in
        after closing counts as come in on the next working day. A range ends at its upper end; what lies
        decades ahead is FOREVER.
        """
        if measure.kind != "duration" or measure.unit not in _LONGEST:
            raise _not_a_time(measure.unit)
        try:
            return self._deadline(start, measure, policy or self.hours, pauses)
        except (OverflowError, ValueError):  # the calendar ends with the year 9999
            return FOREVER

    def _deadline(
        self, start: datetime, measure: Measure, policy: Policy, pauses: Sequence[Pause]
    ) -> datetime:
        limit = measure.value if measure.high is None else measure.high
        if limit > _LONGEST[measure.unit]:
            raise OverflowError
        spans = _merged((begin, _closed(end)) for begin, end in pauses)
        if measure.unit in _SECONDS:
            return self._after_hours(start, limit * _SECONDS[measure.unit] / 3600, policy, spans)
        due = self._after_days(start, limit, measure.unit, policy, 0)
        for _ in spans:
            begun = [(max(begin, start), end) for begin, end in spans if begin <= due and end > start]
            paused = sum(self._paused(span, measure.unit) for span in begun)
            due = self._after_days(start, limit, measure.unit, policy, paused)
        return due

    def within(
        self,
        measure: Measure,
        start: datetime,
        end: datetime | None,
        now: datetime | None = None,
        pauses: Sequence[Pause] = (),
        policy: Policy | None = None,
    ) -> bool | None:
        """Return whether the duration was kept; None while it is open and still in time.

        A pause with no end lasts until `end`, or until `now` while the case is open.
        """
        moment = end or now
        if moment is None:
            return None
        closed = [(begin, moment if stop is None else stop) for begin, stop in pauses]
        if measure.compare == "at-least":
            reached = self.elapsed(start, moment, measure.unit, closed, policy) >= measure.value
            return reached if end or reached else None
        kept = _seconds(moment, self.deadline(start, measure, policy, closed)) >= 0
        return kept if end or not kept else None

    def _local(self, moment: datetime) -> date:
        return _aware(moment).astimezone(self.zone).date()

    def _days_between(self, start: datetime, end: datetime) -> int:
        return (self._local(end) - self._local(start)).days

    def _openings(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        for n in range((last - first).days + 1):
            hours = self.opening(first + timedelta(days=n))
            if hours is not None:
                yield hours

    def _after_hours(
        self, start: datetime, hours: float, policy: Policy, pauses: Sequence[tuple[datetime, datetime]]
    ) -> datetime:
        between = self.opening_hours_between if policy == "opening-hours" else self.hours_between
        at = _aware(start)
        for begin, end in pauses:
            if end <= at:
                continue
            worked = between(at, begin) if begin > at else 0.0
            if worked >= hours and begin > at:
                break
            hours, at = hours - worked, end
        if policy == "opening-hours":
            return self._after_opening_hours(at, hours).astimezone(self.zone)
        return (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(self.zone)

    def _after_opening_hours(self, start: datetime, hours: float) -> datetime:
        seconds = hours * 3600
        first, start = self._local(start), start.astimezone(UTC)
        for opens, closes in self._openings(first, first + timedelta(days=_HORIZON)):
            begin = max(opens, start)
            available = _seconds(begin, closes)
            if available > 0 and available >= seconds:
                return begin.astimezone(UTC) + timedelta(seconds=seconds)
            seconds -= max(0.0, available)
        raise ConfigError("too few opening hours to reach the deadline", where="opening_hours")

    def _after_days(self, start: datetime, limit: float, unit: str, policy: Policy, paused: int) -> datetime:
        if unit == "working-day":
            return self._after_working_days(start, limit, policy, paused)
        first = self._local(start)
        if unit in _DAYS:
            return self._end_of(first + timedelta(days=-int(-limit * _DAYS[unit] // 1) + paused))
        if unit in _MONTHS:
            months, rest = divmod(limit * _MONTHS[unit], 1)
            day = _add_months(first, int(months)) + timedelta(days=-int(-rest * 30 // 1) + paused)
            return self._end_of(day)
        raise _not_a_time(unit)

    def _after_working_days(self, start: datetime, limit: float, policy: Policy, paused: int) -> datetime:
        day = self._local(self._counted_from(start, policy))
        left = -int(-limit // 1) + paused
        for _ in range(_HORIZON):
            if left <= 0 and self.is_working_day(day):
                break
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        else:
            raise ConfigError("too few working days to reach the deadline", where="company_days")
        hours = self.opening(day) if policy == "opening-hours" else None
        return hours[1] if hours else self._end_of(day)

    def _counted_from(self, start: datetime, policy: Policy) -> datetime:
        """Return the moment from which working days count: by policy, what comes after closing comes tomorrow."""
        hours = self.opening(self._local(start))
        if policy == "wall-clock" or hours is None or start <= hours[1]:
            return start
        day = self._local(start) + timedelta(days=1)
        while not self.is_working_day(day) and (day - self._local(start)).days < _HORIZON:
            day += timedelta(days=1)
        return datetime.combine(day, time(0), self.zone)

    def _paused(self, span: tuple[datetime, datetime], unit: str) -> int:
        return self.working_days_between(*span) if unit == "working-day" else self._days_between(*span)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, time.max, self.zone)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise InputError(f"the time {moment.isoformat()} has no zone", do="give it an offset such as +01:00")
    return moment


def _seconds(start: datetime, end: datetime) -> float:
    # Two moments in one zone subtract as wall-clock readings, which is wrong on nights that change the clock.
    return (_aware(end).astimezone(UTC) - _aware(start).astimezone(UTC)).total_seconds()


def _closed(end: datetime | None) -> datetime:
    if end is None:
        raise InputError("a pause without an end has no deadline yet", do="ask `within`, which closes it")
    return end


def _merged(pauses: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted((_aware(b), _aware(e)) for b, e in pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif begin < end:
            merged.append((begin, end))
    return merged


def _clipped(pauses: Sequence[Pause], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    spans = ((max(begin, start), min(stop or end, end)) for begin, stop in pauses)
    return _merged((begin, stop) for begin, stop in spans if begin < stop)


def _is_eve(day: date, country: str) -> bool:
    if day.month == 12 and day.day in {24, 31}:
        return True
    return country == "SE" and day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _months_between(first: date, last: date) -> float:
    months = (last.year - first.year) * 12 + last.month - first.month
    if _add_months(first, months) > last:
        months -= 1
    anchor, following = _add_months(first, months), _add_months(first, months + 1)
    return months + (last - anchor).days / (following - anchor).days


def _not_a_time(unit: str) -> InputError:
    return InputError(f"{unit!r} is not a unit of time", do="seconds to years, or working days")
