"""Pages to blocks: speed and recall against BeautifulSoup and trafilatura, measured in one run on the same pages.

Usage: python bench/blocks.py [FOLDER-OF-HTML] [--pages N]
Needs: pip install trafilatura lxml_html_clean
"""

from __future__ import annotations

import argparse
import gzip
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from promisecheck.model import Fetched
from promisecheck.pages import PageError, read_page
from promisecheck.pages.backends import walk
from promisecheck.pages.build import BlockBuilder
from promisecheck.pages.charset import decode
from promisecheck.pages.guard import tame
from promisecheck.pages.places import Attributes

VISIBLE = {
    "banner": '<div class="topbar"><span>{}</span><span>Læs mere om det her</span></div>',
    "header": "<header><p>{}</p></header>",
    "hero": '<section class="hero"><h1>Velkommen til os</h1><p>{}</p><a class="btn" href="/k">Køb</a></section>',
    "heading": "<h2>{}</h2>",
    "paragraph": "<p>{}</p>",
    "list": "<ul><li>Noget andet</li><li>{}</li></ul>",
    "table": "<table><tr><th>Hvad</th><th>Hvordan</th></tr><tr><td>Service</td><td>{}</td></tr></table>",
    "faq": "<details open><summary>Hvad lover I?</summary><p>{}</p></details>",
    "card": '<div class="cards"><a href="/x" class="card"><h3>Kort</h3><p>{}</p></a></div>',
    "button": "<button type=button>{}</button>",
    "footer": "<footer><div>{}</div><small>CVR 00000000</small></footer>",
    "dialog": "<dialog open><p>{}</p></dialog>",
    "aside": "<aside><p>{}</p></aside>",
    "div": "<div><img src=i.svg>{}<br></div>",
    "definition": "<dl><dt>Vores løfte</dt><dd>{}</dd></dl>",
    "quote": "<blockquote><p>{}</p></blockquote>",
}
UNSEEN = {
    "description": '<meta name="description" content="{}">',
    "answer": '<script type="application/ld+json">{{"@type": "FAQPage", "mainEntity": [{{"@type": "Question", '
    '"name": "Hvad?", "acceptedAnswer": {{"@type": "Answer", "text": "{}"}}}}]}}</script>',
    "alt": '<p>Et billede <img src=x alt="{}"></p>',
    "noscript": "<noscript><p>{}</p></noscript>",
}
_FILLER = (
    "Vi har åbent i butikken og tager imod dig hver dag med kaffe på kanden og tid til en snak om varerne."
)


def planted(number: int) -> tuple[str, dict[str, str]]:
    """Return a page with one sentence at each place, and the sentence of each place."""
    dice = random.Random(number)
    sentences = {
        place: f"Vi svarer sted {place} inden for {dice.randint(2, 90)} timer, sag {number * 100 + n}."
        for n, place in enumerate([*VISIBLE, *UNSEEN])
    }
    parts = [markup.format(sentences[place]) for place, markup in VISIBLE.items()]
    dice.shuffle(parts)
    body = f"<p>{_FILLER}</p>".join(parts)
    head = "".join(UNSEEN[place].format(sentences[place]) for place in ("description", "answer"))
    rest = "".join(UNSEEN[place].format(sentences[place]) for place in ("alt", "noscript"))
    page = (
        f"<!doctype html><html lang=da><head><title>Side</title>{head}</head><body>{body}{rest}</body></html>"
    )
    return page, sentences


def fetched(body: bytes) -> Fetched:
    """Wrap a body as an answer."""
    return Fetched(
        company_id="b", url="http://b.test/", final_url="http://b.test/", fetched_at=datetime.now(UTC), status=200,
        headers={"content-type": "text/html"}, body=body,
    )  # fmt: skip


def load(folder: Path | None, limit: int) -> list[bytes]:
    """Return real pages where a folder is given, else planted ones."""
    if folder is None:
        return [planted(number)[0].encode() for number in range(limit)]
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))[:limit]
    return [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files]


def by_walker(backend: str) -> Callable[[bytes], object]:
    """Return our reader with a parser."""

    def read(body: bytes) -> object:
        try:
            return read_page(fetched(body), backend=backend)  # type: ignore[arg-type]
        except PageError:
            return None

    return read


class Nothing(BlockBuilder):
    """Keep nothing of what a walk meets."""

    def open(self, tag: str, attributes: Attributes) -> bool:
        """Enter every element."""
        return True

    def text(self, text: str) -> None:
        """Drop the text."""

    def close(self) -> None:
        """Leave the element."""


def by_parser(body: bytes) -> object:
    """Parse, and do nothing with the tree."""
    from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

    return LexborHTMLParser(
        tame(decode(body, "text/html")), options=LexborDocumentOptions.WO_EVENTS
    )  # fmt: skip


def by_walk(body: bytes) -> object:
    """Parse and walk over every node, which is the least that a reader in Python can do."""
    walk(tame(decode(body, "text/html")), Nothing())
    return None


def by_trafilatura(body: bytes) -> object:
    """Extract the way trafilatura does."""
    import trafilatura

    return trafilatura.extract(body, include_tables=True, favor_recall=True)


def speed(name: str, read: Callable[[bytes], object], pages: list[bytes], ours: float) -> float:
    """Print and return pages per CPU-second, of the best of three rounds."""
    rounds = []
    for _ in range(3):
        began = time.process_time()
        for page in pages:
            read(page)
        rounds.append(time.process_time() - began)
    rate = len(pages) / min(rounds)
    print(f"{name:28}{rate:10.1f} pages/CPU-s, of which promisecheck makes {(ours or rate) / rate:6.2f} x")
    return rate


def recall(pages: int = 50) -> None:
    """Print how many planted sentences come out, ours as blocks of their own."""
    found = {"visible": 0, "unseen": 0, "trafilatura visible": 0, "trafilatura unseen": 0}
    for number in range(pages):
        markup, sentences = planted(number)
        blocks = {block.text for block in read_page(fetched(markup.encode())).blocks}
        text = str(by_trafilatura(markup.encode()) or "")
        for place, sentence in sentences.items():
            kind = "visible" if place in VISIBLE else "unseen"
            found[kind] += sentence in blocks
            found[f"trafilatura {kind}"] += sentence in text
    for kind, count in found.items():
        total = pages * len(VISIBLE if kind.endswith("visible") else UNSEEN)
        print(f"recall, {kind:28}{count / total:8.3f}  ({count} of {total})")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    options = parser.parse_args()
    pages = load(options.folder, options.pages)
    print(f"{len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} kB on average")
    ours = speed("promisecheck (lexbor)", by_walker("lexbor"), pages, 0.0)
    speed("promisecheck (lxml)", by_walker("lxml"), pages, ours)
    speed("promisecheck (bs4 + lxml)", by_walker("bs4"), pages, ours)
    speed("trafilatura.extract", by_trafilatura, pages, ours)
    print("where the ceiling is, with nothing kept:")
    speed("lexbor, parsed and walked", by_walk, pages, ours)
    speed("lexbor, parsed", by_parser, pages, ours)
    recall()


if __name__ == "__main__":
    main()
