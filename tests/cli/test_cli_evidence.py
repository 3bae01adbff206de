"""Evidence is exported and verified from the command line; an altered byte is named."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from promisecheck.cli.app import run


@pytest.fixture
def folder(site: str, log: Path, tmp_path: Path) -> Path:
    host = urlsplit(site).netloc
    db = str(tmp_path / "t.db")
    assert run(["check", site, "--db", db, "--incidents", str(log), "--no-semantic", "--delay", "0",
                "--allow-private-network", host]) == 1  # fmt: skip
    assert run(["evidence", "export", str(tmp_path / "evidence"), "--db", db]) == 0
    return tmp_path / "evidence"


def test_sound_evidence_exits_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (kept,) = [path for path in folder.iterdir() if "anchor" in path.name.lower()]
    anchor = kept.read_text(encoding="ascii").strip()
    assert run(["evidence", "verify", str(folder), "--anchor", anchor]) == 0
    assert "sound" in capsys.readouterr().out


def test_altered_evidence_exits_3_and_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ledger,) = folder.glob("*ledger*")
    ledger.write_bytes(ledger.read_bytes().replace(b"24 timer", b"48 timer"))
    assert run(["evidence", "verify", str(folder)]) == 3
    assert capsys.readouterr().err


def test_exporting_twice_into_one_folder_exits_2(folder: Path, tmp_path: Path) -> None:
    assert run(["evidence", "export", str(folder), "--db", str(tmp_path / "t.db")]) == 2
