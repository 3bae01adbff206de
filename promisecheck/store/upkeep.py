"""Keeping the database well: backup, faults, retention and erasure."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from promisecheck.errors import StoreError, UsageError
from promisecheck.model import Company, Finding, Incident, Match, Promise, Review, Run, content_id
from promisecheck.store.codec import Row, from_row, time_text
from promisecheck.store.schema import EVIDENCE_TABLES
from promisecheck.store.session import RESTORE, Session
from promisecheck.store.whole import whole_file

KINDS: dict[str, type] = {
    "companies": Company, "promises": Promise, "incidents": Incident, "matches": Match,
    "findings": Finding, "reviews": Review, "runs": Run,
}  # fmt: skip
SHORTEST_KEY = 3
ERASED = "[erased]"
_DIGITS = re.compile(r"\D+")
_RUNS_OVER = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Name one thing that is wrong with the database, where, and what to do."""

    what: str
    where: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReceipt:
    """Say what an erasure removed, without naming the person: `key_sha256` is the key's hash."""

    key_sha256: str
    erased_at: datetime
    incidents: int
    matches: int
    findings_touched: int
    cells_overwritten: int


class Upkeep(Session):
    """Back up, examine, shorten and erase."""

    def backup(self, path: str | Path) -> Path:
        """Write a copy that is whole even while others write; the target must not exist yet."""
        target = Path(path)
        with whole_file(target, "backup") as unfinished, closing(sqlite3.connect(unfinished)) as copy:
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return target

    def doctor(self, *, now: datetime) -> list[Fault]:
        """Return every fault found: damage, missing or altered bodies, orphan rows, runs that never ended."""
        faults = list(self._damage())
        if faults:
            return faults
        return [
            *self._unreadable(),
            *self._bad_bodies(),
            *self._orphans(),
            *self._bad_index(),
            *self._lost_runs(now),
        ]

    def forget_before(self, moment: datetime, company_id: str | None = None) -> int:
        """Delete the incidents that ended (or, still open, began) before `moment`; return how many."""
        sql = (
            "SELECT id FROM incidents WHERE coalesce(closed_at, occurred_at) < ? "
            "AND (? IS NULL OR company_id = ?)"
        )
        with self.writing():
            ids = [row["id"] for row in self.select(sql, (time_text(moment), company_id, company_id))]
            self._delete_incidents(ids)
        if ids:
            self._wipe()
        return len(ids)

    def forget_snapshots_before(self, moment: datetime) -> int:
        """Delete snapshots last seen before `moment` that no promise was read from and that are not the newest.

        Bodies that no snapshot needs any more go with them. Returns how many snapshots there were.
        """
        sql = (
            "DELETE FROM snapshots WHERE last_fetched_at < ? "
            "AND sha256 NOT IN (SELECT snapshot FROM promises) "
            "AND sha256 NOT IN (SELECT snapshot FROM pages_promises) "
            "AND sha256 NOT IN (SELECT snapshot FROM pages) AND EXISTS (SELECT 1 FROM snapshots AS newer "
            "WHERE newer.company_id = snapshots.company_id AND newer.url = snapshots.url "
            "AND newer.last_fetched_at > snapshots.last_fetched_at)"
        )
        with self.writing():
            count = self.run(sql, (time_text(moment),))
            if count:
                self.run("DELETE FROM bodies WHERE sha256 NOT IN (SELECT sha256 FROM snapshots)")
        return count

    def erase_subject(self, key: str, *, now: datetime) -> ErasureReceipt:
        """Remove every incident that names `key` and every other trace of it in the evidence tables.

        The key is compared without regard to case, and a number of six digits or more also without its
        spaces and dashes. What stands on the company's own pages is not touched. Raises StoreError where
        another connection keeps the write-ahead log from being emptied: run it again when that is closed.
        """
        if len(key.strip()) < SHORTEST_KEY:
            raise UsageError("the key is too short to erase by", do="give the full name, number or address")
        names = _namer(key.strip())
        with self.writing():
            # A number that names a person was taken in as its hash.
            hashed = content_id("subject", key.strip())
            ids = [
                row["id"]
                for row in self.select("SELECT * FROM incidents")
                if names.found_in(row) or row["external_id"] == hashed
            ]
            matches, touched = self._delete_incidents(ids)
            self.add("erased", [{"id": key} for key in ids])
            cells = sum(self._overwrite(table, names) for table in EVIDENCE_TABLES)
        self._wipe()
        return ErasureReceipt(
            key_sha256=hashlib.sha256(key.strip().casefold().encode()).hexdigest(),
            erased_at=now, incidents=len(ids), matches=matches, findings_touched=touched,
            cells_overwritten=cells,
        )  # fmt: skip

    def _delete_incidents(self, ids: list[str]) -> tuple[int, int]:
        matches = touched = 0
        for key in ids:
            self.run("DELETE FROM signals WHERE incident_id = ?", (key,))
            matches += self.run("DELETE FROM matches WHERE evidence_id = ?", (key,))
            self.run("DELETE FROM incidents WHERE id = ?", (key,))
        gone = set(ids)
        if gone:
            self.run("DELETE FROM readings WHERE kind = 'compared'")
            for row in list(self.select("SELECT id, evidence, excluded FROM findings")):
                touched += self._forget_evidence(row, gone)
        return matches, touched

    def _forget_evidence(self, row: Row, gone: set[str]) -> int:
        evidence = [key for key in json.loads(row["evidence"]) if key not in gone]
        excluded = json.loads(row["excluded"])
        for item in excluded:
            item["evidence_ids"] = [key for key in item.get("evidence_ids", ()) if key not in gone]
        texts = [json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                 for value in (evidence, excluded)]  # fmt: skip
        if texts == [row["evidence"], row["excluded"]]:
            return 0
        return self.run("UPDATE findings SET evidence = ?, excluded = ? WHERE id = ?", (*texts, row["id"]))

    def _overwrite(self, table: str, names: _Namer) -> int:
        if table == "readings":
            # What was read is read again when it is needed: half a reading is none.
            kept = self.select("SELECT key, value FROM readings")
            keys = {row["key"] for row in kept if names.in_text(row["value"])}
            return sum(self.run("DELETE FROM readings WHERE key = ?", (key,)) for key in keys)
        columns = [name for name, kind in EVIDENCE_TABLES[table].items() if kind is str]
        cells = 0
        for row in list(self.select(f'SELECT rowid AS "_rowid", * FROM {table}')):
            changed = {name: names.blank(row[name]) for name in columns if names.in_text(row.get(name))}
            for name, text in changed.items():
                cells += self.run(f'UPDATE {table} SET "{name}" = ? WHERE rowid = ?', (text, row["_rowid"]))
        return cells

    def _wipe(self) -> None:
        """Leave no deleted text behind: neither in the full-text index nor in the write-ahead log."""
        with self.writing():
            for table in ("incidents", "promises"):
                self.db.table(table).rebuild_fts()
                self.db.table(table).optimize()
        state = next(self.select("PRAGMA wal_checkpoint(TRUNCATE)"))
        if state["busy"]:
            raise StoreError(
                "the rows are deleted, but another program keeps the write-ahead log open",
                where=str(self.path),
                do="close it and run the erasure again",
            )

    def _damage(self) -> Iterator[Fault]:
        restore = RESTORE
        try:
            for row in self.select("PRAGMA integrity_check(20)"):
                if row["integrity_check"] != "ok":
                    yield Fault(what=row["integrity_check"], where=str(self.path), do=restore)
        except StoreError as error:
            yield Fault(what=error.what, where=str(self.path), do=restore)

    def _unreadable(self) -> Iterator[Fault]:
        for table, kind in KINDS.items():
            try:
                for row in self.select(f"SELECT * FROM {table}"):
                    try:
                        from_row(kind, row)
                    except StoreError as error:
                        yield Fault(what=error.what, where=f"{table} {error.where}", do=error.do)
            except StoreError as error:
                yield Fault(what=error.what, where=table, do=error.do)

    def _bad_bodies(self) -> Iterator[Fault]:
        for row in self.select("SELECT sha256, body FROM bodies"):
            if _body_fault(row["sha256"], row["body"]):
                what = _body_fault(row["sha256"], row["body"])
                yield Fault(what=what, where=f"bodies {row['sha256']}", do="restore a backup or crawl again")
        sql = (
            "SELECT DISTINCT company_id, url, sha256 FROM snapshots "
            "WHERE sha256 <> '' AND sha256 NOT IN (SELECT sha256 FROM bodies)"
        )
        for row in self.select(sql):
            yield Fault(what="the snapshot's body is missing", where=row["url"], do="crawl the site again")
        sql = (
            "SELECT id, snapshot FROM promises WHERE snapshot <> '' AND snapshot NOT IN "
            "(SELECT sha256 FROM snapshots)"
        )
        for row in self.select(sql):
            what = "the promise's snapshot is missing"
            yield Fault(what=what, where=f"promises {row['id']}", do="crawl the site again")

    def _orphans(self) -> Iterator[Fault]:
        do = "run the check again: it writes these rows anew"
        for row in self.select("PRAGMA foreign_key_check"):
            what = f"row {row['rowid']} names a row of {row['parent']} that is not there"
            yield Fault(what=what, where=row["table"], do=do)
        sql = (
            "SELECT promise_id, evidence_id FROM matches WHERE evidence_kind <> 'site' "
            "AND evidence_id NOT IN (SELECT id FROM incidents)"
        )
        for row in self.select(sql):
            what = f"a match names incident {row['evidence_id']}, which is not there"
            yield Fault(what=what, where=f"matches of promise {row['promise_id']}", do=do)

    def _bad_index(self) -> Iterator[Fault]:
        for table in ("promises", "incidents"):
            check = f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)"
            try:
                with self.writing():
                    self.run(check)
            except StoreError:
                what = "the full-text index differs from the table"
                yield Fault(what=what, where=f"{table}_fts", do="run `promisecheck db reindex`")

    def _lost_runs(self, now: datetime) -> Iterator[Fault]:
        sql = "SELECT id, started_at FROM runs WHERE status = 'running'"
        for row in self.select(sql):
            if (now - datetime.fromisoformat(row["started_at"])).total_seconds() > _RUNS_OVER:
                what = f"a run begun {row['started_at']} never ended"
                yield Fault(what=what, where=f"runs {row['id']}", do="run the check again")

    def reindex(self) -> None:
        """Build the full-text indexes anew from their tables."""
        self._wipe()


