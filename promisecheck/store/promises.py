"""Promises with all the places they stand, since when, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from promisecheck.model import Promise
from promisecheck.store.changes import Changes, PromiseEvent, Standing, compare_promises
from promisecheck.store.codec import Row, from_row, time_text, to_json, to_row
from promisecheck.store.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Count what a save did."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold one place where a promise stands or stood."""

    promise_id: str
    url: str
    start: int
    end: int
    snapshot: str
    role: str
    headings: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime


class PromiseRows(Session):
    """Save and load promises, their places and their history."""

    def save_promises(
        self,
        company_id: str,
        run_id: str,
        promises: Iterable[Promise],
        *,
        at: datetime,
        pages_read: Collection[str] | None = None,
    ) -> Saved:
        """Save what one run found on a company's site, all of it in one transaction.

        The same promise may be given once for each place where it stands. `pages_read` names the pages
        that were read well: only what stood on those alone can be missing, and two good runs without it
        withdraw it (None: nothing is withdrawn). A promise's own `first_seen`, `last_seen` widen the
        time it is known to have stood; otherwise that is `at`.
        """
        with self.writing():
            found = _by_id(promises)
            stood = self._places_of(company_id)
            known = {standing.promise.id: standing for standing in self._standings(company_id, stood)}
            firsts = [places[0] for places in found.values()]
            changes = compare_promises(list(known.values()), firsts, pages_read, at, run_id)
            rows = [_promise_row(places, known.get(key), at) for key, places in found.items()]
            self.put("promises", rows)
            self._save_places(found, stood, at)
            self._save_changes(changes, at)
        return _count(found, known)

    def load_promises(self, company_id: str | None = None, *, withdrawn: bool = False) -> list[Promise]:
        """Return the promises that stand now, with `withdrawn` also those that no longer do."""
        sql = "SELECT * FROM promises WHERE (? IS NULL OR company_id = ?)"
        if not withdrawn:
            sql += " AND withdrawn_at IS NULL"
        rows = self.select(f"{sql} ORDER BY company_id, url, start, id", (company_id, company_id))
        return [from_row(Promise, row) for row in rows]

    def load_promise(self, promise_id: str) -> Promise | None:
        """Return one promise, or None."""
        rows = self.select("SELECT * FROM promises WHERE id = ?", (promise_id,))
        return next((from_row(Promise, row) for row in rows), None)

    def load_places(self, promise_id: str) -> list[Place]:
        """Return every place where the promise stands or stood, by URL."""
        sql = "SELECT * FROM pages_promises WHERE promise_id = ? ORDER BY url, start"
        return [from_row(Place, row) for row in self.select(sql, (promise_id,))]

    def load_history(self, company_id: str, promise_id: str | None = None) -> list[PromiseEvent]:
        """Return what became of a company's promises, oldest first."""
        sql = (
            "SELECT h.* FROM promise_history h JOIN promises p ON p.id = h.promise_id "
            "WHERE p.company_id = ? AND (? IS NULL OR h.promise_id = ?) ORDER BY h.at, h.promise_id, h.event"
        )
        rows = self.select(sql, (company_id, promise_id, promise_id))
        return [from_row(PromiseEvent, row) for row in rows]

    def _places_of(self, company_id: str) -> dict[str, dict[tuple[str, int], str]]:
        """Return, by promise, the places where it stood with the time each was first seen."""
        sql = (
            "SELECT promise_id, url, start, first_seen FROM pages_promises WHERE promise_id IN "
            "(SELECT id FROM promises WHERE company_id = ?)"
        )
        places: defaultdict[str, dict[tuple[str, int], str]] = defaultdict(dict)
        for row in self.select(sql, (company_id,)):
            places[row["promise_id"]][row["url"], row["start"]] = row["first_seen"]
        return places

    def _standings(
        self, company_id: str, stood: Mapping[str, Mapping[tuple[str, int], str]]
    ) -> list[Standing]:
        rows = self.select("SELECT * FROM promises WHERE company_id = ?", (company_id,))
        return [_standing(row, frozenset(url for url, _ in stood.get(row["id"], ()))) for row in rows]

    def _save_places(
        self,
        found: Mapping[str, list[Promise]],
        stood: Mapping[str, Mapping[tuple[str, int], str]],
        at: datetime,
    ) -> None:
        """Save where each promise stands; on a page where it moved, its former place there goes."""
        moment = time_text(at)
        rows: dict[tuple[str, str, int], Row] = {}
        for key, promises in found.items():
            before, urls = stood.get(key, {}), {promise.url for promise in promises}
            for promise in promises:
                row = _place_row(promise, moment)
                row["first_seen"] = min(before.get((promise.url, promise.start), moment), moment)
                rows[key, promise.url, promise.start] = row
            for url, start in before:
                if url in urls and (key, url, start) not in rows:
                    sql = "DELETE FROM pages_promises WHERE promise_id = ? AND url = ? AND start = ?"
                    self.run(sql, (key, url, start))
        self.put("pages_promises", list(rows.values()))

    def _save_changes(self, changes: Changes, at: datetime) -> None:
        self.put("promise_history", [to_row(event) for event in changes.events])
        for key, missed in changes.missed.items():
            self.run("UPDATE promises SET missed = ? WHERE id = ?", (missed, key))
        for event in changes.events:
            if event.event == "withdrawn":
                sql = "UPDATE promises SET withdrawn_at = ? WHERE id = ?"
                self.run(sql, (time_text(at), event.promise_id))


def _by_id(promises: Iterable[Promise]) -> dict[str, list[Promise]]:
    found: defaultdict[str, list[Promise]] = defaultdict(list)
    for promise in promises:
        found[promise.id].append(promise)
    return {key: sorted(places, key=lambda place: (place.url, place.start)) for key, places in found.items()}


def _promise_row(places: list[Promise], known: Standing | None, at: datetime) -> Row:
    row = {"id": places[0].id, **to_row(places[0]), "missed": 0, "withdrawn_at": None}
    before = [known.promise] if known else []
    firsts = [item.first_seen for item in (*places, *before) if item.first_seen]
    lasts = [item.last_seen for item in (*places, *before) if item.last_seen]
    row["first_seen"] = min([time_text(moment) for moment in firsts] + [time_text(at)])
    row["last_seen"] = max([time_text(moment) for moment in lasts] + [time_text(at)])
    return row


def _place_row(promise: Promise, moment: str) -> Row:
    return {
        "promise_id": promise.id, "url": promise.url, "start": promise.start, "end": promise.end,
        "snapshot": promise.snapshot, "role": promise.role, "headings": to_json(promise.headings),
        "first_seen": moment, "last_seen": moment,
    }  # fmt: skip


def _standing(row: Row, urls: frozenset[str]) -> Standing:
    return Standing(
        promise=from_row(Promise, row),
        urls=urls,
        missed=row["missed"],
        withdrawn=row["withdrawn_at"] is not None,
    )


def _count(found: Mapping[str, list[Promise]], known: Mapping[str, Standing]) -> Saved:
    same = sum(key in known and _same(places[0], known[key].promise) for key, places in found.items())
    new = sum(key not in known for key in found)
    return Saved(new=new, updated=len(found) - new - same, unchanged=same)


def _same(new: Promise, old: Promise) -> bool:
    times = {"first_seen": None, "last_seen": None}
    return {**to_row(new), **times} == {**to_row(old), **times}
