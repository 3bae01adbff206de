"""The clock, case by case: starts, limits and the last moment that still keeps them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.clock import FOREVER, OFFICE_HOURS, WorkCalendar
from promisecheck.errors import ConfigError, InputError
from promisecheck.model import Measure

CALENDARS = {
    "DK": WorkCalendar(country="DK"),
    "NO": WorkCalendar(country="NO"),
    "SE": WorkCalendar(country="SE"),
    "GB": WorkCalendar(country="GB"),
    "SCT": WorkCalendar(country="GB", subdivision="SCT"),
    "DK-24-12-open": WorkCalendar(country="DK", eves_closed=False),
    "SE-eves-open": WorkCalendar(country="SE", eves_closed=False),
    "DK-closed-week": WorkCalendar(
        country="DK", company_days=frozenset(date(2026, 7, day) for day in range(13, 18))
    ),
    "DK-shop": WorkCalendar(
        country="DK",
        opening_hours={day: (time(10), time(20)) for day in range(6)} | {6: (time(11), time(16))},
    ),
    "DK-night": WorkCalendar(country="DK", opening_hours={day: (time(0), time(0)) for day in range(7)}),
}


def at(text: str, calendar: WorkCalendar) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def measure(text: str) -> Measure:
    value, unit = text.split()
    low, _, high = value.partition("-")
    if high:
        return Measure(kind="duration", compare="between", value=float(low), high=float(high), unit=unit)
    return Measure(kind="duration", compare="at-most", value=float(low), unit=unit)


# Calendar, start, limit, policy (w: wall clock, o: opening hours), the last minute that keeps it.
DEADLINES = [
    # Hours by the wall clock run through nights, weekends and holidays.
    ("DK", "2026-03-02 10:00", "24 hour", "w", "2026-03-03 10:00"),
    ("DK", "2026-03-06 16:30", "1 hour", "w", "2026-03-06 17:30"),
    ("DK", "2026-03-06 16:30", "24 hour", "w", "2026-03-07 16:30"),
    ("DK", "2026-03-02 23:59", "24 hour", "w", "2026-03-03 23:59"),
    ("NO", "2026-03-02 10:00", "90 minute", "w", "2026-03-02 11:30"),
    ("GB", "2026-03-02 10:00:00", "30 second", "w", "2026-03-02 10:00:30"),
    ("SE", "2026-03-02 10:00", "24-48 hour", "w", "2026-03-04 10:00"),
    ("DK", "2026-03-02 10:00", "1.5 hour", "w", "2026-03-02 11:30"),
    ("DK", "2026-12-24 12:00", "24 hour", "w", "2026-12-25 12:00"),
    # Hours by opening hours (9 to 17, Monday to Friday).
    ("DK", "2026-03-06 16:30", "1 hour", "o", "2026-03-09 09:30"),
    ("DK", "2026-03-02 10:00", "1 hour", "o", "2026-03-02 11:00"),
    ("DK", "2026-03-02 10:00", "7 hour", "o", "2026-03-02 17:00"),
    ("DK", "2026-03-02 10:00", "8 hour", "o", "2026-03-03 10:00"),
    ("DK", "2026-03-02 10:00", "24 hour", "o", "2026-03-05 10:00"),
    ("DK", "2026-03-02 07:00", "1 hour", "o", "2026-03-02 10:00"),
    ("DK", "2026-03-02 23:59", "2 hour", "o", "2026-03-03 11:00"),
    ("DK", "2026-03-07 12:00", "30 minute", "o", "2026-03-09 09:30"),
    ("DK", "2026-05-13 16:30", "1 hour", "o", "2026-05-15 09:30"),
    ("NO", "2026-05-13 16:30", "1 hour", "o", "2026-05-15 09:30"),
    ("DK", "2026-12-23 16:00", "2 hour", "o", "2026-12-28 10:00"),
    ("GB", "2026-12-24 16:00", "2 hour", "o", "2026-12-29 10:00"),
    ("SE", "2026-06-18 16:00", "2 hour", "o", "2026-06-22 10:00"),
    ("DK-shop", "2026-03-07 19:30", "1 hour", "o", "2026-03-08 11:30"),
    ("DK-shop", "2026-03-08 15:30", "1 hour", "o", "2026-03-09 10:30"),
    ("DK-night", "2026-03-07 23:30", "1 hour", "o", "2026-03-08 00:30"),
    # Calendar days end with their day; the day of the start is day 0.
    ("DK", "2026-03-02 10:00", "0 day", "w", "2026-03-02 23:59"),
    ("DK", "2026-03-02 23:59", "0 day", "w", "2026-03-02 23:59"),
    ("DK", "2026-03-02 10:00", "1 day", "w", "2026-03-03 23:59"),
    ("DK", "2026-03-02 10:00", "14 day", "w", "2026-03-16 23:59"),
    ("DK", "2026-03-02 10:00", "1-2 day", "w", "2026-03-04 23:59"),
    ("DK", "2026-03-02 10:00", "1.5 day", "w", "2026-03-04 23:59"),
    ("NO", "2026-02-27 10:00", "2 day", "w", "2026-03-01 23:59"),
    ("NO", "2028-02-28 10:00", "2 day", "w", "2028-03-01 23:59"),
    # Weeks, months, years.
    ("SE", "2026-03-02 10:00", "1 week", "w", "2026-03-09 23:59"),
    ("SE", "2026-03-02 10:00", "1.5 week", "w", "2026-03-13 23:59"),
    ("SE", "2026-03-02 10:00", "2-3 week", "w", "2026-03-23 23:59"),
    ("DK", "2026-01-31 10:00", "1 month", "w", "2026-02-28 23:59"),
    ("DK", "2028-01-31 10:00", "1 month", "w", "2028-02-29 23:59"),
    ("DK", "2026-03-15 10:00", "3 month", "w", "2026-06-15 23:59"),
    ("DK", "2026-11-30 10:00", "3 month", "w", "2027-02-28 23:59"),
    ("DK", "2026-03-15 10:00", "0.5 year", "w", "2026-09-15 23:59"),
    ("DK", "2026-03-15 10:00", "2 year", "w", "2028-03-15 23:59"),
    ("DK", "2028-02-29 10:00", "1 year", "w", "2029-02-28 23:59"),
    # Working days.
    ("DK", "2026-03-02 10:00", "1 working-day", "w", "2026-03-03 23:59"),
    ("DK", "2026-03-06 10:00", "1 working-day", "w", "2026-03-09 23:59"),
    ("DK", "2026-03-07 10:00", "1 working-day", "w", "2026-03-09 23:59"),
    ("DK", "2026-03-08 23:59", "1 working-day", "w", "2026-03-09 23:59"),
    ("DK", "2026-03-02 10:00", "1-2 working-day", "w", "2026-03-04 23:59"),
    ("DK", "2026-03-05 10:00", "3 working-day", "w", "2026-03-10 23:59"),
    ("DK", "2026-03-02 10:00", "0 working-day", "w", "2026-03-02 23:59"),
    ("DK", "2026-03-07 10:00", "0 working-day", "w", "2026-03-09 23:59"),
    ("DK", "2026-03-02 10:00", "1.5 working-day", "w", "2026-03-04 23:59"),
    ("DK", "2026-03-02 23:59", "1 working-day", "w", "2026-03-03 23:59"),
    ("DK", "2026-03-02 23:59", "1 working-day", "o", "2026-03-04 17:00"),
    ("DK", "2026-03-02 16:59", "1 working-day", "o", "2026-03-03 17:00"),
    ("DK", "2026-03-06 18:00", "1 working-day", "o", "2026-03-10 17:00"),
    ("DK", "2026-03-06 16:00", "1 working-day", "o", "2026-03-09 17:00"),
    # Danish holidays: Easter, Ascension Day, Whit Monday; no store bededag since 2024; Christmas.
    ("DK", "2026-04-01 10:00", "1 working-day", "w", "2026-04-07 23:59"),
    ("DK", "2026-05-13 10:00", "1 working-day", "w", "2026-05-15 23:59"),
    ("DK", "2026-05-22 10:00", "1 working-day", "w", "2026-05-26 23:59"),
    ("DK", "2026-04-30 10:00", "1 working-day", "w", "2026-05-01 23:59"),
    ("DK", "2023-05-04 10:00", "1 working-day", "w", "2023-05-08 23:59"),
    ("DK", "2024-04-25 10:00", "1 working-day", "w", "2024-04-26 23:59"),
    ("DK", "2025-05-15 10:00", "1 working-day", "w", "2025-05-16 23:59"),
    ("DK", "2026-12-23 10:00", "1 working-day", "w", "2026-12-28 23:59"),
    ("DK-24-12-open", "2026-12-23 10:00", "1 working-day", "w", "2026-12-24 23:59"),
    ("DK", "2026-12-30 10:00", "1 working-day", "w", "2027-01-04 23:59"),
    ("DK-closed-week", "2026-07-10 10:00", "1 working-day", "w", "2026-07-20 23:59"),
    # Norwegian holidays: 1 and 17 May, Maundy Thursday.
    ("NO", "2027-05-14 10:00", "1 working-day", "w", "2027-05-18 23:59"),
    ("NO", "2026-04-30 10:00", "1 working-day", "w", "2026-05-04 23:59"),
    ("NO", "2026-04-01 10:00", "2 working-day", "w", "2026-04-08 23:59"),
    ("NO", "2026-05-13 10:00", "2 working-day", "w", "2026-05-18 23:59"),
    # Swedish holidays: Epiphany, National Day, midsummer's eve; Maundy Thursday is a working day.
    ("SE", "2026-01-05 10:00", "1 working-day", "w", "2026-01-07 23:59"),
    ("SE", "2025-06-05 10:00", "1 working-day", "w", "2025-06-09 23:59"),
    ("SE", "2026-06-18 10:00", "1 working-day", "w", "2026-06-22 23:59"),
    ("SE-eves-open", "2026-06-18 10:00", "1 working-day", "w", "2026-06-19 23:59"),
    ("SE", "2026-04-01 10:00", "1 working-day", "w", "2026-04-02 23:59"),
    ("SE", "2026-12-30 10:00", "1 working-day", "w", "2027-01-04 23:59"),
    # British bank holidays, also the observed ones, and Scotland's own.
    ("GB", "2026-04-02 10:00", "1 working-day", "w", "2026-04-07 23:59"),
    ("GB", "2026-05-01 10:00", "1 working-day", "w", "2026-05-05 23:59"),
    ("GB", "2026-08-28 10:00", "1 working-day", "w", "2026-09-01 23:59"),
    ("GB", "2026-12-23 10:00", "1 working-day", "w", "2026-12-24 23:59"),
    ("GB", "2026-12-24 10:00", "1 working-day", "w", "2026-12-29 23:59"),
    ("SCT", "2026-08-28 10:00", "1 working-day", "w", "2026-08-31 23:59"),
    ("SCT", "2026-01-01 10:00", "1 working-day", "w", "2026-01-05 23:59"),
    # Both nights on which the clocks change (29 March and 25 October 2026).
    ("DK", "2026-03-28 12:00", "24 hour", "w", "2026-03-29 13:00"),
    ("DK", "2026-10-24 12:00", "24 hour", "w", "2026-10-25 11:00"),
    ("DK", "2026-03-29 01:30", "1 hour", "w", "2026-03-29 03:30"),
    ("GB", "2026-03-28 12:00", "24 hour", "w", "2026-03-29 13:00"),
    ("DK", "2026-03-28 12:00", "1 day", "w", "2026-03-29 23:59"),
    ("DK-night", "2026-03-28 12:00", "24 hour", "o", "2026-03-29 13:00"),
    ("DK", "2026-03-27 16:30", "1 hour", "o", "2026-03-30 09:30"),
]


@pytest.mark.parametrize(("name", "start", "limit", "policy", "due"), DEADLINES)
def test_deadline(name: str, start: str, limit: str, policy: str, due: str) -> None:
    calendar = CALENDARS[name]
    rule = "opening-hours" if policy == "o" else "wall-clock"
    found = calendar.deadline(at(start, calendar), measure(limit), policy=rule)
    expected = at(due, calendar)
    assert found.replace(second=expected.second, microsecond=0) == expected
    assert found.tzinfo is not None


def test_the_hour_that_comes_twice_counts_twice() -> None:
    calendar = CALENDARS["DK"]
    first = datetime(2026, 10, 25, 2, 30, tzinfo=calendar.zone, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=calendar.zone, fold=1)
    assert calendar.hours_between(first, second) == 1
    assert calendar.deadline(first, measure("1 hour")).astimezone(UTC) == second.astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-06 16:30", "2026-03-09 09:30", 1),
        ("2026-03-02 09:00", "2026-03-06 17:00", 40),
        ("2026-03-07 00:00", "2026-03-08 23:00", 0),
        ("2026-03-02 18:00", "2026-03-03 08:00", 0),
        ("2026-05-13 16:00", "2026-05-15 10:00", 2),
        ("2026-03-03 10:00", "2026-03-02 10:00", 0),
    ],
)
def test_opening_hours_between(start: str, end: str, hours: float) -> None:
    calendar = CALENDARS["DK"]
    assert calendar.opening_hours_between(at(start, calendar), at(end, calendar)) == hours


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-03-02 08:00", "2026-03-02 20:00", 0),
        ("2026-03-02 23:59", "2026-03-03 00:01", 1),
        ("2026-03-06 10:00", "2026-03-09 10:00", 1),
        ("2026-03-07 10:00", "2026-03-09 10:00", 1),
        ("2026-04-01 10:00", "2026-04-08 10:00", 2),
        ("2026-03-09 10:00", "2026-03-06 10:00", -1),
    ],
)
def test_working_days_between(start: str, end: str, days: int) -> None:
    calendar = CALENDARS["DK"]
    assert calendar.working_days_between(at(start, calendar), at(end, calendar)) == days


@pytest.mark.parametrize(
    ("end", "unit", "elapsed"),
    [
        ("2026-03-03 12:30", "minute", 1590),
        ("2026-03-03 12:30", "hour", 26.5),
        ("2026-03-03 12:30", "day", 1),
        ("2026-03-09 08:00", "working-day", 5),
        ("2026-03-16 08:00", "week", 2),
        ("2026-05-02 08:00", "month", 2),
        ("2027-03-02 08:00", "year", 1),
    ],
)
def test_elapsed(end: str, unit: str, elapsed: float) -> None:
    calendar = CALENDARS["DK"]
    assert calendar.elapsed(at("2026-03-02 10:00", calendar), at(end, calendar), unit) == elapsed


@pytest.mark.parametrize(
    ("limit", "policy", "pauses", "due"),
    [
        ("24 hour", "w", [("2026-03-02 12:00", "2026-03-02 18:00")], "2026-03-03 16:00"),
        ("24 hour", "w", [("2026-03-05 12:00", "2026-03-06 12:00")], "2026-03-03 10:00"),
        ("24 hour", "w", [("2026-03-01 12:00", "2026-03-02 12:00")], "2026-03-03 12:00"),
        (
            "4 hour",
            "w",
            [("2026-03-02 11:00", "2026-03-02 13:00"), ("2026-03-02 12:00", "2026-03-02 14:00")],
            "2026-03-02 17:00",
        ),
        ("4 hour", "o", [("2026-03-02 12:00", "2026-03-03 12:00")], "2026-03-03 14:00"),
        ("2 day", "w", [("2026-03-03 12:00", "2026-03-05 12:00")], "2026-03-06 23:59"),
        ("2 working-day", "w", [("2026-03-03 12:00", "2026-03-09 12:00")], "2026-03-10 23:59"),
    ],
)
def test_time_spent_waiting_for_the_customer_does_not_count(
    limit: str, policy: str, pauses: list[tuple[str, str]], due: str
) -> None:
    calendar = CALENDARS["DK"]
    start = at("2026-03-02 10:00", calendar)
    spans = [(at(begin, calendar), at(end, calendar)) for begin, end in pauses]
    rule = "opening-hours" if policy == "o" else "wall-clock"
    found = calendar.deadline(start, measure(limit), policy=rule, pauses=spans)
    assert found.replace(second=0, microsecond=0) == at(due, calendar)
    assert calendar.elapsed(start, found, measure(limit).unit, spans, rule) == pytest.approx(
        measure(limit).value
    )


@pytest.mark.parametrize(
    ("end", "now", "kept"),
    [
        ("2026-03-03 09:59", None, True),
        ("2026-03-03 10:00", None, True),
        ("2026-03-03 10:01", None, False),
        (None, "2026-03-03 09:00", None),
        (None, "2026-03-03 11:00", False),
        (None, None, None),
    ],
)
def test_within(end: str | None, now: str | None, kept: bool | None) -> None:
    calendar = CALENDARS["DK"]
    moments = [at(text, calendar) if text else None for text in (end, now)]
    assert calendar.within(measure("24 hour"), at("2026-03-02 10:00", calendar), *moments) is kept


def test_a_case_that_waits_for_the_customer_is_not_late() -> None:
    calendar = CALENDARS["DK"]
    start, now = at("2026-03-02 10:00", calendar), at("2026-03-20 10:00", calendar)
    waiting = [(at("2026-03-02 12:00", calendar), None)]
    assert calendar.within(measure("24 hour"), start, None, now, waiting) is None
    with pytest.raises(InputError, match="pause"):
        calendar.deadline(start, measure("24 hour"), pauses=waiting)


def test_at_least_is_kept_once_the_time_is_reached() -> None:
    calendar = CALENDARS["DK"]
    month = Measure(kind="duration", compare="at-least", value=30, unit="day")
    start = at("2026-03-02 10:00", calendar)
    assert calendar.within(month, start, at("2026-03-20 10:00", calendar)) is False
    assert calendar.within(month, start, at("2026-04-01 10:00", calendar)) is True
    assert calendar.within(month, start, None, at("2026-03-20 10:00", calendar)) is None


def test_a_time_without_a_zone_is_refused() -> None:
    calendar = CALENDARS["DK"]
    with pytest.raises(InputError, match="no zone"):
        calendar.deadline(datetime(2026, 3, 2, 10), measure("1 hour"))
    with pytest.raises(InputError, match="no zone"):
        calendar.working_days_between(datetime(2026, 3, 2, 10), datetime(2026, 3, 3, tzinfo=UTC))


def test_money_has_no_deadline() -> None:
    price = Measure(kind="money", compare="exactly", value=199, unit="DKK")
    with pytest.raises(InputError, match="DKK"):
        CALENDARS["DK"].deadline(datetime(2026, 3, 2, tzinfo=UTC), price)


@pytest.mark.parametrize("limit", ["99999999999 hour", "99999 working-day", "9999 year", "999999999999 week"])
def test_what_lies_decades_ahead_is_forever(limit: str) -> None:
    assert CALENDARS["DK"].deadline(datetime(2026, 3, 2, tzinfo=UTC), measure(limit)) == FOREVER


def test_a_calendar_that_never_opens_is_named() -> None:
    closed = WorkCalendar(country="DK", opening_hours={})
    with pytest.raises(ConfigError, match="opening hours"):
        closed.deadline(datetime(2026, 3, 2, tzinfo=UTC), measure("1 hour"), policy="opening-hours")


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "DK", "timezone": "Europe/Nowhere"},
        {"country": "XX"},
        {"country": "DK", "opening_hours": {0: (time(17), time(9))}},
        {"country": "DK", "opening_hours": {7: (time(9), time(17))}},
    ],
)
def test_a_wrong_calendar_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        WorkCalendar(**wrong)  # type: ignore[arg-type]


def test_an_unknown_country_is_named() -> None:
    calendar = WorkCalendar(country="XX", timezone="UTC")
    with pytest.raises(ConfigError, match="public holidays"):
        calendar.is_working_day(date(2026, 3, 2))


def test_days_are_counted_in_the_zone_of_the_company() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert CALENDARS["DK"].deadline(late, measure("0 day")).date() == date(2026, 3, 3)
    assert CALENDARS["GB"].deadline(late, measure("0 day")).date() == date(2026, 3, 2)


moments = st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
limits = st.builds(
    lambda value, unit: Measure(kind="duration", compare="at-most", value=value, unit=unit),
    st.integers(0, 40),
    st.sampled_from(["minute", "hour", "day", "working-day", "week", "month"]),
)


@given(moments, limits, st.sampled_from(["wall-clock", "opening-hours"]))
def test_the_deadline_is_the_last_moment_that_keeps_the_limit(
    start: datetime, limit: Measure, policy: str
) -> None:
    calendar = CALENDARS["SE"]
    due = calendar.deadline(start, limit, policy=policy)
    assert calendar.within(limit, start, due, policy=policy) is True
    assert calendar.within(limit, start, due + timedelta(seconds=1), policy=policy) is False
    assert calendar.elapsed(start, due, limit.unit, policy=policy) <= limit.value + 1e-6 or limit.value == 0


@given(moments, moments)
def test_opening_hours_never_exceed_the_wall_clock(start: datetime, end: datetime) -> None:
    first, last = sorted((start, end))
    last = min(last, first + timedelta(days=60))
    calendar = CALENDARS["DK"]
    assert 0 <= calendar.opening_hours_between(first, last) <= calendar.hours_between(first, last) + 1e-9


def test_office_hours_are_nine_to_five() -> None:
    assert WorkCalendar(country="NO").opening_hours == OFFICE_HOURS
