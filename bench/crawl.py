"""Crawl speed against Scrapy: the same loopback site, in one run, each crawler in a process of its own.

Usage: python bench/crawl.py [--hosts 20] [--pages 100] [--latency 0.0] [--only NAME]
Needs: pip install scrapy (and Linux, where every 127.x address is the machine itself)
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_WORDS = [
    "vi",
    "svarer",
    "hurtigt",
    "og",
    "leverer",
    "til",
    "tiden",
    "med",
    "fri",
    "fragt",
    "og",
    "lang",
    "returret",
    "hos",
    "os",
    "hver",
    "eneste",
    "dag",
]


def page_of(host: int, number: int, pages: int) -> bytes:
    """Return page `number` of a host: some forty kilobytes, a hundred links."""
    links = "".join(
        f'<li><a href="/om-{_letters((number * 7 + step) % pages)}">Om {step}</a></li>' for step in range(100)
    )
    rows = "".join(
        f'<div class="row c{n % 7}"><p>{" ".join(_WORDS[(n + k) % len(_WORDS)] for k in range(14))} {n}.</p></div>'
        for n in range(220)
    )
    text = f"<!doctype html><html lang=da><head><title>Side {number}</title></head><body><nav><ul>{links}</ul></nav>"
    return f"{text}<main><h1>Vært {host}, side {number}</h1>{rows}</main><footer>Slut</footer></body></html>".encode()


def _letters(number: int) -> str:
    return f"{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}{chr(97 + number // 676)}"


async def serve(hosts: int, pages: int, latency: float, port: int) -> None:
    """Answer for 127.0.1.1 … on one port until stopped."""
    paths = {f"/om-{_letters(n)}": n for n in range(pages)} | {"/": 0}
    bodies = {(h, n): page_of(h, n, pages) for h in range(1) for n in range(pages)}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                if latency:
                    await asyncio.sleep(latency)
                writer.write(_reply(path, head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _reply(path: str, head: bytes) -> bytes:
        if path not in paths:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if b"if-none-match" in head.lower():
            return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        body = bodies[0, paths[path]]
        kind = b'Content-Type: text/html; charset=utf-8\r\nETag: "1"\r\n'
        return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)

    servers = [await asyncio.start_server(answer, f"127.0.1.{h + 1}", port) for h in range(hosts)]
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


def homes(options: argparse.Namespace) -> list[str]:
    """Return the home pages of the hosts."""
    return [f"http://127.0.1.{host + 1}:{options.port}/" for host in range(options.hosts)]


def ours(options: argparse.Namespace, known: bool = False) -> int:
    """Crawl with promisecheck end to end in one process: robots, links, blocks and SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        return crawl_shard(companies_of(options), options, Path(folder) / "b.db", known)


