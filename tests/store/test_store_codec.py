from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
import store_values as values
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.model import Company, Finding, Incident, Match, Promise, Review, Run, Signal
from promisecheck.store import Store
from promisecheck.store.codec import clean, from_row, time_text, to_row
from promisecheck.store.schema import EVIDENCE_TABLES, SITE_TABLES

SAMPLES = [
    values.COMPANY,
    values.FETCHED,
    values.promise(),
    values.promise(measure=None, rule_id=None, first_seen=values.NOW),
    values.incident(),
    values.incident(occurred_at=None, facts={}),
    values.SIGNAL,
    values.match(),
    values.finding(),
    values.finding(rate=None, low=None, high=None, window_start=None, excluded=()),
    values.REVIEW,
    values.RUN,
]


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_what_goes_in_comes_out(value: object) -> None:
    assert from_row(type(value), to_row(value)) == value


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Company, SITE_TABLES["companies"]),
        (Promise, SITE_TABLES["promises"]),
        (Incident, EVIDENCE_TABLES["incidents"]),
        (Signal, EVIDENCE_TABLES["signals"]),
        (Match, EVIDENCE_TABLES["matches"]),
        (Finding, EVIDENCE_TABLES["findings"]),
        (Review, EVIDENCE_TABLES["reviews"]),
        (Run, EVIDENCE_TABLES["runs"]),
    ],
)
def test_each_field_is_a_column(kind: type, table: dict[str, type]) -> None:
    assert {item.name for item in fields(kind)} <= table.keys()


def test_every_table_is_strict(store: Store) -> None:
    own = [table for table in store.db.tables if "_fts" not in table.name and table.name[0] != "_"]
    assert len(own) >= 17
    assert all(table.strict for table in own)


def test_text_order_of_moments_is_time_order() -> None:
    east = datetime(2026, 11, 24, 13, 0, tzinfo=timezone(timedelta(hours=2)))
    moments = [
        east,
        datetime(2026, 11, 24, 11, 0, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 24, 11, 1, tzinfo=UTC),
    ]
    assert [time_text(moment) for moment in moments] == sorted(time_text(moment) for moment in moments)
    assert time_text(datetime(2026, 11, 24, 11)) == time_text(east)


def test_lone_surrogates_are_replaced() -> None:
    assert clean("a\ud800b") == "a?b"
    assert clean("æ😀") == "æ😀"


@given(
    summary=st.text(st.characters(exclude_categories=("Cs",))),
    facts=st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",))),
        st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    ),
    occurred_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_any_incident_comes_back(
    summary: str, facts: dict[str, object], occurred_at: datetime | None
) -> None:
    given_incident = values.incident(summary=summary, facts=facts, occurred_at=occurred_at)
    assert from_row(Incident, to_row(given_incident)) == given_incident
