"""One sweep: jobs from the list, a runner to do them, the shards merged, the table written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from promisecheck.check import CheckSettings
from promisecheck.crawl import CrawlSettings
from promisecheck.dossier import load_view
from promisecheck.errors import StoreError, UsageError
from promisecheck.findings import Policy
from promisecheck.model import Run, content_id
from promisecheck.report import write_report
from promisecheck.store import ProgressNotes, Store
from promisecheck.store.exports import DATABASE
from promisecheck.sweep.companies import Listed
from promisecheck.sweep.runners import Runner, by_host
from promisecheck.sweep.summary import SummaryRow, read_summary, write_summary
from promisecheck.sweep.work import KIND, Job, Outcome, finished_run, outcome_of, shard_path

Progress = Callable[["State"], None]
COMPANIES = "companies"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Say how far a sweep is: companies done of all, the seconds that are probably left, and what came last."""

    done: int
    total: int
    failed: int
    left_s: float | None
    last: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Hold the result of a sweep and the files it wrote."""

    rows: tuple[SummaryRow, ...]
    outcomes: tuple[Outcome, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings:
    """Say where a sweep keeps its files and how each company is checked."""

    folder: Path
    crawl: CrawlSettings
    policy: Policy = field(default_factory=Policy)
    timezone: str = ""
    rules: tuple[Path, ...] = ()
    semantic: bool | None = None
    language: str = "en"

    @property
    def hash(self) -> str:
        """Return a hash of all that can move results: a company checked otherwise is checked again."""
        crawl = self.crawl
        rules = sorted(str(path.resolve()) for path in self.rules)
        return content_id(
            "sweep", crawl.max_pages, crawl.max_depth, self.policy, self.timezone, self.semantic, rules
        )


def open_sweep(folder: Path, *, now: datetime, fresh: bool = False) -> datetime:
    """Return the moment that a folder's sweep is dated with; a new folder, or `fresh`, begins a new one."""
    manifest = folder / "sweep.json"
    folder.mkdir(parents=True, exist_ok=True)
    if manifest.exists() and not fresh:
        try:
            return datetime.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["dated"])
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"cannot be read: {error}", where=str(manifest), do="use --fresh") from error
    dated = now.replace(microsecond=0)
    unfinished = manifest.with_suffix(".part")
    unfinished.write_text(json.dumps({"dated": dated.isoformat()}) + "\n", encoding="utf-8")
    unfinished.replace(manifest)
    return dated


def run_sweep(
    listed: Sequence[Listed], settings: SweepSettings, runner: Runner, *, at: datetime,
    progress: Progress = lambda state: None, clock: Callable[[], float] = time.monotonic,
) -> Swept:  # fmt: skip
    """Check every company that this sweep has not checked yet, merge all shards, and write the exports."""
    jobs = [_job(one, settings, at) for one in listed]
    done = [outcome for job in jobs if (outcome := _known(job)) is not None]
    seen = {outcome.company_id for outcome in done}
    groups = by_host([job for job in jobs if job.company.id not in seen])
    began, before = clock(), len(done)
    progress(_state(done, jobs, before, 0.0))
    with _noting(settings.folder, at, len(jobs)) as note:
        note(len(done))
        for outcome in runner(groups):
            done.append(outcome)
            note(len(done))
            progress(replace(_state(done, jobs, before, clock() - began), last=outcome))
    return _finish(listed, jobs, done, settings, at)


@contextmanager
def _noting(folder: Path, at: datetime, companies: int) -> Iterator[Callable[[int], None]]:
    """Give a function that notes in the sweep's database how many companies are done, for who looks in meanwhile."""
    run = Run(id=content_id("run", KIND, at.isoformat()), kind=KIND, started_at=at)
    with (
        Store.open(folder / "sweep.db", durable=False) as store,
        ProgressNotes(store, run, now=lambda: datetime.now(UTC), totals={COMPANIES: companies}) as notes,
    ):
        yield lambda done: notes(COMPANIES, done)


def _job(listed: Listed, settings: SweepSettings, at: datetime) -> Job:
    check = CheckSettings(
        crawl=settings.crawl, policy=settings.policy, timezone=settings.timezone, config_hash=settings.hash
    )
    return Job(
        company=listed.company, incidents=tuple(path.resolve() for path in listed.incidents),
        shard=shard_path(settings.folder.resolve(), listed.company.id), settings=check, at=at,
        rules=tuple(path.resolve() for path in settings.rules), semantic=settings.semantic,
    )  # fmt: skip


def _known(job: Job) -> Outcome | None:
    """Return what this sweep came to when it was run before, or None."""
    if not job.shard.exists():
        return None
    try:
        with Store.open(job.shard) as store:
            run = finished_run(store, job)
            return outcome_of(run) if run else None
    except StoreError:
        return None


def _state(done: Sequence[Outcome], jobs: Sequence[Job], before: int, took: float) -> State:
    fresh = len(done) - before
    left = (len(jobs) - len(done)) * took / fresh if fresh else None
    failed = sum(outcome.status == "failed" for outcome in done)
    return State(done=len(done), total=len(jobs), failed=failed, left_s=left)


def _finish(
    listed: Sequence[Listed],
    jobs: Sequence[Job],
    outcomes: Sequence[Outcome],
    settings: SweepSettings,
    at: datetime,
) -> Swept:
    folder, companies = settings.folder, [one.company for one in listed]
    with Store.open(folder / "sweep.db", durable=False) as store:
        unread = {}
        for job in sorted(jobs, key=lambda job: job.company.id):
            try:
                store.merge(job.shard)
            except StoreError as error:
                unread[job.company.id] = str(error)
        outcomes = [
            replace(one, status="failed", reason=one.reason or unread[one.company_id])
            if one.company_id in unread else one
            for one in sorted(outcomes, key=lambda one: one.company_id)
        ]  # fmt: skip
        rows = read_summary(store, companies, outcomes)
        ids = [company.id for company in companies]
        view = load_view(store, company_ids=ids, language=settings.language, now=at)
        write_summary(rows, folder / "summary.csv")
        files = [folder / "summary.csv"]
        for format_, name in (("csv", "findings.csv"), ("json", "findings.json")):
            files += write_report(view, format_, folder / name)
            store.note_exports(
                [folder / name], format=format_, language=settings.language, company_ids=ids, at=at
            )
        store.note_exports([job.shard for job in jobs if job.shard.exists()], format=DATABASE, at=at)
    return Swept(rows=tuple(rows), outcomes=tuple(outcomes), files=tuple(files))
