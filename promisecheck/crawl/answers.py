"""What an answer means: a page, a redirect, nothing new, not a page, a wall, a failure to try again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from promisecheck.crawl.client import Answer
from promisecheck.crawl.settings import Validators

_PAGES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "application/pdf",
    "application/xml",
    "text/xml",
    "",
)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{0,120})", re.IGNORECASE)
_WALL = re.compile(
    r"just a moment|attention required|access denied|are you a (?:robot|human)|robot check|verify you are human|"
    r"security check|captcha|request unsuccessful|pardon our interruption",
    re.IGNORECASE,
)
_WALL_LENGTH = 60_000
REDIRECTS = (301, 302, 303, 307, 308)


def kind_of(headers: Mapping[str, str]) -> str:
    """Return the media type that the headers declare."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def may_be_page(answer: Answer) -> bool:
    """Return whether the body is worth reading: a good answer of a kind that holds text."""
    return 200 <= answer.status < 300 and kind_of(answer.headers) in _PAGES


def shows_wall(answer: Answer) -> bool:
    """Return whether what came is a check for robots in place of the page."""
    if len(answer.body) > _WALL_LENGTH or not (title := _TITLE.search(answer.body[:8_000])):
        return False
    return bool(_WALL.search(title[1].decode("utf-8", "replace")))


def is_transient(status: int) -> bool:
    """Return whether asking again later may help."""
    return status in (0, 408, 425, 429) or status >= 500


def conditions(known: Validators | None) -> dict[str, str]:
    """Return the headers that ask for the page only where it has changed."""
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers
