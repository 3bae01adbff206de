"""One run at a time for each database: the lock, and who holds it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from promisecheck.errors import LockedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Name the process that holds the lock."""

    pid: int
    host: str
    started: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.started}"


@contextmanager
def hold_lock(database: Path, *, now: datetime) -> Iterator[Holder]:
    """Hold the lock of a database; raise LockedError that names the holder where another run has it.

    The system frees the lock of a process that dies, however it dies: nothing has to be cleared by hand.
    """
    from filelock import FileLock, Timeout

    lock, note = _lock_path(database), _note_path(database)
    held = FileLock(lock, timeout=0, thread_local=False)
    try:
        held.acquire()
    except Timeout:
        holder = read_holder(database)
        raise LockedError(
            f"another run holds the lock ({holder or 'it has not said which'})",
            where=str(lock), do="wait until it has ended",
        ) from None  # fmt: skip
    try:
        mine = Holder(pid=os.getpid(), host=socket.gethostname(), started=now.isoformat(timespec="seconds"))
        note.write_text(json.dumps(asdict(mine)), encoding="utf-8")
        yield mine
    finally:
        note.unlink(missing_ok=True)
        held.release()


def read_holder(database: Path) -> Holder | None:
    """Return who wrote last that it holds the lock, or None; a dead process may have left its note."""
    try:
        return Holder(**json.loads(_note_path(database).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def left_behind(database: Path) -> Holder | None:
    """Return the holder that a note names although nobody holds the lock: its process died. None otherwise."""
    from filelock import FileLock, Timeout

    holder = read_holder(database)
    if holder is None:
        return None
    try:
        with FileLock(_lock_path(database), timeout=0, thread_local=False):
            return holder
    except Timeout:
        return None


def _lock_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _note_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock.json")
