"""What lists know of findings, read without the evidence; damage in it is told."""

from __future__ import annotations

import pytest
import store_values as values
from store_values import DAY, NOW

from promisecheck.errors import StoreError
from promisecheck.store import Store
from promisecheck.store.cases import Outline, iter_outlines


@pytest.fixture
def filled(store: Store) -> Store:
    other = values.promise(
        "Ingen gebyrer", company_id="anden", theme="price", kind="guarantee", metric="fees"
    )
    store.save_promises("eksempel", "r1", [values.promise()], at=NOW)
    store.save_promises("anden", "r1", [other], at=NOW)
    bare = values.finding(company_id="anden", promise_id=other.id, by_party=())
    store.save_findings("r1", [values.finding(), bare], at=NOW)
    return store


def test_outline_holds_what_lists_know(filled: Store) -> None:
    assert list(iter_outlines(filled, ["eksempel"])) == [
        Outline(
            id=values.finding().id, promise_id=values.promise().id, company_id="eksempel", verdict="contradicted",
            severity=3.5, broken=3, kept=1, relevant=4, parties=("Nord",), quote="Vi svarer inden for 24 timer",
            language="da", theme="speed", kind="quantified", metric="first-reply",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [(None, ["anden", "eksempel"]), (["anden"], ["anden"]), (["anden", "eksempel"], ["anden", "eksempel"]),
     ([], []), (["ukendt"], [])],
)  # fmt: skip
def test_outlines_of_the_companies_asked_for(
    filled: Store, asked: list[str] | None, found: list[str]
) -> None:
    assert sorted(outline.company_id for outline in iter_outlines(filled, asked)) == found


def test_a_withdrawn_promise_has_no_outline(filled: Store) -> None:
    for run in (1, 2):
        filled.save_promises("eksempel", f"r{run}", [], at=NOW + run * DAY, pages_read=[values.HOME])
    assert [outline.company_id for outline in iter_outlines(filled)] == ["anden"]


def test_damage_in_a_finding_is_told(filled: Store) -> None:
    filled.run("UPDATE findings SET by_party = '{' WHERE company_id = 'eksempel'")
    with pytest.raises(StoreError, match="damaged"):
        list(iter_outlines(filled))
