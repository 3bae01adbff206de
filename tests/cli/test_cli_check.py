"""`check` end to end on a loopback site: what is found, what a second run adds, and each exit code."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from promisecheck.cli.app import run


def arguments(site: str, tmp_path: Path, *more: str) -> list[str]:
    host = urlsplit(site).netloc
    allow = ["--allow-private-network", host, "--delay", "0"]
    return ["check", site, "--db", str(tmp_path / "t.db"), "--no-semantic", *allow, *more]


def rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [
            n for n in names if "_fts" not in n and n not in ("runs", "sqlite_sequence", "_sqlite_migrations")
        ]
        return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def test_finds_the_broken_promise_and_exits_1(
    site: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "t.html"
    code = run(arguments(site, tmp_path, "--incidents", str(log), "--report", str(report), "--json"))
    (check,) = json.loads(capsys.readouterr().out)["data"]
    (found,) = [f for f in check["findings"] if "24 timer" in f["promise"]["quote"]]
    assert code == 1
    assert found["finding"]["verdict"] == "contradicted"
    assert (found["finding"]["broken"], found["finding"]["relevant"]) == (3, 4)
    assert found["promise"]["measure"] == {
        "kind": "duration", "compare": "at-most", "value": 24.0, "unit": "hour", "high": None,
    }  # fmt: skip
    assert "24 timer" in report.read_text(encoding="utf-8")


def test_second_run_adds_no_rows_and_gives_the_same_ids(
    site: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []
    for _ in range(2):
        run(arguments(site, tmp_path, "--incidents", str(log), "--json"))
        (check,) = json.loads(capsys.readouterr().out)["data"]
        seen.append((rows(tmp_path / "t.db"), [f["finding"]["id"] for f in check["findings"]]))
    assert seen[0] == seen[1]


def test_never_failing_exits_0(site: str, log: Path, tmp_path: Path) -> None:
    assert run(arguments(site, tmp_path, "--incidents", str(log), "--fail-on", "never")) == 0


def test_nothing_compared_exits_3_and_says_so(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(site, tmp_path)) == 3
    assert "nothing was compared" in capsys.readouterr().err


def test_site_that_does_not_answer_exits_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments("http://127.0.0.1:9", tmp_path)) == 3
    assert "incomplete: http://127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--incidents", "nowhere.csv"], "no such file"),
        (["--delya", "1"], "--delay"),
        (["--fail-on", "sometimes"], "contradicted"),
        (["--map", "Sagsnr"], "COLUMN=FIELD"),
    ],
)
def test_wrong_use_exits_2(
    more: list[str], says: str, site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(site, tmp_path, *more)) == 2
    assert says in capsys.readouterr().err


def test_private_network_is_refused_unless_allowed(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["check", site, "--db", str(tmp_path / "t.db"), "--no-semantic", "--contact", "me@example.com"]
    assert run(command) == 3
    assert "public" in capsys.readouterr().err


def test_unreadable_database_exits_2(site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.db").write_bytes(b"this is no database" * 100)
    assert run(arguments(site, tmp_path)) == 2
    assert "not a SQLite database" in capsys.readouterr().err


def test_broken_row_loses_no_other(
    site: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write_text(log.read_text(encoding="utf-8") + "A-5;99-99-2026;;Mail;Ingen dato\n", encoding="utf-8")
    assert run(arguments(site, tmp_path, "--incidents", str(log))) == 1
    assert "line 6" in capsys.readouterr().err
    assert rows(tmp_path / "t.db")["incidents"] == 5


def test_empty_incident_file_exits_2(site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    assert run(arguments(site, tmp_path, "--incidents", str(empty))) == 2
    assert "empty" in capsys.readouterr().err


def test_a_bug_exits_4_and_writes_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("promisecheck.config.STARTER", None)
    monkeypatch.setattr("promisecheck.cli.init.STARTER", None)
    assert run(["init", str(tmp_path / "new")]) == 4
    assert "bug.log" in capsys.readouterr().err


def test_interrupt_exits_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("promisecheck.store.Store.open", interrupted)
    assert run(["db", "migrate", "--db", str(tmp_path / "t.db")]) == 130
