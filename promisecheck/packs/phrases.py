"""The phrase language of rule files: parse one phrase, name its anchor words, compile it to a safe pattern."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

SLOTS = {"duration": "\ue000", "percent": "\ue001", "money": "\ue002", "count": "\ue003", "time": "\ue004"}
FILL = "\ue00f"
# Typographic marks are read as the plain ones that people type into rule files.
PLAIN = str.maketrans("’‘ʼ‐‑\u00a0\u202f", "'''--  ")
MAX_LENGTH = 600
MAX_DEPTH = 3
MAX_GAPS = 3
MAX_GAP_WORDS = 8
MAX_WAYS = 2000
DEFAULT_GAP = 4

_STARTS = "".join(SLOTS.values())
_SEPARATOR = rf"\.?[^\w.!?{_STARTS}{FILL}]{{1,4}}"
# Possessive, or a long chain of hyphens could be cut into words in too many ways.
_ANY_WORD = rf"(?:\w++(?:[.,'/&-]\w++)*+%?+|[{_STARTS}]{FILL}*+)"
_TOKEN = re.compile(r"\s+|\.\.\.|[()\[\]|^$]|\{[^{}]*\}|<[^<>]*>|@[\w-]+|[^\s()\[\]|^$<>{}@]+")
_GAP = re.compile(r"\{(\d)(?:,(\d))?\}")
_RUN = re.compile(r"\w+")


class PhraseError(ValueError):
    """Say what is wrong with one phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """Hold one literal word; open ends stand for any letters (`prefix*`, `*suffix`)."""

    text: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold a place for a measure of one kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Hold a place for `low` to `high` words of any kind."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold alternatives, each a sequence of items; an optional choice may be left out."""

    options: tuple[tuple[Item, ...], ...]
    optional: bool = False


Item = Word | Slot | Gap | Choice


@dataclass(frozen=True, slots=True)
class Phrase:
    """Hold one parsed phrase; `source` is what the rule file says."""

    source: str
    items: tuple[Item, ...]
    at_start: bool = False
    at_end: bool = False
    slots: bool = False
    _compiled: list[re.Pattern[str]] = field(default_factory=list, repr=False, compare=False)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled pattern; most phrases never meet their anchor, so it is built on first use."""
        if not self._compiled:
            head = r"^[^\w]{0,6}" if self.at_start else r"(?<!\w)"
            tail = r"(?!\w)(?=[^\w]{0,6}$)" if self.at_end else r"(?!\w)"
            self._compiled.append(re.compile(f"{head}({_sequence(self.items)}){tail}"))
        return self._compiled[0]

    @property
    def anchors(self) -> tuple[Word, ...]:
        """Return words of which at least one stands in every text that the phrase matches."""
        return _anchors(self.items)

    @property
    def companions(self) -> tuple[tuple[Word, ...], ...]:
        """Return further such groups of words, besides the anchors, one for each other item that must be there."""
        own = self.anchors
        groups = [_item_anchors(item) for item in self.items if _is_required(item)]
        return tuple(group for group in groups if group and group != own)


def parse_phrase(source: str, words: Mapping[str, str] | None = None) -> Phrase:
    """Parse one phrase; `words` maps names to the phrases that `@name` stands for.

    Raises PhraseError.
    """
    if len(source) > MAX_LENGTH:
        raise PhraseError(f"longer than {MAX_LENGTH} characters")
    tokens = _tokens(source, words or {})
    at_start, at_end = tokens[:1] == ["^"], tokens[-1:] == ["$"]
    parser = _Parser(tokens[at_start : len(tokens) - at_end])
    items = parser.sequence(depth=0)
    if parser.peek() is not None:
        raise PhraseError(f"{parser.peek()!r} closes nothing")
    _check(items, parser, at_end)
    return Phrase(source, items, at_start, at_end, parser.slots)


def _tokens(source: str, words: Mapping[str, str], depth: int = 0) -> list[str]:
    found: list[str] = []
    end = 0
    for match in _TOKEN.finditer(source):
        if match.start() != end:
            raise PhraseError(f"cannot read {source[end]!r}")
        end = match.end()
        token = match.group()
        if token.startswith("@"):
            found += ["(", *_named(token[1:], words, depth), ")"]
        elif not token.isspace():
            found.append(token)
    if end != len(source):
        raise PhraseError(f"cannot read {source[end]!r}")
    return found


def _named(name: str, words: Mapping[str, str], depth: int) -> list[str]:
    if name not in words:
        known = ", ".join(sorted(words)) or "none"
        raise PhraseError(f"@{name} is not among the words of this language ({known})")
    if depth >= MAX_DEPTH:
        raise PhraseError(f"@{name} is nested too deeply")
    return _tokens(words[name], words, depth + 1)


class _Parser:
    """Read tokens from left to right; counts what the caps are about."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.gaps = 0
        self.slots = False

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sequence(self, depth: int) -> tuple[Item, ...]:
        items: list[Item] = []
        while (token := self.peek()) is not None and token not in (")", "]", "|"):
            self.at += 1
            items.append(self._item(token, depth))
        return tuple(items)

    def _item(self, token: str, depth: int) -> Item:
        if token in ("(", "["):
            return self._choice(token, depth + 1)
        if token in ("^", "$"):
            raise PhraseError(f"{token!r} may only stand at the {'start' if token == '^' else 'end'}")
        if token == "..." or token.startswith("{"):
            return self._gap(token)
        if token.startswith("<"):
            self.slots = True
            return _slot(token)
        return _word(token)

    def _choice(self, opening: str, depth: int) -> Choice:
        if depth > 2 * MAX_DEPTH:
            raise PhraseError("groups are nested too deeply")
        options = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence(depth))
        if self.peek() != (")" if opening == "(" else "]"):
            raise PhraseError(f"{opening!r} is not closed")
        self.at += 1
        for option in options:
            _check_start(option)
        return Choice(tuple(options), optional=opening == "[")

    def _gap(self, token: str) -> Gap:
        self.gaps += 1
        if token == "...":
            return Gap(0, DEFAULT_GAP)
        match = _GAP.fullmatch(token)
        if match is None:
            raise PhraseError(f"{token} is no gap: write {{0,4}}")
        high = int(match[2] or match[1])
        low = int(match[1]) if match[2] else 0
        if not low <= high <= MAX_GAP_WORDS:
            raise PhraseError(f"{token} is no gap of at most {MAX_GAP_WORDS} words")
        return Gap(low, high)


