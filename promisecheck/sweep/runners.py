"""Where a sweep runs: in processes of this machine, or on a Dask cluster; both give the same outcomes."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from promisecheck.errors import UsageError
from promisecheck.sweep.work import Job, Outcome, check_jobs

MOST_DEATHS = 3
Runner = Callable[[Sequence[Sequence[Job]]], Iterator[Outcome]]


def by_host(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return the jobs in groups that share a host: each group is one worker's, so no host is asked by two."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.host, []).append(job)
    return list(groups.values())


def run_local(groups: Sequence[Sequence[Job]], *, workers: int) -> Iterator[Outcome]:
    """Yield outcomes as they come from so many processes; what a dead process held is done again."""
    waiting = deque((list(group), 0) for group in groups)
    while waiting:
        broken: list[tuple[list[Job], int]] = []
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            running: dict[Future[list[Outcome]], tuple[list[Job], int]] = {}
            while (waiting or running) and not broken:
                while waiting and len(running) < 2 * workers:
                    group, deaths = waiting.popleft()
                    running[pool.submit(check_jobs, group)] = (group, deaths)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    held = running.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        broken.append(held)
                    else:
                        yield from future.result()
            broken += running.values()
        for group, deaths in broken:
            if deaths + 1 >= MOST_DEATHS:
                yield from _lost(group, f"its worker process died {deaths + 1} times")
            else:
                waiting.append((group, deaths + 1))


def run_dask(groups: Sequence[Sequence[Job]], *, scheduler: str) -> Iterator[Outcome]:
    """Yield outcomes as they come from a Dask cluster, whose workers must see the sweep's folder."""
    try:
        import distributed
    except ImportError:
        raise UsageError("needs Dask", where="--runner dask", do='pip install "promisecheck[dask]"') from None
    cluster: Any = distributed
    try:
        client = cluster.Client(scheduler, timeout=30)
    except (OSError, ValueError) as failure:
        raise UsageError(
            f"no Dask scheduler answers: {failure}", where=scheduler, do="start one with: dask scheduler"
        ) from failure
    with client:
        futures = {
            client.submit(check_jobs, list(group), pure=False, retries=MOST_DEATHS): group for group in groups
        }
        for future in cluster.as_completed(futures):
            error = future.exception()
            if error is None:
                yield from future.result()
            else:
                yield from _lost(futures[future], f"its worker failed: {type(error).__name__}: {error}")


def _lost(group: Sequence[Job], reason: str) -> Iterator[Outcome]:
    for job in group:
        yield Outcome(company_id=job.company.id, status="failed", reason=reason)
