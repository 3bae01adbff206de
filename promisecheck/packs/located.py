"""YAML with line numbers: every value of a rule file knows its line, so that an error can name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from promisecheck.errors import RuleError
from promisecheck.plugins import did_you_mean

MAX_BYTES = 1_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a value stands: file, line, rule id and key."""

    path: Path
    line: int
    rule: str = ""
    key: str = ""

    def __str__(self) -> str:
        parts = [f"{self.path}:{self.line}"]
        parts += [f"rule {self.rule}"] if self.rule else []
        parts += [f"key {self.key}"] if self.key else []
        return ", ".join(parts)

    def error(self, what: str, do: str = "") -> RuleError:
        """Return the error to raise for the value that stands here."""
        return RuleError(what, where=str(self), do=do)


class Located:
    """Wrap one YAML node; reading it as another type than it is raises RuleError at its line."""

    __slots__ = ("_node", "place")

    def __init__(self, node: yaml.Node, place: Place) -> None:
        self._node = node
        self.place = place

    def text(self) -> str:
        """Return the scalar as it is written."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value.strip():
            raise self.place.error("expected a text")
        return " ".join(self._node.value.split())

    def number(self) -> float:
        """Return the scalar as a number."""
        try:
            return float(self.text())
        except ValueError:
            raise self.place.error(f"expected a number, not {self.text()!r}") from None

    def flag(self) -> bool:
        """Return the scalar as yes or no."""
        if self.text() not in ("true", "false"):
            raise self.place.error(f"expected true or false, not {self.text()!r}")
        return self.text() == "true"

    def items(self) -> list[Located]:
        """Return the members of a list; a lone text is a list of one."""
        if isinstance(self._node, yaml.ScalarNode):
            return [self]
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.place.error("expected a list")
        return [self._at(node, self.place.key) for node in self._node.value]

    def texts(self) -> tuple[str, ...]:
        """Return the members of a list of texts."""
        return tuple(item.text() for item in self.items())

    def mapping(self, known: Iterable[str]) -> dict[str, Located]:
        """Return the values by key; an unknown key or one that stands twice raises RuleError."""
        names = tuple(known)
        found: dict[str, Located] = {}
        for key, value in self.pairs():
            if names and key not in names:
                raise value.place.error(f"unknown key {key!r}", did_you_mean(key, names))
            found[key] = value
        return found

    def pairs(self) -> list[tuple[str, Located]]:
        """Return keys and values in order, each key once."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.place.error("expected keys with values")
        pairs: dict[str, Located] = {}
        for key, value in self._node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.place.error("a key must be a text")
            line = key.start_mark.line + 1
            place = Place(self.place.path, line, self.place.rule, key.value)
            if key.value in pairs:
                raise place.error(f"key {key.value!r} stands twice")
            pairs[key.value] = Located(value, place)
        return list(pairs.items())

    def in_rule(self, rule: str) -> Located:
        """Return the same value, whose errors name the rule."""
        return Located(self._node, Place(self.place.path, self.place.line, rule, self.place.key))

    def _at(self, node: yaml.Node, key: str) -> Located:
        return Located(node, Place(self.place.path, node.start_mark.line + 1, self.place.rule, key))


def read_located(path: Path) -> tuple[Located, bytes]:
    """Read one YAML file; returns its root and its bytes.

    Raises RuleError where the file cannot be read, is no YAML, is too large, or uses aliases.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise RuleError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if len(body) > MAX_BYTES:
        raise RuleError(f"larger than {MAX_BYTES:,} bytes", where=str(path))
    try:
        _refuse_aliases(body, path)
        node = yaml.compose(body, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _syntax_error(path, error) from error
    if node is None:
        raise RuleError("is empty", where=str(path))
    return Located(node, Place(path, node.start_mark.line + 1)), body


def _refuse_aliases(body: bytes, path: Path) -> None:
    # A few nested aliases unfold into gigabytes; no rule needs one.
    if b"*" not in body and b"&" not in body:
        return
    for token in yaml.scan(body, Loader=_Loader):
        if isinstance(token, yaml.AliasToken):
            where = f"{path}:{token.start_mark.line + 1}"
            raise RuleError(f"alias *{token.value}: put the text in quotes", where=where)


def _syntax_error(path: Path, error: yaml.YAMLError) -> RuleError:
    mark = getattr(error, "problem_mark", None)
    where = f"{path}:{mark.line + 1}" if mark else str(path)
    what = getattr(error, "problem", None) or "is not UTF-8 text"
    return RuleError(
        f"no valid YAML: {what}",
        where=where,
        do="quote texts that start with [ { * @ & ! | > % # ` or hold ': '",
    )
