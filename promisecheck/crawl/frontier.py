"""Which addresses are known, which come next and which are done: the protocol a store can keep, and one in memory."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from promisecheck.model import Fetched

State = Literal["queued", "fetched", "not-modified", "skipped", "blocked", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one address; `key` is its canonical form, `due` the time (Unix seconds) before which it must wait."""

    key: str
    url: str
    worth: float = 0.0
    depth: int = 0
    due: float = 0.0
    attempts: int = 0


class Frontier(Protocol):
    """Keep the addresses of one crawl, so that it goes on where it stopped, whatever stopped it.

    An entry that was taken and not committed is queued again when the frontier is opened anew, behind the
    others, and so is fetched once more, by a process that no crash of the crawl ends. `commit` is one
    transaction: the answer, the state of its entry and the links found on it stand together, or none of them does.
    """

    def met(self) -> Sequence[str]:
        """Return every address that an interrupted crawl left here, in the order in which they were met."""
        ...

    def add(self, entries: Iterable[Entry]) -> int:
        """Queue the entries whose key is unknown; return how many were new."""
        ...

    def take(self, now: float, room: int | None = None) -> Entry | None:
        """Return the queued entry of the highest worth that is due, or None.

        `room` is how many pages may still be fetched: only where it holds all that is queued can an entry
        that was interrupted wait for the others without changing what the crawl fetches.
        """
        ...

    def next_due(self) -> float | None:
        """Return when the next queued entry is due, or None where none is queued."""
        ...

    def commit(
        self, entry: Entry, state: State, fetched: Fetched | None = None, *, reason: str = "",
        links: Sequence[Entry] = (),
    ) -> None:  # fmt: skip
        """Store the outcome of a taken entry together with what it brought and the links on it."""
        ...

    def postpone(self, entry: Entry, due: float) -> None:
        """Queue a taken entry again, one attempt later."""
        ...

    def counts(self) -> Mapping[State, int]:
        """Return how many entries stand in each state."""
        ...

    def reasons(self, state: State) -> Sequence[tuple[str, str]]:
        """Return (url, reason) of every entry in a state."""
        ...

    def state_of(self, key: str) -> State | None:
        """Return the state of a key, or None where it was never met."""
        ...

    @property
    def shelf(self) -> Path | None:
        """Return the folder for answers to second requests, or None where nothing outlives the crawl."""
        ...

    def asked_before(self, entry: Entry) -> bool:
        """Return whether a taken entry was taken by a crawl that was cut short: it may have been asked for."""
        ...


class MemoryFrontier:
    """Keep a frontier in memory, for a crawl that is not resumed."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Entry]] = []
        self._later: list[tuple[float, int, Entry]] = []
        self._number = itertools.count()
        self._known: dict[str, State] = {}
        self._reasons: dict[State, list[tuple[str, str]]] = {}

    def add(self, entries: Iterable[Entry]) -> int:
        """Queue the entries whose key is unknown; return how many were new."""
        new = 0
        for entry in entries:
            if entry.key not in self._known:
                new += 1
                self._queue(entry)
        return new

    def met(self) -> Sequence[str]:
        """Return nothing: what is in memory is never left by an interrupted crawl."""
        return ()

    def take(self, now: float, room: int | None = None) -> Entry | None:
        """Return the queued entry of the highest worth that is due, or None."""
        while self._later and self._later[0][0] <= now:
            self._push(heapq.heappop(self._later)[2])
        while self._heap:
            entry = heapq.heappop(self._heap)[2]
            if self._known[entry.key] == "queued":
                return entry
        return None

    def next_due(self) -> float | None:
        """Return when the next queued entry is due, or None where none is queued."""
        if self._heap:
            return 0.0
        return self._later[0][0] if self._later else None

    def commit(
        self, entry: Entry, state: State, fetched: Fetched | None = None, *, reason: str = "",
        links: Sequence[Entry] = (),
    ) -> None:  # fmt: skip
        """Note the outcome of a taken entry and queue the links on it."""
        self._known[entry.key] = state
        if reason:
            self._reasons.setdefault(state, []).append((entry.url, reason))
        self.add(links)

    def postpone(self, entry: Entry, due: float) -> None:
        """Queue a taken entry again, one attempt later."""
        self._queue(replace(entry, due=due, attempts=entry.attempts + 1))

    def counts(self) -> Mapping[State, int]:
        """Return how many entries stand in each state."""
        return Counter(self._known.values())

    def reasons(self, state: State) -> Sequence[tuple[str, str]]:
        """Return (url, reason) of every entry in a state."""
        return self._reasons.get(state, [])

    def state_of(self, key: str) -> State | None:
        """Return the state of a key, or None where it was never met."""
        return self._known.get(key)

    @property
    def shelf(self) -> Path | None:
        """Return None: nothing is left on the disk."""
        return None

    def asked_before(self, entry: Entry) -> bool:
        """Return False: what is in memory is never left by an interrupted crawl."""
        return False

    def _queue(self, entry: Entry) -> None:
        self._known[entry.key] = "queued"
        if entry.due:
            heapq.heappush(self._later, (entry.due, next(self._number), entry))
        else:
            self._push(entry)

    def _push(self, entry: Entry) -> None:
        heapq.heappush(self._heap, (-entry.worth, next(self._number), entry))
