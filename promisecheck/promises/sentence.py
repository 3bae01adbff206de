"""One sentence of a page with its place, its neighbours and how the place bears on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promisecheck.model import Page
from promisecheck.promises.context import Standing, standing_of
from promisecheck.text import SentenceContext, identify_language, split_sentences

_WORDLESS = re.compile(r"^[\W\d_]*$")
_NOWHERE = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Hold one sentence; `start` and `end` count code points of the page's (or the input's) text."""

    block: int
    start: int
    end: int
    context: SentenceContext
    standing: Standing = Standing()


def sentences_of_page(page: Page) -> list[Sentence]:
    """Return the sentences of all blocks in running order, each with its neighbours."""
    plain: list[_Part] = []
    for n, block in enumerate(page.blocks):
        if _WORDLESS.match(block.text):
            continue
        language = identify_language(block.text, page.language) or page.language
        heading = block.headings[-1] if block.headings else ""
        plain += _split(block.text, language, block.start, n, heading, standing_of(page, n))
    return _with_neighbours(plain)


def sentences_of_text(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text that stands alone."""
    return _with_neighbours(list(_split(text, language or identify_language(text), 0)))


_Part = tuple[str, int, int, str, int, str, Standing]


def _split(
    text: str, language: str, offset: int, block: int = 0, heading: str = "", standing: Standing = _NOWHERE
) -> Iterator[_Part]:
    for start, end in split_sentences(text, language):
        said = text[start:end]
        if not _WORDLESS.match(said):
            yield said, offset + start, offset + end, language, block, heading, standing


def _with_neighbours(parts: Sequence[_Part]) -> list[Sentence]:
    texts = ["", *(part[0] for part in parts), ""]
    return [
        Sentence(
            block=block, start=start, end=end, standing=standing,
            context=SentenceContext(
                text=text, before=texts[i], after=texts[i + 2], heading=heading, language=language
            ),
        )
        for i, (text, start, end, language, block, heading, standing) in enumerate(parts)
    ]  # fmt: skip
