"""Load the signal lexicons, rules/<language>/_signals.yaml: the words in which incidents and promises speak."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from promisecheck.errors import RuleError
from promisecheck.match.codes import ASPECTS, CODES, SUBJECTS
from promisecheck.match.phrasebook import Found, PhraseBook, Token, fold_word
from promisecheck.model import LANGUAGES
from promisecheck.packs import rules_folder

FILE = "_signals.yaml"
METRICS = (
    "queue", "first-reply", "dispatch", "delivery", "resolution", "refund", "activation", "outage", "delay",
)  # fmt: skip
_WORD_LISTS = (
    "contrast", "third_parties", "own_mistakes", "waiting", "unreal", "irony", "tenure", "attributive_times",
    "good", "bad", "negators", "charges", "excludes", "disclaims", "universal", "thresholds", "deadlines", "dispatches", "never", "zeros", "conditional", "warnings", "praises", "writer", "courtesies", "opens_condition", "speeds", "windows", "punctual",
)  # fmt: skip
_NAMED = ("good", "bad")
_KEYS = {
    "language",
    "extends",
    "common",
    "lists",
    "aspects",
    "promises",
    "elapsed",
    "subjects",
    "codes",
    *_WORD_LISTS,
}
_CLEARLY, _CLEARLY_MORE = 2, 3
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Hold one language's words; labels read `code:…`, `aspect:…`, `promise:…`, `elapsed:…`, `subject:…`, or name a list."""

    language: str
    common: frozenset[str]

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """Return everything the lexicon knows in these tokens; its phrases are compiled on first use."""
        return _book(self.language).find(tokens)


@functools.lru_cache(maxsize=16)
def load_lexicon(language: str) -> Lexicon:
    """Load one language's lexicon, once a process; raises RuleError."""
    common = frozenset(fold_word(str(word)) for word in _data(language).get("common", ()))
    return Lexicon(language=language, common=common)


@functools.lru_cache(maxsize=16)
def _data(language: str) -> dict[str, Any]:
    return _read(rules_folder() / language / FILE)


@functools.lru_cache(maxsize=16)
def _book(language: str) -> PhraseBook:
    data, path = _data(language), rules_folder() / language / FILE
    named = {
        **data.get("aspects", {}),
        **data.get("lists", {}),
        **{name: data.get(name, ()) for name in _NAMED},
    }
    words = {name: "|".join(map(str, items)) for name, items in named.items()}
    book = PhraseBook(words=words, where=str(path))
    for name in _WORD_LISTS:
        book.add(name, data.get(name, ()))
    for key, prefix, known in (
        ("aspects", "aspect", ASPECTS),
        ("promises", "promise", ASPECTS),
        ("elapsed", "elapsed", METRICS),
        ("subjects", "subject", SUBJECTS),
        ("codes", "code", CODES),
    ):
        for name, phrases in data.get(key, {}).items():
            _check(name in known, f"{key} names an unknown {prefix} {name!r}", path)
            book.add(f"{prefix}:{name}", phrases)
    return book


@functools.lru_cache(maxsize=4)
def load_lexicons(languages: tuple[str, ...] = LANGUAGES) -> dict[str, Lexicon]:
    """Load several lexicons, once a process; a language without a file of its own is left out."""
    folder = rules_folder()
    return {name: load_lexicon(name) for name in languages if (folder / name / FILE).is_file()}


def pick_lexicon(tokens: Sequence[Token], language: str) -> Lexicon | None:
    """Return the lexicon whose common words these tokens use most; the given language wins a tie and near misses."""
    lexicons = load_lexicons()
    if not lexicons:
        return None
    words = {token.word for token in tokens}
    counts = {name: len(words & lexicon.common) for name, lexicon in lexicons.items()}
    best = max(counts, key=lambda name: (counts[name], name == language))
    known = counts.get(language)
    if known is not None and counts[best] < (known + _CLEARLY_MORE if known else _CLEARLY):
        best = language
    return lexicons[best]


def _read(path: Path) -> dict[str, Any]:
    data = _mapping(path)
    parent = data.get("extends")
    if parent:
        data = _merged(_mapping(path.parent.parent / str(parent) / FILE), data)
    return data


def _mapping(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise RuleError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except yaml.YAMLError as error:
        raise RuleError(f"is no YAML: {error}", where=str(path)) from error
    _check(isinstance(data, dict), "is no mapping", path)
    unknown = sorted(set(data) - _KEYS)
    _check(not unknown, f"has an unknown key {unknown[:1]}", path)
    return dict(data)


def _merged(parent: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Add the words of `own` to those of `parent`, list by list."""
    merged: dict[str, Any] = dict(parent)
    for key, value in own.items():
        if isinstance(value, Mapping):
            merged[key] = _merged(parent.get(key) or {}, value)
        elif isinstance(value, list):
            merged[key] = [*(parent.get(key) or ()), *value]
        else:
            merged[key] = value
    return merged


def _check(fine: bool, what: str, path: Path) -> None:
    if not fine:
        raise RuleError(what, where=str(path), do="see promisecheck/match/codes.py for the names")
