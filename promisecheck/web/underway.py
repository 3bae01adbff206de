"""What is being checked right now, how far it is, and what stopped before its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from promisecheck.model import Run
from promisecheck.report import Speech
from promisecheck.store import RunProgress, Store

# A run that has only just begun may not have said anything yet.
_BEGINNING = timedelta(minutes=1)
_ENDED = ("complete", "incomplete")
RUNNING, DEAD = "running", "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Hold how far one run is: `done` of `total` (0: nobody knows) in words and as numbers."""

    title: str
    stage: str
    words: tuple[str, ...]
    done: int
    total: int
    started_at: datetime
    since: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bustle:
    """Hold what runs and what died, and how each run of the list is to be called."""

    running: tuple[UnderWay, ...]
    dead: tuple[UnderWay, ...]
    status: Mapping[str, str]


def bustle_of(
    store: Store, runs: Sequence[Run], names: Mapping[str, str], say: Speech, now: datetime
) -> Bustle:
    """Return what is under way in the database, and what of it nobody works on any more."""
    ended = {run.id for run in runs if run.finished_at}
    told = [one for one in store.load_progress() if one.run_id not in ended and not _is_over(store, one)]
    alive = [one for one in told if one.is_under_way(now)]
    dead = [one for one in told if one not in alive and not _is_past(one, runs)]
    return Bustle(
        running=tuple(_view(store, one, names, say) for one in alive),
        dead=tuple(_view(store, one, names, say) for one in dead),
        status=_statuses(runs, {one.run_id for one in alive}, {one.run_id for one in told}, now),
    )


def _is_over(store: Store, progress: RunProgress) -> bool:
    run = store.load_run(progress.run_id)
    return run is not None and run.finished_at is not None


def _is_past(progress: RunProgress, runs: Sequence[Run]) -> bool:
    """Return whether the company was checked to the end since."""
    return any(
        run.company_id == progress.company_id
        and run.status in _ENDED
        and run.started_at > progress.started_at
        for run in runs
    )


def _statuses(
    runs: Sequence[Run], alive: Collection[str], told: Collection[str], now: datetime
) -> dict[str, str]:
    statuses = {}
    for run in runs:
        begins = run.id not in told and now - run.started_at < _BEGINNING
        runs_on = run.status == RUNNING and (run.id in alive or begins)
        statuses[run.id] = run.status if run.status != RUNNING or runs_on else DEAD
    return statuses


def _view(store: Store, progress: RunProgress, names: Mapping[str, str], say: Speech) -> UnderWay:
    done, total = progress.done, progress.total
    words: tuple[str, ...] = ()
    if progress.stage == "crawl":
        done, total, words = _crawled(store, progress, say)
    elif progress.stage == "read" and total:
        told = say.plural("{done} of {n} page read", "{done} of {n} pages read", total, done=say.number(done))
        words = (told,)
    elif total:
        told = say.plural(
            "{done} of {n} company checked", "{done} of {n} companies checked", total, done=say.number(done)
        )
        words = (told,)
    kind = say.label("run-kind", progress.kind)
    name = names.get(progress.company_id, progress.company_id)
    return UnderWay(
        title=f"{name} · {kind}" if name else f"{kind[:1].upper()}{kind[1:]}",
        stage=say.label("run-stage", progress.stage or "begin"), words=words, done=min(done, total), total=total,
        started_at=progress.started_at, since=progress.since, heard_at=progress.noted_at,
    )  # fmt: skip


def _crawled(store: Store, progress: RunProgress, say: Speech) -> tuple[int, int, tuple[str, ...]]:
    """Return how many pages are read, of how many that are known or allowed, and that in words."""
    counts = store.count_addresses(progress.company_id)
    done = counts.get("fetched", 0) + counts.get("not-modified", 0)
    waiting, failed = counts.get("queued", 0), counts.get("failed", 0)
    words = [
        say.plural("{n} page fetched", "{n} pages fetched", done),
        say.plural("{n} address waiting", "{n} addresses waiting", waiting),
    ]
    if failed:
        words.append(say.plural("{n} page could not be read", "{n} pages could not be read", failed))
    if progress.total:
        words.append(
            say.plural("at most {n} page is fetched", "at most {n} pages are fetched", progress.total)
        )
    known = done + waiting
    return done, min(known, progress.total) if progress.total else known, tuple(words)
