"""A deadline for a whole request: timeouts of a socket count from read to read, and a slow drip resets them."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from types import TracebackType


class Lease:
    """Hold one request's deadline; the connection hands it the socket that is to be shut."""

    __slots__ = ("_lock", "_switch", "done", "expired", "until")

    def __init__(self, until: float) -> None:
        self.until = until
        self.done = False
        self.expired = False
        self._switch: socket.socket | None = None
        self._lock = threading.Lock()

    def hold(self, switch: socket.socket) -> None:
        """Take the socket; it is shut at once where the deadline has passed already."""
        with self._lock:
            self._switch = switch
            if self.expired:
                _shut(switch)

    def release(self) -> None:
        """End the request: from now on the socket may serve another one."""
        with self._lock:
            self.done = True
            self._switch = None

    def expire(self) -> None:
        """Shut the socket, which ends whatever read or handshake is waiting on it."""
        with self._lock:
            if not self.done:
                self.expired = True
                if self._switch is not None:
                    _shut(self._switch)


def _shut(switch: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the socket's own way: TLS would take its state from under whoever reads.
        socket.socket.shutdown(switch, socket.SHUT_RDWR)


class Watchdog:
    """Watch over any number of leases with one thread, which starts with the first lease."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Lease]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self.local = threading.local()

    def lease(self, seconds: float) -> _Armed:
        """Return a context in which `self.local.lease` is the lease of this thread."""
        return _Armed(self, Lease(time.monotonic() + seconds))

    def watch(self, lease: Lease) -> None:
        """Begin to watch a lease."""
        with self._changed:
            heapq.heappush(self._heap, (lease.until, next(self._number), lease))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._heap[0][2] is lease:
                self._changed.notify()

    def close(self) -> None:
        """Stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                while self._heap and (self._heap[0][0] <= now or self._heap[0][2].done):
                    heapq.heappop(self._heap)[2].expire()
                self._changed.wait(self._heap[0][0] - now if self._heap else None)


class _Armed:
    def __init__(self, dog: Watchdog, lease: Lease) -> None:
        self._dog = dog
        self._lease = lease

    def __enter__(self) -> Lease:
        self._dog.local.lease = self._lease
        self._dog.watch(self._lease)
        return self._lease

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._dog.local.lease = None
        self._lease.release()
