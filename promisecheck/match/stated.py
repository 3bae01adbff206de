"""Times that an incident states, and what each was spent on: a queue, a reply, a delivery, a repair, a refund."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from promisecheck.match.phrasebook import Found, Token
from promisecheck.model import LANGUAGES, Measure
from promisecheck.packs import load_packs
from promisecheck.quantities import Grammar, Quantity, find_measures

_REACH = 9
_SPREAD = 2
_QUEUED = ("second", "minute", "hour")
_HOURS = {
    "second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8766.0,
}  # fmt: skip
# Five working days never last longer than a week and its holidays; the doubt goes to the company.
_WORKING_DAY_MOST = 24.0 * 7 / 5
_LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Hold one duration said in an incident: what it was spent on (may be empty), and where it stands."""

    measure: Measure
    metrics: frozenset[str]
    start: int
    end: int
    vague: bool = False
    third_party: bool = False


def least_hours(measure: Measure) -> float | None:
    """Return the shortest wall-clock time in hours that a stated duration can mean; None for no duration."""
    if measure.kind != "duration":
        return None
    size = 24.0 if measure.unit == "working-day" else _HOURS.get(measure.unit)
    return None if size is None else measure.value * size


def most_hours(measure: Measure) -> float | None:
    """Return the longest wall-clock time in hours that keeps a stated limit; None for no duration."""
    if measure.kind != "duration":
        return None
    value = measure.value if measure.high is None else measure.high
    if measure.unit == "working-day":
        return value * _WORKING_DAY_MOST if value >= 5 else value * 24.0 + 48.0
    size = _HOURS.get(measure.unit)
    if size is None:
        return None
    # "1 week" and "a day" are said loosely; a limit in days ends with the day.
    return value * size + (24.0 if measure.unit in ("day", "week", "month") else 0.0)


@functools.lru_cache(maxsize=8)
def open_grammar(language: str) -> Grammar | None:
    """Return the grammar of quantities for a language, loaded once; None for a language without one."""
    return load_packs([language])[language].grammar if language in LANGUAGES else None


def measures_in(text: str, language: str) -> list[Quantity]:
    """Return the measures of one sentence or promise."""
    grammar = open_grammar(language)
    return find_measures(text[:_LONGEST_SENTENCE], grammar) if grammar else []


def read_stated(
    quantities: Iterable[Quantity], offset: int, tokens: Sequence[Token], found: Sequence[Found]
) -> list[Stated]:
    """Return the durations of one sentence with what they were spent on; how long one was a customer is none."""
    stated = []
    for quantity in quantities:
        if quantity.measure.kind != "duration" or quantity.measure.unit == "year":
            continue
        start, end = quantity.start + offset, quantity.end + offset
        at = _token_at(tokens, start)
        near = [item for item in found if abs(item.first - at) <= _REACH]
        last = _token_at(tokens, end - 1)
        if any(item.label == "attributive_times" and item.first == last for item in near):
            # "90 dages opsigelse", "8 dagars erbjudande": of the next word, and not waited.
            near = [item for item in near if last < item.first <= last + _SPREAD]
        if _is_tenure(near, at, quantity.measure):
            continue
        stated.append(
            Stated(
                measure=quantity.measure,
                metrics=_metrics(near, at, quantity.measure),
                start=start,
                end=end,
                vague=quantity.vague,
                third_party=any(item.label == "third_parties" for item in found),
            )
        )
    return stated


def _metrics(near: Iterable[Found], at: int, measure: Measure) -> frozenset[str]:
    """Return what the time was spent on: the words nearest to it, and others about as near."""
    nearest: dict[str, int] = {}
    for item in near:
        if item.label.startswith("elapsed:"):
            name = item.label.removeprefix("elapsed:")
            if name == "queue" and measure.unit not in _QUEUED:
                continue
            nearest[name] = min(nearest.get(name, _REACH), abs(item.first - at))
    least = min(nearest.values(), default=0)
    return frozenset(name for name, distance in nearest.items() if distance <= least + _SPREAD)


def _token_at(tokens: Sequence[Token], offset: int) -> int:
    return next((n for n, token in enumerate(tokens) if token.end > offset), len(tokens) - 1)


def _is_tenure(near: Iterable[Found], at: int, measure: Measure) -> bool:
    reach = 5 if measure.unit in ("month", "year") else 2
    return any(item.label == "tenure" and abs(item.first - at) <= reach for item in near)
