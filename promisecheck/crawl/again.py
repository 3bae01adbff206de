"""Ask for a page a second time in a process of its own, which outlives a kill of this one and leaves its answer on the disk.

Whether a server saw a request whose answer was lost cannot be known afterwards. A first request is asked anew; were
the second one lost as well, a third would be needed. So the second one is not made by the process that is killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from promisecheck.crawl.addresses import BlockedAddressError, Network
from promisecheck.crawl.answers import may_be_page
from promisecheck.crawl.bodies import BodyTooLargeError
from promisecheck.crawl.client import Answer, Client
from promisecheck.errors import FetchError

if sys.platform != "win32":
    import fcntl

_START = "from promisecheck.crawl.again import answer_order; answer_order()"
_LOCK = "asking"
# What a process needs beside the deadline of its request: to start, and to write.
_EXTRA = 15.0
_ERRORS: dict[str, type[FetchError]] = {
    error.__name__: error for error in (FetchError, BlockedAddressError, BodyTooLargeError)
}


class Apart:
    """Make second requests apart; `folder` is one site's own, since a site has one request in flight."""

    def __init__(self, folder: Path, agent: str, allow: tuple[str, ...]) -> None:
        self._folder = folder
        self._agent = agent
        self._allow = allow

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int,
        deadline: float,
        truncate: bool = False,
        wants: Callable[[Answer], bool] | None = None,
    ) -> Answer:
        """Return the answer that an earlier process left, or ask; raises FetchError as Client.get does.

        The body is read where it may be a page, whatever `wants` says: a function does not reach the process.
        """
        file = self._folder / sha256(url.encode()).hexdigest()[:32]
        if (kept := _kept(file, url)) is None:
            order = {
                "url": url, "headers": dict(headers or {}), "max_bytes": max_bytes, "deadline": deadline,
                "truncate": truncate, "agent": self._agent, "allow": self._allow, "file": str(file),
            }  # fmt: skip
            self._ask(json.dumps(order).encode(), deadline)
            kept = _kept(file, url)
        if kept is None:
            raise FetchError("the request was cut short", where=url)
        return kept

    def _ask(self, order: bytes, deadline: float) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # The lock is inherited, so that it is held for as long as either of the two lives.
            process = subprocess.Popen(
                [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, pass_fds=(lock,), start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(lock)
        try:
            process.communicate(order, timeout=deadline + _EXTRA)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def can_ask_apart() -> bool:
    """Return whether this system lets a lock be inherited."""
    return sys.platform != "win32"


def wait_for_other(folder: Path, patience: float) -> None:
    """Wait until the process that a killed crawl left behind in `folder` has its answer: a site is asked one at a time."""
    if not (folder / _LOCK).exists():
        return
    lock = os.open(folder / _LOCK, os.O_RDWR)
    until = time.monotonic() + patience + _EXTRA
    try:
        while time.monotonic() < until:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return
    finally:
        os.close(lock)


def answer_order() -> None:
    """Make the one request that standard input describes and leave its answer in a file; the process's whole work."""
    order = json.loads(sys.stdin.buffer.read())
    file = Path(order["file"])
    client = Client(Network(tuple(order["allow"])), order["agent"], pools=1)
    try:
        answer = client.get(
            order["url"], headers=order["headers"], max_bytes=order["max_bytes"], deadline=order["deadline"],
            truncate=order["truncate"], wants=may_be_page,
        )  # fmt: skip
        head: dict[str, Any] = {"status": answer.status, "headers": dict(answer.headers)}
        body = answer.body
    except FetchError as error:
        head, body = {"error": type(error).__name__, "what": error.what, "do": error.do}, b""
    client.close()
    part = file.with_suffix(".part")
    part.write_bytes(json.dumps(head).encode() + b"\n" + body)
    part.replace(file)


def _kept(file: Path, url: str) -> Answer | None:
    """Return the answer in the file, or raise the error that came instead; None where there is none."""
    try:
        head, _, body = file.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    told = json.loads(head)
    if "error" in told:
        raise _ERRORS.get(told["error"], FetchError)(told["what"], where=url, do=told["do"])
    return Answer(url=url, status=told["status"], headers=told["headers"], body=body)
