"""Read labelled pages as HTML over loopback: which share of the labelled promises is found with the same quote?

    python bench/page_level.py PAGES.jsonl SENTENCES.jsonl

PAGES has id, url, language, text (a block a line); SENTENCES has page_id, text, is_promise.
"""

from __future__ import annotations

import argparse
import html
import json
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from promisecheck.check import company_of, read_site
from promisecheck.cli.demo import serve
from promisecheck.crawl import CrawlSettings
from promisecheck.fetching import fetch_site
from promisecheck.model import fold
from promisecheck.promises import open_reader
from promisecheck.store import Store


def as_html(page: dict[str, str]) -> str:
    """Return a plain page with a paragraph a line."""
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in page["text"].splitlines() if line.strip())
    return f'<!doctype html><html lang="{page["language"]}"><meta charset="utf-8"><body>{body}</body></html>'


def write_site(pages: list[dict[str, str]], folder: Path) -> None:
    """Write the pages and a front page that links to them."""
    links = "".join(f'<a href="/{page["id"]}.html">{page["id"]}</a> ' for page in pages)
    (folder / "index.html").write_text(f"<!doctype html><nav>{links}</nav>", encoding="utf-8")
    for page in pages:
        (folder / f"{page['id']}.html").write_text(as_html(page), encoding="utf-8")


def read(pages: list[dict[str, str]]) -> dict[str, set[str]]:
    """Return the folded quotes found on each page."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "site"
        folder.mkdir()
        write_site(pages, folder)
        with serve(folder) as address, Store.open(Path(work) / "t.db") as store:
            company = company_of(f"http://{address}/")
            store.save_company(company)
            settings = CrawlSettings(delay=0, max_pages=500, allow_private_networks=(address,))
            quiet = lambda stage, done: None  # noqa: E731
            fetched, coverage = fetch_site(
                company, store, settings, now=lambda: datetime.now(UTC), progress=quiet
            )
            site = read_site(fetched, coverage, open_reader(), store, progress=quiet)
    found: dict[str, set[str]] = {}
    for promise in site.promises:
        found.setdefault(Path(promise.url).stem, set()).add(fold(promise.quote))
    return found


def main() -> None:
    """Print the coverage, overall and per language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("sentences", type=Path)
    given = parser.parse_args()
    pages = [json.loads(line) for line in given.pages.read_text(encoding="utf-8").splitlines()]
    labelled = [json.loads(line) for line in given.sentences.read_text(encoding="utf-8").splitlines()]
    found = read(pages)
    same: Counter[str] = Counter()
    within: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in labelled:
        if row["is_promise"]:
            quotes = found.get(row["page_id"], set())
            hit = fold(row["text"]) in quotes
            near = hit or any(fold(row["text"]) in q or q in fold(row["text"]) for q in quotes)
            for key in ("all", row["language"]):
                total[key] += 1
                same[key] += hit
                within[key] += near
    count = sum(len(quotes) for quotes in found.values())
    print(f"{len(pages)} pages, {count} quotes found, {total['all']} promises labelled")
    for key in sorted(total):
        print(
            f"{key}: same quote {same[key] / total[key]:.3f}, same or overlapping {within[key] / total[key]:.3f}"
        )


if __name__ == "__main__":
    main()
