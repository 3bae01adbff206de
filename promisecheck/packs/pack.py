"""One language's rules made ready to run: an index of anchor words, then the few patterns it lets through."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from promisecheck.packs.phrases import FILL, PLAIN, SLOTS, Phrase, Word
from promisecheck.packs.rule import Hit, Rule
from promisecheck.quantities import Grammar, Quantity, find_measures

MAX_TEXT = 4000
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_LAST_TWO_WORDS = re.compile(r"\S+\s+\S+$")
_QUESTION = re.compile(r"\?\W*$")
_KIND_ORDER = {"quantified": 0, "guarantee": 1, "value": 2}
_SLOT_OF = {
    "duration": "duration",
    "percent": "percent",
    "money": "money",
    "count": "count",
    "window": "time",
}
_HEAD = 4
_KEPT_WORDS = 20_000


class PhraseIndex:
    """Find which phrases may match a text, by the words that each of them cannot do without."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._anchors = _WordTable(
            (word, n) for n, phrase in enumerate(self.phrases) for word in phrase.anchors
        )
        groups = {group: None for phrase in self.phrases for group in phrase.companions}
        places = {group: n for n, group in enumerate(groups)}
        self._groups = _WordTable((word, n) for group, n in places.items() for word in group)
        self._companions = tuple(
            frozenset(places[group] for group in phrase.companions) for phrase in self.phrases
        )

    def candidates(self, words: frozenset[str]) -> list[int]:
        """Return the places of phrases whose words may all be among the lower-case words, in order."""
        found = self._anchors.meeting(words)
        if not found:
            return []
        met = self._groups.meeting(words)
        return sorted(n for n in found if self._companions[n] <= met)


class _WordTable:
    """Find the numbers that were filed under any of some words; what a word meets is looked up once."""

    def __init__(self, filed: Iterable[tuple[Word, int]]) -> None:
        exact: dict[str, set[int]] = defaultdict(set)
        heads: dict[str, set[tuple[str, int]]] = defaultdict(set)
        tails: dict[str, set[tuple[str, int]]] = defaultdict(set)
        inner: set[tuple[str, int]] = set()
        for word, n in filed:
            _file(word, n, exact, heads, tails, inner)
        self._exact, self._heads, self._tails, self._inner = exact, heads, tails, tuple(inner)
        self._head_sizes = sorted({len(head) for head in heads})
        self._tail_sizes = sorted({len(tail) for tail in tails})
        self._kept: dict[str, frozenset[int]] = {}

    def meeting(self, words: Iterable[str]) -> set[int]:
        """Return the numbers filed under any of the words."""
        met: set[int] = set()
        for word in words:
            found = self._kept.get(word)
            if found is None:
                found = self._keep(word)
            if found:
                met |= found
        return met

    def _keep(self, word: str) -> frozenset[int]:
        if len(self._kept) >= _KEPT_WORDS:
            self._kept.clear()
        found = self._kept[word] = frozenset(self._look_up(word))
        return found

    def _look_up(self, word: str) -> Iterator[int]:
        yield from self._exact.get(word, ())
        for size in self._head_sizes:
            yield from (n for text, n in self._heads.get(word[:size], ()) if word.startswith(text))
        for size in self._tail_sizes:
            yield from (n for text, n in self._tails.get(word[-size:], ()) if word.endswith(text))
        yield from (n for text, n in self._inner if text in word)


def _file(
    word: Word,
    n: int,
    exact: dict[str, set[int]],
    heads: dict[str, set[tuple[str, int]]],
    tails: dict[str, set[tuple[str, int]]],
    inner: set[tuple[str, int]],
) -> None:
    if word.open_start and word.open_end:
        inner.add((word.text, n))
    elif word.open_end:
        heads[word.text[:_HEAD]].add((word.text, n))
    elif word.open_start:
        tails[word.text[-_HEAD:]].add((word.text, n))
    else:
        exact[word.text].add(n)


@dataclass(slots=True)
class _Sentence:
    """Hold one text as the patterns read it; measures are looked up once, and only where a slot asks."""

    low: str
    read_grammar: Callable[[], Grammar]
    original: str
    _masked: str = ""
    measures: dict[int, Quantity] = field(default_factory=dict)

    def reading(self, phrase: Phrase) -> str:
        return self.masked if phrase.slots else self.low

    @property
    def masked(self) -> str:
        """Return the text with each measure replaced by marks of the same length."""
        if not self._masked:
            self._masked = self.low
            for quantity in find_measures(self.original, self.read_grammar()):
                start = quantity.start + _number_at(quantity.text)
                mark = SLOTS[_SLOT_OF[quantity.measure.kind]] + FILL * (quantity.end - start - 1)
                self._masked = self._masked[:start] + mark + self._masked[quantity.end :]
                self.measures[start] = quantity
        return self._masked


