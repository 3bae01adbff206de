"""Pools of connections, each opened through a Network and watched over until its deadline; nothing from the environment."""

from __future__ import annotations

import io
import socket
import ssl
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from promisecheck.crawl.addresses import Network
from promisecheck.crawl.bodies import CHUNK
from promisecheck.crawl.watchdog import Lease, Watchdog


def pools_through(network: Network, dog: Watchdog, *, pools: int) -> PoolManager:
    """Return connections for up to `pools` hosts at a time, kept alive between their requests."""
    manager = PoolManager(min(pools, _most_kept()), maxsize=2, cert_reqs="CERT_REQUIRED")
    manager.pool_classes_by_scheme = {
        "http": _pool(HTTPConnectionPool, _Guarded, network, dog),
        "https": _pool(HTTPSConnectionPool, _GuardedTls, network, dog),
    }
    manager.key_fn_by_scheme = {"http": _key, "https": _key}  # type: ignore[dict-item]
    return manager


def _most_kept() -> int:
    """Return how many connections may be kept: half of the files that the system lets this process open."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if soft == resource.RLIM_INFINITY else max(1, soft // 2)


def _key(context: Mapping[str, Any]) -> Any:
    """Return what tells two pools apart: all else is the same for every one."""
    return context["scheme"], context["host"], context["port"]


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return the certificates that are trusted, read once: that costs more than fetching many pages."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    return context


class _Socket(socket.socket):
    """Spare the threads system calls: each one lets another thread in, which then has to be waited for."""

    def settimeout(self, value: float | None) -> None:
        if value != self.gettimeout():
            super().settimeout(value)

    def makefile(self, mode: str = "rb", buffering: int | None = None, **options: Any) -> io.IOBase:  # type: ignore[override]
        """Return a reader that takes most pages in one go."""
        return super().makefile("rb", CHUNK)


class _Guarded(HTTPConnection):
    """Open through the network, and hand the socket to the lease of whoever makes a request."""

    network: Network
    dog: Watchdog

    def _new_conn(self) -> socket.socket:
        lease = self._lease
        found = self.network.open(
            self._dns_host, self.port, until=lease.until if lease else time.monotonic() + 10.0,
            source_address=self.source_address, socket_options=self.socket_options,
        )  # fmt: skip
        opened = _Socket(fileno=found.detach())
        opened.settimeout(self.timeout)
        self._hand_over(opened)
        return opened

    def request(self, *args: Any, **options: Any) -> None:
        """Send a request, watched over."""
        if self.sock is not None:
            self._hand_over(self.sock)
        super().request(*args, **options)

    @property
    def _lease(self) -> Lease | None:
        return getattr(self.dog.local, "lease", None)

    def _hand_over(self, opened: socket.socket) -> None:
        lease = self._lease
        if lease is not None:
            lease.hold(opened)


class _GuardedTls(_Guarded, HTTPSConnection):
    _switch: socket.socket | None = None

    def connect(self) -> None:
        """Connect, trusting the certificates that all connections trust."""
        self.ssl_context = _trusted()
        try:
            super().connect()
            self._hand_over(self.sock)
        finally:
            if self._switch is not None:
                self._switch.close()
                self._switch = None

    def _new_conn(self) -> socket.socket:
        opened = super()._new_conn()
        # TLS takes the socket over before its handshake; a duplicate shuts the connection all the same.
        self._switch = opened.dup()
        self._hand_over(self._switch)
        return opened


def _pool(pool: type[HTTPConnectionPool], connection: type[_Guarded], network: Network, dog: Watchdog) -> Any:
    guarded = type(connection.__name__, (connection,), {"network": network, "dog": dog})
    return type("GuardedPool", (pool,), {"ConnectionCls": guarded})
