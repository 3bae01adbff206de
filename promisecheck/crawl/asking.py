"""Requests of one crawl: each through the safe client, each noted in the site's time table, each counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from promisecheck.crawl.addresses import BlockedAddressError
from promisecheck.crawl.again import Apart
from promisecheck.crawl.client import Answer, Client
from promisecheck.crawl.pace import Pace
from promisecheck.errors import FetchError


class Asker:
    """Make the requests of one site, one at a time."""

    def __init__(self, client: Client, pace: Pace, now: Callable[[], datetime], deadline: float) -> None:
        self._client = client
        self._deadline = deadline
        self.pace = pace
        self.now = now
        self.wait = 0.0
        self.requests = 0
        self.bytes = 0

    def ask(
        self,
        url: str,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        truncate: bool = False,
        wants: Callable[[Answer], bool] | None = None,
        by: Apart | None = None,
    ) -> Answer:
        """Return the answer; `wait` then holds the seconds after which a failed address may be tried again.

        `by` is who makes the request in place of the client.
        """
        self.requests += 1
        try:
            answer = (by or self._client).get(
                url,
                headers=headers,
                max_bytes=max_bytes,
                deadline=self._deadline,
                truncate=truncate,
                wants=wants,
            )
        except BlockedAddressError:
            # Nothing was sent, so the site has nothing to be spared from.
            self.wait = 0.0
            raise
        except FetchError:
            self.wait = self.pace.answered(0, {}, self.now())
            raise
        self.wait = self.pace.answered(answer.status, answer.headers, self.now())
        self.bytes += len(answer.body)
        return answer
