"""Where a piece of text stands: which tags are inline, which are skipped, which role and landmark an element gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

Attributes = Mapping[str, str | None]

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "math",
        "meter",
        "mi",
        "mn",
        "mo",
        "mrow",
        "ms",
        "mtext",
        "nobr",
        "output",
        "progress",
        "q",
        "ruby",
        "rb",
        "rp",
        "rt",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tspan",
        "tt",
        "u",
        "var",
        "picture",
        "textpath",
    ]
)
SKIPPED = frozenset(
    [
        "style",
        "template",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "datalist",
        "base",
        "link",
        "param",
        "source",
        "track",
        "frame",
        "frameset",
        "wbr",
        "defs",
        "symbol",
        "clippath",
        "pattern",
        "lineargradient",
        "radialgradient",
    ]
)
HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
QUESTION_LEVEL = 7
LEAD_IN_LEVEL = 8

_LEAVES = {
    **dict.fromkeys(HEADING_LEVELS, "heading"),
    **dict.fromkeys(("li", "dt", "dd", "option"), "list"),
    **dict.fromkeys(("td", "th", "caption"), "cell"),
    "button": "button",
}
_LANDMARKS = {
    "nav": "nav",
    "footer": "footer",
    "header": "banner",
    "details": "faq",
    "noscript": "noscript",
}
_ARIA_LANDMARKS = {"navigation": "nav", "contentinfo": "footer", "banner": "banner", "alert": "banner"}
_BUTTON_CLASS = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.IGNORECASE)
_CLASSES = re.compile(
    r"(?P<consent>cookie|consent|gdpr|onetrust|didomi|usercentrics|samtyk)"
    r"|(?P<faq>(?:^|[\s_-])faqs?(?:$|[\s_-])|accordion|(?:^|[\s_-])(?:question|answer)s?(?:$|[\s_-]))"
    r"|(?P<footer>(?:^|[\s_-])footer(?:$|\s))"
    r"|(?P<banner>(?:^|[\s_-])(?:banner|topbar|top-bar|announcement|usp|usps|ticker|hero)(?:$|[\s_-]))",
    re.IGNORECASE,
)
_WHOLE_PAGE = frozenset(("html", "body", "main", "article", "form"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text|d-none|is-hidden)(?:$|\s)"
    r"|(?:^|\s)collapse(?!\s+show)(?:$|\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Hold what class names and ids tell of an element."""

    hidden: bool
    button: bool
    landmark: str


_SILENT = _Names(False, False, "")
# Most names tell nothing: one quick look spares them the three exact ones.
_TELLING = re.compile(
    "cookie|consent|gdpr|onetrust|didomi|usercentrics|samtyk|faq|accordion|question|answer|footer|banner|"
    "top-?bar|announcement|usp|ticker|hero|btn|button|cta|sr-only|hidden|screen-reader|d-none|collapse"
)


def _of_names(names: str) -> _Names:
    if not _TELLING.search(names.lower()):
        return _SILENT
    landmark = _CLASSES.search(names)
    return _Names(
        bool(_HIDDEN_CLASS.search(names)),
        bool(_BUTTON_CLASS.search(names)),
        (landmark.lastgroup or "") if landmark else "",
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what an element's markup says of the text inside it."""

    leaf: str
    landmark: str
    hidden: bool
    button: bool


@lru_cache(maxsize=32_768)
def place_of(
    tag: str, classes: str | None, identifier: str | None, role: str | None, style: str | None
) -> Place:
    """Return what the element gives its text; style sheets are not read.

    `leaf` is the role of the element itself, `landmark` the part of the page it opens (nav, footer, consent …).
    """
    by_class, by_id = _of_names(classes or ""), _of_names(identifier or "")
    landmark = _LANDMARKS.get(tag, "")
    if landmark in ("", "banner") and tag not in _WHOLE_PAGE:
        landmark = _ARIA_LANDMARKS.get(role or "") or by_id.landmark or by_class.landmark or landmark
    leaf = (
        "button"
        if tag == "a" or role == "button"
        else "heading"
        if role == "heading"
        else _LEAVES.get(tag, "")
    )
    hidden = by_class.hidden or bool(style and _HIDDEN_STYLE.search(style))
    return Place(leaf, landmark, hidden, role == "button" or by_class.button)


def role_of(landmark: str, leaf: str) -> str:
    """Return the one role of a block that stands in `landmark` and in an element of role `leaf`."""
    if landmark in ("consent", "nav", "noscript"):
        return landmark
    if leaf in ("heading", "button", "alt"):
        return leaf
    if landmark in ("faq", "footer"):
        return landmark
    return leaf or landmark or "text"
