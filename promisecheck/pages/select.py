"""The user's CSS selectors: keep only some parts of a page, or leave some out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promisecheck.errors import UsageError


def select(html: str, *, only: Sequence[str], ignore: Sequence[str], where: str = "") -> str:
    """Return `html` with `ignore` cut out and, of the body, only the elements that match `only`."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml", multi_valued_attributes=None)
    for element in _matching(soup, ignore, where):
        element.decompose()
    kept = [str(element) for element in _outermost(_matching(soup, only, where))]
    if only and soup.body is not None:
        soup.body.clear()
        soup.body.append(BeautifulSoup("".join(kept), "html.parser", multi_valued_attributes=None))
    return str(soup)


def _matching(soup: Any, selectors: Sequence[str], where: str) -> list[Any]:
    from soupsieve import SelectorSyntaxError

    found: list[Any] = []
    for selector in selectors:
        try:
            found += soup.select(selector)
        except SelectorSyntaxError as error:
            what = f"{selector!r} is no CSS selector: {str(error).splitlines()[0]}"
            raise UsageError(
                what, where=where, do="write it as in a style sheet, such as main or #faq .answer"
            ) from error
    return found


def _outermost(elements: list[Any]) -> list[Any]:
    """Drop doubles and elements that stand inside another chosen one."""
    chosen = {id(element): element for element in elements}
    return [one for one in chosen.values() if not any(id(parent) in chosen for parent in one.parents)]
