"""The tables, as numbered migrations: a migration that has run anywhere is never edited, only followed."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database, Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("promisecheck")
TOKENIZE = "unicode61 remove_diacritics 2"

INDEXED: dict[str, tuple[str, ...]] = {"promises": ("quote",), "incidents": ("summary", "details")}

SITE_TABLES: dict[str, dict[str, Any]] = {
    "companies": {"id": str, "name": str, "home_url": str, "languages": str, "country": str},
    "bodies": {"sha256": str, "size": int, "body": bytes},
    "snapshots": {
        "company_id": str, "url": str, "sha256": str, "final_url": str, "fetched_at": str,
        "last_fetched_at": str, "status": int, "headers": str, "error": str, "depth": int,
    },
    "pages": {
        "company_id": str, "url": str, "fetched_at": str, "language": str, "title": str,
        "snapshot": str, "text_sha256": str, "blocks": int,
    },
    "promises": {
        "id": str, "company_id": str, "theme": str, "kind": str, "url": str, "language": str,
        "quote": str, "start": int, "end": int, "snapshot": str, "headings": str, "role": str,
        "measure": str, "metric": str, "scope": str, "conditions": str, "strength": str,
        "rule_id": str, "score": float, "first_seen": str, "last_seen": str, "missed": int,
        "withdrawn_at": str,
    },
    "pages_promises": {
        "promise_id": str, "url": str, "start": int, "end": int, "snapshot": str, "role": str,
        "headings": str, "first_seen": str, "last_seen": str,
    },
    "promise_history": {
        "promise_id": str, "at": str, "event": str, "previous_id": str, "run_id": str, "quote": str,
        "measure": str,
    },
}  # fmt: skip

EVIDENCE_TABLES: dict[str, dict[str, Any]] = {
    "incidents": {
        "id": str, "company_id": str, "source": str, "external_id": str, "occurred_at": str,
        "closed_at": str, "language": str, "channel": str, "theme": str, "touchpoint": str,
        "party": str, "summary": str, "details": str, "facts": str,
    },
    "signals": {
        "incident_id": str, "n": int, "theme": str, "status": str, "code": str, "quote": str,
        "start": int, "end": int, "score": float, "measure": str,
    },
    "matches": {
        "company_id": str, "promise_id": str, "evidence_kind": str, "evidence_id": str, "outcome": str,
        "score": float, "reasons": str, "signals": str,
    },
    "findings": {
        "id": str, "company_id": str, "promise_id": str, "verdict": str, "severity": float,
        "broken": int, "kept": int, "relevant": int, "excluded": str, "rate": float, "low": float,
        "high": float, "window_start": str, "window_end": str, "why": str, "evidence": str,
        "recovered": str, "by_party": str, "indicators": str, "smallest_true_promise": str,
        "run_id": str, "first_seen": str, "last_seen": str,
    },
    "finding_history": {
        "finding_id": str, "at": str, "run_id": str, "verdict": str, "severity": float, "broken": int,
        "kept": int, "relevant": int,
    },
    "reviews": {
        "id": str, "finding_id": str, "decision": str, "reason": str, "reviewer": str,
        "decided_at": str, "expires_at": str, "owner": str, "due": str, "note": str,
        "withdrawn_at": str, "withdrawn_by": str,
    },
    "runs": {
        "id": str, "kind": str, "company_id": str, "started_at": str, "finished_at": str, "status": str,
        "version": str, "config_hash": str, "packs_hash": str, "weights_hash": str, "counts": str,
        "coverage": str,
    },
    "readings": {"version": str, "kind": str, "key": str, "value": str},
    "mappings": {"company_id": str, "source": str, "mapping": str, "saved_at": str},
}  # fmt: skip

CRAWL_TABLES: dict[str, dict[str, Any]] = {
    "frontier": {
        "company_id": str, "key": str, "url": str, "worth": float, "depth": int, "due": float,
        "attempts": int, "state": str, "reason": str,
    },
}  # fmt: skip

ERASURE_TABLES: dict[str, dict[str, Any]] = {
    "erased": {"id": str},
    "exports": {"path": str, "format": str, "language": str, "company_ids": str, "written_at": str},
}  # fmt: skip

PROGRESS_TABLES: dict[str, dict[str, Any]] = {
    "progress": {
        "run_id": str, "kind": str, "company_id": str, "started_at": str, "stage": str, "done": int,
        "total": int, "since": str, "noted_at": str, "process": str,
    },
}  # fmt: skip

COVERAGE_TABLES: dict[str, dict[str, Any]] = {
    "addresses": {"company_id": str, "state": str, "run_id": str, "total": int, "packed": bytes},
}

KEYS: dict[str, str | tuple[str, ...]] = {
    "bodies": "sha256",
    "snapshots": ("company_id", "url", "sha256"),
    "pages": ("company_id", "url"),
    "pages_promises": ("promise_id", "url", "start"),
    "promise_history": ("promise_id", "at", "event"),
    "signals": ("incident_id", "n"),
    "matches": ("promise_id", "evidence_kind", "evidence_id"),
    "finding_history": ("finding_id", "at"),
    "readings": ("version", "kind", "key"),
    "frontier": ("company_id", "key"),
    "mappings": ("company_id", "source"),
    "exports": "path",
    "progress": "run_id",
    "addresses": ("company_id", "state"),
}

OPTIONAL = {
    "measure", "rule_id", "occurred_at", "closed_at", "rate", "low", "high", "window_start", "window_end",
    "expires_at", "due", "finished_at", "withdrawn_at", "withdrawn_by", "previous_id", "first_seen",
    "last_seen",
}  # fmt: skip

FOREIGN = {
    "promises": [("company_id", "companies", "id")],
    "pages_promises": [("promise_id", "promises", "id")],
    "promise_history": [("promise_id", "promises", "id")],
    "signals": [("incident_id", "incidents", "id")],
    "matches": [("promise_id", "promises", "id")],
    "findings": [("promise_id", "promises", "id")],
}

INDEXES: dict[str, list[tuple[str, ...]]] = {
    "snapshots": [("sha256",)],
    "promises": [("company_id", "theme")],
    "pages_promises": [("url",)],
    "incidents": [("company_id", "occurred_at")],
    "matches": [("evidence_id",), ("company_id",)],
    "findings": [("company_id", "severity"), ("promise_id",)],
    "reviews": [("finding_id", "decided_at")],
    "frontier": [("company_id", "state", DescIndex("worth"))],
}


@MIGRATIONS(name="0001_first_tables")
def first_tables(db: Database) -> None:
    """Create every table of the first version, its indexes and the two full-text indexes."""
    for name, columns in {**SITE_TABLES, **EVIDENCE_TABLES}.items():
        create_table(db, name, columns, KEYS.get(name, "id"))
    for name, texts in INDEXED.items():
        index_text(db, name, texts)


@MIGRATIONS(name="0002_frontier")
def frontier(db: Database) -> None:
    """Create the table of a crawl's addresses."""
    for name, columns in CRAWL_TABLES.items():
        create_table(db, name, columns, KEYS[name])


