"""The unit of a sweep: one company checked into a database of its own, in whichever process it may be."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from promisecheck.check import CheckSettings, check_company
from promisecheck.errors import IncompleteError, PromisecheckError
from promisecheck.model import Company, Run
from promisecheck.promises import Reader, open_reader
from promisecheck.store import Store

KIND = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Hold all that a worker needs; it can be sent to another process or machine that sees the same folder."""

    company: Company
    incidents: tuple[Path, ...]
    shard: Path
    settings: CheckSettings
    at: datetime
    rules: tuple[Path, ...] = ()
    semantic: bool | None = None

    @property
    def host(self) -> str:
        """Return the host whose delay clock this job needs."""
        return urlsplit(self.company.home_url).netloc


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Say what became of one company: complete, incomplete or failed, and why."""

    company_id: str
    status: str
    reason: str = ""
    pages: int = 0


def check_batch(batch: Sequence[Sequence[Job]]) -> list[Outcome]:
    """Check groups of companies at a time, each group one after the other.

    A company that fails is an outcome, never an error.
    """
    stop = Event()
    with ThreadPoolExecutor(max(1, len(batch)), thread_name_prefix="company") as pool:
        try:
            done = list(pool.map(lambda group: [check_job(job, stop) for job in group], batch))
        except BaseException:
            stop.set()
            raise
    return [outcome for outcomes in done for outcome in outcomes]


def check_job(job: Job, stop: Event) -> Outcome:
    """Check one company into its shard, or return what an earlier sweep of the same date came to."""

    def go_on(stage: str, done: int) -> None:
        if stop.is_set():
            raise IncompleteError("stopped before its end", where=job.company.id)

    try:
        job.shard.parent.mkdir(parents=True, exist_ok=True)
        with Store.open(job.shard, durable=False) as store:
            done = finished_run(store, job)
            if done is not None:
                return outcome_of(done)
            result = check_company(
                job.company, store, _own(_reader(job.rules, job.semantic)), job.settings,
                incident_files=job.incidents, now=lambda: datetime.now(UTC), at=job.at, kind=KIND,
                progress=go_on,
            )  # fmt: skip
            return outcome_of(result.run)
    except (PromisecheckError, OSError) as error:
        return Outcome(company_id=job.company.id, status="failed", reason=str(error))


def finished_run(store: Store, job: Job) -> Run | None:
    """Return the run that this sweep made of a company by these settings, where it ended and read something."""
    for run in store.load_runs(kind=KIND):
        same = run.started_at == job.at and run.config_hash == job.settings.config_hash
        if same and run.finished_at and run.counts.get("pages"):
            return run
    return None


def outcome_of(run: Run) -> Outcome:
    """Return the outcome that a finished run stands for."""
    failures = [f"{one['url']}: {one['reason']}" for one in run.coverage.get("failed", ())]
    pages = run.counts.get("pages", 0)
    if not pages:
        return Outcome(
            company_id=run.company_id, status="failed", reason=failures[0] if failures else "no page read"
        )
    reason = f"{failures[0]} (of {len(failures)})" if failures else ""
    return Outcome(company_id=run.company_id, status=run.status, reason=reason, pages=pages)


def shard_path(folder: Path, company_id: str) -> Path:
    """Return a company's database: its id as far as a file name can hold it, and a hash that keeps it apart."""
    plain = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "_" for sign in company_id
    )
    digest = sha256(company_id.encode()).hexdigest()[:8]
    return folder / "shards" / digest[:2] / f"{plain[:60]}-{digest}.db"


@lru_cache(maxsize=2)
def _reader(rules: tuple[Path, ...], semantic: bool | None) -> Reader:
    return open_reader(rules=rules, semantic=semantic)


def _own(shared: Reader) -> Reader:
    """Return a reader that remembers the sentences of one site only: what is read depends on nothing else."""
    return Reader(packs=shared.packs, readings=shared.readings, thresholds=shared.thresholds)
