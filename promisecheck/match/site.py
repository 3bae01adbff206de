"""The company's own text decides: does another sentence of the site contradict, qualify or leave a promise alone?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from promisecheck.match.claim import Claim, claim_of
from promisecheck.match.codes import relatedness
from promisecheck.match.lexicon import pick_lexicon
from promisecheck.match.phrasebook import tokenize
from promisecheck.match.reach import subjects_in
from promisecheck.match.signal import spoken
from promisecheck.match.stated import least_hours, measures_in, most_hours, open_grammar
from promisecheck.model import Measure, Promise, Scope, content_id, fold
from promisecheck.quantities import areas_of, metric_of, scope_of

Relation = Literal["contradicts", "qualifies", "different-scope", "compatible"]
_NEAR = 250
_FOOTNOTE = re.compile(r"^\s*(?:\*|†|\d\)|\(\d\))")
_LAST_WEAK_RELATION = 0.75
_MANNERS = frozenset({"fees", "price", "process"})
_SAME_METRIC = {"delivery": ("delivery", "dispatch"), "dispatch": ("delivery", "dispatch")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Hold one sentence of the company's own, with its place; `start` counts code points of its page."""

    text: str
    language: str = ""
    url: str = ""
    start: int = 0

    @property
    def id(self) -> str:
        """Return an id from place and words."""
        return content_id("statement", self.url, fold(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteJudgement:
    """Hold how one statement stands to one promise, and why."""

    relation: Relation
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSense:
    """Hold what one statement says: its marks, touchpoints, longest time and scope."""

    statement: Statement
    marks: frozenset[str]
    aspects: frozenset[str]
    metric: str
    longest: Measure | None
    threshold: bool
    scope: Scope
    areas: frozenset[str]
    subjects: frozenset[str] = frozenset()
    sum: bool = False


def sense_of(statement: Statement) -> StatementSense:
    """Read a statement once, for all promises."""
    tokens = tokenize(statement.text)
    lexicon = pick_lexicon(tokens, statement.language)
    found = lexicon.find(tokens) if lexicon else []
    labels = {item.label for item in found}
    language = lexicon.language if lexicon else statement.language
    quantities = measures_in(statement.text, language)
    durations = [one.measure for one in quantities if one.measure.kind == "duration" and not one.vague]
    grammar = open_grammar(language)
    return StatementSense(
        statement=statement,
        marks=frozenset(label for label in labels if ":" not in label),
        aspects=_named(labels, "aspect:") | _named(labels, "promise:"),
        metric=metric_of(statement.text, grammar) if grammar else "",
        longest=max(durations, key=lambda one: most_hours(one) or 0.0, default=None),
        threshold="thresholds" in labels and any(one.measure.kind == "money" for one in quantities),
        scope=scope_of(statement.text, grammar) if grammar else Scope(),
        areas=areas_of(statement.text, grammar) if grammar else frozenset(),
        subjects=subjects_in(found),
        sum=any(one.measure.kind == "money" and one.measure.value > 0 for one in quantities),
    )


def _named(labels: Iterable[str], prefix: str) -> frozenset[str]:
    return frozenset(label.removeprefix(prefix) for label in labels if label.startswith(prefix))


def judge_statement(promise: Promise, sense: StatementSense) -> SiteJudgement:
    """Say whether a statement of the same company contradicts or qualifies a promise."""
    statement = sense.statement
    if fold(statement.text) in fold(promise.quote) or fold(promise.quote) in fold(statement.text):
        return SiteJudgement(relation="compatible")
    claim = claim_of(promise)
    takes_back = next((reason for test in _TESTS if (reason := test(promise, claim, sense))), "")
    if not takes_back:
        return SiteJudgement(relation="compatible")
    if _other_scope(promise.scope, sense):
        return SiteJudgement(relation="different-scope", reason=takes_back)
    if promise.strength == "hedged" or _is_near(promise, statement):
        return SiteJudgement(relation="qualifies", reason=takes_back)
    return SiteJudgement(relation="contradicts", reason=takes_back)


def _longer(promise: Promise, claim: Claim, sense: StatementSense) -> str:
    """A longer time for the same thing elsewhere."""
    limit, longest = claim.limit, sense.longest
    if limit is None or longest is None or not _same_metric(claim, sense) or not _is_longer(longest, limit):
        return ""
    return f"Elsewhere the site says {spoken(longest)}, where {spoken(limit)} is promised: {_quoted(sense)}."


def _same_metric(claim: Claim, sense: StatementSense) -> bool:
    """Tell whether both measure the same: goods sent and goods received count as one, a right of return does not."""
    return sense.metric in _SAME_METRIC.get(claim.metric, (claim.metric,)) and bool(sense.metric)


def _is_longer(stated: Measure, limit: Measure) -> bool:
    if stated.unit == limit.unit:
        return (stated.high or stated.value) > (limit.high or limit.value)
    shortest = least_hours(
        Measure(kind="duration", compare="exactly", value=stated.high or stated.value, unit=stated.unit)
    )
    longest = most_hours(limit)
    return shortest is not None and longest is not None and shortest > longest


def _excluded(promise: Promise, claim: Claim, sense: StatementSense) -> str:
    """An exclusion, or a threshold, against a promise that holds for all."""
    if not _is_universal(promise) or not _same_thing(claim, sense):
        return ""
    if "excludes" in sense.marks:
        return f"The promise holds for all; elsewhere the site makes exceptions: {_quoted(sense)}."
    if "universal" in sense.marks:
        # The sentence that names a threshold gives this very thing to all ("free delivery over 499, always free returns").
        return ""
    if sense.threshold and not promise.conditions and "fees" in sense.aspects and _is_free(promise):
        return f"The promise holds for all; elsewhere the site sets a threshold: {_quoted(sense)}."
    return ""


def _disclaimed(promise: Promise, claim: Claim, sense: StatementSense) -> str:
    """A reservation against a promise that leaves no room."""
    if promise.strength != "absolute" or "disclaims" not in sense.marks or not _same_thing(claim, sense):
        return ""
    return f"The promise leaves no room; elsewhere the site takes it back: {_quoted(sense)}."


def _charged(promise: Promise, claim: Claim, sense: StatementSense) -> str:
    """A sum for the very thing that is promised free."""
    if "charges" not in sense.marks or not sense.sum or promise.conditions:
        return ""
    if not _is_free(promise) or claim.reach.objects.isdisjoint(sense.subjects):
        return ""
    return f"The promise is free of charge; elsewhere the site charges for it: {_quoted(sense)}."


_Test = Callable[[Promise, Claim, StatementSense], str]
_TESTS: tuple[_Test, ...] = (_longer, _excluded, _disclaimed, _charged)


def _is_universal(promise: Promise) -> bool:
    return promise.strength == "absolute" or "universal" in _labels(promise)


def _is_free(promise: Promise) -> bool:
    return not _labels(promise).isdisjoint({"promise:fees", "aspect:fees"})


def _labels(promise: Promise) -> set[str]:
    tokens = tokenize(promise.quote)
    lexicon = pick_lexicon(tokens, promise.language)
    return {item.label for item in lexicon.find(tokens)} if lexicon else set()


def _same_thing(claim: Claim, sense: StatementSense) -> bool:
    """Tell whether both are about the same touchpoint; "free" or "easy" alone is none."""
    ours, theirs = claim.aspects - _MANNERS, sense.aspects - _MANNERS
    if not ours:
        return bool(claim.aspects & sense.aspects)
    return any(relatedness(own, other) > _LAST_WEAK_RELATION for own in ours for other in theirs)


def _other_scope(promise: Scope, sense: StatementSense) -> bool:
    """Tell whether the statement is about another country, channel or group than the promise."""
    if sense.areas and promise.area not in sense.areas:
        return True
    pairs = ((promise.channel, sense.scope.channel), (promise.customers, sense.scope.customers))
    return any(theirs and theirs != ours for ours, theirs in pairs)


def _is_near(promise: Promise, statement: Statement) -> bool:
    """Tell whether a reader of the promise sees the statement: on the same page, beside it, and no footnote."""
    if not statement.url or statement.url != promise.url or _FOOTNOTE.match(statement.text):
        return False
    return abs(statement.start - promise.start) <= _NEAR + len(promise.quote)


def _quoted(sense: StatementSense) -> str:
    text = " ".join(sense.statement.text.split())
    return f"“{text if len(text) <= 160 else text[:157] + '…'}”"


def by_aspect(senses: Sequence[StatementSense]) -> Mapping[str, list[StatementSense]]:
    """Index statements that could take anything back by what they are about."""
    index: dict[str, list[StatementSense]] = {}
    for sense in senses:
        if (
            sense.longest is None
            and not sense.threshold
            and sense.marks.isdisjoint({"excludes", "disclaims"})
            and not (sense.sum and "charges" in sense.marks)
        ):
            continue
        for name in sense.aspects | {f"metric:{sense.metric}"} | {f"subject:{one}" for one in sense.subjects}:
            index.setdefault(name, []).append(sense)
    return index
