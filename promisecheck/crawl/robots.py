"""robots.txt by RFC 9309: which answer means what, and what it then allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protego import Protego

AGENT = "promisecheck"
MAX_BYTES = 500 * 1024
# A product token ends where its version begins; Protego takes the two for one name.
_VERSION = re.compile(r"^(\s*user-agent\s*:\s*[\w-]+)/\S*", re.IGNORECASE | re.MULTILINE)
LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Robots:
    """Answer for one origin; `unreachable` means: nothing is allowed for now."""

    rules: Protego = field(repr=False)
    read_at: datetime
    unreachable: str = ""

    def allows(self, url: str) -> bool:
        """Return whether the address may be fetched."""
        return not self.unreachable and bool(self.rules.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        """Return the seconds that the site asks for between requests."""
        return float(self.rules.crawl_delay(AGENT) or 0.0)

    @property
    def sitemaps(self) -> list[str]:
        """Return the addresses of the sitemaps it names."""
        return list(self.rules.sitemaps)

    def is_fresh(self, now: datetime) -> bool:
        """Return whether what it says may still be relied on."""
        return not self.unreachable and now - self.read_at < LIFETIME


def read_robots(status: int, body: bytes, at: datetime, failure: str = "") -> Robots:
    """Read an answer: 2xx is parsed, 4xx allows all; 429, 5xx and no answer allow nothing for now.

    `status` is 0 where no answer came; `failure` then says why.
    """
    if 200 <= status < 300:
        text = body[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        return Robots(Protego.parse(_VERSION.sub(r"\1", text.replace("\0", ""))), at)
    allow_all = Protego.parse("")
    if status == 429 or status == 0 or status >= 500:
        why = f"robots.txt answered {status}" if status else f"the site could not be reached ({failure})"
        return Robots(allow_all, at, unreachable=why)
    return Robots(allow_all, at)
