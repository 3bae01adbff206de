"""How the review desk is served, to whom, and with what limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from promisecheck.errors import UsageError

SHORTEST_PASSWORD = 12


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """Say where the desk listens, what opens it, and what it may do.

    Each token opens the desk once and then lives on as a cookie; an empty one opens nothing. `hosts` are
    further names (host or host:port) it answers to, `judge` runs a new judgement of one company after an
    import, `reviewer` is the name put to decisions until someone gives another.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    hosts: tuple[str, ...] = ()
    reviewer_token: str = ""
    reader_token: str = ""
    password: str = ""
    behind_proxy: bool = False
    certificate: Path | None = None
    key: Path | None = None
    language: str = ""
    reviewer: str = ""
    timezone: str = ""
    most_bytes: int = 32 * 1024 * 1024
    judge: Callable[[str], None] | None = None
    now: Callable[[], datetime] = _now

    @property
    def secure(self) -> bool:
        """Return whether browsers reach the desk over TLS."""
        return self.behind_proxy or self.certificate is not None

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Return the Host headers that are answered, in lower case."""
        own = {self.host, "127.0.0.1", "localhost", "[::1]"} if is_loopback(self.host) else {self.host}
        names = {f"{name}:{self.port}" for name in own}
        if self.port in (80, 443):
            names |= own
        return frozenset(name.lower() for name in (*names, *self.hosts))

    def check(self) -> None:
        """Raise UsageError where the desk would be open to others without a password and TLS."""
        if is_loopback(self.host):
            return
        if len(self.password) < SHORTEST_PASSWORD:
            raise UsageError(
                "the desk is not served to other machines without a password",
                where=f"--host {self.host}",
                do=f"set one of at least {SHORTEST_PASSWORD} characters, or leave --host out",
            )
        if not self.secure:
            raise UsageError(
                "the desk is not served to other machines without TLS",
                where=f"--host {self.host}",
                do="give a certificate and key, or say that a proxy in front does TLS",
            )


def is_loopback(host: str) -> bool:
    """Return whether a host to listen on is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
