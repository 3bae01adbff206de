"""The lists behind the numbers of coverage: kept for the newest check of each company, merged with it."""

from __future__ import annotations

from pathlib import Path

from store_values import COMPANY, FETCHED, HOME

from promisecheck.crawl import Entry
from promisecheck.store import Store

LISTS = {"fetched": [(HOME, "")], "skipped": [(f"{HOME}a", "too deep"), (f"{HOME}æ?b=1", "calendar")]}


def test_lists_are_those_of_the_newest_check(store: Store) -> None:
    store.save_addresses("eksempel", "r1", {**LISTS, "left": [(f"{HOME}z", "")]})
    store.save_addresses("eksempel", "r2", LISTS)
    store.save_addresses("other", "r3", {"failed": [("https://other.example/", "timed out")]})
    assert store.load_address_runs() == {"eksempel": "r2", "other": "r3"}
    assert {state: store.load_addresses("eksempel", state) for state in LISTS} == LISTS
    assert store.load_addresses("eksempel", "left") == []
    assert store.load_addresses("unknown", "fetched") == []


def test_lists_are_merged_with_their_company(store: Store, tmp_path: Path) -> None:
    with Store.open(tmp_path / "shard.db") as shard:
        shard.save_company(COMPANY)
        shard.save_addresses("eksempel", "r2", LISTS)
    store.save_addresses("eksempel", "r1", {"left": [(HOME, "")]})
    for _ in range(2):
        store.merge(tmp_path / "shard.db")
        assert store.load_address_runs() == {"eksempel": "r2"}
        assert store.load_addresses("eksempel", "skipped") == LISTS["skipped"]
        assert store.load_addresses("eksempel", "left") == []


def test_a_crawl_can_be_counted_while_it_runs(store: Store) -> None:
    frontier = store.frontier("eksempel", Entry)
    frontier.add([Entry(key=name, url=f"{HOME}{name}") for name in "cab"])
    taken = frontier.take(0.0)
    assert taken is not None
    assert store.count_addresses("eksempel") == {"queued": 3}
    frontier.commit(taken, "fetched", FETCHED)
    frontier.commit(Entry(key="d", url=f"{HOME}d"), "skipped", reason="too deep")
    assert store.count_addresses("eksempel") == {"queued": 2, "fetched": 1, "skipped": 1}
    assert store.met_addresses("eksempel") == [
        (f"{HOME}a", "left", ""), (f"{HOME}b", "left", ""), (f"{HOME}c", "fetched", ""),
        (f"{HOME}d", "skipped", "too deep"),
    ]  # fmt: skip
