"""Which links of a page become entries of the frontier, how worthwhile each is, and why the others do not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from promisecheck.crawl.frontier import Entry
from promisecheck.crawl.links import Link
from promisecheck.crawl.settings import CrawlSettings
from promisecheck.crawl.traps import Traps, is_file
from promisecheck.crawl.urls import Site, url_key
from promisecheck.crawl.worth import worth_of
from promisecheck.errors import ConfigError


@dataclass(slots=True)
class Admitted:
    """Hold what became of a batch of links."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    off_site: int = 0


class Admission:
    """Judge every address once."""

    def __init__(self, site: Site, settings: CrawlSettings) -> None:
        self._site = site
        self._settings = settings
        self._traps = Traps()
        self._judged: set[str] = set()
        self._only = [_pattern(text) for text in settings.only]
        self._ignore = [_pattern(text) for text in settings.ignore]

    @property
    def full(self) -> bool:
        """Return whether so many addresses were met that no further one is taken."""
        return len(self._judged) >= self._settings.max_found

    def recall(self, urls: Iterable[str]) -> None:
        """Take the addresses of an interrupted crawl as judged, so that the rest is judged as it would have been."""
        for url in urls:
            self._judged.add(url)
            self._traps.reason(url)

    def judge(self, links: Iterable[Link], depth: int) -> Admitted:
        """Return entries for the links that may be crawled, and the reason for each that may not."""
        out = Admitted()
        for link in links:
            if link.url in self._judged or self.full:
                continue
            self._judged.add(link.url)
            if is_file(link.url):
                continue
            if not self._site.holds(link.url):
                out.off_site += 1
                continue
            worth = worth_of(link.url, link.text, depth=depth)
            entry = Entry(key=url_key(link.url), url=link.url, worth=worth, depth=depth)
            reason = self._reason(link.url, depth)
            if reason:
                out.refused.append((entry, reason))
            else:
                out.entries.append(entry)
        return out

    def _reason(self, url: str, depth: int) -> str:
        if depth > self._settings.max_depth:
            return "too deep"
        if self._only and not any(pattern.search(url) for pattern in self._only):
            return "not among --only"
        if any(pattern.search(url) for pattern in self._ignore):
            return "among --ignore"
        return self._traps.reason(url)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ConfigError(f"{text!r} is no regular expression: {error}", where="only/ignore") from error
