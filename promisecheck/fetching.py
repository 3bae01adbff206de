"""Companies' sites → the store: one after the other, or many at once, shared out over processes by host."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from promisecheck.crawl import Coverage, Crawl, CrawlSettings, Entry, Validators, crawl_many, shards_of
from promisecheck.errors import IncompleteError
from promisecheck.model import Company, Fetched
from promisecheck.processes import Died, share_out
from promisecheck.site import Progress
from promisecheck.store import Store

# One thread a site that has a request in flight; the rest waits for its turn.
_THREADS = 32


def fetch_site(
    company: Company,
    store: Store,
    settings: CrawlSettings,
    *,
    now: Callable[[], datetime],
    progress: Progress,
) -> tuple[list[Fetched], Coverage]:
    """Crawl a site into the store, going on where an interrupted crawl stopped; return the answers that stand.

    What the server says has not changed comes without its body: the store has it. All that was fetched since
    `Store.begin_crawl` stands; `Store.finish_crawl` ends the crawl for good.
    """
    frontier = store.frontier(company.id, Entry, keep=True)
    before = {*frontier.urls("fetched"), *frontier.urls("not-modified")}
    crawl = Crawl(company, _with_known(settings, store, company.id), frontier=frontier, now=now)
    fetched = [page for url in sorted(before) if (page := store.newest_fetched(company.id, url))]
    for n, answer in enumerate(crawl, 1):
        progress("crawl", n)
        fetched.append(answer)
    # In an order that no interruption changes.
    return sorted(fetched, key=lambda answer: answer.url), crawl.coverage


def _validators(store: Store, company_id: str) -> dict[str, Validators]:
    gone, known = store.vacated_urls(company_id), {}
    for page in store.iter_fetched(company_id, bodies=False):
        headers = {name.lower(): value for name, value in page.headers.items()}
        if page.url not in gone:
            known[page.url] = Validators(
                etag=headers.get("etag", ""),
                last_modified=headers.get("last-modified", ""),
                sha256=page.sha256,
            )
    return known


def fetch_sites(
    companies: Sequence[Company], database: Path, settings: CrawlSettings, *, workers: int = 1,
    progress: Progress = lambda stage, done: None,
) -> Iterator[Coverage]:  # fmt: skip
    """Crawl many sites into one database at once and yield the coverage of each as it is done.

    With several `workers` the sites are shared out over as many processes by host, so that one process keeps
    the time table of a host; each has a connection of its own, and SQLite lets them write one at a time.
    """
    shards = shards_of(companies, workers)
    if len(shards) == 1:
        yield from _fetch_shard(shards[0], database, settings, progress)
        return
    done = 0
    fetch = partial(_fetch_all, database=database, settings=settings)
    for _, answer in share_out(fetch, deque(shards), len(shards)):
        if isinstance(answer, Died):
            raise IncompleteError(
                f"a process that fetches died (exit code {answer.code})", where=str(database),
                do="run the same command again: it goes on where it stopped",
            )  # fmt: skip
        for coverage in answer:
            done += 1
            progress("sites", done)
            yield coverage


def _fetch_all(companies: Sequence[Company], *, database: Path, settings: CrawlSettings) -> list[Coverage]:
    return list(_fetch_shard(companies, database, settings, lambda stage, done: None))


def _fetch_shard(
    companies: Sequence[Company], database: Path, settings: CrawlSettings, progress: Progress
) -> Iterator[Coverage]:
    with Store.open(database) as store:
        with store.writing():
            for company in companies:
                store.save_company(company)
        answers = crawl_many(
            companies, settings, threads=_THREADS, now=lambda: datetime.now(UTC),
            frontier_for=lambda company: store.frontier(company.id, Entry),
            settings_for=lambda company: _with_known(settings, store, company.id),
        )  # fmt: skip
        pages = 0
        for answer in answers:
            if isinstance(answer, Coverage):
                store.finish_crawl(answer.company_id)
                yield answer
            else:
                pages += 1
                progress("crawl", pages)


def _with_known(settings: CrawlSettings, store: Store, company_id: str) -> CrawlSettings:
    return replace(settings, known={**_validators(store, company_id), **settings.known})
