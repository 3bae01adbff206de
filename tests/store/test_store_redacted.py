"""The redacted copy: whole, labelled, and without one trace of who met what or who decided."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_values import COMPANY, DAY, NOW, REVIEW, SIGNAL, finding, incident, match, promise

from promisecheck.errors import StoreError
from promisecheck.incidents import SHAREABLE_FACTS, redact_text
from promisecheck.model import Company
from promisecheck.store import Store, metadata_path
from promisecheck.store.cover import GONE, Cover
from promisecheck.store.datasette import metadata_of
from promisecheck.store.redacted import FOREIGN, TABLES

DETAILS = (
    "Hej, jeg hedder Mette Sørensen, tlf. 28 45 67 91, cpr 010190-1234. Skriv til mette.s@eksempel.dk eller "
    "Rosenvænget 14, 8000 Aarhus. Jeg sad i kø i halvanden time.\nMed venlig hilsen\nMette Sørensen"
)
QUOTE = "jeg hedder Mette Sørensen, tlf. 28 45"
SEEDED = (
    "Mette", "Sørensen", "28 45 67 91", "28 45", "010190", "mette.s@", "Rosenvænget", "KND-778899", "77889911",
    "Kirstine", "Overgaard", "Preben", "klager-fra-mette", "4711-X",
)  # fmt: skip


def seed(store: Store) -> None:
    """Save what holds personal data in every place that can."""
    store.save_company(COMPANY)
    store.save_promises("eksempel", "r", [promise()], at=NOW)
    case = incident(
        "KND-778899", details=DETAILS, summary="Mette Sørensen i kø", source="klager-fra-mette.csv",
        facts={"queue_minutes": 90.0, "customer_no": 77889911, "customer": "4711-X", "reopened": True},
    )  # fmt: skip
    store.save_incidents([case, incident("2")])
    said = replace(SIGNAL, quote=QUOTE)
    store.save_signals(case.id, [said])
    store.save_matches(
        "eksempel",
        [
            match(
                evidence_id=case.id,
                signals=(said,),
                reasons=(f"A long queue: “{QUOTE}”.", "It took 28 hours."),
            )
        ],
    )
    why = ("Several cases, for one that of Mette Sørensen's, mette.s@eksempel.dk.",)
    store.save_findings("r", [finding(evidence=(case.id,), why=why)], at=NOW)
    decided = replace(
        REVIEW, reviewer="Kirstine Overgaard", owner="Preben", reason="Kirstine har talt med hende",
        note="Preben ringer på 28 45 67 91",
    )  # fmt: skip
    store.save_review(decided)
    store.undo_review(decided.finding_id, by="Kirstine Overgaard", at=NOW)


def export(store: Store, path: Path, **given: Any) -> dict[str, int]:
    return store.write_redacted(path, redact=redact_text, facts=SHAREABLE_FACTS, **given)


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as opened:
        return opened.execute(sql).fetchall()


@pytest.fixture
def copy(store: Store, tmp_path: Path) -> Path:
    seed(store)
    export(store, tmp_path / "red.db")
    return tmp_path / "red.db"


def test_no_byte_of_personal_data_is_in_the_file(store: Store, copy: Path) -> None:
    store.run("PRAGMA wal_checkpoint(TRUNCATE)")
    before, after = store.path.read_bytes(), copy.read_bytes() + metadata_path(copy).read_bytes()
    for text in SEEDED:
        assert text.encode() in before, text
        assert text.encode() not in after, text
        assert text.casefold().encode() not in after.lower(), text


def test_nothing_leads_back(store: Store, copy: Path) -> None:
    """An id is made of what it names, so that a case number or a name can be found by trying."""
    names = {row[1] for table in TABLES for row in rows(copy, f"PRAGMA table_info({table})")}
    assert not names & {"external_id", "source", "reviewer", "owner", "withdrawn_by", "evidence", "run_id"}
    ids = [row["id"] for table in ("incidents", "reviews") for row in store.select(f"SELECT id FROM {table}")]
    assert ids
    assert not [key for key in ids if key.encode() in copy.read_bytes()]


def test_copy_is_whole(copy: Path) -> None:
    assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
    assert rows(copy, "PRAGMA foreign_key_check") == []
    assert rows(copy, "PRAGMA freelist_count") == [(0,)]
    made = {name for (name,) in rows(copy, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert made - {"sqlite_stat1"} == set(TABLES)
    for table, keys in FOREIGN.items():
        told = {(row[3], row[2], row[4]) for row in rows(copy, f"PRAGMA foreign_key_list({table})")}
        assert told == set(keys)
    assert copy.stat().st_mode & 0o077 == 0


def test_what_can_be_told_is_told(copy: Path) -> None:
    told = rows(
        copy, "SELECT id, log, occurred_on, closed_on, party, details, facts FROM incidents ORDER BY id"
    )
    by_party = {row[4]: row for row in told}
    assert sorted(row[0] for row in told) == [1, 2]
    assert sorted(row[1] for row in told) == ["log 1", "log 2"]
    assert by_party["Nord"][2:4] == ("2026-11-23", "2026-11-24")
    facts = sorted((json.loads(row[6]) for row in told), key=len)
    assert facts == [
        {"queue_minutes": 90.0, "reopened": True}, {"queue_minutes": 90.0, "reopened": True, "transfers": 2},
    ]  # fmt: skip
    (details,) = [row[5] for row in told if "[phone]" in row[5]]
    assert "Jeg sad i kø i halvanden time." in details
    assert rows(copy, "SELECT promise, verdict FROM findings") == [
        ("Vi svarer inden for 24 timer", "contradicted")
    ]
    assert rows(copy, "SELECT decision, decided_on, withdrawn_on FROM reviews") == [
        ("accepted-until", "2026-11-24", "2026-11-24")
    ]


def test_quotes_hold_no_more_than_the_text_they_are_from(copy: Path) -> None:
    (quote,) = rows(copy, "SELECT quote FROM signals")[0]
    assert quote.startswith("jeg hedder ")
    assert GONE in quote
    (reasons,) = rows(copy, "SELECT reasons FROM matches")[0]
    assert reasons.startswith("A long queue: “jeg hedder ")
    assert reasons.endswith("It took 28 hours.")


def test_counts_are_those_of_the_store(store: Store, tmp_path: Path) -> None:
    seed(store)
    counts = export(store, tmp_path / "red.db")
    assert counts == {
        "companies": 1, "promises": 1, "incidents": 2, "signals": 1, "matches": 1, "findings": 1, "reviews": 1,
    }  # fmt: skip
    assert counts == {
        table: rows(tmp_path / "red.db", f"SELECT count(*) FROM {table}")[0][0] for table in TABLES
    }


def test_one_company_alone(store: Store, tmp_path: Path) -> None:
    seed(store)
    store.save_company(Company(id="other", name="Other", home_url="https://other.example/"))
    store.save_promises("other", "r", [promise(company_id="other")], at=NOW)
    store.save_incidents([replace(incident("9"), company_id="other")])
    counts = export(store, tmp_path / "red.db", company_id="other")
    assert counts == {
        "companies": 1, "promises": 1, "incidents": 1, "signals": 0, "matches": 0, "findings": 0, "reviews": 0,
    }  # fmt: skip
    assert rows(tmp_path / "red.db", "SELECT DISTINCT company_id FROM incidents") == [("other",)]


def test_incidents_of_an_unknown_company_and_orphans_do_not_stop_it(store: Store, tmp_path: Path) -> None:
    store.save_incidents([incident("1")])
    store.run("PRAGMA foreign_keys=OFF")
    store.save_matches("eksempel", [match()])
    store.save_findings("r", [finding()], at=NOW)
    counts = export(store, tmp_path / "red.db")
    assert counts["companies"] == counts["incidents"] == 1
    assert counts["matches"] == counts["findings"] == 0
    assert rows(tmp_path / "red.db", "PRAGMA foreign_key_check") == []


def test_a_file_that_is_there_is_left_alone(store: Store, copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        export(store, copy)
    assert copy.read_bytes() == before
    store.forget_before(NOW + DAY)
    export(store, copy, replace=True)
    assert rows(copy, "SELECT count(*) FROM incidents") == [(0,)]


def test_store_can_be_written_afterwards(store: Store, copy: Path) -> None:
    store.save_incidents([incident("3")])
    assert len(store.load_incidents()) == 3


def test_metadata_names_only_what_is_there(copy: Path) -> None:
    metadata = json.loads(metadata_path(copy).read_text(encoding="utf-8"))
    assert metadata == metadata_of(copy)
    described = metadata["databases"]["red"]["tables"]
    assert set(described) == set(TABLES)
    for table, told in described.items():
        columns = {row[1] for row in rows(copy, f"PRAGMA table_info({table})")}
        named = {told["label_column"], *told.get("facets", ()), *told["columns"]}
        named |= {told[key] for key in ("sort", "sort_desc") if key in told}
        assert named <= columns, table
        assert told["description"].endswith(".")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Preben said so", f"{GONE} said so"), ("PREBEN", GONE), ("Prebens sag", "Prebens sag"),
        ("Jo Berg, Berg & Jo", f"{GONE}, {GONE} & Jo"), ("", ""),
    ],
)  # fmt: skip
def test_names_are_covered_whole_and_by_parts(text: str, shown: str) -> None:
    assert Cover(lambda text: text, ["Preben", "Jo Berg"]).text(text) == shown


def test_a_sentence_keeps_its_own_numbers() -> None:
    cover = Cover(lambda text: text.replace("Ring 28 45 67 91, Bo Holm", "Ring [phone], [name]"))
    assert cover.incident("1", "Ring 28 45 67 91, Bo Holm") == ["Ring [phone], [name]"]
    assert cover.reason("It took 28 hours, says Holm: “28 45, bo”.", "1") == (
        f"It took 28 hours, says {GONE}: “{GONE} {GONE}, {GONE}”."
    )
    assert cover.passage("ring 28", "1") == f"ring {GONE}"
    assert cover.passage("ring 28", "2") == "ring 28"
