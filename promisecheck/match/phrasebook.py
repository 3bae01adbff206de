"""Find many phrases of the rule language in a text at once: each word is looked up once, and no pattern is run."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from promisecheck.errors import RuleError
from promisecheck.packs.phrases import Choice, Gap, Item, PhraseError, Slot, Word, parse_phrase

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[%€£$]")
_DOUBLE = re.compile(r"([^\W\d_])\1+")
_LETTERS = str.maketrans({"ä": "æ", "ö": "ø", "’": "'", "é": "e", "è": "e", "ü": "y"})
_MOST_WAYS = 400
_MOST_WORDS = 500_000


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one word, folded, with its place in the text."""

    word: str
    start: int
    end: int


def fold_word(word: str) -> str:
    """Fold case, Nordic letter variants and doubled letters, so that common slips still match."""
    folded = unicodedata.normalize("NFC", word).lower().translate(_LETTERS).replace("aa", "å")
    return _DOUBLE.sub(r"\1", folded)


def tokenize(text: str) -> list[Token]:
    """Return the words of the text in order; punctuation is left out."""
    return [Token(fold_word(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one phrase found: its label, the tokens first to last that it covers, and which of them are its words."""

    label: str
    first: int
    last: int
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Hold the word patterns of which one must come next, after at most `gap` other words."""

    choices: frozenset[int]
    gap: int = 0


_Way = tuple[_Step, ...]


@dataclass(slots=True)
class PhraseBook:
    """Hold labelled phrases; `find` costs one dictionary look-up a word and a few steps where a phrase begins."""

    words: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    _numbers: dict[Word, int] = field(default_factory=dict)
    _exact: dict[str, list[int]] = field(default_factory=dict)
    _loose: list[tuple[Word, int]] = field(default_factory=list)
    _by_first: dict[int, list[tuple[_Way, str]]] = field(default_factory=dict)
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, label: str, phrases: Iterable[str]) -> None:
        """Add phrases under a label; raises RuleError on one that cannot be read."""
        for source in phrases:
            try:
                items = parse_phrase(str(source), self.words).items
            except PhraseError as error:
                raise RuleError(f"phrase {source!r}: {error}", where=self.where) from error
            for way in self._ways(items, source):
                for first in sorted(way[0].choices):
                    self._by_first.setdefault(first, []).append((way, label))
        self._seen.clear()

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """Return the phrases found, in order of their first word; the longest for a label and a start."""
        classes = [self._classes(token.word) for token in tokens]
        found: dict[tuple[str, int], tuple[int, ...]] = {}
        for first, own in enumerate(classes):
            for number in own:
                for way, label in self._by_first.get(number, ()):
                    words = _words(way, 1, classes, first + 1)
                    if words is not None and (first, *words)[-1] > found.get((label, first), (-1,))[-1]:
                        found[label, first] = (first, *words)
        return [Found(label, first, words[-1], words) for (label, first), words in found.items()]

    def _classes(self, word: str) -> tuple[int, ...]:
        known = self._seen.get(word)
        if known is None:
            loose = [number for pattern, number in self._loose if _fits(pattern, word)]
            known = tuple(dict.fromkeys([*self._exact.get(word, ()), *loose]))
            if len(self._seen) < _MOST_WORDS:
                self._seen[word] = known
        return known

    def _ways(self, items: tuple[Item, ...], source: str) -> list[_Way]:
        ways = list(itertools.islice(self._unfold(items), _MOST_WAYS + 1))
        if len(ways) > _MOST_WAYS:
            raise RuleError(
                f"phrase {source!r} can be said in more than {_MOST_WAYS} ways",
                where=self.where,
                do="split it",
            )
        return [way for way in ways if way]

    def _unfold(self, items: tuple[Item, ...]) -> Iterator[_Way]:
        parts: list[list[_Way]] = []
        gap = 0
        for item in items:
            if isinstance(item, Gap):
                gap = item.high
                continue
            parts.append([_after(gap, way) for way in self._item_ways(item)])
            gap = 0
        for combined in itertools.product(*parts):
            yield tuple(step for way in combined for step in way)

    def _item_ways(self, item: Item) -> list[_Way]:
        if isinstance(item, Word):
            return [(_Step(frozenset([self._number(item)])),)]
        if isinstance(item, Slot):
            raise RuleError(f"<{item.kind}> cannot stand here", where=self.where, do="leave the measure out")
        if isinstance(item, Gap):
            return []
        return self._choice_ways(item)

    def _choice_ways(self, choice: Choice) -> list[_Way]:
        unfolded = [way for option in choice.options for way in self._unfold(option)]
        simple = [number for way in unfolded if len(way) == 1 for number in way[0].choices]
        longer = [way for way in unfolded if len(way) > 1]
        ways: list[_Way] = [(_Step(frozenset(simple)),)] if simple else []
        return [*ways, *longer, *([()] if choice.optional else [])]

    def _number(self, pattern: Word) -> int:
        folded = Word(fold_word(pattern.text), pattern.open_start, pattern.open_end)
        if folded in self._numbers:
            return self._numbers[folded]
        number = self._numbers[folded] = len(self._numbers)
        if folded.open_start or folded.open_end:
            self._loose.append((folded, number))
        else:
            self._exact.setdefault(folded.text, []).append(number)
        return number


def _after(gap: int, way: _Way) -> _Way:
    return (_Step(way[0].choices, max(gap, way[0].gap)), *way[1:]) if way and gap else way


def _fits(pattern: Word, word: str) -> bool:
    if pattern.open_start:
        return pattern.text in word if pattern.open_end else word.endswith(pattern.text)
    return word.startswith(pattern.text)


def _words(way: _Way, n: int, classes: Sequence[tuple[int, ...]], at: int) -> tuple[int, ...] | None:
    """Return the tokens that way[n:] takes from `at` on, the nearest ones, or None."""
    if n == len(way):
        return ()
    step = way[n]
    for place in range(at, min(at + step.gap + 1, len(classes))):
        if not step.choices.isdisjoint(classes[place]):
            words = _words(way, n + 1, classes, place + 1)
            if words is not None:
                return (place, *words)
    return None
