"""Taking in another database: all it holds of its companies replaces what this one holds of them."""

from __future__ import annotations

from pathlib import Path

from promisecheck.errors import StoreError
from promisecheck.store.schema import COVERAGE_TABLES, EVIDENCE_TABLES, KEYS, SITE_TABLES
from promisecheck.store.session import Session

# Tables that name their company through another one.
_THROUGH = {
    "pages_promises": "promise_id IN (SELECT id FROM {db}.promises WHERE company_id IN ({ids}))",
    "promise_history": "promise_id IN (SELECT id FROM {db}.promises WHERE company_id IN ({ids}))",
    "finding_history": "finding_id IN (SELECT id FROM {db}.findings WHERE company_id IN ({ids}))",
    "signals": "incident_id IN (SELECT id FROM {db}.incidents WHERE company_id IN ({ids}))",
    "companies": "id IN ({ids})",
}
# Added to, never replaced: bodies stand by their hash, reviews are people's words.
_ADDED = ("bodies", "reviews")
# What a run keeps for itself to be quicker next time.
_OWN = ("readings", "mappings")
_TABLES = {**SITE_TABLES, **EVIDENCE_TABLES, **COVERAGE_TABLES}


class MergeRows(Session):
    """Merge other databases into this one."""

    def merge(self, path: str | Path) -> int:
        """Take in the database at `path` and return of how many companies; a second time changes nothing.

        Raises StoreError where the file is missing or of another version.
        """
        file = Path(path)
        with type(self).open(file, create=False):
            pass
        if file.resolve() == self.path.resolve():
            raise StoreError("cannot be merged into itself", where=str(file), do="name another file")
        with self._lock:
            self.run("ATTACH DATABASE ? AS shard", (str(file),))
            try:
                with self.writing():
                    for table in _replaced():
                        self._delete(table)
                    for table in (*_ADDED, *_replaced()):
                        self._copy(table)
                return len(list(self.select("SELECT id FROM shard.companies")))
            finally:
                self.run("DETACH DATABASE shard")

    def _delete(self, table: str) -> None:
        self.run(f"DELETE FROM main.{table} WHERE {_where(table, 'main')}")

    def _copy(self, table: str) -> None:
        columns = ", ".join(f'"{name}"' for name in _TABLES[table])
        key = KEYS.get(table, "id")
        order = key if isinstance(key, str) else ", ".join(f'"{name}"' for name in key)
        self.run(
            f"INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM shard.{table} ORDER BY {order}"
        )


def _replaced() -> list[str]:
    """Return the replaced tables, those first that name their company through another."""
    tables = [name for name in _TABLES if name not in (*_ADDED, *_OWN)]
    return sorted(tables, key=lambda name: name not in _THROUGH)


def _where(table: str, db: str) -> str:
    ids = "SELECT id FROM shard.companies"
    return _THROUGH.get(table, "company_id IN ({ids})").format(db=db, ids=ids)
