from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import store_values as values
from store_values import DAY, NOW

from promisecheck.errors import StoreError, UsageError
from promisecheck.store import Store, examine


def seed(store: Store) -> None:
    store.save_company(values.COMPANY)
    store.save_fetched(values.FETCHED)
    store.save_promises("eksempel", "r1", [values.promise()], at=NOW)
    store.save_incidents([values.incident(), values.incident("2")])
    store.save_matches("eksempel", [values.match()])
    store.save_findings("r1", [values.finding()], at=NOW)
    store.save_run(values.RUN)


def test_a_healthy_database_has_no_faults(store: Store) -> None:
    seed(store)
    assert store.doctor(now=NOW) == []


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE incidents SET facts = '{'", "a stored incident cannot be read"),
        ("UPDATE findings SET window_end = 'soon'", "a stored finding cannot be read"),
        ("UPDATE promises SET quote = CAST(x'ff61' AS TEXT)", "is damaged"),
        ("DELETE FROM bodies", "body is missing"),
        ("UPDATE bodies SET body = x'00'", "body is damaged"),
        ("UPDATE bodies SET body = x'789c030000000001'", "another hash"),
        ("DELETE FROM promises", "is not there"),
        ("DELETE FROM incidents WHERE external_id = '1'", "a match names incident"),
        ("UPDATE promises SET snapshot = 'gone'", "promise's snapshot is missing"),
        ("UPDATE runs SET status = 'running', started_at = '2026-01-01T00:00:00+00:00'", "never ended"),
        ("INSERT INTO incidents_fts(incidents_fts) VALUES ('delete-all')", "full-text index differs"),
    ],
)
def test_a_seeded_fault_is_found(store: Store, sql: str, what: str) -> None:
    seed(store)
    store.run(sql)
    faults = store.doctor(now=NOW)
    assert any(what in fault.what for fault in faults), faults
    assert all(fault.where and fault.do for fault in faults)


def test_reindex_mends_the_index(store: Store) -> None:
    seed(store)
    store.run("INSERT INTO incidents_fts(incidents_fts) VALUES ('delete-all')")
    store.reindex()
    assert store.doctor(now=NOW) == []
    assert len(store.search("halvanden")) == 2


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        store.save_incidents(values.incident(str(n), details="x" * 500) for n in range(300))
    raw = bytearray(path.read_bytes())
    raw[-4096:-4032] = b"\xff" * 64
    path.write_bytes(raw)
    with Store.open(path) as store:
        assert store.doctor(now=NOW)


def test_a_backup_is_whole_while_others_write(tmp_path: Path, store: Store) -> None:
    seed(store)
    stop = threading.Event()

    def write() -> None:
        with Store.open(store.path) as other:
            n = 0
            while not stop.is_set():
                n += 1
                other.save_incidents([values.incident(f"w{n}")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [store.backup(tmp_path / f"copy{n}.db") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    for copy in copies:
        with Store.open(copy) as opened:
            assert opened.doctor(now=NOW) == []
            assert opened.load_findings() == [values.finding()]


def test_a_backup_overwrites_nothing(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="exists already"):
        store.backup(target)
    with pytest.raises(StoreError, match="backup failed"):
        store.backup(tmp_path / "none" / "copy.db")
    assert target.read_text(encoding="utf-8") == "mine"


def test_retention_forgets_what_is_old(store: Store) -> None:
    seed(store)
    old = values.incident("gammel", occurred_at=NOW - 500 * DAY, closed_at=NOW - 400 * DAY)
    long = values.incident("lang", occurred_at=NOW - 500 * DAY, closed_at=NOW)
    store.save_incidents([old, long])
    assert store.forget_before(NOW - 365 * DAY) == 1
    assert store.load_incident(old.id) is None
    assert store.load_incident(long.id) == long
    assert store.forget_before(NOW - 365 * DAY, "anden") == 0


NAME = "Karla Vindstrup"


def seed_person(store: Store) -> None:
    seed(store)
    for text in (f"Mit navn er {NAME}", f"tidligere tekst om {NAME}"):
        store.save_incidents([values.incident("9", summary=text, details=f"{NAME} ringede", party=NAME)])
    about = values.incident("9", summary=f"Mit navn er {NAME}")
    person = values.match(evidence_id=about.id, reasons=(f"{NAME} blev ikke ringet op",))
    store.save_matches("eksempel", [values.match(), person])
    store.save_findings("r2", [values.finding(evidence=(values.incident().id, about.id))], at=NOW)
    store.save_review(values.Review(
        finding_id=values.finding().id, decision="confirmed", reason=f"talte med {NAME.upper()}",
        reviewer="mette", decided_at=NOW,
    ))  # fmt: skip
    store.put_readings("v1", "passage", {"k": {"quote": f"{NAME} ringede"}})


def test_an_erased_person_leaves_no_trace_in_any_file(tmp_path: Path, store: Store) -> None:
    seed_person(store)
    assert any(NAME.encode() in path.read_bytes() for path in tmp_path.iterdir())
    receipt = store.erase_subject(NAME, now=NOW)
    assert (receipt.incidents, receipt.matches, receipt.findings_touched) == (1, 1, 1)
    assert receipt.cells_overwritten == 2
    assert NAME not in repr(receipt)
    store.close()
    for path in tmp_path.iterdir():
        raw = path.read_bytes().lower()
        for word in ("karla", "vindstrup"):
            assert word.encode() not in raw, path
            assert word.encode("utf-16-le") not in raw, path
    with Store.open(store.path) as opened:
        assert opened.doctor(now=NOW) == []
        assert opened.search("Vindstrup") == []
        assert opened.load_findings()[0].evidence == (values.incident().id,)
        assert opened.load_reviews()[0].reason == "talte med [erased]"
        assert len(opened.load_incidents()) == 2


def test_a_number_is_erased_however_it_is_spaced(store: Store) -> None:
    store.save_incidents([values.incident("1", details="ring 22 33-44 55"), values.incident("2")])
    assert store.erase_subject("22334455", now=NOW).incidents == 1
    assert store.erase_subject("22334455", now=NOW).incidents == 0


def test_a_key_is_never_a_pattern_and_never_too_short(store: Store) -> None:
    seed(store)
    assert store.erase_subject(".*.*", now=NOW).incidents == 0
    with pytest.raises(UsageError, match="too short"):
        store.erase_subject(" a ", now=NOW)


def test_erasure_says_so_when_a_reader_keeps_the_log(store: Store) -> None:
    seed_person(store)
    reader = sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM incidents").fetchone()
    store.run("PRAGMA busy_timeout = 50")
    with pytest.raises(StoreError, match="write-ahead log"):
        store.erase_subject(NAME, now=NOW)
    reader.close()
    assert store.erase_subject(NAME, now=NOW).incidents == 0


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path, store: Store) -> None:
    assert examine(store.path, now=NOW) == []
    (tmp_path / "text.db").write_text("no database, just a text", encoding="utf-8")
    assert [fault.what for fault in examine(tmp_path / "text.db", now=NOW)] == ["is not a SQLite database"]
    assert [fault.what for fault in examine(tmp_path / "none.db", now=NOW)] == ["no such database"]
