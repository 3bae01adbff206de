"""The test that a pack carries in itself: its examples, and that no rule lacks examples or a reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promisecheck.packs.pack import Pack
from promisecheck.packs.rule import Problem, Rule

MIN_PROMISE = 3
MIN_NOT_PROMISE = 2


def selftest(packs: Mapping[str, Pack]) -> list[Problem]:
    """Return everything that is wrong with the rules, by language and rule."""
    return [problem for pack in packs.values() for rule in pack.rules for problem in _problems(pack, rule)]


def _problems(pack: Pack, rule: Rule) -> Iterator[Problem]:
    for what in (*_lacks(rule), *_wrong_examples(pack, rule)):
        yield Problem(rule_id=f"{pack.language}.{rule.id}", where=rule.where, what=what)


def _lacks(rule: Rule) -> Iterator[str]:
    if not rule.references:
        yield "names no reference"
    if not rule.says:
        yield "does not say what it finds"
    if not rule.needs:
        yield "does not say what data it needs"
    if not rule.breaks.fact and not rule.breaks.signals:
        yield "names nothing that breaks it"
    if len(rule.examples.promise) < MIN_PROMISE:
        yield f"has {len(rule.examples.promise)} promise examples, needs {MIN_PROMISE}"
    if len(rule.examples.not_promise) < MIN_NOT_PROMISE:
        yield f"has {len(rule.examples.not_promise)} not_promise examples, needs {MIN_NOT_PROMISE}"


def _wrong_examples(pack: Pack, rule: Rule) -> Iterator[str]:
    for text in rule.examples.promise:
        if not _finds(pack, rule, text):
            yield f"does not find its example {text!r}"
    for text in rule.examples.not_promise:
        if _finds(pack, rule, text):
            yield f"finds what is no promise: {text!r}"


def _finds(pack: Pack, rule: Rule, text: str) -> bool:
    return any(hit.rule.id == rule.id for hit in pack.find(text))
