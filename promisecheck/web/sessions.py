"""Who is at the desk: one-time tokens, passwords, and the cookies they turn into."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal

Role = Literal["reader", "reviewer"]
COOKIE = "promisecheck_desk"
MOST_SESSIONS = 200
MOST_FAILURES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Hold one person's role and the name that goes with decisions."""

    key: str
    role: Role
    name: str = ""


class Sessions:
    """Turn a token (once) or the password into a session; safe to share between threads."""

    def __init__(self, *, reviewer_token: str, reader_token: str, password: str, name: str = "") -> None:
        self._tokens: dict[str, Role] = {}
        if reader_token:
            self._tokens[reader_token] = "reader"
        if reviewer_token:
            self._tokens[reviewer_token] = "reviewer"
        self._password = password
        self._name = name
        self._sessions: dict[str, Session] = {}
        self._failures = 0
        self._lock = Lock()

    def enter(self, secret: str) -> Session | None:
        """Return a new session for a token not used before or the password, or None.

        After many wrong ones in a row nothing opens any more until the desk is started again.
        """
        with self._lock:
            if not secret or self._failures >= MOST_FAILURES:
                return None
            role = self._role(secret)
            if role is None:
                self._failures += 1
                return None
            self._failures = 0
            session = Session(key=secrets.token_urlsafe(32), role=role, name=self._name)
            self._sessions[session.key] = session
            while len(self._sessions) > MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            return session

    def get(self, key: str) -> Session | None:
        """Return the session of a cookie, or None."""
        return self._sessions.get(key)

    def rename(self, key: str, name: str) -> None:
        """Remember the name that goes with this session's decisions."""
        with self._lock:
            if key in self._sessions:
                self._sessions[key] = replace(self._sessions[key], name=name)

    def leave(self, key: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(key, None)

    def _role(self, secret: str) -> Role | None:
        given = secret.encode("utf-8", "replace")
        for token, role in self._tokens.items():
            if hmac.compare_digest(token.encode(), given):
                del self._tokens[token]
                return role
        if self._password and hmac.compare_digest(self._password.encode(), given):
            return "reviewer"
        return None
