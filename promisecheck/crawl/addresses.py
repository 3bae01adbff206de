"""Which addresses may be connected to: public ones only, judged on the address itself, not on the URL's text."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from urllib3.util import connection as urllib3_connection

from promisecheck.errors import FetchError

Resolve = Callable[[str, int, float], Sequence[str]]
Connect = Callable[..., socket.socket]
_PATIENCE = 10.0

# Special-purpose registries of IANA, and ranges that carry an IPv4 address inside an IPv6 one.
_CLOSED_V4 = [
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = [
    ipaddress.IPv6Network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class BlockedAddressError(FetchError):
    """Report a host that leads to an address which is not public."""


def is_public(address: str) -> bool:
    """Return whether `address` (a literal, no name) is one that anybody on the internet may serve from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not any(parsed in net for net in _CLOSED_V4)
    if parsed.scope_id or parsed not in _OPEN_V6:
        return False
    return parsed.is_global and not any(parsed in net for net in _CLOSED_V6)


def resolve(host: str, port: int, timeout: float) -> list[str]:
    """Return the addresses of `host`; raises OSError where it has none, or gives none in `timeout` seconds."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    if host.replace(".", "").isdigit() or ":" in host:
        ask()
    else:
        # The system's resolver knows no deadline, so it is asked in a thread that may be left behind.
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(timeout)
    if not answer:
        raise TimeoutError(f"no answer from the name server in {timeout:g} s")
    if isinstance(answer[0], Exception):
        raise OSError(str(answer[0])) from answer[0]
    return list(dict.fromkeys(str(found[4][0]) for found in answer[0]))


class Network:
    """Open connections, to public addresses and to the hosts that were allowed by name.

    `allow` holds hosts ("127.0.0.1") or hosts with port ("127.0.0.1:8000"), compared exactly. Every address
    of a name must be public; the one that was judged is the one connected to, so that a second answer of
    the name server changes nothing.
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        *,
        resolve: Resolve = resolve,
        connect: Connect = urllib3_connection.create_connection,
    ) -> None:
        self._allow = frozenset(entry.lower() for entry in allow)
        self._resolve = resolve
        self._connect = connect

    def allows(self, host: str, port: int) -> bool:
        """Return whether the user allowed this host by name, whatever its address."""
        host = host.strip("[]").lower()
        shown = f"[{host}]" if ":" in host else host
        return bool(self._allow & {host, f"{shown}:{port}"})

    def addresses(self, host: str, port: int, timeout: float = _PATIENCE) -> list[str]:
        """Return the addresses that may be connected to; raises BlockedAddressError."""
        found = list(self._resolve(host.strip("[]"), port, timeout))
        if not found:
            raise OSError(f"{host} has no address")
        closed = [address for address in found if not is_public(address)]
        if closed and not self.allows(host, port):
            raise BlockedAddressError(
                f"{host} leads to {closed[0]}, which is no public address",
                do=f"if it is yours, pass --allow-private-network {host}",
            )
        return found

    def open(self, host: str, port: int, *, until: float, **options: Any) -> socket.socket:
        """Return a connected socket; tries the addresses in turn, until the monotonic time `until`."""
        failure: OSError = OSError(f"{host} has no address")
        for address in self.addresses(host, port, _left(until)):
            try:
                opened = self._connect((address, port), timeout=_left(until), **options)
            except TimeoutError:
                raise
            except OSError as error:
                failure = error
                continue
            self._check_peer(opened, host, port)
            return opened
        raise failure

    def _check_peer(self, opened: socket.socket, host: str, port: int) -> None:
        peer = str(opened.getpeername()[0])
        if not is_public(peer) and not self.allows(host, port):
            opened.close()
            raise BlockedAddressError(f"{host} was answered from {peer}, which is no public address")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no connection within the deadline")
    return min(left, _PATIENCE)
