"""Find measures in a text: durations, money, percent, counts, fixed phrases and opening hours, with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from promisecheck.model import Compare, Measure, MeasureKind
from promisecheck.quantities.grammar import Grammar, Numerals, Quantity, Unit
from promisecheck.quantities.numbers import Number, read_number
from promisecheck.quantities.phrases import lower
from promisecheck.quantities.windows import find_windows

_DIGIT = re.compile(r"\d|[½¼¾]")
_LOOK_BACK = 48
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
    sized: str = ""


def find_measures(text: str, grammar: Grammar) -> list[Quantity]:
    """Return every measure in the text, in order; dates, phone and register numbers and years are none."""
    small = lower(text)
    has_digit = _DIGIT.search(small) is not None
    found = list(_phrases(small, grammar))
    if has_digit:
        found += find_windows(small, grammar.calendar)
    if has_digit or grammar.numerals.word_gate.search(small):
        dates = _spans(grammar.calendar.dates, small)
        found += (item for item in _numerals(small, grammar.numerals, has_digit) if _free(item, dates))
    taken = _spans(grammar.calendar.identifiers, small) if found and has_digit else []
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
    numerals = grammar.numerals
    for match in grammar.phrase.finditer(small):
        name = next(key for key, value in match.groupdict().items() if key[0] == "p" and value is not None)
        n = int(name[1:])
        phrase = grammar.phrases[n]
        measure = phrase.measure
        if phrase.reads_value:
            number = read_number(match[f"v{n}"], numerals.words, numerals.decimal)
            if number is None:
                continue
            measure = replace(measure, value=number.value)
        yield Quantity(measure=measure, start=match.start(), end=match.end(), vague=phrase.vague)


def _numerals(small: str, numerals: Numerals, has_digit: bool) -> Iterator[Quantity]:
    if has_digit:
        yield from (_quantity(found, small, numerals) for found in _money(small, numerals))
    yield from (_quantity(found, small, numerals) for found in _percent(small, numerals))
    yield from (
        _quantity(found, small, numerals) for found in _joined(_durations(small, numerals), small, numerals)
    )
    yield from (_quantity(found, small, numerals) for found in _counts(small, numerals))


def _pair(match: re.Match[str], numerals: Numerals) -> tuple[Number, Number | None] | None:
    names = ("b1", "b2") if match["b1"] else ("n1", "n2")
    low = read_number(match[names[0]], numerals.words, numerals.decimal)
    high = read_number(match[names[1]], numerals.words, numerals.decimal) if match[names[1]] else None
    if low is None or (match[names[1]] and high is None):
        return None
    return low, high


def _named(match: re.Match[str], prefix: str) -> int | None:
    for key, value in match.groupdict().items():
        if value is not None and key[0] == prefix and key[1:].isdigit():
            return int(key[1:])
    return None


def _durations(small: str, numerals: Numerals) -> Iterator[_Found]:
    for match in numerals.duration.finditer(small):
        pair = _pair(match, numerals)
        n = next(
            (int(key[1:]) for key in match.groupdict() if key[0] == "u" and match[key] is not None), None
        )
        if pair is None or n is None:
            continue
        unit = numerals.units[n]
        low, high = pair
        if low.article and not _article_counts(small, match.start(), match.end(), unit, numerals):
            continue
        yield _Found(
            "duration", unit.name, match.start(), match.end(), _times(low, unit), high and _times(high, unit)
        )


def _article_counts(small: str, start: int, end: int, unit: Unit, numerals: Numerals) -> bool:
    """Tell "within a day" and "a week later" from "one day I called" and "twice a week"."""
    if unit.name in numerals.article_units:
        return True
    if numerals.article_before.match(small, end):
        return True
    head = small[max(0, start - _LOOK_BACK) : start]
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


def _money(small: str, numerals: Numerals) -> Iterator[_Found]:
    for match in numerals.money.finditer(small):
        if match["m1"]:
            low = read_number(match["m1"], {}, numerals.decimal)
            high = read_number(match["m2"], {}, numerals.decimal) if match["m2"] else None
            n = _named(match, "c")
        else:
            low, high = _pair(match, numerals) or (None, None)
            n = _named(match, "a")
        if low is not None and n is not None:
            yield _Found("money", numerals.currencies[n], match.start(), match.end(), low, high)


def _percent(small: str, numerals: Numerals) -> Iterator[_Found]:
    for match in numerals.percent.finditer(small):
        pair = _pair(match, numerals)
        if pair is not None:
            yield _Found("percent", "percent", match.start(), match.end(), *pair)


def _counts(small: str, numerals: Numerals) -> Iterator[_Found]:
    for match in numerals.count.finditer(small):
        pair = _pair(match, numerals)
        if pair is None:
            continue
        head = small[max(0, match.start() - _LOOK_BACK) : match.start()]
        if pair[0].article and not numerals.only.search(head):
            continue
        yield _Found("count", "times", match.start(), match.end(), *pair)


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
