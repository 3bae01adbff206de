"""Compile a language's mapping into the patterns of a Grammar: the only place where patterns are put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast, get_args

from promisecheck.errors import RuleError
from promisecheck.model import Compare, Measure, MeasureKind
from promisecheck.quantities.grammar import Calendar, Numerals, Phrase, Unit, Wording
from promisecheck.quantities.numbers import Number, digits_pattern
from promisecheck.quantities.phrases import DASH, alternatives, compile_pattern, lower
from promisecheck.quantities.source import Source

_UNITS = ("second", "minute", "hour", "day", "working-day", "week", "month", "year")
_SPACE = re.compile(r"\s+")
_REST = r"[^.!?;,()\n]{1,80}"
_FOOTNOTE = r"(?<=[\w.!%)])\*{1,3}(?!\w)|(?<!m)[¹²³]"
_CLOCK = r"\d{1,2}(?:[.:]\d{2})?(?:\s?(?:am|pm|a\.m\.|p\.m\.|noon)(?!\w))?"


def build_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Grammar; raise RuleError naming the key that cannot be used."""
    source = Source(data=data)
    decimal = source.text("decimal", ",")
    if decimal not in {",", "."}:
        raise RuleError("expected ',' or '.'", where=source.at("decimal"))
    words = _words(source)
    slots = _slots(source, decimal, words)
    pattern, phrases = _phrases(source, slots)
    return {
        "language": source.text("language", ""),
        "numerals": _numerals(source, decimal, words, slots),
        "calendar": _calendar(source, slots),
        "wording": _wording(source, slots),
        "phrase": pattern,
        "phrases": phrases,
    }


def _words(source: Source) -> dict[str, Number]:
    words = {}
    for word, value in source.numbers("numbers").items():
        words[word] = Number(value=value)
    for word, value in source.mapping("vague_numbers").items():
        at_least = isinstance(value, str) and value.endswith("+")
        plain = float(value[:-1]) if at_least and value[:-1].isdigit() else value
        number = source.number(plain, f"vague_numbers.{word}")
        words[word] = Number(value=number, vague=True, at_least=at_least)
    for word, value in source.numbers("articles").items():
        words.setdefault(word, Number(value=value, article=True))
    words |= {
        f"{word} {half}": Number(value=number.value + 0.5)
        for half in source.listed("halves")
        for word, number in words.items()
        if not number.vague
    }
    return {lower(_SPACE.sub(" ", word.strip())): number for word, number in words.items()}


def _slots(source: Source, decimal: str, words: Mapping[str, Number]) -> dict[str, str]:
    spelled = alternatives((word for word in words if not words[word].article), {}, source.at("numbers"))
    number = rf"(?:(?<![\w])(?<!\d[.,:/]){digits_pattern(decimal)}(?![\d])|{spelled})"
    units = alternatives(_unit_words(source), {}, source.at("units"))
    currency = alternatives(_currency_words(source), {}, source.at("currencies"))
    oclock = alternatives(source.listed("oclock"), {}, source.at("oclock"))
    months = alternatives(source.listed("months"), {}, source.at("months"))
    adjective = alternatives(source.listed("adjectives"), {}, source.at("adjectives"))
    day = alternatives(_day_words(source), {}, source.at("days"))
    digits = digits_pattern(decimal)
    return {
        "number": number,
        "digits": digits,
        "value": f"(?P<value>{number})",
        "unit": units,
        "currency": currency,
        "clock": _CLOCK,
        "oclock": oclock,
        "month": months,
        "adjective": adjective,
        "day": day,
        "time": rf"(?:{oclock}\s*)?{_CLOCK}",
        "money": rf"(?:{currency}\s*{digits}(?:,-|:-)?|{digits}\s*{currency})",
        "duration": rf"(?:{number}(?:\s*{DASH}\s*{digits})?[\s-]*(?:{adjective}\s+)?{units})",
        "date": rf"(?:\d{{1,2}}\.?\s*{months}|{months}\s+\d{{1,2}}|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?)",
        "rest": _REST,
        "word": r"\w[\w&-]*",
        "words": r"\w[\w&-]*(?:\s+\w[\w&-]*){0,3}",
    }


def _unit_words(source: Source) -> list[str]:
    words = [word for forms in source.lists("units").values() for word in forms]
    return words + list(source.mapping("multiples"))


def _currency_words(source: Source) -> list[str]:
    return [word for forms in source.lists("currencies").values() for word in forms]


