"""What runs, how far it is and since when; what died is told as such; nothing where nothing runs."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk_values import NOW
from starlette.testclient import TestClient

from promisecheck.crawl import Entry
from promisecheck.model import Fetched, Run
from promisecheck.store import RunProgress, Store
from promisecheck.store.progress import this_process

ENGLISH = {"accept-language": "en"}
BEGUN = NOW - timedelta(minutes=9)
CHECK = RunProgress(
    run_id="run-2", kind="check", company_id="fyrby", started_at=BEGUN, stage="crawl", done=0, total=200,
    since=NOW - timedelta(minutes=8), noted_at=NOW, process=this_process(),
)  # fmt: skip


def begin(database: Path, progress: RunProgress, **run: object) -> None:
    with Store.open(database) as store:
        store.save_progress(progress)
        if progress.company_id:
            given = {"status": "running", "kind": progress.kind, "company_id": progress.company_id, **run}
            store.save_run(Run(id=progress.run_id, started_at=progress.started_at, **given))  # type: ignore[arg-type]


def shown(client: TestClient, path: str = "/checks") -> str:
    page = client.get(path, headers=ENGLISH).text
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def refreshes(client: TestClient, path: str = "/checks") -> bool:
    return client.get(path, headers=ENGLISH).headers.get("refresh") == "10"


def test_nothing_is_shown_where_nothing_runs(reviewer: TestClient) -> None:
    for path in ("/checks", "/"):
        assert "Under way" not in shown(reviewer, path)
        assert "stopped before" not in shown(reviewer, path)
        assert not refreshes(reviewer, path)


def test_a_crawl_tells_its_pages(reviewer: TestClient, database: Path) -> None:
    begin(database, CHECK)
    with Store.open(database) as store:
        frontier = store.frontier("fyrby", Entry)
        frontier.add([Entry(key=f"{n}", url=f"https://fyrby.example/{n}") for n in range(40)])
        for n in range(12):
            entry = frontier.take(0.0)
            assert entry is not None
            answer = Fetched(
                company_id="fyrby",
                url=entry.url,
                final_url=entry.url,
                fetched_at=NOW,
                status=200,
                body=b"x%d" % n,
            )
            frontier.commit(
                entry, "failed" if n == 0 else "fetched", answer, reason="timed out" if n == 0 else ""
            )
    text = shown(reviewer)
    assert "Fyrby Bredbånd · check" in text
    assert "fetching the pages" in text
    assert (
        "11 pages fetched · 28 addresses waiting · 1 page could not be read · at most 200 pages are fetched"
        in text
    )
    assert "At this since 20 Nov 2026 11:52; begun 20 Nov 2026 11:51." in text
    assert 'max="39" value="11"' in reviewer.get("/checks").text
    assert refreshes(reviewer)
    assert "Fyrby Bredbånd · check: fetching the pages (11 pages fetched)." in shown(reviewer, "/")
    assert not refreshes(reviewer, "/")


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (replace(CHECK, stage="import", total=0), "reading the cases"),
        (replace(CHECK, stage="read", done=7, total=41), "reading the pages for promises · 7 of 41 pages read"),
        (replace(CHECK, stage="judge", total=0), "comparing promises with cases"),
        (replace(CHECK, stage=""), "beginning"),
        (replace(CHECK, kind="nightly"), "Fyrby Bredbånd · nightly check"),
        (replace(CHECK, kind="night", company_id="", stage="companies", done=3, total=12),
         "The night’s round of all companies checking the companies · 3 of 12 companies checked"),
        (replace(CHECK, kind="sweep", company_id="", stage="companies", done=1, total=1),
         "Sweep of many companies checking the companies · 1 of 1 company checked"),
    ],
)  # fmt: skip
def test_each_stage_has_its_words(
    reviewer: TestClient, database: Path, progress: RunProgress, words: str
) -> None:
    begin(database, progress)
    assert words in shown(reviewer)
    assert refreshes(reviewer)


@pytest.mark.parametrize("process", ["", f"{socket.gethostname()} 1 none"])
def test_a_run_that_died_is_told_as_such(reviewer: TestClient, database: Path, process: str) -> None:
    begin(database, replace(CHECK, stage="read", done=7, total=41, process=process))
    text = shown(reviewer)
    assert "Fyrby Bredbånd · check: stopped before its end." in text
    assert "It was at this: reading the pages for promises." in text
    assert "7 of 41 pages read." in text
    assert "Under way" not in text
    assert not refreshes(reviewer)
    row = text[text.index("How it went") :]
    assert "Fyrby Bredbånd interrupted" in row
    assert "running" not in row
    assert "stopped before its end." in shown(reviewer, "/")


def test_looking_again_can_be_turned_off(reviewer: TestClient, database: Path) -> None:
    begin(database, CHECK)
    assert 'href="/checks?still=1"' in reviewer.get("/checks").text
    assert not refreshes(reviewer, "/checks?still=1")
    assert 'href="/checks"' in reviewer.get("/checks?still=1").text
    assert "fetching the pages" in shown(reviewer, "/checks?still=1")


def test_a_run_that_died_without_a_word_is_no_running_one(reviewer: TestClient, database: Path) -> None:
    with Store.open(database) as store:
        store.save_run(Run(id="old", kind="check", company_id="nordtog", started_at=BEGUN))
        store.save_run(Run(id="new", kind="check", company_id="nordtog", started_at=NOW))
    text = shown(reviewer)
    assert "Nordtog interrupted" in text
    assert "Nordtog running" in text
    assert not refreshes(reviewer)


def test_what_was_checked_since_is_not_told_as_dead(reviewer: TestClient, database: Path) -> None:
    begin(database, replace(CHECK, process=""))
    with Store.open(database) as store:
        later = Run(
            id="run-3", kind="nightly", company_id="fyrby", started_at=NOW, finished_at=NOW, status="complete"
        )
        store.save_run(later)
    assert "stopped before" not in shown(reviewer)


def test_a_word_that_outlived_its_run_is_left_aside(reviewer: TestClient, database: Path) -> None:
    begin(database, CHECK, status="complete", finished_at=NOW)
    assert "Under way" not in shown(reviewer)
    assert "stopped before" not in shown(reviewer)