def _slot(token: str) -> Slot:
    if token[1:-1] not in SLOTS:
        raise PhraseError(f"{token} is not one of {', '.join(f'<{slot}>' for slot in SLOTS)}")
    return Slot(token[1:-1])


def _word(token: str) -> Word:
    text = token.strip("*").lower().translate(PLAIN)
    if not text or "*" in text:
        raise PhraseError(f"{token!r}: a star stands before or after a word")
    return Word(text, token.startswith("*"), token.endswith("*"))


def _check(items: tuple[Item, ...], parser: _Parser, at_end: bool) -> None:
    if parser.gaps > MAX_GAPS:
        raise PhraseError(f"more than {MAX_GAPS} gaps")
    _check_start(items)
    if isinstance(items[-1], Gap) and not at_end:
        raise PhraseError("a gap needs a word on both sides")
    if not _anchors(items):
        raise PhraseError("no word that must be there")
    if _ways(items) > MAX_WAYS:
        raise PhraseError("can be read in too many ways: use fewer gaps, stars and words that may be missing")


def _ways(items: tuple[Item, ...]) -> int:
    """Return a bound on how often one place of a text can be tried, which is what a hostile page could cost."""
    return math.prod(_item_ways(item) for item in items)


@cache
def _item_ways(item: Item) -> int:
    if isinstance(item, Gap):
        return item.high - item.low + 1
    if not isinstance(item, Choice):
        return 1
    firsts = [option[0] for option in item.options]
    overlapping = max(sum(_may_meet(first, other) for other in firsts) for first in firsts)
    return overlapping * max(_ways(option) for option in item.options) + item.optional


def _may_meet(first: Item, other: Item) -> bool:
    """Tell whether both could match the same word of a text."""
    if not isinstance(first, Word) or not isinstance(other, Word) or first.open_start or other.open_start:
        return True
    if first.text == other.text:
        return True
    longer = other.text.startswith(first.text) and first.open_end
    return longer or (first.text.startswith(other.text) and other.open_end)


def _check_start(items: tuple[Item, ...]) -> None:
    if not any(map(_is_required, items)):
        raise PhraseError("a phrase or an alternative holds no word that must be there")
    if isinstance(items[0], Gap):
        raise PhraseError("a gap needs a word on both sides")


def _is_required(item: Item) -> bool:
    return not isinstance(item, Gap) and not (isinstance(item, Choice) and item.optional)


def _anchors(items: tuple[Item, ...]) -> tuple[Word, ...]:
    """Return the most selective required item's words: the one whose shortest word is longest."""
    best: tuple[Word, ...] = ()
    for item in filter(_is_required, items):
        found = _item_anchors(item)
        if found and _selectivity(found) > (_selectivity(best) if best else (0, 0)):
            best = found
    return best


@cache
def _item_anchors(item: Item) -> tuple[Word, ...]:
    if isinstance(item, Word):
        return _word_anchor(item)
    if isinstance(item, Choice):
        found = [_anchors(option) for option in item.options]
        return tuple(word for words in found for word in words) if all(found) else ()
    return ()


def _word_anchor(word: Word) -> tuple[Word, ...]:
    runs = [(len(m.group()), m) for m in _RUN.finditer(word.text)]
    if not runs:
        return ()
    run = max(runs, key=lambda run: run[0])[1]
    return (
        Word(
            run.group(),
            word.open_start and run.start() == 0,
            word.open_end and run.end() == len(word.text),
        ),
    )


def _selectivity(words: tuple[Word, ...]) -> tuple[int, int]:
    return min(len(word.text) for word in words), -len(words)


def _sequence(items: tuple[Item, ...]) -> str:
    first = next(n for n, item in enumerate(items) if _is_required(item))
    parts = [f"(?:{_source(item)}{_SEPARATOR})?" for item in items[:first]]
    parts.append(_source(items[first]))
    for item in items[first + 1 :]:
        if isinstance(item, Gap):
            parts.append(f"(?:{_SEPARATOR}{_ANY_WORD}){{{item.low},{item.high}}}?")
        elif isinstance(item, Choice) and item.optional:
            parts.append(f"(?:{_SEPARATOR}{_source(item)})?")
        else:
            parts.append(f"{_SEPARATOR}{_source(item)}")
    return "".join(parts)


def _source(item: Item) -> str:
    if isinstance(item, Word):
        start, end = r"\w*" if item.open_start else "", r"\w*+" if item.open_end else ""
        return f"{start}{re.escape(item.text)}{end}"
    if isinstance(item, Slot):
        return f"({SLOTS[item.kind]}){FILL}*"
    if isinstance(item, Choice):
        return "(?:" + "|".join(_sequence(option) for option in item.options) + ")"
    return f"(?:{_ANY_WORD}{_SEPARATOR}){{{item.low},{item.high}}}?"