def examine(path: str | Path, *, now: datetime) -> list[Fault]:
    """Return every fault of the database at `path`, be it that it cannot even be opened."""
    try:
        with Upkeep.open(path, create=False) as opened:
            return opened.doctor(now=now)
    except StoreError as error:
        return [Fault(what=error.what, where=error.where, do=error.do)]


@dataclass(frozen=True, slots=True)
class _Namer:
    """Find one key in text, whatever its case; a long number also whatever its spacing."""

    pattern: re.Pattern[str]

    def in_text(self, text: Any) -> bool:
        return isinstance(text, str) and self.pattern.search(text) is not None

    def found_in(self, row: Row) -> bool:
        return any(self.in_text(value) for name, value in row.items() if name != "id")

    def blank(self, text: str) -> str:
        return self.pattern.sub(ERASED, text)


def blank_subject(text: str, key: str) -> str:
    """Return text with every mention of `key` overwritten, as an erasure does it."""
    return _namer(key.strip()).blank(text)


def _namer(key: str) -> _Namer:
    digits = _DIGITS.sub("", key)
    words = r"\s+".join(re.escape(word) for word in key.split())
    if len(digits) >= 6 and not re.search(r"[^\W\d_]", key):
        words = r"[\s.\-/()]*".join(digits)
    return _Namer(re.compile(words, re.IGNORECASE))


def _body_fault(sha256: str, body: bytes) -> str:
    try:
        whole = zlib.decompress(body)
    except zlib.error:
        return "the stored body is damaged"
    return "" if hashlib.sha256(whole).hexdigest() == sha256 else "the stored body has another hash"
