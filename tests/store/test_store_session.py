from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import store_values as values

from promisecheck.errors import StoreError
from promisecheck.model import Company
from promisecheck.store import Store


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        store.save_company(values.COMPANY)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("t.db", "t.db-wal", "t.db-shm"), 0o600)


def test_it_runs_in_wal_with_full_sync(store: Store) -> None:
    names = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    assert {name: next(store.select(f"PRAGMA {name}"))[name] for name in names} == names


def test_opening_twice_migrates_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as first:
        steps = first.db["_sqlite_migrations"].count
        assert first.migrate() == []
    with Store.open(tmp_path / "t.db") as second:
        assert second.db["_sqlite_migrations"].count == steps


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (
            b"this is not a database, it is a text of more than a hundred bytes" * 9,
            "is not a SQLite database",
        ),
        (b"SQLite format 3\0" + b"\xff" * 4096, "is not a SQLite database"),
    ],
)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert (caught.value.what, caught.value.where, caught.value.exit_code) == (what, str(path), 2)
    assert "--db" in caught.value.do
    assert path.read_bytes() == content


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        row = {"id": 99, "migration_set": "promisecheck", "name": "9999_later", "applied_at": "x"}
        store.db["_sqlite_migrations"].insert(row)
    with pytest.raises(StoreError, match="newer promisecheck") as caught:
        Store.open(path)
    assert str(path) in str(caught.value)


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE incidents (a)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(path)


def test_a_table_of_ones_own_may_lie_beside(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE helpdesk (a)")
    with Store.open(path) as store:
        assert "helpdesk" in store.db.table_names()


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        Store.open(tmp_path / "t.db", create=False)
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="cannot be created"):
        Store.open(tmp_path / "none" / "t.db")


def test_a_damaged_page_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        store.save_incidents(values.incident(str(n), details="x" * 500) for n in range(300))
    raw = bytearray(path.read_bytes())
    for start in range(8192, len(raw), 4096):
        raw[start : start + 64] = b"\xff" * 64
    path.write_bytes(raw)
    with pytest.raises(StoreError) as caught, Store.open(path) as store:
        store.load_incidents()
    assert caught.value.what == "is damaged"


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing():
        store.save_company(values.COMPANY)
        raise ZeroDivisionError
    assert store.load_companies() == []


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    Store.open(path).close()
    failed: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            with Store.open(path) as store:
                for n in range(25):
                    store.save_incidents([values.incident(f"{writer}-{n}")])
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store.open(path) as store:
        assert (failed, store.db["incidents"].count) == ([], 100)


def test_one_store_serves_many_threads(store: Store) -> None:
    threads = [
        threading.Thread(target=store.save_incidents, args=([values.incident(str(n))],)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.db["incidents"].count == 8


WRITER = """
    import sys
    from promisecheck.store import Store
    from store_values import incident
    with Store.open(sys.argv[1]) as store:
        for n in range(100000):
            store.save_incidents([incident(str(n))])
            sys.stdout.write(f"{n}\\n")
            sys.stdout.flush()
"""


def test_what_was_told_as_saved_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    for pause in (0.05, 0.15):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.kill()
            told = [int(line) for line in writer.stdout.read().split() if line.isdigit()]
        with Store.open(path) as store:
            assert store.doctor(now=values.NOW) == []
            assert store.db["incidents"].count >= max(told, default=0) + 1


def test_threads_that_read_do_not_hide_that_another_process_writes(tmp_path: Path) -> None:
    """A failed BEGIN taken for a good one ended in "no transaction is active", or in a crash of Python."""
    holding = """
        import sqlite3, sys, time
        other = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
        print("here", flush=True)
        while True:
            other.execute("BEGIN IMMEDIATE"); time.sleep(0.002)
            other.execute("COMMIT"); time.sleep(0.0005)
    """
    names = ["Adams", "Brug", "Carl", "Dorn", "Eks", "Fond", "Gran", "Hus"]
    with Store.open(tmp_path / "t.db") as store:
        for name in names:
            store.save_company(Company(id=name, name=name, home_url=f"https://{name}.example/"))
        command = [sys.executable, "-c", textwrap.dedent(holding), str(store.path)]
        other = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert other.stdout is not None and other.stdout.readline()
        # While a query is open, SQLite refuses at once instead of waiting.
        half_read = store.select(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"
        )
        next(half_read)

        def use(name: str) -> set[str]:
            seen: set[str] = set()
            for turn in range(2000):
                rows = store.select("SELECT name FROM companies WHERE id = ?", (name,))
                seen.update(row["name"] for row in rows)
                if name > "D" and turn % 10 == 0:
                    with store.writing(lag=60.0):
                        store.run("UPDATE companies SET country = ? WHERE id = ?", (str(turn), name))
            return seen

        try:
            with ThreadPoolExecutor(8) as pool:
                assert list(pool.map(use, names)) == [{name} for name in names]
        finally:
            other.kill()
            other.wait()
