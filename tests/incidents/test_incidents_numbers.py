from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.incidents.numbers import header_unit, read_flag, read_hours, read_number


@pytest.mark.parametrize(
    ("value", "money", "expected"),
    [
        ("1,5", False, 1.5),
        ("1.5", False, 1.5),
        ("1.299,50 kr.", True, 1299.5),
        ("1,299.50", True, 1299.5),
        ("1 299 kr", True, 1299.0),
        ("1\u00a0299,00", True, 1299.0),
        ("1.299", True, 1299.0),
        ("1.299", False, 1.299),
        ("1.234.567", False, 1234567.0),
        ("kr. 99,-", True, 99.0),
        ("499:-", True, 499.0),
        ("-3", False, -3.0),
        ("99,9 %", False, 99.9),
        (7, False, 7.0),
        (float("nan"), False, None),
        ("ingen", False, None),
        (None, False, None),
    ],
)
def test_a_number(value: object, money: bool, expected: float | None) -> None:
    assert read_number(value, money=money) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("2", "hour", 2.0),
        ("90", "minute", 1.5),
        ("1:30", "hour", 1.5),
        ("1:30", "minute", 1.5 / 60),
        ("01:30:00", "minute", 1.5),
        ("2 t 30 min", "hour", 2.5),
        ("2 timer og 15 minutter", "minute", 2.25),
        ("halvanden", "hour", None),
        ("3 dage", "hour", 72.0),
        ("2 dygn", "hour", 48.0),
        ("1 uge", "hour", 168.0),
        ("45 sek.", "minute", 0.0125),
        ("1,5 tim", "hour", 1.5),
        (timedelta(minutes=90), "minute", 1.5),
        (time(1, 30), "minute", 1.5),
    ],
)
def test_a_duration_in_hours(value: object, unit: str, expected: float | None) -> None:
    assert read_hours(value, unit) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Ventetid (min.)", "minute"),
        ("svartid i timer", "hour"),
        ("Kötid sekunder", "second"),
        ("Løsningstid dage", "day"),
        ("Ventetid", None),
    ],
)
def test_the_unit_a_header_names(header: str, unit: str | None) -> None:
    assert header_unit(header) == unit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ja", True),
        ("nej", False),
        ("nei", False),
        ("x", True),
        (2, True),
        ("0", False),
        (True, True),
        ("måske", None),
    ],
)
def test_a_flag(value: object, expected: bool | None) -> None:
    assert read_flag(value) is expected


@given(st.text(max_size=30))
def test_nothing_makes_it_raise(text: str) -> None:
    read_number(text)
    read_number(text, money=True)
    read_hours(text, "hour")
    read_flag(text)
