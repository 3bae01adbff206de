"""Sentences of a block: spaCy's rule-based sentencizer, mended where abbreviations and lists mislead it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Span = tuple[int, int]
Tokens = tuple[tuple[int, int], ...]

_ENDS = re.compile(r"[.!?…]['\"”»)]*\s|[\n•✓✔|·]| [-–—] ")
# An emoji's variation selector belongs to the mark before it.
_HARD = re.compile(r"\n+|\s*[•✓✔✅☑➤▪●|]\ufe0f?\s*|\s+·\s+")
_HARD_MARK = re.compile(r"[\n•✓✔✅☑➤▪●|·]")
# Abbreviations after which a Nordic or English sentence goes on, whatever follows.
_OPEN_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:kl|ca|nr|f\.eks|fx|bl\.a|dvs|d\.v\.s|evt|inkl|ekskl|exkl|incl|excl|max|maks|min|tlf|tel|mob|"
    r"t\.ex|t ex|s\.k|m\.a\.o|o\.s\.v|e\.g|i\.e|approx|vs|mr|mrs|ms|dr|st|pkt|afd|avd|hr|jf|jfr|vedr|ang|"
    r"bl a|p\.g\.a|pga|pr|pst|prof|resp|tidl|div|nærmere|obs|no|art)\.$",
    re.IGNORECASE,
)
# Units that are written with a full stop but may also end a sentence.
_UNIT_ABBREVIATION = re.compile(
    r"(?:^|[\s(\d])(?:kr|md|mdr|mnd|mån|stk|st|dkk|nok|sek|min|sek|t|m|moms|mio|mill)\.$", re.I
)
_LIST_NUMBER = re.compile(r"^\d{1,2}\.$")
# What the tokenizer holds for one token with its full stop, so that no sentence ends there: before a capital one does.
_AFTER_UNIT = re.compile(
    r"(?:(?<=[\d\s])(?:kr|md|mdr|mnd|mån|stk|dkk|nok|sek|mio|mill)|\betc|\bosv|\bo\.s\.v|\bm\.m|\bm\.v|\bo\.l|\bmva|"
    r"kl\.? \d{1,2}|\d{3}|\d[\d.,:/–-]*[.,:/–-]\d+|\d \d{2}|\.{1,4})\.[)\"”»]?\s+(?=\w)",
    re.IGNORECASE,
)
# What opens the next sentence but was left at the end of this one; a quotation mark or bracket touches what it opens.
_OPENS_NEXT = re.compile(r"(?<=\s)[\"“„«‘'(\[§*#–—-]$")
_MAY_STAND_OFF = "§*#–—-"

# What a token is to the sentencizer: a mark that ends sentences, another mark that may follow it, or a word.
_WORD, _MARK, _END = 0, 1, 2
_RUNS = re.compile(r"\S+|\s+")
_PLAIN_LAST_WORD = re.compile(r"[a-zæøåäöé]{2,}[.!?]")
_LONGEST_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentencizer:
    """Hold what spaCy's sentencizer of one language needs to know."""

    tokenizer: Any
    ending: re.Pattern[str]
    ends: frozenset[str]


@lru_cache(maxsize=8)
def _sentencizer(language: str) -> _Sentencizer:
    import spacy

    nlp = spacy.blank(language)
    ends = frozenset(nlp.add_pipe("sentencizer").punct_chars)  # type: ignore[attr-defined]
    ending = re.compile("[" + "".join(map(re.escape, sorted(ends))) + "]")
    return _Sentencizer(tokenizer=nlp.tokenizer, ending=ending, ends=ends)


def split_sentences(text: str, language: str = "") -> list[Span]:
    """Split a text into sentences; return code-point offsets without surrounding white space."""
    if not _HARD_MARK.search(text):
        return _soft(text, 0, len(text), language)
    spans: list[Span] = []
    start = 0
    for hard in _HARD.finditer(text):
        spans += _soft(text, start, hard.start(), language)
        start = hard.end()
    return spans + _soft(text, start, len(text), language)


