from __future__ import annotations

import json
from pathlib import Path

import pytest
import store_values as values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promisecheck.store import Store

HOSTILE = json.loads((Path(__file__).parent / "search_queries.json").read_text(encoding="utf-8"))["queries"]


@pytest.fixture
def filled(store: Store) -> Store:
    store.save_promises("eksempel", "r1", [values.promise()], at=values.NOW)
    store.save_incidents(
        [
            values.incident("1"),
            values.incident("2", summary="", details="Café NEAR stationen: text late not OR and"),
            values.incident("3", company_id="anden", details="Køen var lang"),
        ]
    )
    return store


def found(store: Store, query: str, **limits: object) -> list[str]:
    return [result.excerpt for result in store.search(query, **limits)]  # type: ignore[arg-type]


def test_words_are_found_whatever_their_case_and_accents(filled: Store) -> None:
    assert found(filled, "cafe") == found(filled, "CAFÉ") != []
    assert found(filled, "svarer 24") == ["Vi svarer inden for 24 timer"]
    assert found(filled, "kø ventetid")
    assert found(filled, "svarer aldrig") == []


def test_limits(filled: Store) -> None:
    assert len(found(filled, "lang")) == 2
    assert (
        found(filled, "lang", company_id="anden") == ["Køen var lang"]
        or len(found(filled, "lang", company_id="anden")) == 1
    )
    assert found(filled, "timer", kinds=("incident",)) == []
    assert found(filled, "lang", limit=1) != []
    assert found(filled, "lang", limit=0) == []


def test_an_operator_is_a_word(filled: Store) -> None:
    assert len(found(filled, "NEAR")) == 1
    assert len(found(filled, "text:late")) == 1
    assert found(filled, "late NOT text") == found(filled, "text not late")
    assert found(filled, "caf*") == []


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_raises(filled: Store, query: str) -> None:
    assert isinstance(filled.search(query), list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises(filled: Store, query: str) -> None:
    filled.search(query)


def test_what_changes_is_searched_anew(filled: Store) -> None:
    filled.save_incidents([values.incident("1", summary="", details="Alt gik godt")])
    assert found(filled, "halvanden") == []
    assert found(filled, "godt") == ["Alt gik godt"]
