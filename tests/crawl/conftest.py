"""A web site on the loopback address, made of literal answers, that notes what it was asked for."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from promisecheck.crawl import Crawl, CrawlSettings
from promisecheck.model import Company


@dataclass
class Reply:
    """One literal answer; `body` may be a function of the handler that writes what it likes."""

    body: object = b""
    status: int = 200
    headers: dict = field(default_factory=dict)


class LoopbackSite:
    """Serve `replies` (path → Reply, bytes, str or a list of them, one for each visit)."""

    def __init__(self, replies: dict) -> None:
        self.replies = dict(replies)
        self.asked: list[tuple[float, str, dict]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args):
                pass

            def do_GET(self):
                site.answer(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *args: None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def answer(self, handler) -> None:
        self.asked.append((time.monotonic(), handler.path, dict(handler.headers)))
        found = self.replies.get(handler.path, Reply(b"not here", 404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        reply = found if isinstance(found, Reply) else Reply(found)
        if callable(reply.body):
            reply.body(handler)
            return
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        handler.send_response(reply.status)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            **reply.headers,
        }
        for name, value in headers.items():
            handler.send_header(name, value.replace("SITE", self.url))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def serve():
    """Return a function that serves replies until the test ends."""
    sites = []

    def start(replies: dict) -> LoopbackSite:
        sites.append(LoopbackSite(replies))
        return sites[-1]

    yield start
    for site in sites:
        site.server.shutdown()
        site.server.server_close()


def crawl_of(site: LoopbackSite, path: str = "/", **options) -> Crawl:
    """Return a crawl of the site without any delay."""
    own = {
        name: options.pop(name)
        for name in ("frontier", "now", "sleep", "chance", "client")
        if name in options
    }
    settings = CrawlSettings(**{"delay": 0.0, "allow_private_networks": ("127.0.0.1",), **options})
    return Crawl(Company(id="c", name="C", home_url=site.url + path), settings, **own)


@pytest.fixture(name="crawl_of")
def _crawl_of():
    return crawl_of


@pytest.fixture(name="reply")
def _reply():
    return Reply