def ours_in_two(options: argparse.Namespace) -> int:
    """Do the same in two processes, the hosts shared out between them, into one database."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from promisecheck.crawl import shards_of
    from promisecheck.store import Store

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "b.db"
        Store.open(database).close()
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            running = [
                pool.submit(crawl_shard, shard, options, database)
                for shard in shards_of(companies_of(options), 2)
            ]
            return sum(future.result() for future in running)


def companies_of(options: argparse.Namespace) -> list[Any]:
    """Return a company for each host."""
    from promisecheck.model import Company

    return [Company(id=f"c{n}", name="C", home_url=url) for n, url in enumerate(homes(options))]


def crawl_shard(
    companies: list[Any], options: argparse.Namespace, database: Path, known: bool = False
) -> int:
    """Crawl some hosts into a database and return how many pages came."""
    from promisecheck.crawl import Coverage, CrawlSettings, Entry, Validators, crawl_many
    from promisecheck.pages import read_page
    from promisecheck.store import Store

    seen = {}
    if known:
        seen = {
            f"{url}om-{_letters(n)}": Validators(etag='"1"')
            for url in homes(options)
            for n in range(options.pages)
        }
    settings = CrawlSettings(
        delay=0.0, max_pages=options.pages + 5, contact="bench", known=seen,
        allow_private_networks=tuple(f"127.0.1.{h + 1}" for h in range(options.hosts)),
    )  # fmt: skip
    done = 0
    with Store.open(database) as store:
        answers = crawl_many(
            companies, settings, threads=options.threads, frontier_for=lambda c: store.frontier(c.id, Entry)
        )
        for got in answers:
            if isinstance(got, Coverage):
                continue
            done += 1
            if got.status == 200:
                page = read_page(got)
                with store.writing(lag=1.0):
                    store.save_page(page)
    return done


def ours_again(options: argparse.Namespace) -> int:
    """Ask again for every page with its validator."""
    return ours(options, known=True)


def ours_fetching(options: argparse.Namespace) -> int:
    """Fetch only, through the safe client, one thread a host."""
    from promisecheck.crawl.addresses import Network
    from promisecheck.crawl.client import Client

    client = Client(Network([f"127.0.1.{h + 1}" for h in range(options.hosts)]), "bench", pools=options.hosts)

    def fetch(home: str) -> int:
        return sum(client.get(f"{home}om-{_letters(n)}").status == 200 for n in range(options.pages))

    with ThreadPoolExecutor(options.threads) as pool:
        return sum(pool.map(fetch, homes(options)))


def scrapy(options: argparse.Namespace, parse: bool = True) -> int:
    """Crawl with Scrapy: robots, links, text blocks by its own selectors, SQLite."""
    import sqlite3

    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor

    count = 0
    folder = tempfile.TemporaryDirectory()
    base = sqlite3.connect(Path(folder.name) / "b.db")
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE TABLE pages (url TEXT PRIMARY KEY, body BLOB, text TEXT)")
    extract = LinkExtractor()

    class Site(Spider):
        name = "bench"

        async def start(self):  # type: ignore[no-untyped-def]
            for url in homes(options):
                if parse:
                    yield Request(url)
                for n in range(0 if parse else options.pages):
                    yield Request(f"{url}om-{_letters(n)}", dont_filter=True)

        def parse(self, response):  # type: ignore[no-untyped-def]
            nonlocal count
            count += 1
            if parse:
                text = "\n".join(t.strip() for t in response.xpath("//body//text()").getall() if t.strip())
                with base:
                    base.execute(
                        "INSERT OR REPLACE INTO pages VALUES (?,?,?)", (response.url, response.body, text)
                    )
                for link in extract.extract_links(response):
                    yield Request(link.url)

    process = CrawlerProcess(
        {
            "LOG_ENABLED": False, "ROBOTSTXT_OBEY": parse, "CONCURRENT_REQUESTS": options.threads,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
        }
    )  # fmt: skip
    process.crawl(Site)
    process.start()
    return count


def scrapy_fetching(options: argparse.Namespace) -> int:
    """Fetch only with Scrapy."""
    return scrapy(options, parse=False)


RUNS: dict[str, Callable[[argparse.Namespace], int]] = {
    "ours": ours, "ours_in_two": ours_in_two, "scrapy": scrapy, "ours_fetching": ours_fetching, "scrapy_fetching": scrapy_fetching,
    "ours_again": ours_again,
}  # fmt: skip


def measure(name: str, options: argparse.Namespace) -> dict[str, float]:
    """Run one crawler in its own process and return its pages, wall time and CPU time."""
    settings = [
        f"--{key}={getattr(options, key)}" for key in ("hosts", "pages", "latency", "port", "threads")
    ]
    done = subprocess.run(
        [sys.executable, __file__, "--run", name, *settings], capture_output=True, text=True
    )
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}")
        return {}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_one(name: str, options: argparse.Namespace) -> None:
    """Run in this process and print the figures."""
    began = time.monotonic()
    pages = RUNS[name](options)
    wall = time.monotonic() - began
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(used.ru_utime + used.ru_stime for used in (own, children))
    rss = max(own.ru_maxrss, children.ru_maxrss)
    print(json.dumps({"pages": pages, "wall": wall, "cpu": cpu, "rss": rss}))


def main() -> None:
    """Start the site, run every crawler, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--pages", type=int, default=100, help="pages of each host")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--port", type=int, default=8911)
    parser.add_argument("--only", help="run only this one")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run == "serve":
        asyncio.run(serve(options.hosts, options.pages, options.latency, options.port))
    elif options.run:
        run_one(options.run, options)
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Print pages per second of each crawler."""
    command = [
        sys.executable,
        __file__,
        "--run",
        "serve",
        f"--hosts={options.hosts}",
        f"--pages={options.pages}",
    ]
    command += [f"--latency={options.latency}", f"--port={options.port}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        for name in [options.only] if options.only else RUNS:
            got = measure(name, options)
            if got:
                rates = (
                    f"{got['pages'] / got['cpu']:8.1f} pages/CPU-s {got['pages'] / got['wall']:8.1f} pages/s"
                )
                print(f"{name:18}{got['pages']:6.0f} pages {rates} {got['rss'] / 1024:6.0f} MB", flush=True)
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
