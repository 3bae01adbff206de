"""The books of the whole database, read once and again when the file has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import RLock, Thread
from time import perf_counter

from promisecheck.dossier import Books, causes_of, load_common, read_books, rules_by_id
from promisecheck.report import State
from promisecheck.store import Store

QUICK = 0.5


class Shelf:
    """Keep the books of one database; safe to share between threads.

    Where reading them is slow, what stood before is shown until the new ones are there.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store = store
        self.rules = rules_by_id()
        self._now = now
        self._books: Books | None = None
        self._stamp: object = None
        self._took = 0.0
        self._reading = False
        self._lock = RLock()

    def books(self) -> Books:
        """Return the books, read again where something else has written to the file."""
        with self._lock:
            if self._books is None:
                return self._read()
            if self._reading or self._stamp == _stamp(self.store.path):
                return self._books
            if self._took < QUICK:
                return self._read()
            self._reading = True
            Thread(target=self._read_aside, daemon=True).start()
            return self._books

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write to the store within this without having the books read again for it."""
        with self._lock:
            current = self._stamp == _stamp(self.store.path)
            yield
            if current:
                self._stamp = _stamp(self.store.path)

    def note(self, finding_id: str, state: State) -> None:
        """Put the new state of a finding into the books."""
        with self._lock:
            line = self._books.line(finding_id) if self._books else None
            if self._books is None or line is None or line.state == state:
                return
            lines = [replace(one, state=state) if one.id == finding_id else one for one in self._books.lines]
            self._books = replace(self._books, lines=tuple(lines))
            if "dismissed" in (line.state, state):
                keys = [company.id for company in self._books.companies]
                self._books = replace(self._books, causes=causes_of(self.store, lines, keys))

    def _read(self) -> Books:
        began, stamp = perf_counter(), _stamp(self.store.path)
        common = replace(load_common(self.store, self._now()), rules=self.rules)
        books = read_books(self.store, common)
        with self._lock:
            self._books, self._stamp, self._took = books, stamp, perf_counter() - began
        return books

    def _read_aside(self) -> None:
        try:
            self._read()
        finally:
            self._reading = False


def _stamp(path: Path) -> tuple[tuple[int, int], ...]:
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            state = file.stat()
            found.append((state.st_mtime_ns, state.st_size))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)
