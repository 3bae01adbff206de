"""The reasons that matching and findings give, in the reader's language; one that is not known here stays English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from promisecheck.model import Measure, Signal
from promisecheck.report.speech import Speech

_NUMBER = r"\d[\d,.]*"
_FREE = ("quote", "reason", "column", "value", "odd", "names", "error")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_FREE, r".+?"),
    "separator": r"[a-z]+",
    "field": r"[a-z_]+",
    "time": rf"{_NUMBER}(?:-{_NUMBER})? [a-z ]+?",
    "limit": rf"{_NUMBER}(?:-{_NUMBER})? [a-z ]+?",
    "cases": r"\d+ cases?",
    "share": r"[\d.]+ %",
    "least": r"[\d.]+ %",
    "day": r"\d{4}-\d\d-\d\d",
    "quote": r".*",
    "signs": r".*",
    "reason": r".*",
    "strength": r"[a-z]+",
    "thing": r"[a-z_ ]+",
    "where": r"[\w, ]+",
    "areas": r"[\w, ]+",
}
_UNITS = "second|minute|hour|working day|day|week|month|year"
_TIME = re.compile(rf"({_NUMBER})(?:-({_NUMBER}))? ({_UNITS})s?")
_SIGN = re.compile(r"([a-z][a-z-]*) \((\d+)\)")
_PASSAGE = re.compile(r"[^“”]*: “.*”\.", re.DOTALL)
_RELATION = re.compile(r"^(?:Contradicts|Qualifies|Different-scope): ")


@dataclass(frozen=True, slots=True)
class Template:
    """Hold one known reason: its wording, and the pattern that finds its values in a sentence."""

    message: str
    pattern: re.Pattern[str]


def template(message: str) -> Template:
    """Return the template of one reason; `{name}` in it is a value whose kind follows from its name."""
    parts = re.split(r"\{(\w+)\}", message)
    pieces = [
        f"(?P<{part}>{_KINDS.get(part, _NUMBER)})" if n % 2 else re.escape(part)
        for n, part in enumerate(parts)
    ]
    return Template(message, re.compile("".join(pieces), re.DOTALL | re.IGNORECASE))


@lru_cache(maxsize=1)
def _templates() -> tuple[Template, ...]:
    return (*_of_matches(), *_of_verdicts(), *_of_exclusions())


def _of_matches() -> tuple[Template, ...]:
    return (
        template("It took {time} of opening hours; {limit} was promised."),
        template("It took {time}; {limit} was promised."),
        template("Ended {time} after its deadline."),
        template("Ended by its deadline."),
        template("Still open {time} after its deadline."),
        template("Still open, and its deadline has not passed."),
        template("{count} {thing} were recorded; at most {most} was promised."),
        template("It was {time} late; up to {limit} counts as on time."),
        template("{charged} was charged; {promised} was agreed."),
        template("{delivered} was delivered; {promised} was agreed."),
        template("Uptime was {uptime} %; {promised} % was promised."),
        template("The incident states {time}; that is longer than the {limit} promised."),
        template("The incident states {time}; that is within the {limit} promised."),
        template("The trained reader of pairs takes it so; no single phrase decides."),
        template("A language model takes it so: {reason}"),
        template("It quotes: “{quote}”."),
        template("Elsewhere the site says {time}, where {limit} is promised: “{quote}”."),
        template("The promise holds for all; elsewhere the site makes exceptions: “{quote}”."),
        template("The promise holds for all; elsewhere the site sets a threshold: “{quote}”."),
        template("The promise leaves no room; elsewhere the site takes it back: “{quote}”."),
        template("The promise is free of charge; elsewhere the site charges for it: “{quote}”."),
        template("It was in {where}; the promise is for {areas}."),
        template("The order was {sum}; the promise begins at {threshold}."),
    )


def _of_verdicts() -> tuple[Template, ...]:
    return (
        template("The promise leaves no room, and {cases} broke it: one credible case contradicts it."),
        template("Kept in {kept} of {counted} measured cases ({share}; at least {least} is needed)."),
        template("There are too few cases to call it contradicted."),
        template("{cases} in the log broke it, {kept} kept it."),
        template("A {strength} promise takes {needed} independent cases to contradict."),
        template("The share kept may still be {share}."),
        template("No visible indicator is declared for this value."),
        template("{some} of {all} declared indicators speak against it, in {cases}: {signs}."),
        template("{some} incidents each show {needed} or more of them."),
        template("{some} of them show {least_signs} or more; {needed} are needed to contradict a value."),
        template("{cases} praise it; praise alone does not prove a promise kept."),
        template("Only {cases} measured it, all kept: too few to call it kept."),
        template("Nothing in the log speaks of it."),
        template(
            "{cases} came before the page was first read on {day}; "
            "it is assumed that the promise stood there then."
        ),
        template("Exceptional: {reason}. One such period is no pattern."),
        template("What was put right afterwards is shown beside, and does not undo a broken promise."),
    )


def _of_exclusions() -> tuple[Template, ...]:
    return (
        template("still open, and in time"),
        template("lies outside what the promise covers"),
        template("too uncertain to count"),
        template("the same text as another incident"),
        template("happened before the promise stood on the site"),
        template("happened after the promise had gone from the site"),
        template("lies after the moment of this check"),
        template("names an incident that is not in the log"),
        template("another sentence of the site qualifies the promise, or has another scope"),
        template("shows none of the indicators declared for this value"),
        template("in an exceptional period: {reason}"),
        template("told in words, beside the measured cases"),
    )


def tell(reason: str, say: Speech) -> str:
    """Return a reason in the reader's language, or as it is where its wording is not known."""
    return _told(reason, say) or reason


