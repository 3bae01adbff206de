"""Erasing a person: not one occurrence is left in any file the program wrote, and nothing brings it back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from promisecheck.cli.app import run
from promisecheck.store import Store

# A name that no redaction knows.
NAME = "Qvistorpe Zaunmark"
ROW = (
    f"A-9;05-09-2026 09:00;09-09-2026 09:00;Mail;{NAME} ventede fire dage og skrev igen, men ingen svarede.\n"
)


def files_naming(folder: Path, *given: Path) -> list[str]:
    """Return every file under a folder, other than those given, that names the person, archives included."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in given:
            data = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    data += b"".join(archive.read(name) for name in archive.namelist())
            if b"Qvistorpe" in data or b"Zaunmark" in data:
                found.append(path.name)
    return found


def test_no_trace_is_left_in_any_file(
    nights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(nights.folder / "state"))
    nights.log.write_text(nights.log.read_text(encoding="utf-8") + ROW, encoding="utf-8")
    text = nights.config.read_text(encoding="utf-8")
    nights.config.write_text(f'report = "night.html"\n{text}', encoding="utf-8")
    out = nights.folder
    nights.run("--sarif", str(out / "o.sarif"), "--junit", str(out / "o.xml"), "--metrics", str(out / "o.prom"),
               "--log-json", str(out / "o.jsonl"))  # fmt: skip
    db = ["--db", str(nights.database)]
    for name in ("r.html", "r.csv", "r.json", "r.xlsx", "r.md"):
        assert run(["report", str(out / name), *db]) == 0
    assert run(["db", "backup", str(out / "copy.db"), *db]) == 0
    named = files_naming(out, nights.log)
    assert {"n.db", "copy.db", "night.html", "r.html", "r.json"} <= set(named)

    capsys.readouterr()
    receipt = out / "receipt.json"
    assert run(["incidents", "erase", "--subject", NAME, *db, "--receipt", str(receipt)]) == 0
    assert files_naming(out, nights.log) == []
    done = json.loads(receipt.read_text())
    assert done["incidents"] == 1
    assert len(done["files_rewritten"]) == 7
    assert "Qvistorpe" not in capsys.readouterr().out

    nights.log.write_text(nights.log.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    nights.run()
    assert files_naming(out, nights.log) == []
    with Store.open(nights.database) as store:
        assert len(store.load_incidents("huset")) == 4


def test_findings_stand_after_an_erasure_and_the_database_is_whole(nights) -> None:
    nights.log.write_text(nights.log.read_text(encoding="utf-8") + ROW, encoding="utf-8")
    nights.run()
    assert run(["incidents", "erase", "--subject", NAME, "--db", str(nights.database)]) == 0
    assert run(["doctor", "--config", str(nights.config)]) == 0
    assert nights.run() == []


def test_missing_export_is_named(nights, capsys: pytest.CaptureFixture[str]) -> None:
    nights.run()
    assert run(["report", str(nights.folder / "r.html"), "--db", str(nights.database)]) == 0
    (nights.folder / "r.html").unlink()
    capsys.readouterr()
    assert run(["incidents", "erase", "--subject", NAME, "--db", str(nights.database)]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["files_not_there"] == [str(nights.folder / "r.html")]


def test_key_that_is_too_short_exits_2(nights) -> None:
    nights.run()
    assert run(["incidents", "erase", "--subject", "Bo", "--db", str(nights.database)]) == 2
