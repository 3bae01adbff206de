"""Many sites into one database, in one process or in several."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from promisecheck.cli.app import run
from promisecheck.cli.demo import serve
from promisecheck.crawl import Coverage, CrawlSettings, shards_of
from promisecheck.model import Company


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[list[str]]:
    with ExitStack() as stack:
        found = []
        for n in range(3):
            folder = tmp_path / f"site{n}"
            folder.mkdir()
            (folder / "index.html").write_text('<a href="/om.html">Om</a><p>Velkommen til.', encoding="utf-8")
            (folder / "om.html").write_text(f"<p>Vi er firma {n}.", encoding="utf-8")
            found.append(f"http://{stack.enter_context(serve(folder))}/")
        yield found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sites_are_crawled_into_one_database(
    sites: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: str
) -> None:
    flags = ["--delay", "0", "--allow-private-network", "127.0.0.1", "--workers", workers, "--json"]
    assert run(["crawl", *sites, "--db", str(tmp_path / "a.db"), *flags]) == 0
    covered = json.loads(capsys.readouterr().out)["data"]
    assert [(one["home_url"], one["fetched"]) for one in covered] == [(site, 2) for site in sites]
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT count(*) FROM snapshots WHERE status = 200").fetchone() == (6,)
        assert db.execute("SELECT count(*) FROM companies").fetchone() == (3,)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_public_site_without_a_contact_is_refused_in_any_process(
    sites: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: str
) -> None:
    flags = ["--db", str(tmp_path / "a.db"), "--workers", workers]
    assert run(["crawl", "https://192.0.2.1/", "https://192.0.2.2/", *flags]) == 2
    assert "no contact is set" in capsys.readouterr().err


def die(companies: Sequence[Company], *, database: Path, settings: CrawlSettings) -> list[Coverage]:
    os._exit(9)


def test_a_process_that_dies_is_told_and_can_be_gone_on_with(
    sites: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ["crawl", *sites, "--db", str(tmp_path / "a.db"), "--delay", "0"]
    args += ["--allow-private-network", "127.0.0.1", "--workers", "2"]
    with monkeypatch.context() as patched:
        patched.setattr("promisecheck.fetching._fetch_all", die)
        assert run(args) == 3
    told = capsys.readouterr().err
    assert "a process that fetches died (exit code 9)" in told
    assert "run the same command again" in told
    assert run(args) == 0


def test_the_companies_of_one_host_stay_together() -> None:
    urls = ["https://a.dk/", "https://b.dk/", "https://www.a.dk/x", "https://c.dk/", "https://a.dk/y"]
    companies = [Company(id=str(n), name="C", home_url=url) for n, url in enumerate(urls)]
    shards = [[company.home_url for company in shard] for shard in shards_of(companies, 2)]
    assert shards == [[urls[0], urls[2], urls[4]], [urls[1], urls[3]]]
    assert [len(shard) for shard in shards_of(companies, 9)] == [3, 1, 1]
    assert shards_of([], 4) == [[]]
