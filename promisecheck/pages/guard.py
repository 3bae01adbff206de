"""Cut nesting depth and attribute counts before a parser sees them: both are quadratic in every parser."""

from __future__ import annotations

import re
from collections import Counter

MAX_CHARS = 8_000_000
MAX_DEPTH = 250
MAX_ATTRIBUTES = 200
_MANY_TAGS = 12_000
_LONG_TAG = 20_000
_TAG_START = re.compile(r"<[a-zA-Z]")

_INSIDE = r"(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+"
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?P<raw>script|style|textarea|title)\b(?P<rawattrs>{_INSIDE})>(?P<content>.*?)(?:</(?P=raw)\s*>|\Z)"
    rf"|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/>]*)(?P<attrs>{_INSIDE})(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"[^\s=/>]+(?:\s*=\s*(?:\"[^\"]*\"?|'[^']*'?|[^\s>]*))?")
# Void elements hold nothing, and the others close themselves: none of them nests without a parent that counts.
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
    ]
)


def tame(html: str) -> str:
    """Return `html` unchanged when it is ordinary, else with excess nesting and attributes cut out."""
    html = html[:MAX_CHARS]
    opened = html.count("<")
    if opened <= _MANY_TAGS and html.count(">") <= opened + _MANY_TAGS and not _has_long_tag(html):
        return html
    return _Cutter().cut(html)


def _has_long_tag(html: str) -> bool:
    """Look for a tag that goes on and on; long scripts and style sheets do not count."""
    at, length = 0, len(html)
    while length - at > _LONG_TAG:
        last = html.rfind(">", at, at + _LONG_TAG)
        if last < 0:
            last = html.find(">", at + _LONG_TAG)
            last = length if last < 0 else last
            tag = _TAG_START.search(html, at, last)
            if tag and last - tag.start() > _LONG_TAG:
                return True
        at = last + 1
    return False


class _Cutter:
    """Copy markup through while counting how deep it nests."""

    def __init__(self) -> None:
        self.depth = 0
        self.open: Counter[str] = Counter()

    def cut(self, html: str) -> str:
        out: list[str] = []
        at = 0
        for token in _TOKEN.finditer(html):
            out.append(html[at : token.start()])
            out.append(self._keep(token))
            at = token.end()
        out.append(html[at:])
        return "".join(out)

    def _keep(self, token: re.Match[str]) -> str:
        if token["raw"]:
            return f"<{token['raw']}{_few(token['rawattrs'])}>{token['content']}</{token['raw']}>"
        if not token["tag"]:
            return ""
        tag = token["tag"].lower()
        if tag in _FLAT:
            return f"<{token['close']}{tag}{_few(token['attrs'])}>"
        if token["close"]:
            return self._close(tag)
        self.open[tag] += 1
        self.depth += 1
        return f"<{tag}{_few(token['attrs'])}>" if self.depth <= MAX_DEPTH else " "

    def _close(self, tag: str) -> str:
        if not self.open[tag]:
            return " "
        self.open[tag] -= 1
        self.depth -= 1
        return f"</{tag}>" if self.depth < MAX_DEPTH else " "


def _few(attributes: str) -> str:
    if len(attributes) < 2 * MAX_ATTRIBUTES:
        return attributes
    found = []
    for one in _ATTRIBUTE.finditer(attributes):
        found.append(one[0])
        if len(found) == MAX_ATTRIBUTES:
            break
    return " " + " ".join(found)