@MIGRATIONS(name="0003_erasure")
def erasure(db: Database) -> None:
    """Create the tables of incidents that must not come back, and of the files written from this database."""
    for name, columns in ERASURE_TABLES.items():
        create_table(db, name, columns, KEYS.get(name, "id"))


@MIGRATIONS(name="0004_progress")
def progress(db: Database) -> None:
    """Create the table of how far runs are that are under way."""
    for name, columns in PROGRESS_TABLES.items():
        create_table(db, name, columns, KEYS[name])


@MIGRATIONS(name="0005_addresses")
def addresses(db: Database) -> None:
    """Create the table of the lists behind the numbers of each company's coverage."""
    for name, columns in COVERAGE_TABLES.items():
        create_table(db, name, columns, KEYS[name])


def create_table(db: Database, name: str, columns: dict[str, Any], pk: str | tuple[str, ...]) -> None:
    """Create one STRICT table in which only the columns named in OPTIONAL may be empty."""
    table = db.table(name)
    required = [column for column in columns if column not in OPTIONAL]
    table.create(columns, pk=pk, not_null=required, foreign_keys=FOREIGN.get(name, []), strict=True)
    for wanted in INDEXES.get(name, []):
        table.create_index(list(wanted))


def index_text(db: Database, name: str, columns: tuple[str, ...]) -> None:
    """Keep a full-text index of these columns; a row saved again with the same text leaves it alone."""
    db.table(name).enable_fts(columns, fts_version="FTS5", tokenize=TOKENIZE, create_triggers=True)
    names, old, new = (", ".join(f"{mark}{column}" for column in columns) for mark in ("", "old.", "new."))
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    db.execute(f"DROP TRIGGER {name}_au")
    db.execute(
        f"CREATE TRIGGER {name}_au AFTER UPDATE ON {name} WHEN {changed} BEGIN "
        f"INSERT INTO {name}_fts ({name}_fts, rowid, {names}) VALUES ('delete', old.rowid, {old}); "
        f"INSERT INTO {name}_fts (rowid, {names}) VALUES (new.rowid, {new}); END"
    )
