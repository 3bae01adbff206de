"""The grammar of one language: its compiled patterns and the values its words stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from promisecheck.model import Measure
from promisecheck.quantities.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Hold one measure as the text states it: `text == whole[start:end]`; vague means "a few", "several"."""

    measure: Measure
    start: int
    end: int
    text: str = ""
    vague: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Hold the measure that a fixed phrase stands for; `reads_value`: its number is the one in the phrase."""

    pattern: re.Pattern[str]
    measure: Measure
    reads_value: bool
    vague: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Hold the unit that a word names, and how many of it: a quarter of an hour is 15 minutes."""

    name: str
    times: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """Hold patterns and values for numbers with what they count.

    In `stated`, groups `u0` … index `units`, `a0` … (after the number) and `c0` … (before it) index `currencies`.
    """

    decimal: str
    words: Mapping[str, Number]
    units: tuple[Unit, ...]
    currencies: tuple[str, ...]
    stated: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    only: re.Pattern[str]
    joiner: re.Pattern[str]
    after_digits: frozenset[str]
    article_units: frozenset[str]
    article_after: re.Pattern[str]
    article_before: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Hold patterns for opening hours, dates and clock times; a day word covers days first to last (0 = Monday)."""

    clock12: bool
    window: re.Pattern[str]
    hours: re.Pattern[str]
    day: re.Pattern[str]
    range_sign: re.Pattern[str]
    days: Mapping[str, tuple[int, int]]
    identifiers: re.Pattern[str]
    dates: re.Pattern[str]
    never: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Hold patterns for strength, conditions, scope and metric."""

    absolute: re.Pattern[str]
    hedged: re.Pattern[str]
    not_absolute: re.Pattern[str]
    not_hedged: re.Pattern[str]
    conditions: re.Pattern[str]
    channels: Mapping[str, re.Pattern[str]]
    customers: Mapping[str, re.Pattern[str]]
    areas: Mapping[str, re.Pattern[str]]
    products: Mapping[str, re.Pattern[str]]
    metrics: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Hold what one language needs to read quantities and wording; build it with `Grammar.from_mapping`."""

    language: str
    numerals: Numerals
    calendar: Calendar
    wording: Wording
    phrase: re.Pattern[str]  # any of the phrases, so that most texts are gone through once
    phrases: tuple[Phrase, ...]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Compile the mapping of one `_language.yaml`; raise RuleError naming the key that cannot be used."""
        # The builder needs the values above, so it is imported when the first grammar is built.
        from promisecheck.quantities.build import build_parts

        return cls(**build_parts(data))
