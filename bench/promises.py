"""Time the reading of promises against parsing the same pages with bs4+lxml, in one run.

    python bench/promises.py FOLDER_OF_HTML_GZ [--pages N]

Prints CPU seconds and ratios; the folder holds *.html.gz pages of the real web.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from bs4 import BeautifulSoup

from promisecheck.model import Fetched, Page
from promisecheck.pages import read_page
from promisecheck.promises import Reader, open_reader, read_page_promises

WARM = 8
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def load(path: Path) -> Fetched:
    """Return one stored page as if it had been fetched."""
    body = gzip.decompress(path.read_bytes())
    url = f"https://example.com/{path.stem}"
    return Fetched(
        company_id="bench", url=url, final_url=url, fetched_at=NOW, status=200, body=body,
        headers={"content-type": "text/html"}, sha256=sha256(body).hexdigest(),
    )  # fmt: skip


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def read_all(pages: list[Page], reader: Reader) -> list[float]:
    """Return the CPU seconds each page takes."""
    return [cpu(lambda page=page: read_page_promises(page, reader)) for page in pages]  # type: ignore[misc]


def report(name: str, pages: list[Page], warm: list[Page], reader: Reader, baseline: float) -> None:
    """Print the figures of one reader, first with nothing seen before, then all seen; `warm` loads what loads once."""
    read_all(warm, reader)
    first, again = read_all(pages, reader), read_all(pages, reader)
    sentences = sum(read_page_promises(page, reader).sentences for page in pages)
    print(
        f"{name}: {sum(first):.2f} s CPU = {sum(first) / baseline:.2f} x bs4+lxml get_text; "
        f"{sentences / sum(first):,.0f} sentences/s; median page {statistics.median(first) * 1000:.0f} ms first, "
        f"{statistics.median(again) * 1000:.0f} ms seen before"
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    given = parser.parse_args()
    fetched = [load(path) for path in sorted(given.folder.glob("*.html.gz"))[: given.pages + WARM]]
    warm = [read_page(f) for f in fetched[:WARM]]
    fetched = fetched[WARM:]
    baseline = cpu(lambda: [BeautifulSoup(f.body, "lxml").get_text() for f in fetched])
    pages = [read_page(f) for f in fetched]
    blocks = statistics.median(len(page.blocks) for page in pages)
    print(f"{len(pages)} pages, median {blocks:.0f} blocks; bs4+lxml get_text {baseline:.2f} s CPU")
    report("without vectors", pages, warm, open_reader(semantic=False), baseline)
    try:
        reader = open_reader(semantic=True)
    except Exception as error:  # noqa: BLE001 - a bench says what is missing and goes on
        print(f"with vectors: not run ({error})")
    else:
        report("with vectors", pages, warm, reader, baseline)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