@lru_cache(maxsize=4096)
def _told(reason: str, say: Speech) -> str:
    return tell_by(_templates(), _RELATION.sub("", reason), say)


def tell_by(templates: Iterable[Template], text: str, say: Speech) -> str:
    """Return the text in the reader's language by the first template that fits, or "" where none does."""
    for known in templates:
        found = known.pattern.fullmatch(text)
        if found:
            values = {name: _value(name, part, say) for name, part in found.groupdict().items()}
            told = say.say(known.message, **values)
            return told[:1].upper() + told[1:] if text[:1].isupper() or text[:1].isdigit() else told
    return ""


def tell_all(reasons: Sequence[str], signals: Sequence[Signal], say: Speech) -> tuple[str, ...]:
    """Return the reasons of one match, without those that only quote a passage.

    What decided is marked in the text and named beside it; a passage that is not marked decided nothing.
    """
    told = [
        _told(reason, say) or ("" if signals and _PASSAGE.fullmatch(reason) else reason) for reason in reasons
    ]
    return tuple(reason for reason in told if reason)


def _value(name: str, text: str, say: Speech) -> str:
    write = _WRITERS.get(name)
    if write is not None:
        return write(text, say)
    if name in _FREE:
        return text
    return _number(text, say)


def _number(text: str, say: Speech) -> str:
    try:
        return say.number(float(text.replace(",", "")))
    except ValueError:
        return text


def _time(text: str, say: Speech) -> str:
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    value, high = float(found[1]), float(found[2]) if found[2] else None
    unit = found[3].replace(" ", "-")
    return say.measure(Measure(kind="duration", compare="at-most", value=value, high=high, unit=unit))


def _cases(text: str, say: Speech) -> str:
    return say.plural("{n} case", "{n} cases", int(text.split()[0]))


def _share(text: str, say: Speech) -> str:
    share = float(text.removesuffix(" %"))
    return say.percent(share / 100) if share == round(share) else f"{say.number(share)} %"


def _signs(text: str, say: Speech) -> str:
    return _SIGN.sub(lambda found: f"{say.label('code', found[1])} ({found[2]})", text)


_WRITERS: Mapping[str, Callable[[str, Speech], str]] = {
    "time": _time,
    "limit": _time,
    "cases": _cases,
    "share": _share,
    "least": _share,
    "signs": _signs,
    "day": lambda text, say: say.day(date.fromisoformat(text)),
    "strength": lambda text, say: say.label("firmness", text),
    "separator": lambda text, say: say.label("separator", text),
    "field": lambda text, say: say.label("field", text),
    "thing": lambda text, say: say.label("fact", text.strip().replace(" ", "_")),
}
