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


def is_hidden(tag: str, attributes: Attributes) -> bool:
    """Return whether the markup itself keeps the element from view (style sheets are not read)."""
    if "hidden" in attributes or (tag == "dialog" and "open" not in attributes):
        return True
    style = attributes.get("style")
    if style and _hides(style):
        return True
    classes = attributes.get("class")
    return bool(classes) and _of_names(classes or "").hidden


def is_button(attributes: Attributes) -> bool:
    """Return whether a link is drawn as a button, so that it stands for itself."""
    classes = attributes.get("class")
    return attributes.get("role") == "button" or (bool(classes) and _of_names(classes or "").button)


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


@lru_cache(maxsize=16_384)
def _of_names(names: str) -> _Names:
    """Read class names and ids; the same ones stand on every page of a site."""
    if not _TELLING.search(names.lower()):
        return _SILENT
    landmark = _CLASSES.search(names)
    return _Names(
        bool(_HIDDEN_CLASS.search(names)),
        bool(_BUTTON_CLASS.search(names)),
        (landmark.lastgroup or "") if landmark else "",
    )


@lru_cache(maxsize=2_048)
def _hides(style: str) -> bool:
    return bool(_HIDDEN_STYLE.search(style))


def leaf_of(tag: str, attributes: Attributes) -> str:
    """Return the role that the element itself gives its text, or an empty string."""
    if tag == "a" or attributes.get("role") == "button":
        return "button"
    if attributes.get("role") == "heading":
        return "heading"
    return _LEAVES.get(tag, "")


def landmark_of(tag: str, attributes: Attributes) -> str:
    """Return the part of the page that the element opens (nav, footer, consent …), or an empty string."""
    found = _LANDMARKS.get(tag, "")
    if found and found != "banner":
        return found
    if tag in _WHOLE_PAGE or not attributes:
        return found
    role = attributes.get("role")
    if role and role in _ARIA_LANDMARKS:
        return _ARIA_LANDMARKS[role]
    identifier, classes = attributes.get("id"), attributes.get("class")
    by_name = (identifier and _of_names(identifier).landmark) or (classes and _of_names(classes).landmark)
    return by_name or found


def role_of(landmark: str, leaf: str) -> str:
    """Return the one role of a block that stands in `landmark` and in an element of role `leaf`."""
    if landmark in ("consent", "nav", "noscript"):
        return landmark
    if leaf in ("heading", "button", "alt"):
        return leaf
    if landmark in ("faq", "footer"):
        return landmark
    return leaf or landmark or "text"
