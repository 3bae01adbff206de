"""A small site over loopback that can be changed between two nights, with validators and outages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

NAV = '<nav><a href="/">Forside</a> <a href="/kontakt.html">Kontakt</a> <a href="/levering.html">Levering</a></nav>'
LAMPS = [
    "<p>Firmaet blev grundlagt i 1974 af to søskende.</p>",
    "<p>Lampen er 32 cm høj og vejer 2 kg.</p>",
    "<p>Skærmen er lavet af glas og messing.</p>",
]
REPLY = "<p>Vi svarer på alle mails inden for 24 timer.</p>"
DELIVERY = "<p>Vi leverer alle varer inden for 2 hverdage.</p>"
MAIL = "<p>Skriv til kundeservice@example.com, så svarer vi inden for 3 hverdage.</p>"


def page(title: str, *blocks: str, head: str = "", top: str = "") -> str:
    return (
        f'<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{top}{NAV}<main><h1>{title}</h1>{''.join(blocks)}</main></body></html>"
    )


def start_pages() -> dict[str, str]:
    return {
        "/": page("Prøvehuset", *LAMPS),
        "/kontakt.html": page("Kontakt", REPLY, MAIL),
        "/levering.html": page("Levering", DELIVERY),
    }


class Site:
    """Hold the pages; `down` answers 503 to everything, `moved` redirects, `asked` counts requests."""

    def __init__(self) -> None:
        self.pages = start_pages()
        self.moved: dict[str, str] = {}
        self.down = False
        self.asked = 0
        self.unchanged = 0
        self.address = ""

    def answer(self, path: str, tag: str) -> tuple[int, dict[str, str], bytes]:
        self.asked += 1
        if self.down:
            return 503, {"Retry-After": "0"}, b"down"
        if path in self.moved:
            return 301, {"Location": self.moved[path]}, b""
        if path not in self.pages:
            return 404, {}, b"not here"
        body = self.pages[path].encode()
        own = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if own == tag:
            self.unchanged += 1
            return 304, {"ETag": own}, b""
        return 200, {"ETag": own, "Content-Type": "text/html; charset=utf-8"}, body


@contextmanager
def serve_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path, self.headers.get("If-None-Match", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.address = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
