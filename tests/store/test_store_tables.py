from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from promisecheck.errors import IncidentFileError
from promisecheck.store import list_tables, read_table_rows


@pytest.fixture
def helpdesk(tmp_path: Path) -> Path:
    path = tmp_path / "helpdesk.db"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "sager i 2026" (id, tekst, "fra ""hvem""")')
        connection.execute("CREATE TABLE kunder (id)")
        connection.execute("INSERT INTO \"sager i 2026\" VALUES (1, 'sen', 'a'), (2, NULL, NULL)")
    return path


def test_rows_can_be_walked_again(helpdesk: Path) -> None:
    rows = read_table_rows(helpdesk, "sager i 2026")
    expected = [
        {"id": 1, "tekst": "sen", 'fra "hvem"': "a"},
        {"id": 2, "tekst": None, 'fra "hvem"': None},
    ]
    assert list(rows) == expected
    assert list(rows) == expected
    assert list_tables(helpdesk) == ["sager i 2026", "kunder"]


@pytest.mark.parametrize(
    ("table", "what", "do"),
    [
        ("kundr", "has no table kundr", "did you mean kunder?"),
        ("x; DROP TABLE kunder", "has no table", "tables: sager i 2026, kunder"),
        (None, "more than one table", "sager i 2026, kunder"),
    ],
)
def test_a_wrong_table_is_answered_with_the_right_ones(
    helpdesk: Path, table: str | None, what: str, do: str
) -> None:
    with pytest.raises(IncidentFileError) as caught:
        read_table_rows(helpdesk, table)
    assert what in caught.value.what
    assert do in caught.value.do


def test_the_only_table_need_not_be_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
    assert list(read_table_rows(tmp_path / "a.db")) == [{"a": 1}]


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database at all, just text", encoding="utf-8")
    with pytest.raises(IncidentFileError, match="not a SQLite database"):
        read_table_rows(tmp_path / "a.db")
    with pytest.raises(IncidentFileError, match="no such file"):
        read_table_rows(tmp_path / "b.db")
