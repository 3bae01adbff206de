"""The addresses of one crawl, kept so that it goes on where it stopped, whatever stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from math import inf
from pathlib import Path
from shutil import rmtree
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
# A power cut may take back the pages of the last second: the crawl would fetch them again.
_LAG = 1.0
_FIELDS = ("key", "url", "worth", "depth", "due", "attempts")


class StoredFrontier(Generic[Entry]):
    """Keep a crawl's addresses in the database.

    What is taken is noted as "taken" before it is asked for; what was not committed then is "late" at the
    next start: it waits until the others are done, so that one crash after another never hits one page.
    """

    def __init__(self, rows: SiteRows, company_id: str, make: Callable[..., Entry]) -> None:
        self._rows = rows
        self._company_id = company_id
        self._make = make
        self._late = 0
        self._before: set[str] = set()

    @property
    def shelf(self) -> Path:
        """Return the folder beside the database for answers to requests that were made before and lost."""
        file = self._rows.path
        return file.with_name(f"{file.name}-asked-{sha256(self._company_id.encode()).hexdigest()[:12]}")

    def asked_before(self, entry: Entry) -> bool:
        """Return whether a taken entry was taken by a crawl that was cut short: it may have been asked for."""
        return entry.key in self._before

    def add(self, entries: Iterable[Entry]) -> int:
        """Queue the entries whose key is unknown; return how many were new."""
        rows = [self._row(entry, "queued") for entry in entries]
        return self._rows.add("frontier", rows)

    def take(self, now: float, room: int | None = None) -> Entry | None:
        """Return the queued entry of the highest worth that is due, or None; late ones come last.

        Where `room` is too small for all that is queued, late ones do not wait: what would be fetched in
        their place is not what an undisturbed crawl fetches.
        """
        # A lease need not outlive a power cut, so it never waits for the disk.
        with self._rows.writing(lag=inf):
            row = self._best(now, room)
            if row is None:
                return None
            sql = "UPDATE frontier SET state = 'taken' WHERE company_id = ? AND key = ?"
            self._rows.run(sql, (self._company_id, row["key"]))
        if row.pop("state") == "late":
            self._late -= 1
            self._before.add(row["key"])
        return self._make(**row)

    def next_due(self) -> float | None:
        """Return when the next queued entry is due, or None where none is queued."""
        where = "FROM frontier WHERE company_id = ? AND state IN ('queued', 'late')"
        for sql in (f"SELECT due {where} AND due <= 0 LIMIT 1", f"SELECT min(due) AS due {where}"):
            row = next(self._rows.select(sql, (self._company_id,)), None)
            if row is not None:
                break
        return row["due"] if row else None

    def commit(
        self, entry: Entry, state: State, fetched: Fetched | None = None, *, reason: str = "",
        links: Sequence[Entry] = (),
    ) -> None:  # fmt: skip
        """Store the outcome of a taken entry, what it brought and the links on it, in one transaction."""
        sql = "UPDATE frontier SET state = ?, reason = ?, attempts = ? WHERE company_id = ? AND key = ?"
        with self._rows.writing(lag=_LAG):
            self._rows.add("frontier", [self._row(entry, state)])
            self._rows.run(sql, (state, reason, entry.attempts, self._company_id, entry.key))
            if fetched is not None and state == "not-modified":
                self._rows.touch_fetched(self._company_id, fetched.url, at=fetched.fetched_at)
            elif fetched is not None:
                self._rows.save_fetched(fetched)
            self._rows.add("frontier", [self._row(link, "queued") for link in links])
        self._forget(entry)

    def postpone(self, entry: Entry, due: float) -> None:
        """Queue a taken entry again, one attempt later."""
        sql = "UPDATE frontier SET state = 'queued', due = ?, attempts = ? WHERE company_id = ? AND key = ?"
        with self._rows.writing(lag=_LAG):
            self._rows.run(sql, (due, entry.attempts + 1, self._company_id, entry.key))
        self._forget(entry)

    def met(self) -> Sequence[str]:
        """Return every address that an interrupted crawl left here, in the order in which they were met."""
        sql = "SELECT url FROM frontier WHERE company_id = ? ORDER BY rowid"
        return [row["url"] for row in self._rows.select(sql, (self._company_id,))]

    def counts(self) -> Mapping[State, int]:
        """Return how many entries stand in each state."""
        sql = (
            "SELECT CASE WHEN state IN ('taken', 'late') THEN 'queued' ELSE state END AS state, count(*) AS n "
            "FROM frontier WHERE company_id = ? GROUP BY 1"
        )
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
        state = next((row["state"] for row in self._rows.select(sql, (self._company_id, key))), None)
        return "queued" if state in ("taken", "late") else state

    def knows(self, key: str) -> bool:
        """Return whether the key was added before."""
        sql = "SELECT 1 FROM frontier WHERE company_id = ? AND key = ?"
        return next(self._rows.select(sql, (self._company_id, key)), None) is not None

    def finish(self) -> None:
        """Drop what a finished crawl left unfetched, so that the next one begins anew."""
        with self._rows.writing():
            sql = "DELETE FROM frontier WHERE company_id = ? AND state IN ('queued', 'taken', 'late')"
            self._rows.run(sql, (self._company_id,))
        self._empty_shelf()

    def clear(self) -> None:
        """Forget every address, for a crawl that begins anew."""
        with self._rows.writing():
            self._rows.run("DELETE FROM frontier WHERE company_id = ?", (self._company_id,))
        self._empty_shelf()

    def resume(self) -> None:
        """Make late what an interrupted crawl had taken: it may have been asked for already."""
        with self._rows.writing():
            sql = "UPDATE frontier SET state = 'late' WHERE company_id = ? AND state = 'taken'"
            self._rows.run(sql, (self._company_id,))
        sql = "SELECT count(*) AS n FROM frontier WHERE company_id = ? AND state = 'late'"
        self._late = next(self._rows.select(sql, (self._company_id,)))["n"]

    def _forget(self, entry: Entry) -> None:
        """Drop the answers to an entry's second requests once its outcome stands."""
        if entry.key in self._before:
            self._before.discard(entry.key)
            rmtree(self.shelf, ignore_errors=True)

    def _empty_shelf(self) -> None:
        self._late = 0
        self._before.clear()
        rmtree(self.shelf, ignore_errors=True)

    def _best(self, now: float, room: int | None) -> Row | None:
        waits = self._late and (room is None or self.counts().get("queued", 0) <= room)
        states = "'queued'" if waits or not self._late else "'queued', 'late'"
        sql = (
            "SELECT key, url, worth, depth, due, attempts, state FROM frontier WHERE company_id = ? "
            "AND state IN ({}) AND due <= ? ORDER BY worth DESC, rowid LIMIT 1"
        )
        given = (self._company_id, now)
        row = next(self._rows.select(sql.format(states), given), None)
        if row is None and waits:
            row = next(self._rows.select(sql.format("'late'"), given), None)
        return row

    def _row(self, entry: Entry, state: State) -> Row:
        values: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS}
        return {"company_id": self._company_id, **values, "state": state, "reason": ""}


