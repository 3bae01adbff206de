from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.incidents.dates import decide_order, read_date

ZONE = ZoneInfo("Europe/Copenhagen")
AFTERNOON = datetime(2026, 11, 24, 14, 5, tzinfo=ZONE)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T14:05", AFTERNOON),
        ("2026-11-24 14:05:00", AFTERNOON),
        ("2026-11-24T13:05:00Z", AFTERNOON),
        ("2026-11-24 14:05:00.000000+01:00", AFTERNOON),
        ("2026/11/24 14.05", AFTERNOON),
        ("24.11.2026 14:05", AFTERNOON),
        ("24.11.2026 kl. 14.05", AFTERNOON),
        ("24.11.2026 klokken 14:05", AFTERNOON),
        ("24-11-2026 14:05:00", AFTERNOON),
        ("24/11/2026 2:05 PM", AFTERNOON),
        ("24. nov. 2026 kl. 14.05", AFTERNOON),
        ("24. november 2026 14:05", AFTERNOON),
        ("tirsdag den 24. november 2026 kl. 14.05", AFTERNOON),
        ("Tue, 24 Nov 2026 14:05", AFTERNOON),
        ("Nov 24, 2026 2:05 pm", AFTERNOON),
        ("November 24th, 2026, 14:05", AFTERNOON),
        ("24 november 2026 kl 14:05", AFTERNOON),
        ("24/11 2026", MIDNIGHT),
        ("24-11-2026", MIDNIGHT),
        ("24.11.26", MIDNIGHT),
        ("24.11.2026", MIDNIGHT),
        ("2026-11-24", MIDNIGHT),
        ("20261124", MIDNIGHT),
        ("1. maj 2026", datetime(2026, 5, 1, tzinfo=ZONE)),
        ("1. mai 2026", datetime(2026, 5, 1, tzinfo=ZONE)),
        ("1 maj 2026", datetime(2026, 5, 1, tzinfo=ZONE)),
        ("3. desember 2026", datetime(2026, 12, 3, tzinfo=ZONE)),
        ("46350.5868055556", AFTERNOON),
        ("1795525500", datetime(2026, 11, 24, 13, 5, tzinfo=UTC)),
        ("1795525500000", datetime(2026, 11, 24, 13, 5, tzinfo=UTC)),
        ("31.02.2026", None),
        ("i går", None),
        ("", None),
        ("24:00", None),
        ("12", None),
    ],
)
def test_a_written_date(text: str, expected: datetime | None) -> None:
    assert read_date(text, ZONE) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 24, 14, 5), AFTERNOON),
        (date(2026, 11, 24), MIDNIGHT),
        (46350, MIDNIGHT),
        (True, None),
        (None, None),
        (3.5, None),
    ],
)
def test_a_cell_that_is_no_text(value: object, expected: datetime | None) -> None:
    assert read_date(value, ZONE) == expected


@pytest.mark.parametrize(
    ("values", "order", "shown"),
    [
        (["01/02/2026", "11/24/2026"], "month-first", "11/24/2026"),
        (["01/02/2026", "24/11/2026"], "day-first", "24/11/2026"),
        (["01/02/2026"], "day-first", "usual in the Nordic"),
        (["24/11/2026", "11/24/2026"], "day-first", "11/24/2026 does not fit"),
        ([None, 46350, "2026-11-24"], "day-first", "usual"),
    ],
)
def test_the_column_decides_which_number_is_the_day(values: list[object], order: str, shown: str) -> None:
    decided = decide_order(values)
    assert decided.order == order
    assert shown in decided.why


def test_month_first_reads_the_month_first() -> None:
    assert read_date("11/24/2026 2:05 PM", ZONE, "month-first") == AFTERNOON
    assert read_date("24/11/2026", ZONE, "month-first") is None


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_nothing_makes_it_raise(value: object) -> None:
    found = read_date(value, ZONE)
    assert found is None or found.tzinfo is not None


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2068, 12, 31)))
def test_what_is_written_is_read_back(moment: datetime) -> None:
    whole = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    assert read_date(whole.strftime("%d.%m.%Y kl. %H.%M"), UTC) == whole
    assert read_date(whole.strftime("%Y-%m-%d %H:%M"), UTC) == whole
