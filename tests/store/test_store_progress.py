"""How far a run is: noted where its stage changes, dropped at its end, kept as its last word where it died."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from store_values import NOW, RUN

from promisecheck.model import Run
from promisecheck.store import ProgressNotes, RunProgress, Store
from promisecheck.store.progress import process_lives, this_process

OURS = Run(id="r2", kind="check", company_id="eksempel", started_at=NOW)


def ticking(*seconds: float) -> Callable[[], datetime]:
    """Return a clock that says these seconds after NOW, one after the other, and then the last."""
    left = list(seconds)
    return lambda: NOW + timedelta(seconds=left.pop(0) if len(left) > 1 else left[0])


def noted(store: Store) -> list[tuple[str, int, int, datetime]]:
    return [(one.stage, one.done, one.total, one.since) for one in store.load_progress()]


def test_stages_are_noted_and_gone_at_the_end(store: Store) -> None:
    told: list[tuple[str, int]] = []
    with ProgressNotes(
        store, OURS, now=ticking(0, 1, 2, 3, 9, 10), totals={"crawl": 200},
        tell=lambda stage, done: told.append((stage, done)),
    ) as notes:  # fmt: skip
        assert noted(store) == []
        notes("crawl", 0)
        assert noted(store) == [("crawl", 0, 200, NOW + timedelta(seconds=1))]
        notes("crawl", 1)
        assert noted(store)[0][1] == 0
        notes("crawl", 2)
        assert noted(store)[0][1] == 2
        notes.totals["read"] = 12
        notes("read", 1)
        assert noted(store) == [("read", 1, 12, NOW + timedelta(seconds=9))]
        assert [one.is_under_way(NOW) for one in store.load_progress()] == [True]
    assert store.load_progress() == []
    assert told == [("crawl", 0), ("crawl", 1), ("crawl", 2), ("read", 1)]


def test_an_error_leaves_its_last_word(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt), ProgressNotes(store, OURS, now=ticking(0)) as notes:
        notes("read", 3)
        raise KeyboardInterrupt
    (left,) = store.load_progress()
    assert (left.run_id, left.stage, left.process) == ("r2", "read", "")
    assert not left.is_under_way(NOW)


def test_the_next_run_of_the_company_takes_the_word_of_a_dead_one_with_it(store: Store) -> None:
    dead = RunProgress(
        run_id="r1", kind="check", company_id="eksempel", started_at=NOW - timedelta(days=1), since=NOW, noted_at=NOW
    )  # fmt: skip
    for progress in (
        dead,
        *(_other(dead, name, value) for name, value in (("kind", "sweep"), ("company_id", "x"))),
    ):
        store.save_progress(progress)
    with ProgressNotes(store, OURS, now=ticking(0)) as notes:
        notes("judge", 0)
    assert [one.run_id for one in store.load_progress()] == ["kind", "company_id"]


def _other(progress: RunProgress, name: str, value: str) -> RunProgress:
    from dataclasses import replace

    return replace(progress, run_id=name, **{name: value})


def test_a_stored_run_is_not_noted_by_itself(store: Store) -> None:
    store.save_run(RUN)
    assert store.load_progress() == []


@pytest.fixture
def other_process() -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield started
    started.kill()
    started.wait()


def test_a_process_lives_until_it_dies(other_process: subprocess.Popen[bytes]) -> None:
    host, _, began = this_process().rsplit(" ", 2)
    stat = Path(f"/proc/{other_process.pid}/stat")
    if stat.exists():
        began = stat.read_text().rpartition(")")[2].split()[19]
    mark = f"{host} {other_process.pid} {began}"
    assert process_lives(mark) is True
    assert process_lives(f"{host} {other_process.pid} 1") is False
    other_process.kill()
    other_process.wait()
    assert process_lives(mark) is False


@pytest.mark.parametrize(
    ("mark", "lives"),
    [(this_process(), True), ("", False), (f"elsewhere {os.getpid()} 1", None)],
    ids=["this one", "none", "on another machine"],
)
def test_whether_a_process_lives(mark: str, lives: bool | None) -> None:
    assert process_lives(mark) is lives


@pytest.mark.parametrize(("minutes", "under_way"), [(0, True), (59, True), (61, False)])
def test_a_run_on_another_machine_is_judged_by_its_last_word(minutes: int, under_way: bool) -> None:
    progress = RunProgress(
        run_id="r",
        kind="check",
        company_id="x",
        started_at=NOW,
        since=NOW,
        noted_at=NOW,
        process="elsewhere 1 1",
    )
    assert progress.is_under_way(NOW + timedelta(minutes=minutes)) is under_way
