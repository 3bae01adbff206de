"""Rows of a table in someone else's SQLite file, read only: one way for incidents to come in."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from promisecheck.errors import IncidentFileError
from promisecheck.store.session import CHUNK


def list_tables(path: str | Path) -> list[str]:
    """Return the names of the tables and views of a SQLite file; IncidentFileError where it is none."""
    with closing(_connect(Path(path))) as connection:
        return _names(connection, Path(path))


class TableRows:
    """Walk the rows of one table, view or query as mappings, from the start each time, in constant memory."""

    def __init__(self, path: Path, table: str, query: str = "") -> None:
        self.path = path
        self.table = table
        self.query = query or f"SELECT * FROM {_quoted(table)}"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with closing(_connect(self.path)) as connection:
            try:
                cursor = connection.execute(self.query)
                columns = [item[0] for item in cursor.description or ()]
                while batch := cursor.fetchmany(CHUNK):
                    for row in batch:
                        yield dict(zip(columns, row, strict=True))
            except (sqlite3.DatabaseError, sqlite3.Warning) as error:
                what = f"table {self.table}" if self.table else "the query"
                raise IncidentFileError(
                    f"{what} cannot be read: {error}", where=str(self.path), do="check the file"
                ) from error


def read_table_rows(path: str | Path, table: str | None = None, *, query: str | None = None) -> TableRows:
    """Return the rows of one table or view of a SQLite file, or of a query; they can be walked more than once.

    `table` may be left out where the file holds exactly one. The file is opened for reading only. Raises IncidentFileError where the file is
    no SQLite database or has no such table.
    """
    file = Path(path)
    if query is not None:
        return TableRows(file, "", query)
    with closing(_connect(file)) as connection:
        return TableRows(file, _pick(_names(connection, file), table, file))


def _connect(file: Path) -> sqlite3.Connection:
    if not file.is_file():
        raise IncidentFileError("no such file", where=str(file), do="check the path")
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _names(connection: sqlite3.Connection, file: Path) -> list[str]:
    db = Database(connection, execute_plugins=False)
    try:
        shadow = ("_fts", "_fts_data", "_fts_idx", "_fts_docsize", "_fts_config")
        names = [*db.table_names(), *db.view_names()]
    except sqlite3.DatabaseError as error:
        raise IncidentFileError(
            f"is not a SQLite database ({error})", where=str(file), do="export the table, or name its file"
        ) from error
    return [
        name for name in names if not name.startswith(("sqlite_", "_sqlite_")) and not name.endswith(shadow)
    ]


def _pick(names: list[str], table: str | None, file: Path) -> str:
    if table is None and len(names) == 1:
        return names[0]
    if table in names and table is not None:
        return table
    shown = ", ".join(names) or "none"
    if table is None:
        raise IncidentFileError(
            "holds more than one table, or none", where=str(file), do=f"name one of: {shown}"
        )
    close = difflib.get_close_matches(table, names, n=1)
    do = f"did you mean {close[0]}?" if close else f"tables: {shown}"
    raise IncidentFileError(f"has no table {table}", where=str(file), do=do)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
