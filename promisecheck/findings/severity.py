"""Severity: customers affected × seriousness × exposure of the page, so that the worst stands first."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from promisecheck.model import Promise, Role, Theme, Verdict

_SERIOUS: Mapping[Theme, float] = {
    "safety": 3.0, "guarantee": 2.0, "price": 2.0, "transparency": 1.8, "reliability": 1.5, "quality": 1.3,
}  # fmt: skip
_VERDICT: Mapping[Verdict, float] = {"contradicted": 1.0, "at-risk": 0.4}
_STRENGTH = {"absolute": 1.3, "firm": 1.0, "hedged": 0.7}
_ROLE: Mapping[Role, float] = {
    "banner": 1.5, "heading": 1.4, "button": 1.2, "meta": 1.2, "faq": 1.0, "footer": 0.8, "jsonld": 0.7,
    "consent": 0.5, "noscript": 0.4, "alt": 0.5,
}  # fmt: skip
_HOME = 1.5


def severity_of(promise: Promise, verdict: Verdict, affected: int) -> float:
    """Return 0 where nothing speaks against the promise; `affected` counts the broken cases, at least one."""
    weight = _VERDICT.get(verdict, 0.0)
    if not weight:
        return 0.0
    serious = _SERIOUS.get(promise.theme, 1.0) * _STRENGTH[promise.strength]
    return round(max(1, affected) * serious * exposure_of(promise) * weight, 3)


def exposure_of(promise: Promise) -> float:
    """Return how much in view the promise stands: its place on the page, and whether that is the home page."""
    place = _ROLE.get(promise.role, 1.0)
    return place * _HOME if is_home(promise.url) else place


def is_home(url: str) -> bool:
    """Tell whether the address is a site's first page, or that of one of its languages."""
    path = urlsplit(url).path.strip("/").casefold()
    return path in ("", "index.html", "index.htm", "index.php") or (len(path) == 2 and path.isalpha())