def _day_words(source: Source) -> list[str]:
    return [word for forms in source.weekdays() for word in forms] + list(source.mapping("day_groups"))


def _phrases(source: Source, slots: Mapping[str, str]) -> tuple[re.Pattern[str], tuple[Phrase, ...]]:
    says: list[str] = []
    phrases = []
    for n, entry in enumerate(source.entries("phrases")):
        key = f"phrases[{n}]"
        if not isinstance(entry, Mapping) or "say" not in entry:
            raise RuleError("expected a mapping with the key 'say'", where=source.at(key))
        own = source.strings(entry["say"], key)
        # A group name may stand once in a pattern, so a phrase that reads a number has an entry of its own.
        if any("{value}" in say for say in own) and len(own) > 1:
            raise RuleError("{value} needs an entry with one phrase", where=source.at(key), do="use (a|b)")
        pattern = compile_pattern(alternatives(own, slots, source.at(key)), source.at(key))
        phrases.append(_phrase(source, entry, key, pattern))
        says += own
    every = alternatives(says, dict(slots) | {"value": slots["number"]}, source.at("phrases"))
    return compile_pattern(every, source.at("phrases")), tuple(phrases)


def _phrase(source: Source, entry: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> Phrase:
    kind, compare = entry.get("kind", "duration"), entry.get("compare", "exactly")
    if kind not in get_args(MeasureKind) or compare not in get_args(Compare):
        raise RuleError("unknown kind or compare", where=source.at(key))
    high = entry.get("high")
    measure = Measure(
        kind=cast(MeasureKind, kind),
        compare=cast(Compare, compare),
        value=source.number(entry.get("value", 0), key),
        high=None if high is None else source.number(high, key),
        unit=str(entry.get("unit", "day")),
    )
    vague = bool(entry.get("vague", False))
    return Phrase(pattern=pattern, measure=measure, reads_value="value" not in entry, vague=vague)


def _numerals(
    source: Source, decimal: str, words: Mapping[str, Number], slots: Mapping[str, str]
) -> Numerals:
    forms = [(_unit(source, name, 1.0), listed) for name, listed in source.lists("units").items()]
    for word, value in source.mapping("multiples").items():
        if not isinstance(value, Mapping) or "unit" not in value or "times" not in value:
            raise RuleError("expected unit and times", where=source.at(f"multiples.{word}"))
        times = source.number(value["times"], f"multiples.{word}")
        forms.append((_unit(source, str(value["unit"]), times), (word,)))
    money = source.lists("currencies")
    return Numerals(
        decimal=decimal,
        words=words,
        units=tuple(unit for unit, _ in forms),
        currencies=tuple(money),
        stated=_stated(source, [listed for _, listed in forms], words, slots),
        before=_before(source),
        after=_after(source),
        only=compile_pattern(rf"{_list(source, 'only')}\W{{1,2}}\Z", source.at("only")),
        joiner=compile_pattern(rf"\s*(?:,|{_list(source, 'and')})?\s*", source.at("and")),
        after_digits=frozenset(lower(word) for word in source.listed("after_digits")),
        article_units=frozenset(source.listed("article_units")),
        article_after=compile_pattern(rf"{_list(source, 'article_after')}\s+\Z", source.at("article_after")),
        article_before=compile_pattern(rf"\s+{_list(source, 'article_before')}", source.at("article_before")),
    )


def _unit(source: Source, name: str, times: float) -> Unit:
    if name not in _UNITS:
        raise RuleError(f"unknown unit {name!r}", where=source.at("units"), do=f"one of {', '.join(_UNITS)}")
    return Unit(name=name, times=times)


def _stated(
    source: Source, units: list[tuple[str, ...]], words: Mapping[str, Number], slots: Mapping[str, str]
) -> re.Pattern[str]:
    """Return one pattern for a number with what it counts, so that a text is gone through once."""
    money = list(source.lists("currencies").values())
    kinds = "|".join(
        (
            _named("u", units, source.at("units")),
            _named("a", money, source.at("currencies")),
            f"(?P<percent>{_list(source, 'percent')})",
            f"(?P<count>{_list(source, 'counts')})",
        )
    )
    number = _number_pair(source, words, slots)
    tight = rf"[\s\u00ad]*{DASH}?\s*(?:{slots['adjective']}\s+)?"
    return compile_pattern(
        rf"{_money_first(money, slots, source)}|{number}{tight}(?:{kinds})", source.at("units")
    )


def _list(source: Source, key: str, slots: Mapping[str, str] | None = None) -> str:
    return alternatives(source.listed(key), slots or {}, source.at(key))


def _named(prefix: str, forms: list[tuple[str, ...]], where: str) -> str:
    ordered = sorted(
        ((word, n) for n, words in enumerate(forms) for word in words), key=lambda pair: -len(pair[0])
    )
    if not ordered:
        return r"(?!)"
    # Longest word first over all units, so that "working days" is never cut down to "days".
    seen: dict[int, list[str]] = {}
    for word, n in ordered:
        seen.setdefault(n, []).append(word)
    return (
        "(?:"
        + "|".join(f"(?P<{prefix}{n}>{alternatives(words, {}, where)})" for n, words in seen.items())
        + ")"
    )


def _number_pair(source: Source, words: Mapping[str, Number], slots: Mapping[str, str]) -> str:
    one = rf"(?:{slots['digits']}(?!\d)|{alternatives(words, {}, source.at('numbers'))})"
    between, and_, range_ = (_list(source, key) for key in ("between", "and", "range"))
    return (
        rf"(?<!\w)(?<!\d[.,:/])(?:{between}\s+(?P<b1>{one})\s*(?:{and_}|{DASH}|{range_})\s*(?P<b2>{one})"
        rf"|(?P<n1>{one})(?:\s*(?:{DASH}|{range_})\s*(?P<n2>{one}))?)"
    )


def _money_first(money: list[tuple[str, ...]], slots: Mapping[str, str], source: Source) -> str:
    signs = [tuple(word for word in forms if word[0] not in ",:.") for forms in money]
    digits = slots["digits"]
    return (
        rf"{_named('c', signs, source.at('currencies'))}\s?(?P<m1>{digits})(?!\d)"
        rf"(?:\s*{DASH}\s*{slots['currency']}?\s*(?P<m2>{digits})(?!\d))?(?:,-|:-)?"
    )


def _before(source: Source) -> re.Pattern[str]:
    most, least, near = (_list(source, key) for key in ("at_most", "at_least", "approximate"))
    tail = rf"\W{{0,3}}(?:{near}\W{{0,3}}){{0,2}}\Z"
    return compile_pattern(rf"(?:(?P<most>{most})|(?P<least>{least})|{near}){tail}", source.at("at_most"))


def _after(source: Source) -> re.Pattern[str]:
    most, least = (_list(source, key) for key in ("at_most_after", "at_least_after"))
    return compile_pattern(rf"[\s,(]*(?:(?P<most>{most})|(?P<least>{least}))", source.at("at_most_after"))


def _calendar(source: Source, slots: Mapping[str, str]) -> Calendar:
    day, oclock = slots["day"], slots["oclock"]
    sign, also = _list(source, "day_range"), _list(source, "day_and")
    days = rf"{day}(?:\s?(?:{DASH}|{sign}|{also}|[,&/])\s?{day}){{0,6}}"
    fill = rf"(?:\W{{0,3}}(?:{_list(source, 'open_words')}|{oclock})){{0,3}}"
    hours = rf"(?P<from>{_CLOCK})\s?h?\s*(?:{DASH}|{sign}|{_list(source, 'and')})\s*(?:{oclock}\s*)?(?P<to>{_CLOCK})"
    window = (
        rf"(?:(?P<days>{days})\W{{0,3}})?(?P<fill>{fill})\W{{0,2}}(?<![\w.:,/])(?<!\d{DASH}){hours}(?![\d]|[.:,]\d)"
        rf"(?!\s*(?:{slots['unit']}|{slots['currency']}|{_list(source, 'percent')}))"
        rf"(?(days)|(?:\W{{1,3}}(?:{_list(source, 'open_words')}\s)?(?P<later>{days}))?)"
    )
    return Calendar(
        clock12=source.flag("clock12"),
        window=compile_pattern(window, source.at("days")),
        hours=compile_pattern(re.sub(r"\?P<\w+>", "?:", hours), source.at("day_range")),
        day=compile_pattern(rf"(?P<day>{day})", source.at("days")),
        range_sign=compile_pattern(rf"\s?(?:{DASH}|{sign})\s?", source.at("day_range")),
        days=_days(source),
        identifiers=_identifiers(source, slots),
        dates=_dates(source, slots),
        never=compile_pattern(_list(source, "never", slots), source.at("never")),
    )


def _days(source: Source) -> dict[str, tuple[int, int]]:
    days = {lower(word): (n, n) for n, forms in enumerate(source.weekdays()) for word in forms}
    for word, span in source.mapping("day_groups").items():
        if span not in ([a, b] for a in range(7) for b in range(a, 7)):
            raise RuleError("expected [first, last], 0 is Monday", where=source.at(f"day_groups.{word}"))
        days[lower(word)] = (span[0], span[1])
    return days


def _identifiers(source: Source, slots: Mapping[str, str]) -> re.Pattern[str]:
    gap = "[ \u00a0.-]"
    not_money = rf"(?!\s*{slots['currency']})"
    kinds = (
        r"\S{1,64}@\S{1,64}",
        r"(?:https?://|www\.)\S{1,200}",
        r"(?<!\w)[\w-]{1,40}\.(?:dk|no|se|com|net|org|uk|eu|io)(?!\w)",
        rf"{_list(source, 'number_labels')}[.:\s]{{0,3}}\+?\d[\d \u00a0-]{{3,14}}\d(?!\d)",
        r"\+\d[\d \u00a0()/.-]{5,17}\d(?!\d)",
        # The same sign three times, or "10.00-17.30" would be a phone number.
        r"(?<![\d.,])\d{2}(?P<gap>[ \u00a0.-])\d{2}(?P=gap)\d{2}(?P=gap)\d{2}(?!\d)",
        rf"(?<![\d.,])\d{{3}}{gap}\d{{2}}{gap}\d{{3}}(?!\d)",
        rf"(?<![\d.,])\d{{3}}[ \u00a0]\d{{3}}[ \u00a0]\d{{3}}(?!\d){not_money}",
        r"(?<![\d.,])\d{4}[ \u00a0]\d{4}(?!\d)",
        rf"(?<!\d)\d{{6}}{DASH}\d{{4}}(?!\d)",
        r"(?<![\d.,])0\d{1,4}[ \u00a0/()-]{1,2}\d[\d \u00a0-]{4,8}\d(?![\d/])",
        rf"(?<![\d.,])\d{{8,}}{not_money}",
    )
    return compile_pattern("|".join(kinds), source.at("number_labels"))


def _dates(source: Source, slots: Mapping[str, str]) -> re.Pattern[str]:
    month, year = slots["month"], r"(?:19|20)\d{2}"
    unit_or_money = rf"(?!\s*{slots['currency']})"
    kinds = (
        rf"(?<!\d)\d{{1,2}}(?:\.|st|nd|rd|th|:a|:e)?\s*(?:of\s+)?{month}(?:\.?\s*{year})?",
        rf"{month}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?![\d.:])(?:,?\s*{year})?",
        rf"(?<!\d){year}-\d{{1,2}}-\d{{1,2}}(?!\d)",
        r"(?<![\d.,])\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})(?!\d)",
        rf"(?<![\d.,/])\d{{1,2}}/\d{{1,2}}(?![\d/]|\s*{slots['unit']}){unit_or_money}",
        rf"(?<!\d){year}\s?{DASH}\s?(?:{year}|\d{{2}})(?!\d){unit_or_money}",
        rf"(?:{_list(source, 'year_after')}|{month}|[©(])\s*{year}(?!\d){unit_or_money}",
        rf"{slots['oclock']}\s*{_CLOCK}(?!\d)",
        r"(?<![\d.,:])\d{1,2}:\d{2}(?!\d)",
    )
    return compile_pattern("|".join(kinds), source.at("months"))


def _wording(source: Source, slots: Mapping[str, str]) -> Wording:
    def one(key: str) -> re.Pattern[str]:
        return compile_pattern(_list(source, key, slots), source.at(key))

    def named(key: str) -> dict[str, re.Pattern[str]]:
        return {
            name: compile_pattern(alternatives(words, slots, source.at(f"{key}.{name}")), source.at(key))
            for name, words in source.lists(key).items()
        }

    return Wording(
        absolute=one("absolute"),
        hedged=one("hedged"),
        not_absolute=one("not_absolute"),
        not_hedged=one("not_hedged"),
        conditions=compile_pattern(
            rf"{_list(source, 'conditions', slots)}|{_FOOTNOTE}", source.at("conditions")
        ),
        channels=named("channels"),
        customers=named("customers"),
        areas=named("areas"),
        products=named("products"),
        metrics=named("metrics"),
    )
