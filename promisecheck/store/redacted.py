"""A copy of the database to hand on: personal data covered, nobody's key in it, and nothing that leads back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from promisecheck.store.codec import Row, to_json
from promisecheck.store.cover import Cover
from promisecheck.store.datasette import metadata_of, metadata_path
from promisecheck.store.session import CHUNK, Session
from promisecheck.store.whole import whole_file

REDACTED = "redacted"
LONGEST_LABEL = 80

TABLES: dict[str, dict[str, Any]] = {
    "companies": {"id": str, "name": str, "home_url": str, "country": str},
    "promises": {
        "id": str, "company_id": str, "quote": str, "theme": str, "kind": str, "strength": str, "metric": str,
        "measure": str, "language": str, "url": str, "rule_id": str, "score": float, "first_seen": str,
        "last_seen": str, "withdrawn_on": str,
    },
    "incidents": {
        "id": int, "company_id": str, "about": str, "summary": str, "details": str, "log": str, "occurred_on": str,
        "closed_on": str, "language": str, "channel": str, "theme": str, "touchpoint": str, "party": str,
        "facts": str,
    },
    "signals": {
        "id": int, "incident_id": int, "theme": str, "status": str, "code": str, "quote": str, "score": float,
    },
    "matches": {
        "id": int, "company_id": str, "promise_id": str, "incident_id": int, "evidence_kind": str, "outcome": str,
        "score": float, "reasons": str,
    },
    "findings": {
        "id": str, "company_id": str, "promise_id": str, "promise": str, "theme": str, "verdict": str,
        "severity": float, "broken": int, "kept": int, "relevant": int, "rate": float, "low": float, "high": float,
        "window_start": str, "window_end": str, "why": str, "left_out": str, "indicators": str,
        "smallest_true_promise": str, "first_seen": str, "last_seen": str,
    },
    "reviews": {
        "id": int, "finding_id": str, "decision": str, "reason": str, "note": str, "decided_on": str,
        "expires_on": str, "due": str, "withdrawn_on": str,
    },
}  # fmt: skip
FOREIGN: dict[str, list[tuple[str, str, str]]] = {
    "promises": [("company_id", "companies", "id")],
    "incidents": [("company_id", "companies", "id")],
    "signals": [("incident_id", "incidents", "id")],
    "matches": [
        ("company_id", "companies", "id"), ("promise_id", "promises", "id"), ("incident_id", "incidents", "id"),
    ],
    "findings": [("company_id", "companies", "id"), ("promise_id", "promises", "id")],
    "reviews": [("finding_id", "findings", "id")],
}  # fmt: skip


class RedactedRows(Session):
    """Write what others may look into."""

    def write_redacted(
        self, path: str | Path, *, redact: Callable[[str], str], facts: Collection[str],
        company_id: str | None = None, replace: bool = False,
    ) -> dict[str, int]:  # fmt: skip
        """Write companies, promises, incidents, signals, matches, findings and reviews to a new SQLite file.

        Texts of incidents and reviews go through `redact`; of an incident's facts the numbers named in
        `facts` are kept; case numbers, files, reviewers and owners are not, and days stand for moments. Beside the file
        is what Datasette is told of it (`metadata_path`). Returns how many rows each table holds.
        Raises StoreError where the file exists, unless it is to be replaced.
        """
        target = Path(path)
        with whole_file(target, "export", replace=replace) as unfinished:
            with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy, self._standing():
                counts = _Copy(self, copy, redact, frozenset(facts), company_id).write()
            metadata = json.dumps(metadata_of(target), ensure_ascii=False, indent=2)
            metadata_path(target).write_text(f"{metadata}\n", encoding="utf-8")
        return counts

    @contextmanager
    def _standing(self) -> Iterator[None]:
        """Read one state of the database, whatever others write meanwhile."""
        with self._lock:
            self.run("BEGIN")
            try:
                yield
            finally:
                self.run("COMMIT")


class _Copy:
    """Fill one new file; rows are numbered anew, because an id made of a case number can be found by trying."""

    def __init__(
        self, store: Session, copy: sqlite3.Connection, redact: Callable[[str], str], facts: frozenset[str],
        company_id: str | None,
    ) -> None:  # fmt: skip
        self._store, self._copy, self._facts = store, copy, facts
        self._given = {"company": company_id}
        self._cover = Cover(redact, self._reviewers())
        self._incidents: dict[str, int] = {}
        self._logs: dict[str, str] = {}

    def write(self) -> dict[str, int]:
        """Write every table, those first that others point to, and return how many rows each holds."""
        self._copy.execute("PRAGMA foreign_keys=ON")
        made = Database(self._copy, execute_plugins=False)
        for name, columns in TABLES.items():
            made[name].create(columns, pk="id", foreign_keys=FOREIGN.get(name, []), strict=True)  # type: ignore[union-attr]
            for column, _, _ in FOREIGN.get(name, []):
                made[name].create_index([column])  # type: ignore[union-attr]
        writers = (
            self._companies, self._promises, self._incidents_of, self._matches, self._signals, self._findings,
            self._reviews,
        )  # fmt: skip
        counts = {}
        for rows in writers:
            name = rows.__name__.strip("_").removesuffix("_of")
            counts[name] = self._fill(name, rows())
        self._copy.execute("ANALYZE")
        return counts

    def _fill(self, table: str, rows: Iterable[Sequence[Any]]) -> int:
        marks = ", ".join("?" * len(TABLES[table]))
        count, remaining = 0, iter(rows)
        self._copy.execute("BEGIN")
        while batch := list(islice(remaining, CHUNK)):
            self._copy.executemany(f"INSERT INTO {table} VALUES ({marks})", batch)
            count += len(batch)
        self._copy.execute("COMMIT")
        return count

    def _select(self, sql: str) -> Iterator[Row]:
        return self._store.select(sql, self._given)

    def _reviewers(self) -> list[str]:
        columns = ("reviewer", "owner", "withdrawn_by")
        rows = self._store.select(f"SELECT DISTINCT {', '.join(columns)} FROM reviews")
        return sorted({row[column] for row in rows for column in columns if row[column]})

    def _companies(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT id, name, home_url, country FROM companies WHERE id = coalesce(:company, id) "
            "UNION SELECT DISTINCT company_id, company_id, '', '' FROM incidents "
            "WHERE company_id = coalesce(:company, company_id) AND company_id NOT IN (SELECT id FROM companies) "
            "ORDER BY id"
        )
        return (tuple(row.values()) for row in self._select(sql))

    def _promises(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT id, company_id, quote, theme, kind, strength, metric, measure, language, url, rule_id, score, "
            "substr(first_seen, 1, 10), substr(last_seen, 1, 10), substr(withdrawn_at, 1, 10) FROM promises "
            "WHERE company_id = coalesce(:company, company_id) AND company_id IN (SELECT id FROM companies) "
            "ORDER BY company_id, url, start, id"
        )
        return (tuple(row.values()) for row in self._select(sql))

    def _incidents_of(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT * FROM incidents WHERE company_id = coalesce(:company, company_id) "
            "ORDER BY company_id, occurred_at, id"
        )
        for n, row in enumerate(self._select(sql), 1):
            key = row["id"]
            self._incidents[key] = n
            words = self._cover.incident(
                key,
                row["summary"],
                row["details"],
                row["channel"],
                row["theme"],
                row["touchpoint"],
                row["party"],
            )
            summary, details, channel, theme, touchpoint, party = words
            log = self._logs.setdefault(row["source"], f"log {len(self._logs) + 1}")
            yield (
                n, row["company_id"], _about(summary or details), summary, details, log, _day(row["occurred_at"]), _day(row["closed_at"]),
                row["language"], channel, theme, touchpoint, party, self._kept_facts(row["facts"]),
            )  # fmt: skip

    def _kept_facts(self, text: str) -> str:
        """Return the facts named that are numbers or flags: words may name someone."""
        kept = {name: value for name, value in json.loads(text).items() if name in self._facts}
        return to_json({name: value for name, value in kept.items() if not isinstance(value, str)})

    def _matches(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT m.*, p.company_id AS of FROM matches m JOIN promises p ON p.id = m.promise_id "
            "JOIN companies c ON c.id = p.company_id WHERE c.id = coalesce(:company, c.id) "
            "ORDER BY m.promise_id, m.evidence_kind, m.evidence_id"
        )
        for n, row in enumerate(self._select(sql), 1):
            key = row["evidence_id"]
            reasons = "\n".join(self._cover.reason(reason, key) for reason in json.loads(row["reasons"]))
            yield (
                n, row["of"], row["promise_id"], self._incidents.get(key), row["evidence_kind"], row["outcome"],
                row["score"], reasons,
            )  # fmt: skip

    def _signals(self) -> Iterator[Sequence[Any]]:
        """Yield each signal of an incident once, however many promises it speaks of."""
        parts = ", ".join(
            f"s.value ->> '{name}'" for name in ("start", "theme", "status", "code", "quote", "score")
        )
        sql = (
            f"SELECT evidence_id AS key, {parts} FROM matches m, json_each(m.signals) s "
            "UNION SELECT incident_id, start, theme, status, code, quote, score FROM signals"
        )
        every = (
            f"WITH said (key, start, theme, status, code, quote, score) AS ({sql}) SELECT said.* FROM said "
            "JOIN incidents i ON i.id = key WHERE i.company_id = coalesce(:company, i.company_id) "
            "ORDER BY i.company_id, i.occurred_at, i.id, start, code"
        )
        for n, row in enumerate(self._select(every), 1):
            key = row["key"]
            yield (
                n, self._incidents[key], row["theme"], row["status"], row["code"],
                self._cover.passage(row["quote"], key), row["score"],
            )  # fmt: skip

    def _findings(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT f.*, p.quote, p.theme, p.company_id AS of FROM findings f JOIN promises p ON p.id = f.promise_id "
            "JOIN companies c ON c.id = p.company_id WHERE c.id = coalesce(:company, c.id) "
            "ORDER BY f.severity DESC, f.id"
        )
        for row in self._select(sql):
            why = [self._cover.text(reason) for reason in json.loads(row["why"])]
            left_out = [
                f"{one['count']} × {self._cover.text(one['reason'])}" for one in json.loads(row["excluded"])
            ]
            signs = [f"{one['code']} ({one['incidents']})" for one in json.loads(row["indicators"])]
            yield (
                row["id"], row["of"], row["promise_id"], row["quote"], row["theme"], row["verdict"], row["severity"],
                row["broken"], row["kept"], row["relevant"], row["rate"], row["low"], row["high"],
                _day(row["window_start"]), _day(row["window_end"]), "\n".join(why), "\n".join(left_out),
                ", ".join(signs), row["smallest_true_promise"], _day(row["first_seen"]), _day(row["last_seen"]),
            )  # fmt: skip

    def _reviews(self) -> Iterator[Sequence[Any]]:
        sql = (
            "SELECT r.* FROM reviews r JOIN findings f ON f.id = r.finding_id JOIN promises p ON p.id = f.promise_id "
            "JOIN companies c ON c.id = p.company_id WHERE c.id = coalesce(:company, c.id) ORDER BY r.decided_at, r.id"
        )
        for n, row in enumerate(self._select(sql), 1):
            yield (
                n, row["finding_id"], row["decision"], self._cover.text(row["reason"]),
                self._cover.text(row["note"]), _day(row["decided_at"]), _day(row["expires_at"]), _day(row["due"]),
                _day(row["withdrawn_at"]),
            )  # fmt: skip


def _about(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None
