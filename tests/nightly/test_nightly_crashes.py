"""Nights that are killed, and people who work while one runs: nothing is lost, nothing is locked out."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from promisecheck.model import Review
from promisecheck.store import Store

KILLS = int(os.environ.get("PROMISECHECK_KILLS", "6"))
BUSY_SECONDS = float(os.environ.get("PROMISECHECK_BUSY_SECONDS", "6"))


def night(config: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "promisecheck.cli",
        "nightly",
        "--config",
        str(config),
        "--all",
        "--json",
    ]
    return subprocess.Popen(
        [*command, "--no-semantic", "--no-notify"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def concluded(database: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        sql = "SELECT id, verdict, broken, kept, relevant, evidence FROM findings ORDER BY id"
        return db.execute(sql).fetchall()


@pytest.mark.slow
def test_killed_at_random_moments_the_next_night_ends_the_same(nights) -> None:
    whole = night(nights.config)
    _, err = whole.communicate()
    assert whole.returncode == 1, err
    began = time.monotonic()
    expected = concluded(nights.database)
    for path in nights.folder.glob("n.db*"):
        path.unlink()
    dice = random.Random(20261124)
    took = 4.0
    for n in range(KILLS):
        if n % 3 == 0:
            for path in nights.folder.glob("n.db*"):
                path.unlink()
        running = night(nights.config)
        time.sleep(dice.uniform(0.3, took))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        again = night(nights.config)
        out, err = again.communicate()
        assert again.returncode in (0, 1), err
        assert json.loads(out)["data"]["run"]["status"] == "complete"
        assert concluded(nights.database) == expected
    assert time.monotonic() - began < 60 * KILLS
    with Store.open(nights.database) as store:
        assert not [run for run in store.load_runs() if run.status == "running"]


@pytest.mark.slow
def test_news_that_a_killed_night_did_not_tell_is_told_by_the_next(nights, site) -> None:
    nights.run()
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    nights.run("--no-notify")
    (told,) = nights.run()
    assert told["change"] == "changed"


@pytest.mark.slow
def test_reviewers_and_backups_go_on_while_nights_run(nights) -> None:
    nights.run()
    (first, *_) = [row[0] for row in concluded(nights.database)]
    errors: list[BaseException] = []
    written = [0]
    until = time.monotonic() + BUSY_SECONDS

    def review(name: str) -> None:
        try:
            with Store.open(nights.database) as store:
                while time.monotonic() < until:
                    store.save_review(Review(
                        finding_id=first, decision="confirmed", reason="seen", reviewer=name,
                        decided_at=datetime.now(UTC),
                    ))  # fmt: skip
                    written[0] += 1
                    time.sleep(0.01)
        except BaseException as error:  # noqa: BLE001 - the test reports whatever a reviewer met
            errors.append(error)

    reviewers = [threading.Thread(target=review, args=(name,)) for name in ("anna", "bo", "carl")]
    for reviewer in reviewers:
        reviewer.start()
    backups = 0
    while time.monotonic() < until:
        nights.run("--no-notify")
        assert nights.code in (0, 1), nights.err
        with Store.open(nights.database) as store:
            copy = store.backup(nights.folder / f"copy-{backups}.db")
        assert concluded(copy)
        backups += 1
    for reviewer in reviewers:
        reviewer.join()
    assert errors == []
    assert written[0] > 10 and backups > 1
    with Store.open(nights.database) as store:
        assert len(store.load_reviews()) == written[0]


def test_a_night_that_ended_before_its_crawl_keeps_no_page_from_the_next(nights, site) -> None:
    nights.run()
    log = nights.log.read_bytes()
    nights.log.write_bytes(b"\0" * 64)
    nights.run()
    assert nights.code == 3
    nights.log.write_bytes(log)
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    assert sorted(one["change"] for one in nights.run()) == ["changed", "recovered"]


def test_a_night_that_was_lost_is_closed_by_the_next(nights) -> None:
    from promisecheck.model import Run

    nights.run()
    long_ago = datetime.now(UTC) - timedelta(days=2)
    with Store.open(nights.database) as store:
        store.save_run(Run(id="lost", kind="night", started_at=long_ago))
    nights.run()
    with Store.open(nights.database) as store:
        lost = store.load_run("lost")
    assert lost is not None and lost.status == "interrupted"