def _soft(text: str, start: int, end: int, language: str) -> list[Span]:
    piece = text[start:end]
    if not _ENDS.search(piece):
        return _stripped(text, [(start, end)])
    found = _cut_after_units(piece, _opened_later(piece, _spacy_spans(piece, language)))
    cuts = [(start + a, start + b) for a, b in found]
    merged: list[Span] = []
    for a, b in cuts:
        if merged and _goes_on(text[merged[-1][0] : merged[-1][1]], text[a:b]):
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return _stripped(text, merged)


def _spacy_spans(piece: str, language: str) -> list[Span]:
    """Return what spaCy's sentencizer makes of a piece, tokenizing only the words that bear an ending mark."""
    language = language if language in ("da", "nb", "nn", "sv", "en") else "da"
    ending = _sentencizer(language).ending
    starts = [0]
    ended = False
    for run in _RUNS.finditer(piece):
        at, chunk = run.start(), run.group()
        if chunk[0].isspace():
            # A single space only parts two words; further white space is a token of its own.
            if ended and chunk != " ":
                starts.append(at + (chunk[0] == " "))
                ended = False
        elif ended or ending.search(chunk):
            for place, what in _tokens(chunk, language):
                if ended and what == _WORD:
                    starts.append(at + place)
                    ended = False
                elif what == _END:
                    ended = True
    ends = [start - (piece[start - 1] == " ") for start in starts[1:]]
    return list(zip(starts, [*ends, len(piece)], strict=True))


def _tokens(chunk: str, language: str) -> Tokens:
    if _PLAIN_LAST_WORD.fullmatch(chunk) and chunk not in _sentencizer(language).tokenizer.rules:
        return ((0, _WORD), (len(chunk) - 1, _END))
    return _kept_tokens(chunk, language) if len(chunk) <= _LONGEST_KEPT else _spacy_tokens(chunk, language)


def _spacy_tokens(chunk: str, language: str) -> Tokens:
    known = _sentencizer(language)
    return tuple(
        (token.idx, _END if token.text in known.ends else _MARK if token.is_punct else _WORD)
        for token in known.tokenizer(chunk)
    )


_kept_tokens = lru_cache(maxsize=20_000)(_spacy_tokens)


def _opened_later(piece: str, spans: list[Span]) -> list[Span]:
    """Move an opening mark from the end of a sentence to the head of the next."""
    moved = list(spans)
    for n in range(1, len(moved)):
        left, right = moved[n - 1], moved[n]
        opening = _OPENS_NEXT.search(piece, left[0], left[1])
        if opening and (left[1] == right[0] or opening.group() in _MAY_STAND_OFF):
            moved[n - 1], moved[n] = (left[0], opening.start()), (opening.start(), right[1])
    return moved


def _cut_after_units(piece: str, spans: list[Span]) -> list[Span]:
    """Cut "49 kr. Betal": the tokenizer holds "kr." for an abbreviation that never ends a sentence."""
    cut: list[Span] = []
    for a, b in spans:
        for unit in _AFTER_UNIT.finditer(piece, a, b):
            if piece[unit.end()].isupper():
                cut.append((a, unit.end()))
                a = unit.end()
        cut.append((a, b))
    return cut


def _goes_on(left: str, right: str) -> bool:
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return True
    first = right[0]
    if first.islower() or first in ",;:)%":
        return True
    if _OPEN_ABBREVIATION.search(left) or _LIST_NUMBER.search(left):
        return True
    if _UNIT_ABBREVIATION.search(left):
        return first.isdigit() or first in "/–-"
    return not any(ch.isalnum() for ch in right) or (left[-1:].isdigit() and first.isdigit())


def _stripped(text: str, spans: list[Span]) -> list[Span]:
    out = []
    for a, b in spans:
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            out.append((a, b))
    return out
