"""Many small sites over loopback, each on an address of its own, told apart by the port's path-free host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HEAD = '<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title}</title></head><body>'
LOG = """Sagsnr;Oprettet;Første svar;Kanal;Beskrivelse
A-1;01-09-2026 09:00;03-09-2026 10:00;Mail;Jeg ventede to dage på svar på min mail.
A-2;02-09-2026 09:00;06-09-2026 09:30;Mail;Der gik fire dage, før nogen svarede.
A-3;03-09-2026 09:00;03-09-2026 11:00;Mail;Hurtigt svar, tak for det.
"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serve_sites(count: int, pages: int = 3, latency: float = 0.0) -> Iterator[list[str]]:
    """Give the addresses of `count` sites: one loopback address each, all on one port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(latency)
            n = int(self.headers["Host"].split(":")[0].rsplit(".", 1)[-1])
            body = _page(n, self.path, pages).encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _Server(("0.0.0.0", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield [f"127.0.{n // 200}.{n % 200 + 1}:{server.server_address[1]}" for n in range(count)]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _page(n: int, path: str, pages: int) -> str:
    if path == "/":
        links = "".join(f'<a href="/side{i}.html">Side {i}</a> ' for i in range(1, pages))
        return f"{HEAD.format(title=f'Firma {n}')}<nav>{links}</nav><p>Vi sælger lamper og skærme.</p></body></html>"
    number = path.removeprefix("/side").removesuffix(".html")
    if not number.isdigit():
        return ""
    promise = (
        f"Vi svarer på alle mails inden for {12 * (n % 3 + 1)} timer."
        if number == "1"
        else "Vi bor ved havnen."
    )
    text = f"<p>{promise}</p><p>Lampe nummer {number} findes i messing og i glas.</p>"
    return f"{HEAD.format(title=f'Side {number}')}{text}</body></html>"
