"""What a crawl saw of a site, and what it did not see and why: so that silence is never taken for absence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Hold one address that brought no page, and why."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Count the addresses of one site: found = fetched + not_modified + skipped + blocked + failed + left.

    `partial` says that a budget, a delay or an outage cut the crawl short; `why` says which, in plain words.
    """

    company_id: str
    home_url: str
    found: int = 0
    fetched: int = 0
    not_modified: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    blocked_by_robots: int = 0
    failed: tuple[Failure, ...] = ()
    left: int = 0
    off_site: int = 0
    requests: int = 0
    bytes: int = 0
    partial: bool = False
    why: tuple[str, ...] = ()

    @property
    def nothing_read(self) -> bool:
        """Return whether not one page could be read."""
        return self.fetched + self.not_modified == 0

    @property
    def failed_by_reason(self) -> dict[str, int]:
        """Return how many addresses failed for each reason, the most frequent first."""
        return dict(Counter(failure.reason for failure in self.failed).most_common())

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values."""
        return {
            "company_id": self.company_id,
            "home_url": self.home_url,
            "found": self.found,
            "fetched": self.fetched,
            "not_modified": self.not_modified,
            "skipped": dict(self.skipped),
            "blocked_by_robots": self.blocked_by_robots,
            "failed": [{"url": one.url, "reason": one.reason} for one in self.failed],
            "left": self.left,
            "off_site": self.off_site,
            "requests": self.requests,
            "bytes": self.bytes,
            "partial": self.partial,
            "why": list(self.why),
        }
