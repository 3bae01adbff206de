from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import store_values as values
from store_values import HOME, NOW

from promisecheck.store import Store


@dataclass(frozen=True, kw_only=True)
class Waiting:
    key: str
    url: str
    worth: float = 0.0
    depth: int = 0
    due: float = 0.0
    attempts: int = 0


def entry(name: str, **more: float) -> Waiting:
    return Waiting(key=name, url=HOME + name, **more)  # type: ignore[arg-type]


def test_the_worthiest_that_is_due_comes_first(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    assert frontier.add([entry("a"), entry("b", worth=2.0), entry("later", worth=9.0, due=100.0)]) == 3
    assert frontier.add([entry("a", worth=5.0), entry("c")]) == 1
    assert frontier.next_due() == 0.0
    assert [frontier.take(1.0) for _ in range(4)] == [entry("b", worth=2.0), entry("a"), entry("c"), None]
    assert frontier.next_due() == 100.0
    assert frontier.take(100.0) == entry("later", worth=9.0, due=100.0)
    assert frontier.next_due() is None


def test_an_outcome_its_answer_and_its_links_stand_together(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("")])
    taken = frontier.take(0.0)
    assert taken is not None
    frontier.commit(taken, "fetched", values.FETCHED, links=[entry("x"), entry("y"), entry("")])
    assert frontier.counts() == {"fetched": 1, "queued": 2}
    assert store.newest_fetched("eksempel", HOME) is not None
    assert frontier.knows("x")
    assert not frontier.knows("z")


def test_what_was_taken_and_not_committed_waits_for_the_others(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("a", worth=2.0), entry("b"), entry("c")])
    assert frontier.take(0.0) == entry("a", worth=2.0)
    assert frontier.counts() == {"queued": 3}
    again = store.frontier("eksempel", Waiting)
    assert again.state_of("a") == "queued"
    assert [again.take(0.0, 3) for _ in range(4)] == [entry("b"), entry("c"), entry("a", worth=2.0), None]
    assert list(again.met()) == [HOME + "a", HOME + "b", HOME + "c"]


def test_what_was_interrupted_does_not_wait_where_others_would_take_its_place(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("a", worth=2.0), entry("b")])
    assert frontier.take(0.0) == entry("a", worth=2.0)
    again = store.frontier("eksempel", Waiting)
    assert again.next_due() == 0.0
    assert [again.take(0.0, 1), again.take(0.0, 0)] == [entry("a", worth=2.0), entry("b")]


def test_a_finished_crawl_begins_anew_unless_it_is_kept(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("a")])
    frontier.commit(entry("a"), "fetched", values.FETCHED)
    assert store.frontier("eksempel", Waiting, keep=True).counts() == {"fetched": 1}
    assert store.frontier("eksempel", Waiting).counts() == {}


def test_a_write_that_may_lag_waits_for_the_disk_once_in_a_while(store: Store) -> None:
    def waits(lag: float) -> bool:
        with store.writing(lag=lag):
            return bool(next(store.select("PRAGMA synchronous"))["synchronous"] == 2)

    assert [waits(0.0), waits(60.0), waits(0.0), waits(1e-9)] == [True, False, True, True]
    assert next(store.select("PRAGMA synchronous"))["synchronous"] == 2


def test_a_store_that_need_not_last_never_waits_for_the_disk(tmp_path: Path) -> None:
    with Store.open(tmp_path / "shard.db", durable=False) as store:
        for lag in (0.0, 60.0, 0.0):
            with store.writing(lag=lag):
                assert next(store.select("PRAGMA synchronous"))["synchronous"] == 1


def test_postponed_waits_one_attempt_later(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("a")])
    taken = frontier.take(0.0)
    assert taken is not None
    frontier.postpone(taken, 50.0)
    assert frontier.take(49.0) is None
    assert frontier.take(50.0) == entry("a", due=50.0, attempts=1)


def test_reasons_and_a_new_beginning(store: Store) -> None:
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("a"), entry("b")])
    for name in "ab":
        frontier.commit(entry(name), "blocked", reason=f"robots.txt: {name}")
    assert list(frontier.reasons("blocked")) == [(HOME + "a", "robots.txt: a"), (HOME + "b", "robots.txt: b")]
    assert not store.frontier("eksempel", Waiting).knows("a")


def test_not_modified_touches_the_snapshot(store: Store) -> None:
    store.save_fetched(values.FETCHED)
    frontier = store.frontier("eksempel", Waiting)
    frontier.add([entry("")])
    later = replace(values.FETCHED, fetched_at=NOW + values.DAY, status=304, body=b"")
    frontier.commit(entry(""), "not-modified", later)
    row = next(store.select("SELECT count(*) AS n, max(last_fetched_at) AS last FROM snapshots"))
    assert (row["n"], row["last"][:10]) == (1, "2026-11-25")
