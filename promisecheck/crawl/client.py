"""One safe request: public addresses only, one hop, a cap on bytes, a deadline, no cookies and no environment."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Timeout, Url, parse_url

from promisecheck.crawl.addresses import Network
from promisecheck.crawl.bodies import CHUNK, accepted_encodings, read_body
from promisecheck.crawl.connections import pools_through
from promisecheck.crawl.watchdog import Watchdog
from promisecheck.errors import FetchError

_MAX_URL = 2_083
_MAX_HEADERS = 65_536
_FAILURES = (HTTPError, http.client.HTTPException, OSError)
_UNSENDABLE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_ONCE = urllib3.Retry(False, redirect=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hold what one hop brought; header names are in lower case, `body` is decoded."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Client:
    """Make requests for one crawl or many; safe to share between threads.

    It is built on urllib3's pools of connections: no redirects are followed, no cookies kept, and no proxy,
    .netrc or certificate setting comes in from the environment.
    """

    def __init__(self, network: Network, user_agent: str, *, pools: int = 64) -> None:
        self.user_agent = user_agent
        self._dog = Watchdog()
        self._pools = pools_through(network, self._dog, pools=pools)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,application/pdf;q=0.5,*/*;q=0.3",
            "Accept-Encoding": accepted_encodings(),
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
        to, sent = _address(url), {**self._headers, **_sendable(headers or {})}
        with self._dog.lease(deadline) as lease:
            try:
                answer = self._send(to, sent, url, max_bytes, truncate, wants, min(deadline, 20.0))
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
        self._pools.clear()
        self._dog.close()

    def _send(
        self,
        to: Url,
        headers: Mapping[str, str],
        url: str,
        max_bytes: int,
        truncate: bool,
        wants: Callable[[Answer], bool] | None,
        patience: float,
    ) -> Answer:
        pool = self._pools.connection_from_host(to.host, to.port, to.scheme)
        raw = pool.urlopen(
            "GET", to.request_uri, headers=headers, retries=_ONCE, redirect=False, assert_same_host=False,
            timeout=_timeout(patience), preload_content=False, decode_content=False,
        )  # fmt: skip
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


def _address(url: str) -> Url:
    if not url.lower().startswith(("http://", "https://")) or len(url) > _MAX_URL:
        raise FetchError("not an http or https address of reasonable length", where=url[:200])
    try:
        # A password that stands in the address stays there: it is not sent.
        to = parse_url(url)
    except LocationParseError as error:
        raise FetchError(f"not a valid address: {error}", where=url[:200]) from error
    if not to.host or to.host.startswith((".", "*")):
        raise FetchError("not a valid address: it names no host", where=url[:200])
    return to


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers without what cannot be sent: a server's odd validator must not keep its page from us."""
    return {name: value for name, value in headers.items() if not _UNSENDABLE.search(value)}


@lru_cache(maxsize=64)
def _timeout(patience: float) -> Timeout:
    # Connecting has its own limit; to change a socket's timeout with each request costs two system calls.
    return Timeout(connect=patience, read=patience)


def _headers(sent: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    size = 0
    for name, value in sent.items():
        size += len(name) + len(value)
        if size > _MAX_HEADERS:
            raise FetchError("the server sent more than 64 KiB of headers")
        kept[name.lower()] = value
    return kept


def _pieces(raw: urllib3.BaseHTTPResponse, most: int) -> Iterator[bytes]:
    left = most
    while left > 0 and raw.length_remaining != 0:
        if not (piece := raw.read(min(CHUNK, left), decode_content=False)):
            return
        left -= len(piece)
        yield piece


def _too_slow(url: str, deadline: float) -> FetchError:
    return FetchError(f"no complete answer within {deadline:g} s", where=url)


def _failure(url: str, error: Exception) -> FetchError:
    cause = _cause(error)
    if isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError):
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
    """Return the innermost error: urllib3 wraps what the socket says."""
    for inner in (getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException) and inner is not error:
            return _cause(inner)
    return error
