"""The addresses of one crawl, kept so that it goes on where it stopped, whatever stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, Protocol, TypeVar

from promisecheck.model import Fetched
from promisecheck.store.codec import Row
from promisecheck.store.sites import SiteRows

State = Literal["queued", "fetched", "not-modified", "skipped", "blocked", "failed"]


class EntryLike(Protocol):
    """Name what the store reads of an address that waits to be fetched."""

    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def worth(self) -> float: ...
    @property
    def depth(self) -> int: ...
    @property
    def due(self) -> float: ...
    @property
    def attempts(self) -> int: ...


Entry = TypeVar("Entry", bound=EntryLike)
_FIELDS = ("key", "url", "worth", "depth", "due", "attempts")


class StoredFrontier(Generic[Entry]):
    """Keep a crawl's addresses in the database; what is taken and not committed is queued at the next start."""

    def __init__(self, rows: SiteRows, company_id: str, make: Callable[..., Entry]) -> None:
        self._rows = rows
        self._company_id = company_id
        self._make = make
        self._taken: set[str] = set()

    def add(self, entries: Iterable[Entry]) -> int:
        """Queue the entries whose key is unknown; return how many were new."""
        rows = [self._row(entry, "queued") for entry in entries]
        return self._rows.add("frontier", rows)

    def take(self, now: float) -> Entry | None:
        """Return the queued entry of the highest worth that is due, or None."""
        sql = (
            "SELECT key, url, worth, depth, due, attempts FROM frontier WHERE company_id = ? "
            "AND state = 'queued' AND due <= ? ORDER BY worth DESC, rowid LIMIT ?"
        )
        with self._rows.writing():
            for row in self._rows.select(sql, (self._company_id, now, len(self._taken) + 1)):
                if row["key"] not in self._taken:
                    self._taken.add(row["key"])
                    return self._make(**row)
        return None

    def next_due(self) -> float | None:
        """Return when the next queued entry is due, or None where none is queued."""
        sql = (
            "SELECT key, due FROM frontier WHERE company_id = ? AND state = 'queued' "
            "ORDER BY due, worth DESC LIMIT ?"
        )
        rows = self._rows.select(sql, (self._company_id, len(self._taken) + 1))
        return next((row["due"] for row in rows if row["key"] not in self._taken), None)

    def commit(
        self, entry: Entry, state: State, fetched: Fetched | None = None, *, reason: str = "",
        links: Sequence[Entry] = (),
    ) -> None:  # fmt: skip
        """Store the outcome of a taken entry, what it brought and the links on it, in one transaction."""
        sql = "UPDATE frontier SET state = ?, reason = ?, attempts = ? WHERE company_id = ? AND key = ?"
        with self._rows.writing():
            self._rows.add("frontier", [self._row(entry, state)])
            self._rows.run(sql, (state, reason, entry.attempts, self._company_id, entry.key))
            if fetched is not None and state == "not-modified":
                self._rows.touch_fetched(self._company_id, fetched.url, at=fetched.fetched_at)
            elif fetched is not None:
                self._rows.save_fetched(fetched)
            self._rows.add("frontier", [self._row(link, "queued") for link in links])
        self._taken.discard(entry.key)

    def postpone(self, entry: Entry, due: float) -> None:
        """Queue a taken entry again, one attempt later."""
        sql = "UPDATE frontier SET state = 'queued', due = ?, attempts = ? WHERE company_id = ? AND key = ?"
        with self._rows.writing():
            self._rows.run(sql, (due, entry.attempts + 1, self._company_id, entry.key))
        self._taken.discard(entry.key)

    def counts(self) -> Mapping[State, int]:
        """Return how many entries stand in each state."""
        sql = "SELECT state, count(*) AS n FROM frontier WHERE company_id = ? GROUP BY state"
        return {row["state"]: row["n"] for row in self._rows.select(sql, (self._company_id,))}

    def reasons(self, state: State) -> Sequence[tuple[str, str]]:
        """Return (url, reason) of every entry in a state that was given one, in the order they came."""
        sql = (
            "SELECT url, reason FROM frontier WHERE company_id = ? AND state = ? AND reason <> '' "
            "ORDER BY rowid"
        )
        return [(row["url"], row["reason"]) for row in self._rows.select(sql, (self._company_id, state))]

    def urls(self, state: State) -> list[str]:
        """Return every address in a state."""
        sql = "SELECT url FROM frontier WHERE company_id = ? AND state = ? ORDER BY rowid"
        return [row["url"] for row in self._rows.select(sql, (self._company_id, state))]

    def state_of(self, key: str) -> State | None:
        """Return the state of a key, or None where it was never met."""
        sql = "SELECT state FROM frontier WHERE company_id = ? AND key = ?"
        return next((row["state"] for row in self._rows.select(sql, (self._company_id, key))), None)

    def knows(self, key: str) -> bool:
        """Return whether the key was added before."""
        sql = "SELECT 1 FROM frontier WHERE company_id = ? AND key = ?"
        return next(self._rows.select(sql, (self._company_id, key)), None) is not None

    def finish(self) -> None:
        """Drop what a finished crawl left unfetched, so that the next one begins anew."""
        with self._rows.writing():
            sql = "DELETE FROM frontier WHERE company_id = ? AND state = 'queued'"
            self._rows.run(sql, (self._company_id,))
        self._taken.clear()

    def clear(self) -> None:
        """Forget every address, for a crawl that begins anew."""
        with self._rows.writing():
            self._rows.run("DELETE FROM frontier WHERE company_id = ?", (self._company_id,))
        self._taken.clear()

    def _row(self, entry: Entry, state: State) -> Row:
        values: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS}
        return {"company_id": self._company_id, **values, "state": state, "reason": ""}


class FrontierRows(SiteRows):
    """Open the frontier of a company's crawl."""

    def frontier(
        self, company_id: str, make: Callable[..., Entry], *, resume: bool = True
    ) -> StoredFrontier[Entry]:
        """Return the frontier of a company; `make` builds the crawl's own entries.

        An unfinished crawl goes on where it stopped; a finished one, or `resume=False`, begins anew.
        """
        frontier = StoredFrontier(self, company_id, make)
        if not resume or not frontier.counts().get("queued"):
            frontier.clear()
        return frontier
