"""One connection to the database: opened safely, written in immediate transactions, errors made plain."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from promisecheck.errors import StoreError
from promisecheck.store.codec import Row
from promisecheck.store.schema import CRAWL_TABLES, EVIDENCE_TABLES, KEYS, MIGRATIONS, SITE_TABLES

BUSY_SECONDS = 60.0
CHUNK = 500
RESTORE = "restore a backup made with `promisecheck db backup`"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


class Session:
    """Hold an open database; safe to share between threads, one writer at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = RLock()
        self._depth = 0
        self._durable = True
        self._synced = 0.0
        self.db = Database(connection, execute_plugins=False)

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True, durable: bool = True) -> Self:
        """Open the database at `path` and bring its tables up to date.

        Not `durable`, a power cut may cost the newest transactions, never the database: for what can be made again.
        Raises StoreError where the file is missing (and `create` is off), is no database, is damaged
        or was written by a newer program.
        """
        file = Path(path)
        _touch(file, create)
        with _read_errors(file):
            connection = sqlite3.connect(
                file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            session = cls(file, connection)
            try:
                session._prepare()
                if not durable:
                    session._durable = False
                    connection.execute("PRAGMA synchronous=NORMAL")
            except (sqlite3.Error, StoreError, UnicodeDecodeError):
                connection.close()
                raise
        return session

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def migrate(self) -> list[str]:
        """Run the migrations that are still to be run and return their names."""
        with self.writing():
            waiting = [migration.name for migration in MIGRATIONS.pending(self.db)]
            if waiting:
                MIGRATIONS.apply(self.db)
            return waiting

    @contextmanager
    def writing(self, *, lag: float = 0.0) -> Iterator[None]:
        """Hold one write transaction; inside another one it joins it.

        It waits for the disk, unless one that did so ended less than `lag` seconds ago: a killed process
        loses nothing either way, a power cut at most that much work.
        """
        with self._lock, _plain_errors(self.path):
            if self._depth:
                yield
                return
            with self._waiting_for_disk(lag), self._transaction():
                yield

    @contextmanager
    def _waiting_for_disk(self, lag: float) -> Iterator[None]:
        if not self._durable or not lag or monotonic() - self._synced >= lag:
            yield
            self._synced = monotonic()
            return
        self._connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self._connection.execute("PRAGMA synchronous=FULL")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._begin()
        self._depth += 1
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._depth -= 1

    def _begin(self) -> None:
        """Begin to write; SQLite itself does not wait for another process while another thread's query is open."""
        until = monotonic() + BUSY_SECONDS
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
                sleep(0.001)

    def select(self, sql: str, given: Any = ()) -> Iterator[Row]:
        """Yield the rows of one query as mappings; values are only ever passed as parameters."""
        # Python asks the connection, not the statement, what went wrong: a query of another thread in between
        # makes a failure look like success, so that even reading takes turns.
        with self._lock, _read_errors(self.path):
            cursor = self._connection.execute(sql, given)
            names = [item[0] for item in cursor.description]
            batch = cursor.fetchmany(CHUNK)
        try:
            while batch:
                for row in batch:
                    yield dict(zip(names, row, strict=True))
                with self._lock, _read_errors(self.path):
                    batch = cursor.fetchmany(CHUNK)
        finally:
            # A reader that stopped half-way may outlive the store.
            with self._lock, suppress(sqlite3.ProgrammingError):
                cursor.close()

    def run(self, sql: str, given: Any = ()) -> int:
        """Run one statement and return how many rows it touched."""
        with self._lock, _read_errors(self.path):
            return self._connection.execute(sql, given).rowcount

    def put(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows; where the key is there, replace the columns given. All rows have the same columns."""
        self._insert(
            table, rows, "DO UPDATE SET " if rows and len(rows[0]) > len(self._keys(table)) else "DO NOTHING"
        )

    def add(self, table: str, rows: Sequence[Row]) -> int:
        """Insert the rows whose key is new, leave the others as they are, and return how many were new."""
        return self._insert(table, rows, "DO NOTHING")

    def _insert(self, table: str, rows: Sequence[Row], on_conflict: str) -> int:
        """Insert many rows with one statement: four times the speed of building it row by row."""
        if not rows:
            return 0
        columns, keys = list(rows[0]), self._keys(table)
        if on_conflict.endswith("SET "):
            on_conflict += ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        key_names = ", ".join(f'"{name}"' for name in keys)
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({key_names}) {on_conflict}"
        with self.writing():
            values = [tuple(row[name] for name in columns) for row in rows]
            return self._connection.executemany(sql, values).rowcount

    def _keys(self, table: str) -> tuple[str, ...]:
        key = KEYS.get(table, "id")
        return (key,) if isinstance(key, str) else key

    def _prepare(self) -> None:
        if self._tables_of_others():
            raise StoreError(
                "holds tables of another program under the names promisecheck needs",
                where=str(self.path),
                do="name another file with --db",
            )
        unknown = {item.name for item in MIGRATIONS.applied(self.db)} - _known_migrations()
        if unknown:
            raise StoreError(
                f"was written by a newer promisecheck (it knows {', '.join(sorted(unknown))})",
                where=str(self.path),
                do="update promisecheck, or name another file with --db",
            )
        for pragma in PRAGMAS:
            self._connection.execute(pragma).fetchall()
        if MIGRATIONS.pending(self.db):
            self.migrate()

    def _tables_of_others(self) -> bool:
        names = set(self.db.table_names())
        ours = bool(MIGRATIONS.applied(self.db))
        return not ours and bool(names & (SITE_TABLES.keys() | EVIDENCE_TABLES.keys() | CRAWL_TABLES.keys()))


def _known_migrations() -> set[str]:
    return {migration.name for migration in MIGRATIONS._migrations}


def _touch(file: Path, create: bool) -> None:
    """Make a new file readable by its owner only: the WAL and its index inherit that."""
    if file.exists():
        if file.is_dir():
            raise StoreError("is a folder, not a database", where=str(file), do="name a file with --db")
        return
    if not create:
        raise StoreError("no such database", where=str(file), do="run a check first, or name another file")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"cannot be created: {error.strerror}", where=str(file), do="name a folder you can write to"
        ) from error


@contextmanager
def _plain_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(_what(error), where=str(file), do=_remedy(error)) from error


@contextmanager
def _read_errors(file: Path) -> Iterator[None]:
    """Tell also of text that is no UTF-8: SQLite checks neither what it stores nor its own messages."""
    try:
        with _plain_errors(file):
            yield
    except UnicodeDecodeError as error:
        raise StoreError("is damaged", where=str(file), do=RESTORE) from error


def _what(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "not a database" in text:
        return "is not a SQLite database"
    if "malformed" in text or "decode" in text:
        return "is damaged"
    if "locked" in text or "busy" in text:
        return "is held by another program"
    return f"cannot be used: {text}"


def _remedy(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "not a database" in text:
        return "name another file with --db"
    if "malformed" in text or "decode" in text:
        return RESTORE
    if "locked" in text or "busy" in text:
        return "wait until it has finished, then run again"
    if "readonly" in text or "unable to open" in text:
        return "check that you may read and write the file and its folder"
    return "run `promisecheck doctor`"
