"""A page that names another address as its own tells nothing twice; what it alone says still counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from promisecheck.crawl import Coverage
from promisecheck.model import Company, Fetched
from promisecheck.promises import Reader, open_reader
from promisecheck.site import SiteReading, read_site
from promisecheck.store import Store

HOME = "https://eksempel.dk"
SAID = "<p>Vi svarer på alle mails inden for 24 timer.</p>"
MORE = "<p>Vi leverer alle varer inden for 3 hverdage.</p>"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(semantic=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "a.db") as opened:
        opened.save_company(Company(id="e", name="E", home_url=HOME))
        yield opened


def answer(path: str, canonical: str, body: str) -> Fetched:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    page = f"<!doctype html><html lang=da><head><title>Side</title>{link}</head><body>{body}</body></html>".encode()
    return Fetched(
        company_id="e", url=HOME + path, final_url=HOME + path, fetched_at=datetime(2026, 11, 24, tzinfo=UTC),
        status=200, headers={"content-type": "text/html"}, body=page, sha256=sha256(page).hexdigest(),
    )  # fmt: skip


def read(store: Store, reader: Reader, *answers: Fetched) -> SiteReading:
    coverage = Coverage(company_id="e", home_url=HOME)
    for one in answers:
        store.save_fetched(one)
    return read_site(answers, coverage, reader, store, progress=lambda stage, done: None)


def places(reading: SiteReading) -> list[tuple[str, str]]:
    return sorted((one.url.removeprefix(HOME), one.quote) for one in reading.promises)


MAILS, GOODS = "Vi svarer på alle mails inden for 24 timer.", "Vi leverer alle varer inden for 3 hverdage."


def test_what_an_alias_says_too_stands_at_one_place(store: Store, reader: Reader) -> None:
    reading = read(store, reader, answer("/a?sort=pris", f"{HOME}/a/", SAID), answer("/a", "/a", SAID))
    assert places(reading) == [("/a", MAILS)]
    assert [(one.url.removeprefix(HOME), one.text) for one in reading.statements if "24" in one.text] == [
        ("/a", MAILS)
    ]
    assert HOME + "/a?sort=pris" in reading.pages_read


def test_what_only_the_alias_says_counts(store: Store, reader: Reader) -> None:
    reading = read(store, reader, answer("/", "", SAID), answer("/b", "/", SAID + MORE))
    assert places(reading) == [("/", MAILS), ("/b", GOODS)]


@pytest.mark.parametrize(
    "canonical", ["https://other.dk/", "https://eksempel.dk:99999/", "mailto:x@y.dk", "/b"]
)
def test_an_address_that_was_not_read_is_no_page_to_be_an_alias_of(
    store: Store, reader: Reader, canonical: str
) -> None:
    reading = read(store, reader, answer("/", "", SAID), answer("/b", canonical, SAID))
    assert places(reading) == [("/", MAILS), ("/b", MAILS)]


def test_two_pages_that_name_each_other_both_stand(store: Store, reader: Reader) -> None:
    reading = read(store, reader, answer("/a", "/b", SAID), answer("/b", "/a", SAID))
    assert places(reading) == [("/a", MAILS), ("/b", MAILS)]


def test_an_unchanged_alias_is_still_one(store: Store, reader: Reader) -> None:
    pages = [answer("/a?x=1", "/a", SAID), answer("/a", "", SAID)]
    assert places(read(store, reader, *pages)) == places(read(store, reader, *pages)) == [("/a", MAILS)]
