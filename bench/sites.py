"""Many invented sites over loopback for the benchmarks: one address each, validators, a latency, pages that can change."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TypeVar

HEAD = '<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title}</title></head><body>'
TEXTS = (
    "Vi sælger lamper og skærme til hele hjemmet.",
    "Butikken ligger ved havnen og har åbent hver dag.",
    "Alle lamper kan ses på lageret, når du har lavet en aftale.",
    "Messing og glas holder længe, hvis de bliver tørret af med en tør klud.",
    "Firmaet blev grundlagt af to søskende i halvfjerdserne.",
    "Pærer følger med til de fleste modeller.",
    "Du kan læse mere om materialerne på siden om håndværk.",
    "Nyheder kommer to gange om året, forår og efterår.",
)
PROMISES = (
    "Vi svarer på alle mails inden for {n} timer.",
    "Vi leverer alle varer inden for {n} hverdage.",
    "Du får pengene tilbage inden for {n} dage.",
)
INCIDENTS = (
    "Jeg ventede {n} dage på svar på min mail.",
    "Varen kom først efter {n} dage.",
    "Hurtigt svar, tak for det.",
    "Jeg ringede {n} gange og blev stillet om hver gang.",
    "Der stod et forkert beløb på regningen.",
)


class Sites:
    """Hold what the sites show: `changed` names the sites on which one promise reads differently."""

    def __init__(self, count: int, pages: int, latency: float) -> None:
        self.count, self.pages, self.latency = count, pages, latency
        self.changed: set[int] = set()
        self.port = 0
        self.asked: Counter[tuple[int, str]] = Counter()
        self._made: dict[tuple[int, str, bool], tuple[bytes, str]] = {}

    @property
    def addresses(self) -> list[str]:
        """Return host:port of every site."""
        return [f"127.1.{n // 200}.{n % 200 + 1}:{self.port}" for n in range(self.count)]

    def body(self, site: int, path: str) -> tuple[bytes, str]:
        """Return a page's bytes and its tag, made once: what serving costs is not what is measured."""
        key = (site, path, site in self.changed)
        if key not in self._made:
            body = self.page(site, path).encode()
            self._made[key] = (body, f'"{hashlib.sha256(body).hexdigest()[:12]}"')
        return self._made[key]

    def page(self, site: int, path: str) -> str:
        """Return a page's markup, or "" where there is none."""
        name = path.removeprefix("/side").removesuffix(".html")
        number = 0 if path == "/" else int(name) if name.isdigit() and int(name) < self.pages else -1
        if number < 0:
            return ""
        dice = random.Random(f"{site}/{number}")
        links = "".join(f'<a href="/side{i}.html">Side {i}</a> ' for i in range(1, self.pages))
        texts = [f"{dice.choice(TEXTS)} Afsnit {n} på side {number} hos firma {site}." for n in range(24)]
        if number in (1, 2, 3):
            limit = 12 * (site % 3 + 1) + (1 if site in self.changed and number == 1 else 0)
            texts.insert(3, PROMISES[number - 1].format(n=limit))
        body = "".join(f"<p>{text}</p>" for text in texts)
        return f"{HEAD.format(title=f'Side {number}')}<nav>{links}</nav><main>{body}</main></body></html>"


Made = TypeVar("Made", bound=Sites)


@contextmanager
def serve(
    count: int,
    *,
    pages: int,
    latency: float = 0.0,
    of: type[Made] = Sites,  # type: ignore[assignment]
) -> Iterator[Made]:
    """Serve the sites until the block ends, and count in `asked` what of each was asked for."""
    sites = of(count, pages, latency)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            third, fourth = self.headers["Host"].split(":")[0].split(".")[2:]
            site = int(third) * 200 + int(fourth) - 1
            sites.asked[site, self.path] += 1
            time.sleep(sites.latency)
            body, tag = sites.body(site, self.path)
            same = body and self.headers.get("If-None-Match") == tag
            self.send_response(304 if same else 200 if body else 404)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", "0" if same else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if same else body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *args: object) -> None:
            """Say nothing of whoever was killed before it had its answer."""

    server = Server(("0.0.0.0", 0), Handler)
    sites.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield sites
    finally:
        server.shutdown()
        server.server_close()


def write_log(path: Path, site: int, rows: int) -> None:
    """Write one site's incident log."""
    dice = random.Random(f"log {site}")
    lines = ["Sagsnr;Oprettet;Lukket;Kanal;Beskrivelse"]
    for n in range(rows):
        day = dice.randint(1, 28)
        text = dice.choice(INCIDENTS).format(n=dice.randint(2, 9))
        lines.append(f"S-{n};{day:02d}-09-2026 09:00;{day:02d}-10-2026 09:00;Mail;{text} Sag {n}.")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
