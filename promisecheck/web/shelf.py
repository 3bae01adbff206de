"""The findings of the whole database as light rows, read once and again when the file has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import RLock, Thread
from time import perf_counter

from promisecheck.dossier import coverage_of, rules_by_id
from promisecheck.model import Company, Finding, Promise, Run, fold
from promisecheck.packs import Rule
from promisecheck.report import (
    MOST_CAUSES,
    CauseView,
    LogSpan,
    Material,
    State,
    in_force,
    runs_before,
)
from promisecheck.store import Store
from promisecheck.store.tallies import tally_causes, tally_logs
from promisecheck.web.filters import Filters
from promisecheck.web.rows import Row, row_of, with_state

CHUNK = 2000
QUICK = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Hold everything that is the same on every page, as it stood when it was read."""

    companies: tuple[Company, ...]
    rows: tuple[Row, ...]
    promises: Mapping[str, int]
    causes: Mapping[str, tuple[CauseView, ...]]
    spans: Mapping[str, LogSpan]
    coverage: Mapping[str, Mapping[str, int]]
    since: Mapping[str, datetime]
    runs: tuple[Run, ...]
    at: Mapping[str, int]

    def row(self, finding_id: str) -> Row | None:
        """Return the row of a finding, or None."""
        n = self.at.get(finding_id)
        return None if n is None else self.rows[n]

    def select(self, filters: Filters) -> list[Row]:
        """Return the rows that pass the filters, in the order asked for."""
        cause = self._against(filters.cause)
        rows = [row for row in self.rows if self._passes(row, filters, cause)]
        if filters.order == "newest":
            rows.sort(key=lambda row: row.first_seen.timestamp() if row.first_seen else 0.0, reverse=True)
        elif filters.order == "company":
            rows.sort(key=lambda row: row.company_id)
        return rows

    def parties(self) -> list[str]:
        """Return the parties and channels that findings name."""
        return sorted({party for row in self.rows for party in row.parties})

    def _passes(self, row: Row, filters: Filters, cause: frozenset[str]) -> bool:
        return (
            filters.company in ("", row.company_id)
            and filters.theme in ("", row.theme)
            and filters.stage in ("", row.stage)
            and filters.verdict in ("", row.verdict)
            and filters.state in ("", row.state)
            and row.severity >= filters.least_severity
            and (not filters.new or row.is_new)
            and (not filters.party or filters.party in row.parties)
            and (not filters.q or fold(filters.q) in row.folded)
            and (not filters.cause or row.id in cause)
        )

    def _against(self, cause: str) -> frozenset[str]:
        named = (item.finding_ids for item in self.causes.get("", ()) if item.key == cause)
        return frozenset(next(named, ()))


class Shelf:
    """Keep the books of one database; safe to share between threads.

    Where reading them is slow, what stood before is shown until the new ones are there.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store = store
        self.rules: Mapping[str, Rule] = rules_by_id()
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
            if self._books is None or finding_id not in self._books.at:
                return
            n = self._books.at[finding_id]
            before, rows = self._books.rows[n].state, list(self._books.rows)
            rows[n] = with_state(rows[n], state)
            self._books = replace(self._books, rows=tuple(rows))
            if "dismissed" in (before, state) and before != state:
                self._books = replace(self._books, causes=_causes(self.store, rows))

    def _read(self) -> Books:
        began, stamp = perf_counter(), _stamp(self.store.path)
        books = read_books(self.store, self._now())
        with self._lock:
            self._books, self._stamp, self._took = books, stamp, perf_counter() - began
        return books

    def _read_aside(self) -> None:
        try:
            self._read()
        finally:
            self._reading = False


def read_books(store: Store, now: datetime) -> Books:
    """Read the books from the store, findings in small batches so that their evidence is not held."""
    companies = store.load_companies()
    runs = store.load_runs()
    promises = {promise.id: promise for promise in store.load_promises()}
    material = _material(store, companies, runs, now)
    rows = _rows(store, promises, material)
    counts: dict[str, int] = {}
    for promise in promises.values():
        counts[promise.company_id] = counts.get(promise.company_id, 0) + 1
    return Books(
        companies=tuple(companies),
        rows=tuple(rows),
        promises=counts,
        causes=_causes(store, rows),
        spans={
            log.company_id: LogSpan(incidents=log.incidents, start=log.start, end=log.end)
            for log in tally_logs(store)
        },
        coverage=coverage_of(companies, runs),
        since=material.since,
        runs=tuple(runs),
        at={row.id: n for n, row in enumerate(rows)},
    )


def _material(store: Store, companies: Sequence[Company], runs: Sequence[Run], now: datetime) -> Material:
    return Material(
        companies={company.id: company for company in companies},
        promises={},
        matches={},
        incidents={},
        places={},
        reviews=in_force(store.load_reviews()),
        first_seen={key: seen.first_seen for key, seen in store.load_seen().items()},
        generated_at=now,
        since=runs_before(runs),
    )


def _rows(store: Store, promises: Mapping[str, Promise], material: Material) -> list[Row]:
    """Return the rows, most serious first."""
    known = ((finding, promises.get(finding.promise_id)) for finding in _findings(store))
    rows = [row_of(finding, promise, material) for finding, promise in known if promise is not None]
    rows.sort(key=lambda row: row.rank)
    return rows


def _findings(store: Store) -> Iterator[Finding]:
    offset = 0
    while batch := store.load_findings(limit=CHUNK, offset=offset):
        yield from batch
        offset += len(batch)


def _causes(store: Store, rows: Sequence[Row]) -> dict[str, tuple[CauseView, ...]]:
    """Return the causes of each company and, under "", of all; labels are put on when they are shown."""
    dismissed = [row.id for row in rows if row.state == "dismissed"]
    cases: dict[str, dict[str, int]] = {"": {}}
    against: dict[tuple[str, str], tuple[str, ...]] = {}
    for tally in tally_causes(store, without=dismissed):
        for company in ("", tally.company_id):
            counts = cases.setdefault(company, {})
            counts[tally.code] = counts.get(tally.code, 0) + tally.incidents
            against[company, tally.code] = against.get((company, tally.code), ()) + tally.finding_ids
    return {
        company: tuple(
            CauseView(key=code, label=code, cases=counts[code], finding_ids=against[company, code])
            for code in sorted(counts, key=lambda code: (-counts[code], code))[:MOST_CAUSES]
        )
        for company, counts in cases.items()
    }


def _stamp(path: Path) -> tuple[tuple[int, int], ...]:
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            state = file.stat()
            found.append((state.st_mtime_ns, state.st_size))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)
