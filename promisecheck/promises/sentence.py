"""One sentence of a page with its place, its neighbours and how the place bears on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from promisecheck.model import Page
from promisecheck.promises.context import Standing, standing_of
from promisecheck.text import SentenceContext, identify_language, split_sentences

_WORDLESS = re.compile(r"^[\W\d_]*$")


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
    plain: list[Sentence] = []
    for n, block in enumerate(page.blocks):
        if _WORDLESS.match(block.text):
            continue
        standing = standing_of(page, n)
        language = identify_language(block.text, page.language) or page.language
        heading = block.headings[-1] if block.headings else ""
        plain += [
            replace(s, block=n, standing=standing, context=replace(s.context, heading=heading))
            for s in _split(block.text, language, block.start)
        ]
    return list(_with_neighbours(plain))


def sentences_of_text(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text that stands alone."""
    return list(_with_neighbours(list(_split(text, language or identify_language(text), 0))))


def _split(text: str, language: str, offset: int) -> Iterator[Sentence]:
    for start, end in split_sentences(text, language):
        if not _WORDLESS.match(text[start:end]):
            context = SentenceContext(text=text[start:end], language=language)
            yield Sentence(block=0, start=offset + start, end=offset + end, context=context)


def _with_neighbours(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    for i, sentence in enumerate(sentences):
        before = sentences[i - 1].context.text if i else ""
        after = sentences[i + 1].context.text if i + 1 < len(sentences) else ""
        yield replace(sentence, context=replace(sentence.context, before=before, after=after))
