"""When the next request to a site is allowed: delays, what the site asks for, back-off, and when to give up."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SLOW_DOWN = (429, 503)
_MAX_BACK_OFF = 300.0


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a Retry-After header (a number or a date) asks to wait, or None."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


class Pace:
    """Keep one site's time table; times are Unix seconds."""

    def __init__(self, delay: float, *, max_failures: int, chance: random.Random) -> None:
        self._delay = delay
        self._asked = 0.0
        self._max_failures = max_failures
        self._chance = chance
        self._failures = 0
        self.ready_at = 0.0

    def ask_for(self, delay: float) -> None:
        """Heed the delay that robots.txt names, where it is longer than our own."""
        self._asked = max(self._asked, delay)

    @property
    def delay(self) -> float:
        """Return the seconds between two requests."""
        return max(self._delay, self._asked)

    @property
    def given_up(self) -> bool:
        """Return whether so many requests failed in a row that asking on would only add load."""
        return self._failures >= self._max_failures

    def answered(self, status: int, headers: Mapping[str, str], now: datetime) -> float:
        """Note an answer (status 0: none); return for how many seconds its address should wait."""
        at = now.timestamp()
        self.ready_at = max(self.ready_at, at + self.delay)
        if status and status not in _SLOW_DOWN and status < 500:
            self._failures = 0
            return 0.0
        self._failures += 1
        wait = retry_after(headers, now) if status in _SLOW_DOWN else None
        if wait is None:
            wait = self._back_off()
        if status in _SLOW_DOWN:
            self.ready_at = max(self.ready_at, at + wait)
        return wait

    def hold(self, seconds: float, now: datetime) -> None:
        """Leave the whole site alone for a while."""
        self.ready_at = max(self.ready_at, now.timestamp() + seconds)

    def _back_off(self) -> float:
        step = max(self.delay, 0.5) * float(2 ** min(self._failures, 8))
        return min(step, _MAX_BACK_OFF) * self._chance.uniform(0.75, 1.25)
