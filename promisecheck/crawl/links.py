"""Links of a page, read from its markup in one linear scan: no tree is built, so no markup can be made to hang it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from promisecheck.crawl.urls import absolute

_INSIDE = r"(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+"
_TAG = re.compile(
    r"<(?:!--.*?(?:-->|\Z)"
    r"|(?P<raw>script|style|textarea|template|svg)\b.*?(?:</(?P=raw)\b|\Z)"
    rf"|(?P<tag>a|area|base|meta|link|iframe|frame)(?=[\s/>])(?P<attrs>{_INSIDE})(?:>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"([^\s=/>\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))"
)  # fmt: skip
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>?")
_TEXT_LENGTH = 300
_MAX_LINKS = 5_000
_MAX_TAGS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Hold one link: absolute address, the words it is shown with, and what it is (link, canonical, language)."""

    url: str
    text: str = ""
    kind: str = "link"


@dataclass(slots=True)
class PageLinks:
    """Hold the links of a page, and whether its author asked robots not to follow them."""

    links: list[Link]
    nofollow: bool = False


def read_links(markup: str, base: str, agent: str = "promisecheck") -> PageLinks:
    """Return the links that stand on the page, in document order, each address once."""
    found: dict[str, Link] = {}
    nofollow = False
    for tag, attributes, text in _tags(markup):
        if tag == "base":
            base = absolute(base, attributes.get("href", "")) or base
        elif tag == "meta" and _forbids(attributes, agent):
            nofollow = True
        elif link := _link(tag, attributes, text, base):
            known = found.setdefault(link.url, link)
            if not known.text and link.text:
                found[link.url] = link
            if len(found) >= _MAX_LINKS:
                break
    return PageLinks(list(found.values()), nofollow)


def header_forbids(value: str, agent: str = "promisecheck") -> bool:
    """Return whether an X-Robots-Tag header asks this agent not to follow the links."""
    named, _, rest = value.lower().partition(":")
    if rest and "," not in named:
        return named.strip() in (agent, "*") and _says_nofollow(rest)
    return _says_nofollow(value.lower())


def _tags(markup: str) -> Iterator[tuple[str, dict[str, str], str]]:
    for match in islice(_TAG.finditer(markup), _MAX_TAGS):
        if not match["tag"]:
            continue
        tag = match["tag"].lower()
        attributes = {
            found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(match["attrs"][:4_000])
        }
        text = ""
        if tag == "a" and "href" in attributes:
            shown = markup[match.end() : match.end() + _TEXT_LENGTH]
            text = _MARKUP.sub(" ", shown[: shown.lower().find("</a") % (_TEXT_LENGTH + 1)])
            text = " ".join(html.unescape(text).split()) or attributes.get("aria-label", "")
        yield tag, attributes, text


def _link(tag: str, attributes: dict[str, str], text: str, base: str) -> Link | None:
    if tag == "meta":
        return _refresh(attributes, base)
    if tag == "link":
        relations = attributes.get("rel", "").lower().split()
        if "canonical" in relations:
            kind = "canonical"
        elif "alternate" in relations and "hreflang" in attributes:
            kind = "language"
        else:
            return None
        url = absolute(base, attributes.get("href", ""))
        return Link(url=url, text=attributes.get("hreflang", ""), kind=kind) if url else None
    href = attributes.get("src" if tag in ("iframe", "frame") else "href", "")
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    url = absolute(base, href)
    return Link(url=url, text=text or attributes.get("title", "")) if url else None


def _refresh(attributes: dict[str, str], base: str) -> Link | None:
    """Return where the page sends its visitor after some seconds."""
    if attributes.get("http-equiv", "").lower() != "refresh":
        return None
    target = _REFRESH.search(attributes.get("content", ""))
    url = absolute(base, target[1]) if target else ""
    return Link(url=url, kind="refresh") if url else None


def _forbids(attributes: dict[str, str], agent: str) -> bool:
    name = attributes.get("name", "").lower()
    return name in ("robots", agent) and _says_nofollow(attributes.get("content", "").lower())


def _says_nofollow(value: str) -> bool:
    return any(word.strip() in ("nofollow", "none") for word in value.split(","))
