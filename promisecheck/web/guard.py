"""What stands in front of every route: host, session, origin of writes, body size, and the headers of answers."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from promisecheck.web.sessions import COOKIE, Session, Sessions

ENTER = "/enter"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class BodyTooLargeError(Exception):
    """Report that a request sends more than the desk reads."""


class Guard:
    """Let a request through only where it comes from the desk's own pages and someone who may."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions,
        hosts: frozenset[str],
        most_bytes: int,
        closed: Callable[[Scope], Response],
    ) -> None:
        self.app = app
        self.sessions = sessions
        self.hosts = hosts
        self.most_bytes = most_bytes
        self.closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on, one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        sender = _with_headers(send)
        if refusal is not None:
            await refusal(scope, receive, sender)
            return
        try:
            await self.app(scope, _limited(receive, self.most_bytes), sender)
        except BodyTooLargeError:
            await PlainTextResponse("too much data", 413)(scope, receive, sender)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host", "").lower() not in self.hosts or len(headers.getlist("host")) != 1:
            return PlainTextResponse("this desk is not known by that name", 421)
        if not _fits(headers, self.most_bytes):
            return PlainTextResponse("too much data", 413)
        session = self.sessions.get(_cookie(headers))
        scope.setdefault("state", {})["session"] = session
        write = scope["method"] not in READS
        if write and not _same_origin(headers, scope):
            return PlainTextResponse("this came from another site", 403)
        if session is None:
            return None if scope["path"] == ENTER else self.closed(scope)
        if write and scope["path"] not in (ENTER, "/leave", "/language") and session.role != "reviewer":
            return PlainTextResponse("readers may look, and not decide", 403)
        return None


def session_of(scope: MutableMapping[str, Any]) -> Session:
    """Return the session that the guard has let in."""
    session: Session = scope["state"]["session"]
    return session


def _cookie(headers: Headers) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _same_origin(headers: Headers, scope: Scope) -> bool:
    """Return whether a browser says that a write comes from this desk: silence is a no."""
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    origin = headers.get("origin") or headers.get("referer")
    if not origin or len(headers.getlist("origin")) > 1:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == headers.get("host", "").lower()


def _fits(headers: Headers, most: int) -> bool:
    length = headers.get("content-length", "0")
    return length.isascii() and length.isdigit() and int(length) <= most


def _limited(receive: Receive, most: int) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise BodyTooLargeError
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sender
