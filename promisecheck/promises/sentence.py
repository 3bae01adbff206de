"""One sentence of a page with its place, its neighbours and how the place bears on it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promisecheck.model import Page
from promisecheck.promises.context import Standing, standing_of
from promisecheck.text import SentenceContext, identify_language, split_sentences

_WORDLESS = re.compile(r"^[\W\d_]*$")
_LETTERS = re.compile(r"[æøåäö]", re.IGNORECASE)
_NEIGHBOURS = ("da", "nb", "nn", "sv")
# Measured: below this length one in ten blocks is taken for the neighbour's language, above it one in a hundred.
TELLING = 80
_NOWHERE = Standing()
_MOST_JOINED = 3
_LONGEST_JOINED = 70


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
        language = _language_of(block.text, page.language)
        heading = block.headings[-1] if block.headings else ""
        plain += _split(block.text, language, block.start, n, heading, standing_of(page, n))
    return _with_neighbours(plain)


def _language_of(text: str, prior: str) -> str:
    """Name a block's language; the words of a short one do not outweigh the page among close neighbours."""
    named = identify_language(text, prior) or prior
    if named == prior or prior not in _NEIGHBOURS:
        return named
    unsure = len(text) < TELLING if named in _NEIGHBOURS else _LETTERS.search(text) is not None
    return prior if unsure else named


def sentences_of_text(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text that stands alone."""
    return _with_neighbours(list(_split(text, language or identify_language(text), 0)))


_Part = tuple[str, int, int, str, int, str, Standing]


def _split(
    text: str, language: str, offset: int, block: int = 0, heading: str = "", standing: Standing = _NOWHERE
) -> Iterator[_Part]:
    for start, end in _joined(text, split_sentences(text, language)):
        said = text[start:end]
        if not _WORDLESS.match(said):
            yield said, offset + start, offset + end, language, block, heading, standing


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take a block of short sentences that begin alike for one: "No menus. No robots." is quoted whole."""
    if not 2 <= len(spans) <= _MOST_JOINED or spans[-1][1] - spans[0][0] > _LONGEST_JOINED:
        return spans
    parts = [text[a:b] for a, b in spans]
    firsts = {part.split()[0].casefold() for part in parts}
    apart = any(text[left[1] : right[0]] != " " for left, right in itertools.pairwise(spans))
    alike = len(firsts) == 1 and all(part[-1] in ".!" for part in parts[:-1])
    return [(spans[0][0], spans[-1][1])] if alike and not apart else spans


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
