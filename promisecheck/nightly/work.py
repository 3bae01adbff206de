"""Checking many companies at a time, one thread each: a host is asked by one of them, a failure stops no other."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from promisecheck.check import CheckResult, check_company
from promisecheck.errors import PromisecheckError
from promisecheck.nightly.log import RunLog
from promisecheck.nightly.plan import Planned, sources_of
from promisecheck.promises import Reader
from promisecheck.store import Store

Item = TypeVar("Item")
Result = TypeVar("Result")


class StoppedError(PromisecheckError):
    """Report that the run was told to stop while a company was being checked."""

    exit_code = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Item, Result]):
    """Hold what became of one item: its result, or what went wrong."""

    item: Item
    result: Result | None = None
    error: BaseException | None = None


def run_by_host(
    items: Iterable[Item], work: Callable[[Item], Result], *, host: Callable[[Item], str], workers: int,
    stop: Callable[[], None] = lambda: None,
) -> Iterator[Done[Item, Result]]:  # fmt: skip
    """Yield what became of each item as it ends; items of one host follow one another.

    `stop` is called where the caller goes no further, so that `work` can end early.
    """
    waiting: dict[str, deque[Item]] = {}
    for item in items:
        waiting.setdefault(host(item), deque()).append(item)
    running: dict[Future[Result], Item] = {}
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="company") as pool:

        def start(line: deque[Item]) -> None:
            if line:
                item = line.popleft()
                running[pool.submit(work, item)] = item

        try:
            for line in waiting.values():
                start(line)
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    item, error = running.pop(future), future.exception()
                    yield Done(item=item, result=None if error else future.result(), error=error)
                    start(waiting[host(item)])
        except BaseException:
            stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Checker:
    """Check planned companies, each with a connection of its own to the database."""

    def __init__(
        self, database: Path, folder: Path, reader: Reader, log: RunLog, *, now: Callable[[], datetime],
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        self._database, self._folder, self._reader, self._log = database, folder, reader, log
        self._now, self._at = now, at
        self._stores: queue.SimpleQueue[Store] = queue.SimpleQueue()
        self._stop = Event()

    def check(self, planned: Planned) -> CheckResult:
        """Check one company."""
        company = planned.company
        self._log.write("company", company=company.id, stage="start")
        store = self._store()
        try:
            result = check_company(
                company, store, self._own_reader(), planned.settings,
                incident_files=sources_of(planned, self._folder), now=self._now, at=self._at,
                progress=lambda stage, done: self._progress(company.id, stage), kind="nightly",
            )  # fmt: skip
        finally:
            self._stores.put(store)
        self._log.write("company", company=company.id, stage="done", counts=dict(result.run.counts))
        return result

    def stop(self) -> None:
        """Let every check end at its next page."""
        self._stop.set()

    def close(self) -> None:
        """Close the connections."""
        while not self._stores.empty():
            self._stores.get().close()

    def _store(self) -> Store:
        try:
            return self._stores.get_nowait()
        except queue.Empty:
            return Store.open(self._database)

    def _own_reader(self) -> Reader:
        shared = self._reader
        return Reader(packs=shared.packs, readings=shared.readings, thresholds=shared.thresholds)

    def _progress(self, company_id: str, stage: str) -> None:
        if self._stop.is_set():
            raise StoppedError("stopped before its end", where=company_id)
        self._log.stage(company_id, stage)


def check_all(
    planned: Sequence[Planned], checker: Checker, *, workers: int
) -> Iterator[Done[Planned, CheckResult]]:
    """Yield what became of each company as it ends."""
    try:
        yield from run_by_host(
            planned, checker.check, host=lambda one: urlsplit(one.company.home_url).netloc, workers=workers,
            stop=checker.stop,
        )  # fmt: skip
    finally:
        checker.close()
