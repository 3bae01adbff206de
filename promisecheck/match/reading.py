"""Read one incident: its signals, passage by passage, and the times it states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from promisecheck.match.codes import CODE_SUBJECTS, CODES
from promisecheck.match.lexicon import Lexicon, pick_lexicon
from promisecheck.match.passages import Sentence, inside, split_text, split_turns, trimmed_end
from promisecheck.match.phrasebook import Found
from promisecheck.match.policy import MatchPolicy
from promisecheck.match.reach import areas_in, groups_told, subjects_in
from promisecheck.match.stated import Stated, measures_in, read_stated
from promisecheck.match.words import Said, read_words
from promisecheck.model import Measure, Signal, Status
from promisecheck.text import identify_language

_MAX_TEXT = 20_000
_MAY_HOLD_NUMBER = re.compile(
    r"\d|[½¼¾]|\b(?:halv|half|tim|dag|dagar|day|hour|uge|veck|uke|week|måned|month|minut)", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Hold one passage, what its words say, and which touchpoints it names."""

    start: int
    end: int
    language: str
    said: tuple[Signal, ...]
    aspects: frozenset[str] = frozenset()
    opinion: bool = False
    third_party: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReading:
    """Hold what an incident says: passages in order, stated durations, and marks that call for caution."""

    passages: tuple[Passage, ...] = ()
    stated: tuple[Stated, ...] = ()
    waiting: bool = False
    own_mistake: bool = False
    warnings: int = 0
    praises: int = 0
    subjects: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    signals: tuple[Signal, ...] = field(default=())
    broken: frozenset[str] = frozenset()
    loudest: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """The strongest signal by status and theme."""

    def with_signals(self, signals: Iterable[Signal]) -> IncidentReading:
        """Return this reading with these signals, the codes of the broken ones, and the subjects that they imply."""
        every = tuple(signals)
        implied = {name for signal in every for name in CODE_SUBJECTS.get(signal.code, ())}
        broken = frozenset(signal.code for signal in every if signal.status == "broken")
        loudest: dict[tuple[str, str], float] = {}
        for signal in every:
            key = signal.status, signal.theme
            loudest[key] = max(signal.score, loudest.get(key, 0.0))
        return replace(self, signals=every, broken=broken, subjects=self.subjects | implied, loudest=loudest)


def read_passages(text: str, language: str, policy: MatchPolicy) -> IncidentReading:
    """Read the words and numbers of an incident; the first 20,000 characters count."""
    text = text[:_MAX_TEXT]
    language = language or identify_language(text)
    passages: list[Passage] = []
    stated: list[Stated] = []
    marks: Counter[str] = Counter()
    subjects: set[str] = set()
    for sentence in split_text(text):
        lexicon = pick_lexicon(sentence.tokens, language)
        if lexicon is None:
            continue
        found = lexicon.find(sentence.tokens)
        labels = [item.label for item in found if ":" not in item.label]
        marks.update(label for label in labels if label != "praises" or "warnings" not in labels)
        subjects |= subjects_in(found)
        own = text[sentence.start : sentence.end]
        quantities = measures_in(own, lexicon.language) if _MAY_HOLD_NUMBER.search(own) else []
        stated += read_stated(quantities, sentence.start, sentence.tokens, found)
        measures = [
            (quantity.start + sentence.start, quantity.measure)
            for quantity in quantities
            if quantity.measure.kind in ("duration", "money", "count")
        ]
        passages += _sentence_passages(text, sentence, lexicon, found, measures, policy)
    return IncidentReading(
        passages=tuple(passages),
        stated=tuple(stated),
        waiting="waiting" in marks,
        own_mistake="own_mistakes" in marks,
        warnings=marks["warnings"],
        praises=marks["praises"],
        subjects=frozenset(subjects),
        areas=areas_in(text, language),
        groups=groups_told(text, language),
    ).with_signals(signal for passage in passages for signal in passage.said)


def _sentence_passages(
    text: str,
    sentence: Sentence,
    lexicon: Lexicon,
    found: Sequence[Found],
    measures: Sequence[tuple[int, Measure]],
    policy: MatchPolicy,
) -> Iterable[Passage]:
    for first, last in split_turns(sentence, found):
        own = inside(found, first, last)
        start = sentence.tokens[first].start
        end = sentence.tokens[last + 1].start if last + 1 < len(sentence.tokens) else sentence.end
        end = trimmed_end(text, start, end)
        here = [(at, measure) for at, measure in measures if start <= at < end]
        said = read_words(own, has_duration=any(one.kind == "duration" for _, one in here), policy=policy)
        yield Passage(
            start=start,
            end=end,
            language=lexicon.language,
            said=tuple(_signal(text, sentence, item, here) for item in said),
            aspects=frozenset(i.label.removeprefix("aspect:") for i in own if i.label.startswith("aspect:")),
            opinion=any(item.label in ("good", "bad") or item.label.startswith("code:") for item in own),
            third_party=any(item.label == "third_parties" for item in own),
        )


def _signal(text: str, sentence: Sentence, item: Said, measures: Sequence[tuple[int, Measure]]) -> Signal:
    start, end = sentence.tokens[item.first].start, sentence.tokens[item.last].end
    code = CODES[item.code]
    return Signal(
        theme=code.theme,
        status=code.status,
        code=item.code,
        quote=text[start:end],
        start=start,
        end=end,
        score=round(item.score, 3),
        measure=min(measures, key=lambda one: abs(one[0] - start))[1] if measures else None,
    )


def head_signal(
    text: str, start: int, end: int, theme: str, status: Status, code: str, score: float
) -> Signal:
    """Return a signal whose span is the whole passage, as the trained head reads it."""
    return Signal(
        theme=theme,
        status=status,
        code=code,
        quote=text[start:end],
        start=start,
        end=end,
        score=round(score, 3),
    )
