"""Addresses that never end (calendars, facets, loops) or that do something when they are opened: not crawled."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|json|map|woff2?|ttf|eot|otf|mp[34]|m4[av]|avi|mov|"
    r"webm|ogg|wav|zip|gz|tgz|rar|7z|exe|dmg|apk|iso|docx?|xlsx?|pptx?|csv|ics|vcf|xml|rss|atom)$",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:^|[/?&_=-])(?:logout|log-out|logoff|logud|log-ud|loggut|signout|sign-out|add[-_]?to[-_]?(?:cart|basket|"
    r"wishlist)|unsubscribe|afmeld|delete|replytocom|wp-admin|wp-login|wp-json|xmlrpc|cdn-cgi)(?:$|[/?&=.])",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"(?:^|[/=_-])(?:19|20|21)\d\d[-/](?:0?[1-9]|1[0-2])(?:[-/](?:[0-2]?\d|3[01]))?(?:$|[/&?_-])"
)
_DIGITS = re.compile(r"\d+")
_HEX = re.compile(r"(?=[0-9a-f-]*\d)[0-9a-f-]{12,}", re.IGNORECASE)

MAX_LENGTH = 1_000
MAX_SEGMENTS = 12
MAX_PARAMETERS = 4
MAX_SAME_TEMPLATE = 40
MAX_CALENDAR = 12


def is_file(url: str) -> bool:
    """Return whether the address names a picture, a script, an archive: something that is no page."""
    return bool(_FILES.search(urlsplit(url).path))


def template_of(url: str) -> str:
    """Return the address with its numbers taken out, and of its query only the names."""
    parts = urlsplit(url)
    path = _DIGITS.sub("0", _HEX.sub("x", parts.path))
    if not parts.query:
        return path
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{path}?{'&'.join(names)}"


class Traps:
    """Remember how often each shape of address was met, and refuse what repeats without end."""

    def __init__(self, same_template: int = MAX_SAME_TEMPLATE) -> None:
        self._same = same_template
        self._met: Counter[str] = Counter()

    def reason(self, url: str) -> str:
        """Return why the address is not crawled, or an empty string."""
        if len(url) > MAX_LENGTH:
            return "address too long"
        parts = urlsplit(url)
        if _ACTS.search(url):
            return "address acts"
        segments = [segment for segment in parts.path.split("/") if segment]
        if len(segments) > MAX_SEGMENTS or _repeats(segments):
            return "repeated path"
        if parts.query.count("=") > MAX_PARAMETERS:
            return "too many facets"
        return self._count(url)

    def _count(self, url: str) -> str:
        calendar = _CALENDAR.search(url)
        template = template_of(url)
        if calendar:
            template = "calendar " + template[: calendar.start()]
        elif "0" not in template and "x" not in template and "?" not in template:
            return ""
        self._met[template] += 1
        if self._met[template] > (MAX_CALENDAR if calendar else self._same):
            return "calendar" if calendar else "same shape as many others"
        return ""


def _repeats(segments: list[str]) -> bool:
    """Return whether one segment stands three times, or a pair of segments twice in a row."""
    if len(segments) < 3:
        return False
    if max(Counter(segments).values()) >= 3:
        return True
    return any(segments[i : i + 2] == segments[i + 2 : i + 4] for i in range(len(segments) - 3))
