"""`db export`, opened in a real Datasette: labels instead of keys, facets, order, plain words; erasure follows it."""

from __future__ import annotations

import asyncio
import json
import shlex
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from promisecheck.cli.app import run
from promisecheck.store import metadata_path

NAME = "Qvistorpe Zaunmark"
ROW = f"A-9;05-09-2026 09:00;09-09-2026 09:00;Mail;{NAME} ventede fire dage på svar på sin mail.\n"


@pytest.fixture
def database(site: str, log: Path, tmp_path: Path) -> Path:
    """Return the database of a check of a small site and its log."""
    log.write_text(log.read_text(encoding="utf-8") + ROW, encoding="utf-8")
    allow = ["--allow-private-network", urlsplit(site).netloc, "--delay", "0"]
    path = tmp_path / "t.db"
    run(
        [
            "check",
            site,
            "--db",
            str(path),
            "--incidents",
            str(log),
            "--no-semantic",
            "--name",
            "Prøvehuset",
            *allow,
        ]
    )
    return path


def ask(database: Path, *paths: str) -> list[Any]:
    """Return what Datasette answers to each path."""
    datasette = pytest.importorskip("datasette.app")
    metadata = json.loads(metadata_path(database).read_text(encoding="utf-8"))

    async def answers() -> list[Any]:
        served = datasette.Datasette([str(database)], metadata=metadata)
        return [await served.client.get(path) for path in paths]

    return asyncio.run(answers())


def test_opens_in_datasette_with_labels_and_facets(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "to hand on.db"
    capsys.readouterr()
    assert run(["db", "export", str(target), "--db", str(database)]) == 0
    printed = shlex.split(capsys.readouterr().out)
    assert printed == ["datasette", str(target), "--metadata", str(tmp_path / "to hand on.metadata.json")]

    name = "to+hand+on"
    rows, page, matches, front = ask(
        target, f"/{name}/findings.json?_labels=on&_shape=objects", f"/{name}/findings",
        f"/{name}/matches.json?_labels=on&_shape=objects&outcome=breaks", "/",
    )  # fmt: skip
    assert rows.status_code == page.status_code == matches.status_code == 200
    found = rows.json()
    first = found["rows"][0]
    assert first["verdict"] == "contradicted"
    assert first["company_id"]["label"] == "Prøvehuset"
    assert first["promise_id"]["label"] == first["promise"] == "Vi svarer på alle mails inden for 24 timer."
    severities = [row["severity"] for row in found["rows"]]
    assert severities == sorted(severities, reverse=True)
    facets = found["facet_results"]
    assert set(facets) == {"verdict", "theme", "company_id"}
    counted = {item["value"]: item["count"] for item in facets["verdict"]["results"]}
    assert counted["contradicted"] == sum(row["verdict"] == "contradicted" for row in found["rows"])
    assert [item["label"] for item in facets["company_id"]["results"]] == ["Prøvehuset"]
    broken = matches.json()["rows"]
    assert broken
    assert all(row["incident_id"]["label"].startswith(("Jeg", "Der", "Fem", NAME)) for row in broken)
    assert "The one conclusion on each promise" in page.text
    assert "What could honestly be promised instead." in page.text
    assert "Promises and what customers met" in front.text


def test_json_names_file_metadata_and_rows(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "red.db"
    capsys.readouterr()
    assert run(["db", "export", str(target), "--db", str(database), "--company", "Prøvehuset", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["data"]
    assert told["file"] == str(target)
    assert told["rows"]["incidents"] == 5
    assert Path(told["metadata"]).exists()


@pytest.mark.parametrize(
    ("more", "says"), [([], "exists already"), (["--company", "Ukendt"], "there is no company")]
)
def test_wrong_use_exits_2(
    database: Path, tmp_path: Path, more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "red.db"
    target.write_bytes(b"mine")
    assert run(["db", "export", str(target), "--db", str(database), *more]) == 2
    assert says in capsys.readouterr().err
    assert target.read_bytes() == b"mine"


def test_an_erasure_follows_the_copy(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "red.db"
    db = ["--db", str(database)]
    assert run(["db", "export", str(target), *db]) == 0
    assert NAME.encode() in target.read_bytes()
    assert run(["incidents", "erase", "--subject", NAME, *db]) == 0
    assert NAME.encode() not in target.read_bytes()
    with sqlite3.connect(target) as opened:
        assert opened.execute("SELECT count(*) FROM incidents").fetchone() == (4,)
