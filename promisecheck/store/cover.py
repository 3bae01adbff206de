"""Covering personal data in what is handed on: an incident's own text, and whatever was quoted or derived from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

GONE = "[…]"
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"“.*”", re.DOTALL)
_TELLING = 3


class Cover:
    """Cover texts by a redaction, and people's names wherever they stand.

    What the redaction takes out of an incident is taken out of every passage quoted from it, too: cut short or
    out of its place, it might not be known again for what it is.
    """

    def __init__(self, redact: Callable[[str], str], names: Iterable[str] = ()) -> None:
        self._redact = redact
        self._names = _names(names)
        self._secret: dict[str, frozenset[str]] = {}

    def text(self, text: str) -> str:
        """Return a text without personal data."""
        return self._redact(self._names.sub(GONE, text)) if text else text

    def incident(self, key: str, *texts: str) -> list[str]:
        """Return the texts of an incident without personal data, and remember what was taken out of it."""
        covered = [self.text(text) for text in texts]
        secret = _words(*texts) - _words(*covered)
        if secret:
            self._secret[key] = frozenset(secret)
        return covered

    def passage(self, text: str, incident_key: str) -> str:
        """Return words quoted from an incident, each that was taken out of it covered."""
        secret = self._secret.get(incident_key, frozenset())
        return self.text(_without(text, secret)) if secret else self.text(text)

    def reason(self, text: str, incident_key: str) -> str:
        """Return a sentence about an incident: what it quotes is a passage, its own numbers stand."""
        secret = self._secret.get(incident_key, frozenset())
        if secret:
            spoken = {word for word in secret if len(word) >= _TELLING and not word.isdigit()}
            text = _QUOTED.sub(lambda found: _without(found[0], secret), _without(text, spoken))
        return self.text(text)


def _words(*texts: str) -> set[str]:
    return {word.casefold() for text in texts for word in _WORD.findall(text)}


def _without(text: str, words: Iterable[str]) -> str:
    gone = frozenset(words)
    return _WORD.sub(lambda found: GONE if found[0].casefold() in gone else found[0], text)


def _names(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds each name, whole and by its parts."""
    parts = {part for name in names for part in (name.strip(), *_WORD.findall(name)) if len(part) >= _TELLING}
    either = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)", re.IGNORECASE)
