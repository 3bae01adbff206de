"""How a crawl behaves: the limits, the delay, who it says it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promisecheck import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """Hold what an earlier answer for one address can be compared by."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """Set the limits of one crawl; seconds for every time, bytes for every size.

    `contact` is an address or a page where a webmaster reaches whoever crawls; a public site is not crawled
    without it. `allow_private_networks` holds hosts or host:port pairs, compared exactly. `known` maps
    addresses of an earlier crawl to their validators: they are asked for again, conditionally. `only` and
    `ignore` are regular expressions on addresses. `render` names hosts whose pages are opened in a browser;
    "shells" stands for every page that is empty until its scripts have run.
    """

    contact: str = ""
    user_agent: str = ""
    delay: float = 1.0
    max_pages: int = 200
    max_depth: int = 8
    max_bytes: int = 5_000_000
    deadline: float = 30.0
    max_wait: float = 120.0
    retries: int = 2
    max_failures_in_a_row: int = 8
    max_redirects: int = 5
    max_found: int = 20_000
    sitemaps: bool = True
    allow_private_networks: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    render: tuple[str, ...] = ()
    known: Mapping[str, Validators] = field(default_factory=dict)

    @property
    def agent(self) -> str:
        """Return the User-Agent header."""
        if self.user_agent:
            return self.user_agent
        return f"promisecheck/{__version__}" + (f" (+{self.contact})" if self.contact else "")
