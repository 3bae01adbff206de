"""`baseline`, `runs` and `doctor`: accepting what is known, looking back, finding seeded faults."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nightly_site import Site

from promisecheck.cli.app import run
from promisecheck.nightly.lock import _note_path
from promisecheck.store import Store

LATER = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"


def test_baseline_accepts_what_is_known(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    given = ["baseline", "--db", str(nights.database), "--until", LATER, "--reason", "known"]
    assert run(given) == 0
    assert f"accepted until {LATER}" in capsys.readouterr().out
    assert nights.run("--fail-on", "any") == []
    assert nights.code == 0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--until", "2020-01-01", "--reason", "x"], "is over"),
        (["--until", LATER, "--reason", " "], "a reason is needed"),
        (["nothing", "--until", LATER, "--reason", "x"], "no finding 'nothing'"),
    ],
)
def test_baseline_names_the_mistake(
    more: list[str], says: str, nights, capsys: pytest.CaptureFixture[str]
) -> None:
    nights.run()
    assert run(["baseline", "--db", str(nights.database), *more]) == 2
    assert says in capsys.readouterr().err


def test_runs_are_listed_and_shown(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    db = ["--db", str(nights.database)]
    assert run(["runs", "list", *db, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["data"]
    assert sorted(one["kind"] for one in listed) == ["night", "nightly"]
    own = next(one for one in listed if one["kind"] == "nightly")
    assert run(["runs", "show", own["id"], *db]) == 0
    shown = capsys.readouterr().out
    assert "status: complete" in shown and "  pages: 3" in shown
    assert run(["runs", "show", own["id"] + "x", *db]) == 2
    assert f"did you mean '{own['id']}'" in capsys.readouterr().err
    assert run(["runs", "list", *db, "--kind", "night"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_a_whole_night_shows_its_companies(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    nights.run()
    db = ["--db", str(nights.database)]
    assert run(["runs", "list", *db, "--kind", "night", "--json"]) == 0
    (newest, _) = json.loads(capsys.readouterr().out)["data"]
    assert run(["runs", "show", newest["id"], *db]) == 0
    shown = capsys.readouterr().out
    assert shown.count("huset") == 1 and "companies:" in shown
    assert run(["runs", "show", newest["id"], *db, "--json"]) == 0
    (company,) = json.loads(capsys.readouterr().out)["data"]["companies"]
    assert (company["company_id"], company["status"]) == ("huset", "complete")


def test_the_history_of_a_promise_is_shown(nights, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    def shown() -> str:
        with Store.open(nights.database) as store:
            (finding,) = store.load_findings(verdicts=["contradicted"])
        capsys.readouterr()
        assert run(["findings", "show", finding.id, "--db", str(nights.database)]) == 0
        return capsys.readouterr().out

    nights.run()
    assert "history" not in shown()
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    nights.run()
    history = [line.split(maxsplit=1)[1] for line in shown().splitlines() if line.startswith("    20")]
    assert history == [
        "stated: “Vi svarer på alle mails inden for 24 timer.”",
        "changed: “Vi svarer på alle mails inden for 48 timer.”",
        "contradicted: 3 of 4",
    ]


def sql(*statements: str) -> Callable[[Path], None]:
    def seed(database: Path) -> None:
        with sqlite3.connect(database) as db:
            for statement in statements:
                db.execute(statement)

    return seed


def damage(database: Path) -> None:
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'promises'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)


def swap_body(database: Path) -> None:
    with sqlite3.connect(database) as db:
        db.execute("UPDATE bodies SET body = ?", (zlib.compress(b"another page"),))


def leave_note(database: Path) -> None:
    note = {"pid": 999_999_999, "host": "elsewhere", "started": "2026-11-01T02:00:00+00:00"}
    _note_path(database).write_text(json.dumps(note), encoding="utf-8")


FAULTS = {
    "corrupt page": damage,
    "missing snapshot": sql("DELETE FROM snapshots"),
    "missing body": sql("DELETE FROM bodies"),
    "wrong hash": swap_body,
    "orphan rows": sql("PRAGMA foreign_keys=OFF", "DELETE FROM promises"),
    "newer schema": sql("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('promisecheck', '9999_x', '')"),
    "expired lock": leave_note,
    "lost run": sql("UPDATE runs SET status = 'running', started_at = '2026-01-01T00:00:00+00:00'"),
}  # fmt: skip


def test_doctor_finds_nothing_wrong_with_a_good_night(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    assert run(["doctor", "--config", str(nights.config)]) == 0
    assert capsys.readouterr().out == "no fault found\n"


@pytest.mark.parametrize("fault", FAULTS)
def test_doctor_finds_seeded_faults(fault: str, nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    FAULTS[fault](nights.database)
    assert run(["doctor", "--config", str(nights.config), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)["data"]
    assert found
    assert all(one["what"] and one["where"] and one["do"] for one in found)


def test_doctor_names_a_wrong_config(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    nights.config.write_text("retention_dys = 3\n", encoding="utf-8")
    assert run(["doctor", "--config", str(nights.config), "--db", str(nights.database)]) == 2
    assert "did you mean 'retention_days'" in capsys.readouterr().out
