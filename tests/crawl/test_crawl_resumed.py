"""A crawl or a check that was cut short goes on: no page is asked for again, and it concludes the same."""

from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.check import CheckSettings, check_company
from promisecheck.crawl import Crawl, CrawlSettings, Entry
from promisecheck.model import Company
from promisecheck.promises import open_reader
from promisecheck.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROMISE = "<p>Vi svarer på alle mails inden for 24 timer.</p>"
PAGES = {"/": '<a href="/kontakt">Kontakt</a><p>Vi sælger lamper.</p>', "/kontakt": PROMISE}
SETTINGS = CrawlSettings(delay=0.0, sitemaps=False, allow_private_networks=("127.0.0.1",))


class CutError(Exception):
    """Stand for whatever ends a program before its end."""


@pytest.fixture(scope="module")
def reader():
    return open_reader(semantic=False)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


def _check(site, store, reader, *, cut="", at=NOW):
    def progress(stage, done):
        if stage == cut:
            raise CutError

    company = Company(id="c", name="C", home_url=site.url)
    return check_company(
        company, store, reader, CheckSettings(crawl=SETTINGS), now=lambda: at, progress=progress
    )


@pytest.mark.parametrize("stage", ["read", "judge"])
def test_a_check_cut_short_after_its_crawl_asks_for_nothing_again(serve, store, reader, stage):
    site = serve(PAGES)
    with pytest.raises(CutError):
        _check(site, store, reader, cut=stage)
    asked = list(site.paths)
    result = _check(site, store, reader, at=NOW + timedelta(hours=1))
    assert site.paths == asked == ["/robots.txt", "/", "/kontakt"]
    assert "Vi svarer på alle mails inden for 24 timer." in [promise.quote for promise in result.promises]
    assert result.run.started_at == NOW
    assert [run.status for run in store.load_runs()] == ["complete"]


@pytest.mark.parametrize("stage", ["import", "crawl"])
def test_a_check_cut_short_before_its_crawl_does_not_take_the_last_one_for_its_own(
    serve, store, reader, stage
):
    site = serve(PAGES)
    _check(site, store, reader)
    site.replies["/kontakt"] = PROMISE.replace("24", "48")
    with pytest.raises(CutError):
        _check(site, store, reader, cut=stage, at=NOW + timedelta(days=1))
    result = _check(site, store, reader, at=NOW + timedelta(days=1, hours=1))
    assert site.paths.count("/kontakt") == 2
    assert "Vi svarer på alle mails inden for 48 timer." in [promise.quote for promise in result.promises]


def test_a_check_that_ended_is_not_gone_on_with(serve, store, reader):
    site = serve(PAGES)
    _check(site, store, reader)
    _check(site, store, reader, at=NOW + timedelta(hours=1))
    assert site.paths.count("/kontakt") == 2
    assert len(store.load_runs()) == 2


def test_what_was_fetched_a_day_ago_is_fetched_again(serve, store, reader):
    site = serve(PAGES)
    with pytest.raises(CutError):
        _check(site, store, reader, cut="judge")
    _check(site, store, reader, at=NOW + timedelta(days=2))
    assert site.paths.count("/kontakt") == 2


def test_a_check_cut_short_does_not_count_twice_that_a_promise_is_missing(serve, store, reader):
    def stands():
        return any("24 timer" in promise.quote for promise in store.load_promises("c"))

    site = serve(PAGES)
    _check(site, store, reader)
    site.replies["/kontakt"] = "<p>Vi har lukket.</p>"
    for cut in ("judge", "judge", ""):
        try:
            _check(site, store, reader, cut=cut, at=NOW + timedelta(days=3))
        except CutError:
            continue
    assert stands()
    _check(site, store, reader, at=NOW + timedelta(days=4))
    assert not stands()


def _crawl(site, store, **more):
    settings = CrawlSettings(
        delay=0.0, sitemaps=False, max_depth=9, allow_private_networks=("127.0.0.1",), **more
    )
    return Crawl(Company(id="c", name="C", home_url=site.url), settings, frontier=store.frontier("c", Entry))


def test_a_resumed_crawl_counts_shapes_of_addresses_as_if_it_had_not_stopped(serve, store):
    links = [f'<a href="/vare-{n}">Vare</a>' for n in range(70)]
    pages = {"/": "".join(links[:35]) + '<a href="/om">Om</a>', "/om": "".join(links[35:])}
    site = serve({**pages, **{f"/vare-{n}": "<p>En vare" for n in range(70)}})
    first = _crawl(site, store)
    while not first.step().fetched:
        pass
    assert len(list(_crawl(site, store))) == 41
    assert store.frontier("c", Entry, keep=True).counts() == {"fetched": 42, "skipped": 30}


def test_a_resumed_crawl_leaves_the_site_the_pause_it_is_owed(serve, store):
    site = serve(PAGES)
    first = _crawl(site, store)
    while not first.step().fetched:
        pass
    slept = []
    settings = CrawlSettings(delay=5.0, sitemaps=False, allow_private_networks=("127.0.0.1",))
    again = Crawl(
        Company(id="c", name="C", home_url=site.url), settings, frontier=store.frontier("c", Entry),
        now=lambda: NOW + timedelta(seconds=sum(slept)), sleep=slept.append,
    )  # fmt: skip
    list(again)
    assert slept[0] == 5.0
