"""Work shared out over processes; one that dies costs what it held and nothing else."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")
# Time for an idle process to leave by itself before it is ended.
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """Say that the process died over its item, with which exit code (negative: the signal that ended it)."""

    code: int | None


def share_out(work: Callable[[T], R], waiting: deque[T], workers: int) -> Iterator[tuple[T, R | Died]]:
    """Yield each item with what the work made of it, as they come from so many fresh interpreters.

    More may be put into `waiting` meanwhile. What the work raises is raised here. Every process has a pipe of
    its own and nothing shared: after a death the standard pool of processes was seen to leave a worker that the
    interpreter waits for at its exit, for ever (Python 3.11.7).
    """
    idle: list[_Worker] = []
    busy: dict[Connection, tuple[_Worker, T]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                worker = idle.pop() if idle else _Worker(work)
                item = waiting.popleft()
                busy[worker.connection] = (worker, item)
                worker.give(item)
            for connection in cast("list[Connection]", wait(list(busy))):
                worker, item = busy.pop(connection)
                answer = worker.answer()
                if not isinstance(answer, Died):
                    idle.append(worker)
                yield item, answer
    finally:
        for worker, _ in busy.values():
            worker.end(grace=0)
        for worker in idle:
            worker.end(grace=_GRACE_SECONDS)


class _Worker:
    """Be one process and this end of its pipe."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, work))
        self._process.start()
        # Held by the process alone, so that its death ends the pipe.
        theirs.close()

    def give(self, item: Any) -> None:
        # One that died while idle is told by its answer.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(item)

    def answer(self) -> Any:
        """Return what the work returned, or that the process died; raise what the work raised."""
        try:
            value, error = self.connection.recv()
        except (EOFError, OSError):
            self.end(grace=_GRACE_SECONDS)
            return Died(code=self._process.exitcode)
        if error is not None:
            self.end(grace=_GRACE_SECONDS)
            raise error
        return value

    def end(self, grace: float) -> None:
        self.connection.close()
        self._process.join(grace)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    # An interrupt from the keyboard reaches all; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A pipe that ends here: the parent is gone, and nobody waits for an answer.
    with (
        connection,
        suppress(EOFError, BrokenPipeError, ConnectionResetError),
        ThreadPoolExecutor(1) as thread,
    ):
        while True:
            # A future holds whatever the work raises.
            done = thread.submit(work, connection.recv())
            error = done.exception()
            connection.send((None, error) if error else (done.result(), None))
