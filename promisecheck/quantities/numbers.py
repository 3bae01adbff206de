"""Numbers as pages and complaints write them: digits with either separator, fractions, number words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
_FRACTION = r"(?:[½¼¾]|\s(?:1/2|1/4|3/4))"
_GAP = "[ \u00a0\u2009\u202f]"
_DIGITS = {
    ",": rf"(?:\d{{1,3}}(?:(?:\.|{_GAP})\d{{3}})+(?!\d)(?:,\d{{1,2}})?|\d{{1,9}}(?:[.,]\d{{1,3}})?)",
    ".": rf"(?:\d{{1,3}}(?:(?:,|{_GAP})\d{{3}})+(?!\d)(?:\.\d{{1,3}})?|\d{{1,9}}(?:[.,]\d{{1,3}})?)",
}
_WORD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Hold a number read from text; `at_least` marks words such as "several", `vague` any that are not exact."""

    value: float
    vague: bool = False
    at_least: bool = False
    article: bool = False


def digits_pattern(decimal: str) -> str:
    """Return the pattern of a number in digits for a language with this decimal sign."""
    return rf"(?:{_DIGITS[decimal]}(?:{_FRACTION}(?!\d))?|[½¼¾])"


def read_number(text: str, words: Mapping[str, Number], decimal: str) -> Number | None:
    """Return what a matched number says, or None where the words name no number."""
    key = _WORD.sub(" ", text.strip())
    if key in words:
        return words[key]
    if not key[:1].isdigit() and key[:1] not in _FRACTIONS:
        return None
    extra = 0.0
    for sign, value in _FRACTIONS.items():
        if key.endswith(sign):
            extra, key = value, key.removesuffix(sign).strip()
            break
    return Number(value=_digits(key, decimal) + extra if key else extra)


def _digits(text: str, decimal: str) -> float:
    bare = re.sub(r"\s", "", text)
    thousands = "." if decimal == "," else ","
    if re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d+)?", bare):
        bare = bare.replace(thousands, "")
    return float(bare.replace(",", "."))
