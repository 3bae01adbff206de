"""What a page says of itself outside its visible text: title, description, Open Graph and JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Add = Callable[[str, str, str, tuple[str, ...]], None]

_DESCRIPTIONS = ("description", "og:title", "og:description", "twitter:description", "og:site_name")
_TELLING = ("description", "slogan", "disambiguatingDescription", "abstract", "award", "knowsAbout")
_OFFERS = ("shippingDetails", "hasMerchantReturnPolicy", "warranty", "deliveryLeadTime", "priceSpecification")
_OPENING = ("openingHours", "openingHoursSpecification", "hoursAvailable", "specialOpeningHoursSpecification")
_INLINE_TAGS = re.compile(r"</?(?:a|b|em|i|small|span|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_BREAKS_JSON = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MAX_NODES = 5_000


def add_metas(title: str, metas: list[tuple[str, str]], add: Add) -> None:
    """Add the title and the descriptions, each wording once."""
    seen = set()
    for name, text in [("title", title), *metas]:
        wanted = name == "title" or name in _DESCRIPTIONS
        if wanted and (key := " ".join(text.split()).casefold()) and key not in seen:
            seen.add(key)
            add("meta", name, text, ())


def add_jsonld(script: str, add: Add) -> None:
    """Add what a JSON-LD script states: answers, delivery, returns, opening hours, descriptions."""
    try:
        data = json.loads(_BREAKS_JSON.sub(" ", script.strip().removesuffix(";")))
    except (ValueError, RecursionError):
        return
    for node in _nodes(data):
        _add_node(node, add)


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < _MAX_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in reversed(node.values()) if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += reversed(node)


def _add_node(node: Mapping[str, Any], add: Add) -> None:
    kind = _word(node.get("@type")) or "Thing"
    if kind == "Question":
        question = _plain(node.get("name") or node.get("text"))
        add("jsonld", "Question.name", question, ())
        for answer in _each(node.get("acceptedAnswer") or node.get("suggestedAnswer")):
            if isinstance(answer, dict):
                add("jsonld", "Answer.text", _plain(answer.get("text")), (question,) if question else ())
        return
    for key in _TELLING:
        for value in _each(node.get(key)):
            add("jsonld", f"{kind}.{key}", _plain(value), ())
    for key in (*_OFFERS, *_OPENING):
        for value in _each(node.get(key)):
            add("jsonld", f"{kind}.{key}", _in_words(key, value), ())


def _in_words(key: str, value: Any) -> str:
    """Write a structured value as `key: part, part`, since it has no sentence of its own."""
    if key in _OPENING and isinstance(value, dict):
        days = ", ".join(_word(day) for day in _each(value.get("dayOfWeek")))
        hours = f"{_plain(value.get('opens'))}–{_plain(value.get('closes'))}".strip("–")
        return f"{key}: {days} {hours}" if days or hours else ""
    said = ", ".join(_leaves(value))
    return f"{key}: {said}" if said else ""


def _leaves(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(value, dict):
        if (span := _span(value)) is not None:
            yield f"{name} {span}".strip()
            return
        for key, inner in value.items():
            if not key.startswith("@"):
                yield from _leaves(inner, key, depth + 1)
    elif isinstance(value, list):
        for inner in value[:50]:
            yield from _leaves(inner, name, depth + 1)
    elif value not in (None, ""):
        yield f"{name} {_word(value)}".strip()


def _span(value: Mapping[str, Any]) -> str | None:
    """Write a QuantitativeValue or MonetaryAmount as one quantity."""
    unit = {"DAY": "days", "d": "days", "HUR": "hours", "h": "hours"}.get(
        str(value.get("unitCode", "")), str(value.get("unitText") or value.get("unitCode") or "")
    )
    low, high = value.get("minValue"), value.get("maxValue")
    if low is not None and high is not None:
        return f"{low}–{high} {unit}".strip()
    if (one := value.get("value")) is not None and not isinstance(one, dict | list):
        return f"{one} {value.get('currency') or unit}".strip()
    return None


def _each(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:200] if isinstance(value, list) else [value]


def _word(value: Any) -> str:
    """Return a value's own word: `https://schema.org/Monday` is `Monday`."""
    if isinstance(value, list):
        value = value[0] if value else ""
    text = _plain(value)
    return text.rsplit("/", 1)[-1] if "schema.org/" in text else text


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@value", "")
    if value is None or isinstance(value, list | dict):
        return ""
    text = html.unescape(str(value))
    if "<" in text:
        text = _TAGS.sub(" ", _INLINE_TAGS.sub("", text))
    return " ".join(text.split())
