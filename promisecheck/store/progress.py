"""How far runs that are under way have come: one row a run, written where its stage changes, gone when it has ended."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Self

from promisecheck.errors import StoreError
from promisecheck.model import Run
from promisecheck.store.codec import from_row, time_text, to_row
from promisecheck.store.session import Session

# How often a stage that lasts says how far it is.
_EVERY = timedelta(seconds=2)
# From when on a run of another machine that says nothing is taken for dead.
_SILENT = timedelta(hours=1)
_ENDED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """Hold how far one run is: `done` of `total` (0: not known) in `stage`, which began `since`.

    `process` is who works on it, "" where an error stopped it.
    """

    run_id: str
    kind: str
    company_id: str
    started_at: datetime
    stage: str = ""
    done: int = 0
    total: int = 0
    since: datetime
    noted_at: datetime
    process: str = ""

    def is_under_way(self, now: datetime) -> bool:
        """Return whether somebody still works on it; of another machine's run that is judged by its last word."""
        alive = process_lives(self.process)
        return now - self.noted_at < _SILENT if alive is None else alive


class ProgressRows(Session):
    """Save, load and drop how far runs are."""

    def save_progress(self, progress: RunProgress) -> None:
        """Save how far a run is; that never waits for the disk."""
        with self.writing(lag=inf):
            self.put("progress", [to_row(progress)])

    def load_progress(self) -> list[RunProgress]:
        """Return how far each run is that has not ended, the oldest first."""
        rows = self.select("SELECT * FROM progress ORDER BY started_at, company_id, run_id")
        return [from_row(RunProgress, row) for row in rows]

    def drop_progress(self, progress: RunProgress) -> None:
        """Forget how far a run is, and what earlier ones of its kind and company left when they died."""
        sql = (
            "DELETE FROM progress WHERE run_id = :run OR (kind = :kind AND company_id = :company "
            "AND started_at < :started)"
        )
        given = {
            "run": progress.run_id, "kind": progress.kind, "company": progress.company_id,
            "started": time_text(progress.started_at),
        }  # fmt: skip
        with self.writing(lag=inf):
            self.run(sql, given)


class ProgressNotes:
    """Note how far a run is, while it lasts: call it with the stage and how many are done.

    Within a stage it writes every two seconds at most. `totals` says of stages how many there are. An error
    that ends the run leaves its last word, so that people see where it stopped.
    """

    def __init__(
        self, store: ProgressRows, run: Run, *, now: Callable[[], datetime],
        totals: Mapping[str, int] | None = None, tell: Callable[[str, int], None] = lambda stage, done: None,
    ) -> None:  # fmt: skip
        moment = now()
        self._store, self._now, self._tell = store, now, tell
        self.totals = dict(totals or {})
        self._progress = RunProgress(
            run_id=run.id, kind=run.kind, company_id=run.company_id, started_at=run.started_at, since=moment,
            noted_at=moment, process=this_process(),
        )  # fmt: skip

    def __call__(self, stage: str, done: int) -> None:
        """Note the stage, and tell whoever else wants to know."""
        moment, last = self._now(), self._progress
        if stage != last.stage or moment - last.noted_at >= _EVERY:
            since = last.since if stage == last.stage else moment
            self._progress = replace(
                last, stage=stage, done=done, total=self.totals.get(stage, 0), since=since, noted_at=moment
            )
            self._store.save_progress(self._progress)
        self._tell(stage, done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._store.drop_progress(self._progress)
            return
        # What ended the run may be the database itself.
        with suppress(StoreError):
            self._store.save_progress(replace(self._progress, process=_ENDED))


def this_process() -> str:
    """Return what tells this process from every other, also from a later one of the same number."""
    return f"{socket.gethostname()} {os.getpid()} {_began(os.getpid())}"


def process_lives(mark: str) -> bool | None:
    """Return whether a process still runs; None where that cannot be known from here."""
    if mark == _ENDED:
        return False
    host, number, began = mark.rsplit(" ", 2)
    if host != socket.gethostname() or os.name != "posix":
        return None
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return began == _began(int(number))


def _began(number: int) -> str:
    """Return when a process began, as the system counts it, or "-" where it does not say."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "-"
    # The name before it, in brackets, may hold spaces.
    return told.rpartition(")")[2].split()[19]