class _Indexed:
    """Hold some rules' phrases with their index, and which rule each phrase belongs to."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        pairs = [(rule, phrase) for rule in rules for phrase in rule.promise]
        self.index = PhraseIndex(phrase for _, phrase in pairs)
        self.owners = tuple(rule for rule, _ in pairs)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pack:
    """Hold the rules of one language with its grammar; `hash` changes whenever a file of it does.

    `unless` vetoes rules, `never` the trained heads, too.
    """

    language: str
    rules: tuple[Rule, ...]
    read_grammar: Callable[[], Grammar] = field(repr=False)
    never: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    hedged: tuple[Phrase, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""
    _all: _Indexed = field(init=False, repr=False)
    _certain: _Indexed = field(init=False, repr=False)
    _never: PhraseIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_all", _Indexed(self.rules))
        object.__setattr__(self, "_certain", _Indexed(rule for rule in self.rules if rule.certain))
        object.__setattr__(self, "_never", PhraseIndex(self.never))

    @property
    def grammar(self) -> Grammar:
        """Return the grammar of quantities; it is costly to build, so the first use builds it."""
        return self.read_grammar()

    def find(self, text: str, *, certain: bool = False) -> list[Hit]:
        """Return at most one hit a rule in one sentence, the most telling first; questions give none.

        Reads the first 4,000 characters; offsets count code points of `text`. With `certain`, only rules are
        tried whose hits count whatever the heads say.
        """
        low, words = _read(text[:MAX_TEXT])
        tried = self._certain if certain else self._all
        candidates = tried.index.candidates(words)
        if not candidates or _QUESTION.search(low):
            return []
        sentence = _Sentence(low, self.read_grammar, text[:MAX_TEXT])
        hits = list(self._hits(tried, candidates, sentence))
        if not hits or _any_match(self.unless, sentence) or self._barred(sentence):
            return []
        return sorted(hits, key=_most_telling)

    def bars(self, text: str) -> bool:
        """Return whether a wording of one sentence means that it is no promise, whatever the heads say."""
        low, _ = _read(text[:MAX_TEXT])
        return self._barred(_Sentence(low, self.read_grammar, text[:MAX_TEXT]))

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, with or without its language."""
        return next((rule for rule in self.rules if rule_id in (rule.id, rule.full_id)), None)

    def _barred(self, sentence: _Sentence) -> bool:
        found = self._never.candidates(_read(sentence.original)[1])
        return _any_match((self._never.phrases[n] for n in found), sentence)

    def _hits(self, tried: _Indexed, candidates: Sequence[int], sentence: _Sentence) -> Iterator[Hit]:
        done: set[str] = set()
        for n in candidates:
            rule = tried.owners[n]
            if rule.id in done:
                continue
            phrase = tried.index.phrases[n]
            match = phrase.pattern.search(sentence.reading(phrase))
            if match is None:
                continue
            done.add(rule.id)
            if not _any_match(rule.unless, sentence):
                yield self._hit(rule, match, sentence)

    def _hit(self, rule: Rule, match: re.Match[str], sentence: _Sentence) -> Hit:
        places = (match.start(n) for n in range(2, match.re.groups + 1))
        measure = next((sentence.measures[at].measure for at in places if at in sentence.measures), None)
        hedged = _any_match(rule.hedged, sentence) or _any_match(self.hedged, sentence)
        return Hit(rule=rule, start=match.start(1), end=match.end(1), measure=measure, hedged=hedged)


def _any_match(phrases: Iterable[Phrase], sentence: _Sentence) -> bool:
    return any(phrase.pattern.search(sentence.reading(phrase)) for phrase in phrases)


def _most_telling(hit: Hit) -> tuple[int, int, int]:
    return _KIND_ORDER[hit.rule.kind], hit.start - hit.end, hit.start


def _number_at(quantity: str) -> int:
    # A quantity may begin with words that phrases want to read: "delivered within 2 days", "within two days".
    digit = _DIGIT.search(quantity) or _LAST_TWO_WORDS.search(quantity)
    return digit.start() if digit else 0


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[str, frozenset[str]]:
    """Return a text in lower case and its words: several packs, and vetoes after rules, ask for the same text."""
    low = _lower(text)
    return low, frozenset(_WORD.findall(low))


def _lower(text: str) -> str:
    """Return lower case of the same length, so that offsets hold (İ lowers to two code points)."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return low.translate(PLAIN)
