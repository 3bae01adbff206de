"""What a site tells robots: its robots.txt, one for each origin, and the sitemaps; read one request at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from promisecheck.crawl.addresses import BlockedAddressError
from promisecheck.crawl.answers import REDIRECTS
from promisecheck.crawl.asking import Asker
from promisecheck.crawl.links import Link
from promisecheck.crawl.robots import MAX_BYTES, Robots, read_robots
from promisecheck.crawl.settings import CrawlSettings
from promisecheck.crawl.sitemap import read_sitemap
from promisecheck.crawl.urls import Site, absolute, origin_of
from promisecheck.errors import FetchError

_MAX_SITEMAPS = 20
_SITEMAP_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class _Errand:
    """Hold one request to make: `origin` is set where it is for the robots.txt of that origin."""

    url: str
    origin: str = ""
    hops: int = 0


class Guides:
    """Keep the robots.txt files and sitemaps of one crawl."""

    def __init__(self, site: Site, settings: CrawlSettings) -> None:
        self._site = site
        self._settings = settings
        self._robots: dict[str, Robots] = {}
        self._tries: dict[str, int] = {}
        self._errands: deque[_Errand] = deque()
        self._sitemaps: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Return whether there is a request to make before the next page."""
        return bool(self._errands)

    def robots_for(self, url: str, asker: Asker) -> Robots | None:
        """Return what rules `url`, or None after queueing the request that will tell."""
        origin = origin_of(url)
        robots = self._robots.get(origin)
        if robots is not None and (robots.unreachable or robots.is_fresh(asker.now())):
            return robots
        self._errands.appendleft(_Errand(f"{origin}/robots.txt", origin))
        return None

    def run(self, asker: Asker) -> list[Link]:
        """Make one request and return the addresses it brought."""
        errand = self._errands.popleft()
        if errand.origin:
            self._ask_robots(errand, asker)
            return []
        return self._ask_sitemap(errand, asker)

    def _ask_robots(self, errand: _Errand, asker: Asker) -> None:
        try:
            answer = asker.ask(errand.url, max_bytes=MAX_BYTES, truncate=True)
        except FetchError as error:
            why = f"{error.what}; {error.do}" if error.do else error.what
            lasting = isinstance(error, BlockedAddressError)
            self._heed(errand, read_robots(0, b"", asker.now(), why), asker, lasting)
            return
        if answer.status in REDIRECTS and errand.hops < self._settings.max_redirects:
            target = absolute(errand.url, answer.headers.get("location", ""))
            if target:
                self._errands.appendleft(_Errand(target, errand.origin, errand.hops + 1))
                return
        self._heed(errand, read_robots(answer.status, answer.body, asker.now()), asker)

    def _heed(self, errand: _Errand, robots: Robots, asker: Asker, lasting: bool = False) -> None:
        tries = self._tries[errand.origin] = self._tries.get(errand.origin, 0) + 1
        again = not lasting and tries <= self._settings.retries and asker.wait <= self._settings.max_wait
        if robots.unreachable and again:
            asker.pace.hold(asker.wait, asker.now())
            self._errands.appendleft(_Errand(f"{errand.origin}/robots.txt", errand.origin))
            return
        self._robots[errand.origin] = robots
        asker.pace.ask_for(robots.delay)
        if self._settings.sitemaps and not robots.unreachable:
            home = f"{errand.origin}/"
            for sitemap in robots.sitemaps or [f"{home}sitemap.xml"]:
                self._queue(absolute(home, sitemap))

    def _queue(self, url: str, hops: int = 0) -> None:
        if url and url not in self._sitemaps and len(self._sitemaps) < _MAX_SITEMAPS:
            self._sitemaps.add(url)
            self._errands.append(_Errand(url, hops=hops))

    def _ask_sitemap(self, errand: _Errand, asker: Asker) -> list[Link]:
        robots = self._robots.get(origin_of(errand.url))
        if robots is not None and not robots.allows(errand.url):
            return []
        found: list[Link] = []
        try:
            answer = asker.ask(errand.url, max_bytes=_SITEMAP_BYTES)
            if answer.status in REDIRECTS and errand.hops < self._settings.max_redirects:
                self._queue(absolute(errand.url, answer.headers.get("location", "")), errand.hops + 1)
            elif answer.status == 200:
                self._read(errand.url, answer.body, found)
        except FetchError:
            # A sitemap is a help: what was read before the fault stands, and links lead through the rest.
            return found
        return found

    def _read(self, url: str, body: bytes, found: list[Link]) -> None:
        for listed in read_sitemap(body, self._settings.max_found):
            address = absolute(url, listed.url)
            if not address:
                continue
            if listed.is_sitemap:
                self._queue(address if self._site.holds(address) else "")
            else:
                found.append(Link(url=address, kind="sitemap"))
