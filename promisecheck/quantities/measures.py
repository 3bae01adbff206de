"""Find measures in a text: durations, money, percent, counts, fixed phrases and opening hours, with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from promisecheck.model import Compare, Measure, MeasureKind
from promisecheck.quantities.grammar import Grammar, Numerals, Phrase, Quantity, Unit
from promisecheck.quantities.numbers import Number, read_number
from promisecheck.quantities.phrases import lower
from promisecheck.quantities.windows import find_windows

_DIGIT = re.compile(r"\d|[½¼¾]")
_RATE = re.compile(r"(?:[\d%£$€]|kr\.?)\s*\Z")
_LOOK_BACK = 48
_NUMBERS = ("b1", "b2", "n1", "n2", "m1", "m2")
_SIZES = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class _Found:
    kind: MeasureKind
    unit: str
    start: int
    end: int
    low: Number
    high: Number | None = None


def find_measures(text: str, grammar: Grammar) -> list[Quantity]:
    """Return every measure in the text, in order; dates, phone and register numbers and years are none."""
    small = lower(text)
    found = list(_phrases(small, grammar))
    stated = list(_stated(small, grammar.numerals))
    if stated:
        dates = _spans(grammar.calendar.dates, small)
        found += (item for item in stated if _free(item, dates))
    if _DIGIT.search(small):
        found += find_windows(small, grammar.calendar)
    if not found:
        return []
    taken = _spans(grammar.calendar.identifiers, small) + _spans(grammar.calendar.never, small)
    return [replace(item, text=text[item.start : item.end]) for item in _leftmost(found, taken)]


def _spans(pattern: re.Pattern[str], small: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(small)]


def _free(item: Quantity, taken: list[tuple[int, int]]) -> bool:
    return all(item.end <= start or end <= item.start for start, end in taken)


def _leftmost(found: list[Quantity], taken: list[tuple[int, int]]) -> Iterator[Quantity]:
    """Yield the first of what overlaps, and the longer of two firsts: "24 hours a day" is not "24 hours"."""
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if _free(item, taken):
            taken.append((item.start, item.end))
            yield item


def _phrases(small: str, grammar: Grammar) -> Iterator[Quantity]:
    for place in grammar.phrase.finditer(small):
        for phrase in grammar.phrases:
            match = phrase.pattern.fullmatch(small, *place.span())
            if match:
                measure = _with_value(phrase, match, grammar.numerals)
                yield Quantity(measure=measure, start=match.start(), end=match.end(), vague=phrase.vague)
                break


def _with_value(phrase: Phrase, match: re.Match[str], numerals: Numerals) -> Measure:
    number = read_number(match["value"], numerals.words, numerals.decimal) if phrase.reads_value else None
    return phrase.measure if number is None else replace(phrase.measure, value=number.value)


def _stated(small: str, numerals: Numerals) -> Iterator[Quantity]:
    found = (_found(match, small, numerals) for match in numerals.stated.finditer(small))
    for item in _joined((item for item in found if item is not None), small, numerals):
        yield _quantity(item, small, numerals)


def _found(match: re.Match[str], small: str, numerals: Numerals) -> _Found | None:
    """Return what a number with its unit says, or None where an article counts nothing."""
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    pair = _pair(groups, numerals)
    if pair is None:
        return None
    low, high = pair
    kind = next(name for name in groups if name not in _NUMBERS)
    start, end = match.span()
    if kind[0] == "u":
        unit = numerals.units[int(kind[1:])]
        if groups[kind] in numerals.after_digits and not _DIGIT.search(match[0]):
            return None
        if low.article and not _article_counts(small, start, end, unit, numerals):
            return None
        return _Found("duration", unit.name, start, end, _times(low, unit), high and _times(high, unit))
    if kind == "count":
        if low.article and not numerals.only.search(small[max(0, start - _LOOK_BACK) : start]):
            return None
        return _Found("count", "times", start, end, low, high)
    if low.article:
        return None
    if kind == "percent":
        return _Found("percent", "percent", start, end, low, high)
    return _Found("money", numerals.currencies[int(kind[1:])], start, end, low, high)


def _pair(groups: Mapping[str, str], numerals: Numerals) -> tuple[Number, Number | None] | None:
    texts = [groups[name] for name in _NUMBERS if name in groups]
    numbers = [read_number(text, numerals.words, numerals.decimal) for text in texts]
    if None in numbers:
        return None
    low, high = [*numbers, None][:2]
    return (low, high) if low is not None else None


def _article_counts(small: str, start: int, end: int, unit: Unit, numerals: Numerals) -> bool:
    """Tell "within a day" and "a week later" from "one day I called" and "£47 a month"."""
    head = small[max(0, start - _LOOK_BACK) : start]
    if _RATE.search(head):
        return False
    if unit.name in numerals.article_units or numerals.article_before.match(small, end):
        return True
    return bool(numerals.article_after.search(head) or numerals.before.search(head))


def _times(number: Number, unit: Unit) -> Number:
    return number if unit.times == 1 else replace(number, value=number.value * unit.times)


def _joined(found: Iterator[_Found], small: str, numerals: Numerals) -> Iterator[_Found]:
    """Add up "1 hour and 20 minutes"; a larger unit must come first and both must be plain numbers."""
    held: _Found | None = None
    for item in found:
        if held is not None:
            gap = small[held.end : item.start]
            size = _factor(held, item)
            if size and numerals.joiner.fullmatch(gap):
                total = Number(value=held.low.value * size + item.low.value)
                held = _Found("duration", item.unit, held.start, item.end, total)
                continue
            yield held
        held = item
    if held is not None:
        yield held


def _factor(first: _Found, second: _Found) -> float:
    if first.high or second.high or first.low.vague or second.low.vague:
        return 0
    for sizes in (_SIZES, _MONTHS):
        if first.unit in sizes and second.unit in sizes and sizes[first.unit] > sizes[second.unit]:
            return sizes[first.unit] / sizes[second.unit]
    return 0


def _quantity(found: _Found, small: str, numerals: Numerals) -> Quantity:
    """Turn what was found into a quantity, with the limit words before and after it in its span."""
    start, end = found.start, found.end
    compare: Compare = "exactly"
    offset = max(0, start - _LOOK_BACK)
    before = numerals.before.search(small[offset:start])
    after = numerals.after.match(small, end)
    if after:
        compare, end = ("at-most" if after["most"] else "at-least"), after.end()
    if before and (before["most"] or before["least"]):
        compare = "at-most" if before["most"] else "at-least"
    if before:
        start = offset + before.start()
    if found.low.at_least and compare == "exactly":
        compare = "at-least"
    low, high = found.low.value, found.high.value if found.high else None
    if high is not None:
        compare, low, high = "between", min(low, high), max(low, high)
    measure = Measure(kind=found.kind, compare=compare, value=low, high=high, unit=found.unit)
    vague = found.low.vague or bool(found.high and found.high.vague)
    return Quantity(measure=measure, start=start, end=end, vague=vague)
