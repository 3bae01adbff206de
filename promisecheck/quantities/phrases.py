"""The little pattern language of `_language.yaml`: phrases a reader can write without knowing regular expressions.

A phrase is plain words. `*` stands for the rest of a word, `[x]` may be missing, `(a|b)` is either, `{name}` is a
slot such as `{money}` or `{time}`; any white space and any dash match each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from promisecheck.errors import RuleError

DASH = "[-‐‑‒–—−]"
_PARTS = re.compile(r"(?P<slot>\{\w+\})|(?P<space>\s+)|(?P<sign>[*()|\[\]])|(?P<text>[^\s*()|\[\]{}]+)")
_LAST = re.compile(r"\s+\[([^\[\]\s][^\[\]]*)\](?=$|[)|]|\[\s)")
_INNER = re.compile(r"(?:(?<=\s)|^|(?<=[(|]))\[([^\[\]]*)\]\s+")
_SIGNS = {"*": r"\w*", "(": "(?:", ")": ")", "|": "|", "[": "(?:", "]": ")?"}


def lower(text: str) -> str:
    """Return the text in small letters, code point for code point, so that offsets stay true."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def compile_pattern(pattern: str, where: str) -> re.Pattern[str]:
    """Compile a pattern that data went into; raise RuleError naming the key when it is malformed."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RuleError(
            f"a phrase cannot be read: {error}", where=where, do="check its brackets and stars"
        ) from error


def _bounds(phrase: str) -> tuple[str, str]:
    """Return what must stand before and after a phrase so that it never starts or ends inside a word."""
    # A unit may stand right behind its number ("24t", "499kr"), a number or a slot may not stand inside a word.
    before = r"(?<![^\W\d])" if re.match(r"[^\W\d]", phrase) else ""
    before = r"(?<!\w)" if re.match(r"[\d\[({]", phrase) else before
    return before, r"(?!\w)" if re.search(r"[\w\])*}]$", phrase) else ""


def _body(phrase: str, slots: Mapping[str, str], where: str) -> str:
    return "".join(_part(part, slots, where) for part in _PARTS.finditer(_spaced(lower(phrase))))


def _spaced(phrase: str) -> str:
    """Move the space beside an optional part into it, so that "[only] here" also matches "here"."""
    moved = ""
    while moved != phrase:
        moved, phrase = phrase, _LAST.sub(r"[ (\1)]", phrase)
    return _INNER.sub(r"[(\1) ]", phrase)


def _part(part: re.Match[str], slots: Mapping[str, str], where: str) -> str:
    text = part.group()
    match part.lastgroup:
        case "slot":
            if text[1:-1] not in slots:
                known = ", ".join(sorted(slots))
                raise RuleError(f"unknown slot {text}", where=where, do=f"known slots: {known}")
            return slots[text[1:-1]]
        case "space":
            return r"\s+"
        case "sign":
            return _SIGNS[text]
        case _:
            return "".join(DASH if char == "-" else re.escape(char) for char in text)


def alternatives(phrases: Iterable[str], slots: Mapping[str, str], where: str) -> str:
    """Return one group that matches any of the phrases, the longest first; with none, it never matches.

    Phrases share their bounds and their first letter, because the pattern is tried at every letter of a site.
    """
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for phrase in sorted({phrase.strip() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase)):
        body = _body(phrase, slots, where)
        first = body[0] if body[0].isalnum() and body[1:2] not in {"*", "?", "{"} else ""
        groups.setdefault(_bounds(phrase), {}).setdefault(first, []).append(body[len(first) :])
    # What ends in a sign comes first: "min." is not "min" and a full stop.
    ordered = sorted(groups, key=lambda bounds: bounds[1])
    found = [f"{before}(?:{_by_letter(groups[before, after])}){after}" for before, after in ordered]
    return "(?:" + "|".join(found) + ")" if found else r"(?!)"


def _by_letter(letters: Mapping[str, list[str]]) -> str:
    return "|".join(
        f"{letter}(?:{'|'.join(rest)})" if letter else "|".join(rest) for letter, rest in letters.items()
    )
