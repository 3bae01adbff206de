"""The format of rule files: every key that a rule or a language's `_pack.yaml` may hold, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast, get_args

from promisecheck.model import THEMES, Kind
from promisecheck.packs.located import Located
from promisecheck.packs.phrases import Phrase, PhraseError, parse_phrase
from promisecheck.packs.rule import FACTS, SIGNAL_CODES, Breaks, Examples, FactTest, Rule
from promisecheck.plugins import did_you_mean

FILE_KEYS = ("theme", "rules")
RULE_KEYS = (
    "id", "says", "kind", "metric", "certain", "promise", "unless", "hedged", "breaks", "needs", "references",
    "examples",
)  # fmt: skip
PACK_KEYS = ("extends", "words", "never", "unless", "hedged")
KINDS: tuple[str, ...] = get_args(Kind)
METRIC = re.compile(r"[a-z][a-z-]{1,30}")
_ID = re.compile(r"([a-z]+)\.[a-z0-9]+(?:-[a-z0-9]+)*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackHead:
    """Hold what `_pack.yaml` says for all rules of a language."""

    words: Mapping[str, str] = field(default_factory=dict)
    never: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    hedged: tuple[Phrase, ...] = ()


def extends_of(root: Located) -> Located | None:
    """Return the language that a `_pack.yaml` or `_language.yaml` builds on, if it names one."""
    return dict(root.pairs()).get("extends")


def read_head(root: Located, known: Mapping[str, str]) -> PackHead:
    """Read a language's `_pack.yaml`; its phrases may use the `known` words too."""
    keys = root.mapping(PACK_KEYS)
    named = keys["words"].pairs() if "words" in keys else []
    own = {name: " | ".join(value.texts()) for name, value in named}
    words = {**known, **own}
    for name, value in named:
        _phrase(f"@{name}", value, words)
    return PackHead(
        words=own,
        never=_phrases(_members(keys, "never"), words),
        unless=_phrases(_members(keys, "unless"), words),
        hedged=_phrases(_members(keys, "hedged"), words),
    )


def read_rules(root: Located, language: str, words: Mapping[str, str]) -> list[Rule]:
    """Read the rules of one theme file."""
    keys = root.mapping(FILE_KEYS)
    theme = _one_of(_need(keys, "theme", root), THEMES)
    return [_rule(item, language, theme, words) for item in _need(keys, "rules", root).items()]


def _rule(item: Located, language: str, theme: str, words: Mapping[str, str]) -> Rule:
    rule_id = _rule_id(item, theme)
    item = item.in_rule(rule_id)
    keys = item.mapping(RULE_KEYS)
    return Rule(
        id=rule_id,
        language=language,
        theme=theme,
        kind=cast(Kind, _one_of(_need(keys, "kind", item), KINDS)),
        metric=_optional(keys, "metric", _metric, ""),
        certain=_optional(keys, "certain", Located.flag, False),
        says=_optional(keys, "says", Located.text, ""),
        promise=_phrases(_need(keys, "promise", item).items(), words),
        unless=_phrases(_members(keys, "unless"), words),
        hedged=_phrases(_members(keys, "hedged"), words),
        breaks=_optional(keys, "breaks", _breaks, Breaks()),
        needs=_optional(keys, "needs", Located.text, ""),
        references=_optional(keys, "references", Located.texts, ()),
        examples=_optional(keys, "examples", _examples, Examples()),
        where=f"{item.place.path}:{item.place.line}",
    )


def _rule_id(item: Located, theme: str) -> str:
    value = dict(item.pairs()).get("id")
    if value is None:
        raise item.place.error("the rule has no id", f"write 'id: {theme}.some-name'")
    rule_id = value.text()
    match = _ID.fullmatch(rule_id)
    if match is None or match[1] != theme:
        raise value.place.error(f"id {rule_id!r} is not of the form {theme}.some-name")
    return rule_id


def _breaks(value: Located) -> Breaks:
    keys = value.mapping(("fact", "signals"))
    signals = tuple(_one_of(item, SIGNAL_CODES) for item in _members(keys, "signals"))
    return Breaks(fact=_fact(keys["fact"]) if "fact" in keys else None, signals=signals)


def _fact(value: Located) -> FactTest:
    keys = value.mapping(("name", "compare", "limit", "against"))
    compare = _one_of(_need(keys, "compare", value), ("above", "below"))
    return FactTest(
        name=_one_of(_need(keys, "name", value), FACTS),
        compare=cast(Literal["above", "below"], compare),
        limit=keys["limit"].number() if "limit" in keys else None,
        against=_one_of(keys["against"], FACTS) if "against" in keys else "",
    )


def _examples(value: Located) -> Examples:
    keys = value.mapping(("promise", "not_promise"))
    return Examples(
        promise=_optional(keys, "promise", Located.texts, ()),
        not_promise=_optional(keys, "not_promise", Located.texts, ()),
    )


def _metric(value: Located) -> str:
    if not METRIC.fullmatch(value.text()):
        raise value.place.error(f"metric {value.text()!r} is not lower-case words joined by hyphens")
    return value.text()


def _phrases(items: Iterable[Located], words: Mapping[str, str]) -> tuple[Phrase, ...]:
    return tuple(_phrase(item.text(), item, words) for item in items)


def _phrase(source: str, value: Located, words: Mapping[str, str]) -> Phrase:
    try:
        return parse_phrase(source, words)
    except PhraseError as error:
        raise value.place.error(f"phrase {source!r}: {error}") from None


def _members(keys: Mapping[str, Located], key: str) -> list[Located]:
    return keys[key].items() if key in keys else []


def _need(keys: Mapping[str, Located], key: str, owner: Located) -> Located:
    if key not in keys:
        raise owner.place.error(f"key {key!r} is missing")
    return keys[key]


def _optional(keys: Mapping[str, Located], key: str, read: Callable[[Located], T], default: T) -> T:
    return read(keys[key]) if key in keys else default


def _one_of(value: Located, known: Iterable[str]) -> str:
    names = tuple(known)
    if value.text() not in names:
        raise value.place.error(f"{value.text()!r} is not known here", did_you_mean(value.text(), names))
    return value.text()
