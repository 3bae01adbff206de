"""One night: check what is due, find out what changed, remember that people were told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from promisecheck import __version__
from promisecheck.check import CheckResult
from promisecheck.config import Config
from promisecheck.errors import PromisecheckError, StoreError
from promisecheck.model import Company, Run, content_id
from promisecheck.nightly.log import RunLog
from promisecheck.nightly.news import Dossier, News, read_news
from promisecheck.nightly.plan import Planned, due_companies, newest_good
from promisecheck.nightly.standing import Standing, read_standings
from promisecheck.nightly.work import Checker, Done, check_all
from promisecheck.promises import Reader
from promisecheck.store import ProgressNotes, Store

KIND = "night"
COMPANIES = "companies"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyNight:
    """Hold what a night came to at one company; `failure` says why it could not be checked."""

    company: Company
    due: bool
    result: CheckResult | None = None
    failure: str = ""
    news: tuple[News, ...] = ()
    standings: tuple[Standing, ...] = ()
    compares: bool = True

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Return why the check is incomplete; a company without any log is not missed for comparing nothing."""
        if self.failure or self.result is None:
            return (self.failure,) if self.failure else ()
        reasons = self.result.incomplete
        return reasons if self.compares or self.result.compared else reasons[:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Hold one night over all companies of the config; `since` is when people were last told.

    `updated` says that rules or weights are others than then: some of the news may be theirs.
    """

    run: Run
    since: datetime | None
    companies: tuple[CompanyNight, ...]
    updated: bool = False
    bug: BaseException | None = None

    @property
    def news(self) -> tuple[News, ...]:
        """Return everything that changed, company by company."""
        return tuple(news for company in self.companies for news in company.news)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSettings:
    """Say where a night's files are, how many sites are asked at a time, and who is to be checked."""

    database: Path
    folder: Path
    workers: int = 8
    everything: bool = False


def run_night(
    config: Config, planned: Sequence[Planned], settings: NightSettings, reader: Reader, log: RunLog, *,
    run: Run, now: Callable[[], datetime],
) -> Night:  # fmt: skip
    """Check the companies that are due and return what changed since people were last told."""
    with Store.open(settings.database) as store:
        _close_lost_runs(store, now())
        store.save_run(run)
        _forget(store, config, log, now())
        nights = store.load_runs(kind=KIND)
        since = last_told(nights)
        runs = store.load_runs(after=_far_enough(planned, since or run.started_at))
        due = (
            planned if settings.everything else due_companies(planned, newest_good(runs), now=run.started_at)
        )
        log.write("run", stage="start", counts={"companies": len(planned), "due": len(due)})
        checker = Checker(settings.database, settings.folder, reader, log, now=now)
        done = {}
        with ProgressNotes(store, run, now=now, totals={COMPANIES: len(due)}) as notes:
            notes(COMPANIES, 0)
            for one in check_all(due, checker, workers=settings.workers):
                done[one.item.company.id] = one
                notes(COMPANIES, len(done))
            told_at = now()
            companies = [_company_night(store, one, done, runs, since, told_at, log) for one in planned]
            finished = replace(
                run, finished_at=told_at, status=_status(companies), counts=_counts(companies, len(due))
            )
            store.save_run(finished)
    bugs = (
        one.error
        for one in done.values()
        if one.error and not isinstance(one.error, PromisecheckError | OSError)
    )
    return Night(
        run=finished, since=since, companies=tuple(companies), updated=_updated(nights, run),
        bug=next(bugs, None),
    )  # fmt: skip


def _far_enough(planned: Sequence[Planned], moment: datetime) -> datetime:
    """Return from when on runs matter: who last ran twice his interval ago is due, whenever that was."""
    return moment - 2 * max((one.every for one in planned), default=timedelta(0)) - timedelta(days=1)


def begin_run(config: Config, reader_version: str, packs: str, at: datetime) -> Run:
    """Return the run of a night that begins now."""
    return Run(
        id=content_id("run", KIND, at.isoformat()), kind=KIND, started_at=at, version=__version__,
        config_hash=config.hash, packs_hash=packs, weights_hash=reader_version,
    )  # fmt: skip


def last_told(runs: Sequence[Run]) -> datetime | None:
    """Return up to when people have been told: the end of the newest night whose news went out."""
    told = [
        run.finished_at for run in runs if run.kind == KIND and run.finished_at and run.counts.get("told")
    ]
    return max(told, default=None)


def _updated(runs: Sequence[Run], run: Run) -> bool:
    before = next((one for one in runs if one.kind == KIND and one.counts.get("told")), None)
    if before is None:
        return False
    return (before.packs_hash, before.weights_hash) != (run.packs_hash, run.weights_hash)


def mark_told(store: Store, night: Night) -> None:
    """Remember that a night's news went out: the next night tells only what comes after it."""
    store.save_run(replace(night.run, counts={**night.run.counts, "told": 1}))


def _company_night(
    store: Store, planned: Planned, done: dict[str, Done[Planned, CheckResult]], runs: Sequence[Run],
    since: datetime | None, now: datetime, log: RunLog,
) -> CompanyNight:  # fmt: skip
    company = planned.company
    mine = done.get(company.id)
    failure = _failure(mine.error) if mine and mine.error else ""
    result = mine.result if mine else None
    if failure and mine is not None:
        log.write("company", company=company.id, stage="failed", counts={"error": type(mine.error).__name__})
        _mark_failed(store, company, now)
    dossier = Dossier.read(store, company.id, since=since, now=now)
    news = read_news(dossier)
    trouble = _trouble(company, result, failure, runs, since)
    at = result.run.started_at if result else None
    return CompanyNight(
        company=company, due=mine is not None, result=result, failure=failure,
        news=(*news, *trouble), standings=tuple(read_standings(dossier, news, at=at)),
        compares=bool(planned.sources),
    )  # fmt: skip


def _trouble(
    company: Company, result: CheckResult | None, failure: str, runs: Sequence[Run], since: datetime | None
) -> list[News]:
    """Return the news that a company could not be read, or can be again; the same as last told is none."""
    if result is None and not failure:
        return []
    unseen = result.run.counts["unseen"] if result else 0
    dark = result is not None and result.coverage.nothing_read
    troubled, before = bool(failure or unseen or dark), _was_troubled(company, runs, since)
    if troubled == before:
        return []
    if before:
        return [News(change="recovered", company_id=company.id)]
    reason = failure or (result.incomplete[0] if result and result.incomplete else "")
    return [News(change="failed", company_id=company.id, reason=reason, unseen=unseen, dark=dark)]


def _was_troubled(company: Company, runs: Sequence[Run], since: datetime | None) -> bool:
    """Return whether people were last told that a company could not be read, or not wholly."""
    last = next(
        (
            run for run in runs
            if run.company_id == company.id and run.kind == "nightly" and since and run.started_at <= since
            and run.status in ("complete", "incomplete", "failed")
        ),
        None,
    )  # fmt: skip
    return last is not None and (
        last.status == "failed" or bool(last.counts.get("unseen")) or not last.counts.get("pages")
    )


def _failure(error: BaseException) -> str:
    return str(error) if isinstance(error, PromisecheckError | OSError) else f"a bug: {error!r}"


def _mark_failed(store: Store, company: Company, now: datetime) -> None:
    begun = [run for run in store.load_runs(status="running") if run.company_id == company.id]
    fresh = Run(id=content_id("run", company.id, now.isoformat()), kind="nightly", company_id=company.id,
                started_at=now, version=__version__)  # fmt: skip
    for run in begun or [fresh]:
        store.save_run(replace(run, finished_at=now, status="failed"))


def _close_lost_runs(store: Store, now: datetime) -> None:
    """Mark what a crash left running: we hold the lock, so no night can be going on."""
    for run in store.load_runs(status="running"):
        if run.kind in (KIND, "nightly"):
            store.save_run(replace(run, finished_at=now, status="interrupted"))


def _forget(store: Store, config: Config, log: RunLog, now: datetime) -> None:
    oldest = now - timedelta(days=config.retention_days)
    snapshots = store.forget_snapshots_before(oldest)
    try:
        forgotten = store.forget_before(oldest)
    except StoreError:
        # A reader of the review desk may hold the log open: the rows are gone, the rest goes next night.
        log.write("retention", stage="busy")
    else:
        log.write("retention", stage="done", counts={"incidents": forgotten, "snapshots": snapshots})


def _status(nights: Sequence[CompanyNight]) -> str:
    return "incomplete" if any(night.incomplete for night in nights) else "complete"


def _counts(nights: Sequence[CompanyNight], due: int) -> dict[str, int]:
    kinds = [news.change for night in nights for news in night.news]
    results = [night.result for night in nights if night.result]
    return {
        "companies": len(nights), "due": due, "failed": sum(bool(night.failure) for night in nights),
        "contradicted": sum(
            one.finding.verdict == "contradicted" and one.state != "absent"
            for night in nights for one in night.standings
        ),
        "pages": sum(result.run.counts["pages"] for result in results),
        **{f"news_{kind.replace('-', '_')}": kinds.count(kind) for kind in sorted(set(kinds))},
    }  # fmt: skip
