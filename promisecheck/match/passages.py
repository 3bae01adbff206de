"""Split an incident into sentences, and sentences into passages where the writer turns ("but", "however")."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from promisecheck.match.phrasebook import Found, Token, tokenize

_ABBREVIATION = frozenset({
    "kr", "ca", "fx", "eks", "feks", "mr", "hr", "fr", "nr", "tlf", "tel", "bl", "bla", "pga", "dvs",
    "osv", "jf", "jvf", "vedr", "mdr", "md", "mio", "inkl", "ekskl", "evt", "max", "min", "stk", "st",
    "gl", "tex", "kl", "sv", "ph", "vg", "approx", "incl", "no", "vs", "dr", "etc",
})  # fmt: skip
_END = re.compile(r"[.!?…;\n\r•]|[\U0001F300-\U0001FAFF☀-➿]| [-–—] ")
_STRONG = re.compile(r"[!?…;\n\r•]|\.{2,}|[\U0001F300-\U0001FAFF☀-➿]| [-–—] ")
_NUMBER = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold the tokens of one sentence; `text[start:end]` runs to the start of the next sentence."""

    tokens: tuple[Token, ...]
    start: int
    end: int


def split_text(text: str) -> list[Sentence]:
    """Return the sentences of an incident, also where the writer forgot spaces and capitals."""
    tokens = tokenize(text)
    sentences: list[Sentence] = []
    first = 0
    for n in range(1, len(tokens) + 1):
        if n == len(tokens) or _ends(text, tokens[n - 1], tokens[n]):
            end = len(text) if n == len(tokens) else tokens[n].start
            sentences.append(Sentence(tuple(tokens[first:n]), tokens[first].start, end))
            first = n
    return sentences


def _ends(text: str, token: Token, following: Token) -> bool:
    between = text[token.end : following.start]
    if not _END.search(between):
        return False
    if _STRONG.search(between):
        return True
    if token.word in _ABBREVIATION or _NUMBER.match(token.word) or len(token.word) == 1:
        return text[following.start].isupper() and between != "." and token.word not in _ABBREVIATION
    return between != "." or text[following.start].isupper()


def split_turns(sentence: Sentence, found: Iterable[Found]) -> Iterator[tuple[int, int]]:
    """Yield the first and last token of each passage; a contrast word opens a new one."""
    turns = sorted({item.first for item in found if item.label == "contrast" and item.first >= 2})
    edges = [0, *turns, len(sentence.tokens)]
    for first, end in itertools.pairwise(edges):
        if first < end:
            yield first, end - 1


def trimmed_end(text: str, start: int, end: int) -> int:
    """Return the end of text[start:end] without trailing white space."""
    return start + len(text[start:end].rstrip())


def inside(found: Sequence[Found], first: int, last: int) -> list[Found]:
    """Return what was found wholly between two tokens."""
    return [item for item in found if first <= item.first and item.last <= last]
