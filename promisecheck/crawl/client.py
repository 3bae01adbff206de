"""One safe request: public addresses only, one hop, a cap on bytes, a deadline, no cookies and no environment."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from promisecheck.crawl.addresses import Network
from promisecheck.crawl.bodies import CHUNK, accepted_encodings, read_body
from promisecheck.crawl.watchdog import Watchdog
from promisecheck.errors import FetchError

_MAX_URL = 2_083
_MAX_HEADERS = 65_536
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hold what one hop brought; header names are in lower case, `body` is decoded."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class _Adapter(HTTPAdapter):
    """Open connections through a Network and hand their sockets to the watchdog."""

    def __init__(self, network: Network, dog: Watchdog, pools: int) -> None:
        self._pools = {
            "http": _pool(urllib3.HTTPConnectionPool, HTTPConnection, network, dog),
            "https": _pool(urllib3.HTTPSConnectionPool, HTTPSConnection, network, dog),
        }
        super().__init__(pool_connections=pools, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _pool(pool: Any, connection: Any, network: Network, dog: Watchdog) -> Any:
    class Guarded(connection):  # type: ignore[misc]
        switch: socket.socket | None = None

        def _new_conn(self) -> socket.socket:
            lease = getattr(dog.local, "lease", None)
            opened = network.open(
                self._dns_host,
                self.port,
                until=lease.until if lease is not None else time.monotonic() + 10.0,
                source_address=self.source_address,
                socket_options=self.socket_options,
            )
            opened.settimeout(self.timeout)
            # TLS takes the socket over before its handshake; a duplicate shuts the connection all the same.
            self.switch = opened.dup()
            self._hand_over()
            return opened

        def request(self, *args: Any, **options: Any) -> None:
            self._hand_over()
            super().request(*args, **options)

        def close(self) -> None:
            super().close()
            switch, self.switch = self.switch, None
            lease = getattr(dog.local, "lease", None)
            # A connection without keep-alive is closed while its body is still to be read.
            if switch is not None and not (lease is not None and lease.adopt(switch)):
                switch.close()

        def _hand_over(self) -> None:
            lease = getattr(dog.local, "lease", None)
            if lease is not None and self.switch is not None:
                lease.hold(self.switch)

    return type("GuardedPool", (pool,), {"ConnectionCls": Guarded})


class Client:
    """Make requests for one crawl or many; safe to share between threads.

    It is built on requests' adapter without a Session: no redirects are followed, no cookies kept, and no
    proxy, .netrc or certificate setting comes in from the environment.
    """

    def __init__(self, network: Network, user_agent: str, *, pools: int = 64) -> None:
        self.user_agent = user_agent
        self._dog = Watchdog()
        self._adapter = _Adapter(network, self._dog, pools)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,application/pdf;q=0.5,*/*;q=0.3",
            "Accept-Encoding": accepted_encodings(),
            "Connection": "keep-alive",
        }

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 5_000_000,
        deadline: float = 30.0,
        truncate: bool = False,
        wants: Callable[[Answer], bool] | None = None,
    ) -> Answer:
        """Return the answer to one GET; raises FetchError with a reason in plain words.

        `wants` sees status and headers and may decline the body. A redirect's body is never read.
        """
        request = self._prepare(url, headers or {})
        with self._dog.lease(deadline) as lease:
            try:
                answer = self._send(request, url, max_bytes, truncate, wants, min(deadline, 20.0))
            except FetchError as error:
                if lease.expired:
                    raise _too_slow(url, deadline) from error
                raise type(error)(error.what, where=url, do=error.do) from error
            except _FAILURES as error:
                raise _too_slow(url, deadline) if lease.expired else _failure(url, error) from error
            if lease.expired:
                # Shut during the headers, a connection looks like a complete and empty answer.
                raise _too_slow(url, deadline)
            return answer

    def close(self) -> None:
        """Close the connections and stop the watchdog."""
        self._adapter.close()
        self._dog.close()

    def _prepare(self, url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
        if not url.lower().startswith(("http://", "https://")) or len(url) > _MAX_URL:
            raise FetchError("not an http or https address of reasonable length", where=url[:200])
        request = requests.PreparedRequest()
        try:
            request.prepare_url(url, None)
            request.prepare_headers({**self._headers, **headers})
        except (requests.RequestException, UnicodeError, ValueError) as error:
            raise FetchError(f"not a valid address: {error}", where=url[:200]) from error
        # Only what a plain GET needs: no cookies, no body, and no password out of the address.
        request.method = "GET"
        return request

    def _send(
        self,
        request: requests.PreparedRequest,
        url: str,
        max_bytes: int,
        truncate: bool,
        wants: Callable[[Answer], bool] | None,
        patience: float,
    ) -> Answer:
        response = self._adapter.send(
            request, stream=True, timeout=(min(patience, 10.0), patience), proxies={}
        )
        raw: urllib3.HTTPResponse = response.raw
        finished = False
        try:
            answer = Answer(url=url, status=raw.status, headers=_headers(raw.headers))
            if raw.status in (204, 304) or 300 <= raw.status < 400 or (wants and not wants(answer)):
                return answer
            pieces = _pieces(raw, max_bytes + CHUNK)
            encoding = answer.headers.get("content-encoding", "")
            body = read_body(pieces, encoding, max_bytes, truncate=truncate)
            finished = True
            return Answer(url=url, status=answer.status, headers=answer.headers, body=body)
        finally:
            if finished or raw.length_remaining == 0:
                raw.release_conn()
            else:
                # What was not read would be taken for the next answer.
                raw.close()


def _headers(sent: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    size = 0
    for name, value in sent.items():
        size += len(name) + len(value)
        if size > _MAX_HEADERS:
            raise FetchError("the server sent more than 64 KiB of headers")
        kept[name.lower()] = value
    return kept


def _pieces(raw: urllib3.HTTPResponse, most: int) -> Iterator[bytes]:
    left = most
    while left > 0 and (piece := raw.read(min(CHUNK, left), decode_content=False)):
        left -= len(piece)
        yield piece


def _too_slow(url: str, deadline: float) -> FetchError:
    return FetchError(f"no complete answer within {deadline:g} s", where=url)


def _failure(url: str, error: Exception) -> FetchError:
    cause = _cause(error)
    if isinstance(cause, TimeoutError | requests.Timeout | urllib3.exceptions.TimeoutError):
        return FetchError("timed out", where=url)
    if isinstance(cause, http.client.IncompleteRead | urllib3.exceptions.IncompleteRead):
        return FetchError("the answer ends too early", where=url)
    text = (isinstance(cause, OSError) and cause.strerror) or str(cause) or type(cause).__name__
    if "CERTIFICATE_VERIFY_FAILED" in text:
        text = "the TLS certificate is not valid for this host"
    elif "Name or service not known" in text or "nodename nor servname" in text:
        text = "the host name is not known"
    return FetchError(text[:1].lower() + text[1:300], where=url)


def _cause(error: BaseException) -> BaseException:
    """Return the innermost error: requests wraps urllib3, which wraps the socket's own."""
    for inner in (getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException) and inner is not error:
            return _cause(inner)
    return error