class FrontierRows(SiteRows):
    """Open the frontier of a company's crawl."""

    def frontier(
        self, company_id: str, make: Callable[..., Entry], *, resume: bool = True, keep: bool = False
    ) -> StoredFrontier[Entry]:
        """Return the frontier of a company; `make` builds the crawl's own entries.

        An unfinished crawl goes on where it stopped; a finished one, or `resume=False`, begins anew. With
        `keep` a crawl that fetched something and has nothing left to fetch stands, too: what was to be made
        of it is unfinished.
        """
        frontier = StoredFrontier(self, company_id, make)
        stands = ("queued", "fetched", "not-modified") if keep else ("queued",)
        if resume and any(frontier.counts().get(state) for state in stands):  # type: ignore[call-overload]
            frontier.resume()
        else:
            frontier.clear()
        return frontier

    def begin_crawl(self, company_id: str) -> None:
        """Drop the addresses of a finished crawl of a company; an unfinished one goes on."""
        made: Callable[..., Any] = dict
        self.frontier(company_id, made)

    def finish_crawl(self, company_id: str) -> None:
        """Drop what a finished crawl of a company left unfetched, so that the next one begins anew."""
        StoredFrontier[Any](self, company_id, dict).finish()

    def count_addresses(self, company_id: str) -> Mapping[State, int]:
        """Return how many addresses of a company's crawl stand in each state, without touching it."""
        return StoredFrontier[Any](self, company_id, dict).counts()

    def met_addresses(self, company_id: str) -> list[tuple[str, str, str]]:
        """Return each address that a company's crawl met, by address: what became of it ("left": nothing), and why."""
        sql = (
            "SELECT url, CASE WHEN state IN ('queued', 'taken', 'late') THEN 'left' ELSE state END AS state, "
            "reason FROM frontier WHERE company_id = ? ORDER BY url, key"
        )
        return [(row["url"], row["state"], row["reason"]) for row in self.select(sql, (company_id,))]
