"""Crawl many companies at once: one request in flight for each site, and as many sites as there are threads."""

from __future__ import annotations

import heapq
import itertools
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from promisecheck.crawl.addresses import Network
from promisecheck.crawl.client import Client
from promisecheck.crawl.coverage import Coverage
from promisecheck.crawl.crawl import Crawl, Step
from promisecheck.crawl.frontier import Frontier, MemoryFrontier
from promisecheck.crawl.settings import CrawlSettings
from promisecheck.crawl.urls import Site
from promisecheck.model import Company, Fetched

_ACTIVE = 512


def crawl_many(
    companies: Iterable[Company],
    settings: CrawlSettings,
    *,
    threads: int = 32,
    active: int = _ACTIVE,
    frontier_for: Callable[[Company], Frontier] = lambda company: MemoryFrontier(),
    settings_for: Callable[[Company], CrawlSettings] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Fetched | Coverage]:
    """Yield what is fetched as it comes, and a company's Coverage when its site is done.

    At most `active` sites are open at a time, and companies that share a host follow one another, so no
    host sees two requests at once. `settings_for` gives a company settings of its own.
    """
    client = Client(Network(settings.allow_private_networks), settings.agent, pools=active)
    crawls = (
        Crawl(
            company,
            settings_for(company) if settings_for else settings,
            frontier=frontier_for(company),
            client=client,
            now=now,
        )
        for company in companies
    )
    try:
        with ThreadPoolExecutor(threads, thread_name_prefix="crawl") as pool:
            yield from _Schedule(crawls, pool, threads, active, now).run()
    finally:
        client.close()


def shards_of(companies: Iterable[Company], count: int) -> list[list[Company]]:
    """Share companies out over at most `count` lists of much the same length, those of one host in one list."""
    by_host: dict[Site, list[Company]] = {}
    for company in companies:
        by_host.setdefault(Site.of(company.home_url), []).append(company)
    shards: list[list[Company]] = [[] for _ in range(max(1, min(count, len(by_host))))]
    for group in sorted(by_host.values(), key=len, reverse=True):
        min(shards, key=len).extend(group)
    return shards


class _Schedule:
    """Keep a heap of (time of the next request, crawl) and hand what is due to the pool."""

    def __init__(
        self,
        crawls: Iterator[Crawl],
        pool: ThreadPoolExecutor,
        threads: int,
        active: int,
        now: Callable[[], datetime],
    ) -> None:
        self._crawls = crawls
        self._pool = pool
        self._threads = threads
        self._active = active
        self._now = now
        self._number = itertools.count()
        self._ready: list[tuple[float, int, Crawl]] = []
        self._flying: dict[Future[Step], Crawl] = {}
        self._landed: queue.SimpleQueue[Future[Step]] = queue.SimpleQueue()
        self._sites: dict[Site, deque[Crawl]] = {}

    def run(self) -> Iterator[Fetched | Coverage]:
        """Yield until every crawl is done."""
        self._fill()
        while self._ready or self._flying:
            self._launch()
            future = self._next_landed()
            if future is None:
                continue
            crawl, step = self._flying.pop(future), future.result()
            if step.fetched is not None:
                yield step.fetched
            if step.done:
                yield crawl.coverage
                self._finish(crawl)
            else:
                self._push(step.ready_at, crawl)

    def _fill(self) -> None:
        while len(self._sites) < self._active and (crawl := next(self._crawls, None)) is not None:
            site = Site.of(crawl.company.home_url)
            if site in self._sites:
                self._sites[site].append(crawl)
            else:
                self._sites[site] = deque()
                self._push(0.0, crawl)

    def _finish(self, crawl: Crawl) -> None:
        site = Site.of(crawl.company.home_url)
        if self._sites[site]:
            self._push(0.0, self._sites[site].popleft())
        else:
            del self._sites[site]
            self._fill()

    def _push(self, at: float, crawl: Crawl) -> None:
        heapq.heappush(self._ready, (at, next(self._number), crawl))

    def _launch(self) -> None:
        at = self._now().timestamp()
        while self._ready and len(self._flying) < self._threads and self._ready[0][0] <= at:
            crawl = heapq.heappop(self._ready)[2]
            future = self._pool.submit(_advance, crawl, self._now)
            self._flying[future] = crawl
            future.add_done_callback(self._landed.put)

    def _next_landed(self) -> Future[Step] | None:
        patience = None
        if self._ready and len(self._flying) < self._threads:
            patience = max(0.0, self._ready[0][0] - self._now().timestamp())
        try:
            return self._landed.get(timeout=patience)
        except queue.Empty:
            return None


def _advance(crawl: Crawl, now: Callable[[], datetime]) -> Step:
    """Go on until there is something to tell or to wait for."""
    step = crawl.step()
    while step.fetched is None and not step.done and step.ready_at <= now().timestamp():
        step = crawl.step()
    return step
