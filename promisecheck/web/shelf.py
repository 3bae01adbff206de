"""The findings of the whole database as light rows, read once and again when the file has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from promisecheck.dossier import coverage_of, rules_by_id
from promisecheck.model import Company, Finding, Match, Promise, Run, fold
from promisecheck.packs import Rule
from promisecheck.report import (
    MET,
    CauseView,
    LogSpan,
    Material,
    State,
    causes_of,
    in_force,
    runs_before,
    spans_of,
    speech,
)
from promisecheck.store import Store
from promisecheck.web.filters import Filters
from promisecheck.web.rows import Row, row_of, with_state

CHUNK = 500


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
        rows = [row for row in self.rows if self._passes(row, filters)]
        if filters.order == "newest":
            rows.sort(key=lambda row: row.first_seen.timestamp() if row.first_seen else 0.0, reverse=True)
        elif filters.order == "company":
            rows.sort(key=lambda row: row.company_id)
        return rows

    def parties(self) -> list[str]:
        """Return the parties and channels that findings name."""
        return sorted({party for row in self.rows for party in row.parties})

    def _passes(self, row: Row, filters: Filters) -> bool:
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
            and (not filters.cause or row.id in self._against(filters.cause))
        )

    def _against(self, cause: str) -> tuple[str, ...]:
        return next((item.finding_ids for item in self.causes.get("", ()) if item.key == cause), ())


class Shelf:
    """Keep the books of one database; safe to share between threads."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store = store
        self.rules: Mapping[str, Rule] = rules_by_id()
        self._now = now
        self._books: Books | None = None
        self._stamp: object = None
        self._lock = Lock()

    def books(self) -> Books:
        """Return the books, read again where something else has written to the file."""
        with self._lock:
            stamp = _stamp(self.store.path)
            if self._books is None or stamp != self._stamp:
                self._books = read_books(self.store, self._now())
                self._stamp = stamp
            return self._books

    def note(self, finding_id: str, state: State) -> None:
        """Put a new state into the books after a decision of our own, without reading all again."""
        with self._lock:
            if self._books is None:
                return
            n = self._books.at.get(finding_id)
            if n is not None:
                rows = list(self._books.rows)
                rows[n] = with_state(rows[n], state)
                self._books = replace(self._books, rows=tuple(rows))
            self._stamp = _stamp(self.store.path)


def read_books(store: Store, now: datetime) -> Books:
    """Read the books from the store, findings in small batches so that their evidence is not held."""
    companies = store.load_companies()
    runs = store.load_runs()
    promises = {promise.id: promise for promise in store.load_promises()}
    material = _material(store, companies, runs, now)
    rows, left_out = _rows(store, promises, material)
    counts: dict[str, int] = {}
    for promise in promises.values():
        counts[promise.company_id] = counts.get(promise.company_id, 0) + 1
    return Books(
        companies=tuple(companies),
        rows=tuple(rows),
        promises=counts,
        causes=_causes(store, companies, rows, left_out),
        spans=spans_of(store.iter_incidents()),
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


def _rows(
    store: Store, promises: Mapping[str, Promise], material: Material
) -> tuple[list[Row], dict[str, frozenset[str]]]:
    """Return the rows, most serious first, and for each promise what was left out of the count."""
    rows: list[Row] = []
    left_out: dict[str, frozenset[str]] = {}
    for finding in _findings(store):
        promise = promises.get(finding.promise_id)
        if promise is None:
            continue
        rows.append(row_of(finding, promise, material))
        keys = frozenset(key for item in finding.excluded for key in item.evidence_ids)
        if keys:
            left_out[promise.id] = keys
    rows.sort(key=lambda row: row.rank)
    return rows, left_out


def _findings(store: Store) -> Iterator[Finding]:
    offset = 0
    while batch := store.load_findings(limit=CHUNK, offset=offset):
        yield from batch
        offset += len(batch)


def _causes(
    store: Store, companies: Sequence[Company], rows: Sequence[Row], left_out: Mapping[str, frozenset[str]]
) -> dict[str, tuple[CauseView, ...]]:
    """Return the causes of each company and, under "", of all; labels are put on when they are shown."""
    met = {row.promise_id: row.id for row in rows if row.verdict in MET and row.state != "dismissed"}

    def broken(company_id: str | None) -> Iterator[tuple[str, Match]]:
        for match in store.iter_matches(company_id):
            if match.outcome != "breaks" or match.promise_id not in met:
                continue
            if match.evidence_id not in left_out.get(match.promise_id, ()):
                yield met[match.promise_id], match

    plain = speech("en")
    every = {company.id: causes_of(broken(company.id), plain) for company in companies}
    only = next(iter(every.values()), ())
    return {**every, "": only if len(companies) == 1 else causes_of(broken(None), plain)}


def _stamp(path: Path) -> tuple[tuple[int, int], ...]:
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            state = file.stat()
            found.append((state.st_mtime_ns, state.st_size))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)
