"""Memory of a crawl that many hosts wait for: each with its addresses queued in the database, all of them open at once.

Usage: python bench/hosts.py [--hosts 10000] [--addresses 20] [--active 10000] [--delay 60]
Each host is asked for robots.txt, waits out its delay, gives its home page and is done; the highest memory use counts.
Needs Linux, where every 127.x address is the machine itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from promisecheck.crawl import Coverage, CrawlSettings, Entry, crawl_many, key_of
from promisecheck.model import Company
from promisecheck.store import Store

HOME = b"<!doctype html><html lang=da><title>Butik</title><p>Vi svarer inden for 24 timer.</p></html>"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer on one connection until it is closed."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            known = head.startswith(b"GET / ")
            status, body = (b"200 OK", HOME) if known else (b"404 Not Found", b"")
            kind = b"Content-Type: text/html; charset=utf-8\r\n"
            writer.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve() -> None:
    """Answer for every address until stopped."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1_024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def companies(hosts: int, port: int) -> Iterator[Company]:
    """Yield a company for each host."""
    for n in range(hosts):
        home = f"http://127.2.{n // 200}.{n % 200 + 1}:{port}/"
        yield Company(id=f"c{n}", name=f"Butik {n}", home_url=home)


def queue(store: Store, company: Company, addresses: int) -> None:
    """Queue addresses of a company as a crawl that was cut short leaves them."""
    urls = [f"{company.home_url}om-os/side-{n}" for n in range(addresses)]
    frontier = store.frontier(company.id, Entry)
    frontier.add([Entry(key=key_of(url), url=url, depth=1) for url in urls])


def crawl(options: argparse.Namespace) -> None:
    """Crawl them all in this process and print what it took."""
    began = time.monotonic()
    every = list(companies(options.hosts, options.port))
    settings = CrawlSettings(
        delay=options.delay, max_pages=1, contact="bench", sitemaps=False,
        allow_private_networks=tuple(one.home_url.split("/")[2] for one in every),
    )  # fmt: skip
    failed = done = 0
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "b.db", durable=False) as store:
        with store.writing():
            for company in every:
                queue(store, company, options.addresses)
        queued, began = time.monotonic() - began, time.monotonic()
        answers = crawl_many(
            every, settings, active=options.active, frontier_for=lambda one: store.frontier(one.id, Entry)
        )
        for got in answers:
            if isinstance(got, Coverage):
                done += 1
                failed += bool(got.failed)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "hosts": done,
                "failed": failed,
                "queued": queued,
                "wall": time.monotonic() - began,
                "cpu": used.ru_utime + used.ru_stime,
                "megabytes": used.ru_maxrss / 1024,
            }
        )
    )


def main() -> None:
    """Serve, crawl in a process of its own, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--addresses", type=int, default=20, help="queued for each host")
    parser.add_argument("--active", type=int, default=10_000, help="hosts that are open at a time")
    parser.add_argument("--delay", type=float, default=60.0, help="seconds between two requests to a host")
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run == "serve":
        asyncio.run(serve())
    elif options.run:
        crawl(options)
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Start the server and the crawl, and print what the crawl took."""
    server = subprocess.Popen([sys.executable, __file__, "--run", "serve"], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        given = [f"--{name}={getattr(options, name)}" for name in ("hosts", "addresses", "active", "delay")]
        command = [sys.executable, __file__, "--run", "crawl", f"--port={port}", *given]
        got = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    finally:
        server.terminate()
    print(
        f"{got['hosts']} hosts with {options.addresses} addresses queued each, {options.active} open at a time: "
        f"{got['megabytes']:.0f} MB at most; {got['failed']} hosts failed; queued in {got['queued']:.0f} s, "
        f"crawled in {got['wall']:.0f} s ({got['cpu']:.0f} s CPU) with {options.delay:g} s between two requests"
    )


if __name__ == "__main__":
    main()
