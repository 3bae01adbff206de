"""Where a sweep runs: in processes of this machine, or on a Dask cluster; both give the same outcomes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from promisecheck.errors import UsageError
from promisecheck.processes import Died, share_out
from promisecheck.sweep.work import Job, Outcome, check_batch

MOST_DEATHS = 3
Group = Sequence[Job]
Batch = Sequence[Group]
Runner = Callable[[Sequence[Group]], Iterator[Outcome]]


def by_host(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return the jobs in groups that share a host: each group is one worker's, so no host is asked by two."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.host, []).append(job)
    return list(groups.values())


def batches_of(groups: Sequence[Group], at_a_time: int) -> list[Batch]:
    """Return the groups in batches: a batch is what one worker checks at a time."""
    return [groups[n : n + at_a_time] for n in range(0, len(groups), max(1, at_a_time))]


def run_local(groups: Sequence[Group], *, workers: int, at_a_time: int = 1) -> Iterator[Outcome]:
    """Yield outcomes as they come from so many processes; what a dead process held is done again.

    One worker is this process itself. After a death its groups go alone, so that one that kills its worker costs no other.
    """
    if workers == 1:
        for batch in batches_of(groups, at_a_time):
            yield from check_batch(batch)
        return
    waiting = deque(batches_of(groups, at_a_time))
    deaths: Counter[str] = Counter()
    for batch, done in share_out(check_batch, waiting, workers):
        if not isinstance(done, Died):
            yield from done
            continue
        for group in batch:
            deaths[group[0].host] += 1
            if deaths[group[0].host] < MOST_DEATHS:
                waiting.append([group])
            else:
                yield from _lost([group], f"its worker process died {MOST_DEATHS} times")


def run_dask(groups: Sequence[Group], *, scheduler: str, at_a_time: int = 1) -> Iterator[Outcome]:
    """Yield outcomes as they come from a Dask cluster, whose workers must see the sweep's folder."""
    try:
        import distributed
    except ImportError:
        raise UsageError("needs Dask", where="--runner dask", do='pip install "promisecheck[dask]"') from None
    cluster: Any = distributed
    try:
        client = cluster.Client(scheduler, timeout=10)
    except (OSError, ValueError) as failure:
        raise UsageError(
            f"no Dask scheduler answers: {failure}", where=scheduler, do="start one with: dask scheduler"
        ) from failure
    with client:
        futures = {
            client.submit(check_batch, batch, pure=False, retries=MOST_DEATHS): batch
            for batch in batches_of(groups, at_a_time)
        }
        for future in cluster.as_completed(futures):
            error = future.exception()
            if error is None:
                yield from future.result()
            else:
                yield from _lost(futures[future], f"its worker failed: {type(error).__name__}: {error}")


def _lost(batch: Batch, reason: str) -> Iterator[Outcome]:
    for group in batch:
        for job in group:
            yield Outcome(company_id=job.company.id, status="failed", reason=reason)
