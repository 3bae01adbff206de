"""What became of each promise since the last run: stated, changed, withdrawn or restated; no database here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from promisecheck.model import Measure, Promise, fold

Event = Literal["stated", "changed", "withdrawn", "restated"]
RUNS_UNTIL_WITHDRAWN = 2
ALIKE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseEvent:
    """Hold one step in the life of a promise; `previous_id` names what a changed one replaced."""

    promise_id: str
    at: datetime
    event: Event
    quote: str
    measure: Measure | None = None
    previous_id: str | None = None
    run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold a promise as the store knows it, with the pages it stood on and the good runs without it."""

    promise: Promise
    urls: frozenset[str]
    missed: int = 0
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Hold the events of one run and how many good runs in a row each absent promise was missed."""

    events: tuple[PromiseEvent, ...]
    missed: Mapping[str, int]


def compare_promises(
    known: Sequence[Standing],
    seen: Iterable[Promise],
    pages_read: Collection[str] | None,
    at: datetime,
    run_id: str = "",
) -> Changes:
    """Compare what stands now with what stood before.

    Only a promise whose pages were all read counts as absent: a page that could not be read withdraws
    nothing, and `pages_read=None` means that nothing is known of absence. An absent promise that a new,
    similar one of the same metric or theme on the same page replaces is changed at once; any other is
    withdrawn after two good runs without it.
    """
    now = {promise.id: promise for promise in seen}
    before = {standing.promise.id: standing for standing in known}
    gone = _absent(known, now, pages_read)
    events: list[PromiseEvent] = []
    for promise in (promise for key, promise in now.items() if key not in before):
        old = _replaced_by(promise, gone)
        if old is not None:
            gone.remove(old)
            events.append(_event("withdrawn", old.promise, at, run_id))
        events.append(_event("changed" if old else "stated", promise, at, run_id, old))
    back = [now[key] for key, standing in before.items() if standing.withdrawn and key in now]
    events += [_event("restated", promise, at, run_id) for promise in back]
    missed = {standing.promise.id: standing.missed + 1 for standing in gone}
    lost = [standing.promise for standing in gone if missed[standing.promise.id] >= RUNS_UNTIL_WITHDRAWN]
    events += [_event("withdrawn", promise, at, run_id) for promise in lost]
    return Changes(events=tuple(events), missed=missed)


def absences(events: Iterable[PromiseEvent]) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return, by promise, from when until when it was withdrawn, for those that were restated."""
    gone: dict[str, datetime] = {}
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for event in sorted(events, key=lambda one: one.at):
        if event.event == "withdrawn":
            gone[event.promise_id] = event.at
        elif event.promise_id in gone:
            found.setdefault(event.promise_id, []).append((gone.pop(event.promise_id), event.at))
    return found


def _absent(
    known: Sequence[Standing], now: Mapping[str, Promise], pages_read: Collection[str] | None
) -> list[Standing]:
    if pages_read is None:
        return []
    read = set(pages_read)
    return [
        standing
        for standing in known
        if standing.promise.id not in now and not standing.withdrawn and standing.urls <= read
    ]


def _replaced_by(promise: Promise, gone: Sequence[Standing]) -> Standing | None:
    """Return the absent promise on the same page that reads most like this one, if any is alike enough."""
    matcher = SequenceMatcher(None, "", fold(promise.quote), autojunk=False)
    best: tuple[float, str, Standing] | None = None
    for old in gone:
        if promise.url not in old.urls or not _same_subject(old.promise, promise):
            continue
        matcher.set_seq1(fold(old.promise.quote))
        least = best[0] if best else ALIKE
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < least:
            continue
        likeness = matcher.ratio()
        if likeness >= least and (best is None or (likeness, old.promise.id) > best[:2]):
            best = (likeness, old.promise.id, old)
    return best[2] if best else None


def _same_subject(old: Promise, new: Promise) -> bool:
    return old.metric == new.metric if old.metric and new.metric else old.theme == new.theme


def _event(
    event: Event, promise: Promise, at: datetime, run_id: str, old: Standing | None = None
) -> PromiseEvent:
    return PromiseEvent(
        promise_id=promise.id, at=at, event=event, quote=promise.quote, measure=promise.measure,
        previous_id=old.promise.id if old else None, run_id=run_id,
    )  # fmt: skip
