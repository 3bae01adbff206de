"""Read and check the mapping of one `_language.yaml`: every wrong key or value is named, none is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from promisecheck.errors import RuleError

_KEYS = frozenset({
    "language", "decimal", "clock12", "numbers", "vague_numbers", "articles", "article_units", "article_after",
    "article_before", "halves", "adjectives", "after_digits", "units", "multiples", "currencies", "percent", "counts", "only",
    "range", "between", "and", "at_most", "at_least", "at_most_after", "at_least_after", "approximate",
    "phrases", "never", "months", "year_after", "number_labels", "days", "day_groups", "day_range", "day_and",
    "oclock", "open_words", "absolute", "hedged", "not_absolute", "not_hedged", "conditions", "channels",
    "customers", "areas", "products", "metrics",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold the mapping of one language and read its keys with their expected shape."""

    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not isinstance(self.data, Mapping):
            raise RuleError("expected a mapping", where="_language.yaml")
        unknown = sorted(str(key) for key in self.data if key not in _KEYS)
        if unknown:
            near = get_close_matches(unknown[0], _KEYS, n=1) or sorted(_KEYS)
            raise RuleError(f"unknown key {unknown[0]!r}", where=self.where, do=f"perhaps {near[0]!r}")
        if not isinstance(self.data.get("language"), str):
            raise RuleError("the key 'language' is missing", where="_language.yaml")

    @property
    def where(self) -> str:
        """Return the name that errors carry."""
        return f"{self.data.get('language', '?')}/_language.yaml"

    def at(self, key: str) -> str:
        """Return the place of one key, for errors."""
        return f"{self.where}: {key}"

    def text(self, key: str, default: str) -> str:
        """Return a single word."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise RuleError(f"expected text, found {value!r}", where=self.at(key))
        return value

    def flag(self, key: str) -> bool:
        """Return a switch, off unless set."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise RuleError(f"expected true or false, found {value!r}", where=self.at(key))
        return value

    def listed(self, key: str) -> tuple[str, ...]:
        """Return a list of phrases."""
        return self.strings(self.data.get(key, ()), key)

    def strings(self, value: object, key: str) -> tuple[str, ...]:
        """Return the value as a list of phrases, or say that it is none."""
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise RuleError(f"expected a list of phrases, found {value!r}", where=self.at(key))
        for item in value:
            if not isinstance(item, str) or not item.strip():
                raise RuleError(
                    f"expected a phrase, found {item!r}", where=self.at(key), do="put it in quotes"
                )
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Return a mapping whose keys are text."""
        value = self.data.get(key, {})
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise RuleError(
                "expected a mapping with text as keys", where=self.at(key), do="quote yes, no and on"
            )
        return value

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return a mapping from names to lists of phrases, in the order of the file."""
        return {name: self.strings(value, f"{key}.{name}") for name, value in self.mapping(key).items()}

    def entries(self, key: str) -> Sequence[Any]:
        """Return a list of values that the caller reads further."""
        value = self.data.get(key, ())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise RuleError(f"expected a list, found {value!r}", where=self.at(key))
        return value

    def weekdays(self) -> list[tuple[str, ...]]:
        """Return the names of the days, Monday first; none where the language has none."""
        names = [self.strings(forms, f"days[{n}]") for n, forms in enumerate(self.entries("days"))]
        if len(names) not in {0, 7}:
            raise RuleError("expected seven lists, Monday first", where=self.at("days"))
        return names

    def numbers(self, key: str) -> dict[str, float]:
        """Return a mapping from words to numbers."""
        return {name: self.number(value, f"{key}.{name}") for name, value in self.mapping(key).items()}

    def number(self, value: object, key: str) -> float:
        """Return the value as a number, or say that it is none."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RuleError(f"expected a number, found {value!r}", where=self.at(key))
        return float(value)
