"""Signals of an incident: what its words say, weighed with what the trained passage head reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from promisecheck.match.codes import CODES, THEME_ASPECTS
from promisecheck.match.policy import DEFAULT, MatchPolicy
from promisecheck.match.reading import IncidentReading, Passage, head_signal, read_passages
from promisecheck.model import Signal, Status
from promisecheck.text.readings import PassageReading, Readings


def read_signals(
    text: str, language: str = "", readings: Readings | None = None, *, policy: MatchPolicy = DEFAULT
) -> list[Signal]:
    """Return what an incident says, passage by passage: theme, broken or kept, code, verbatim span and measure.

    Without `readings` the lexicons alone decide. Every signal keeps `text[start:end] == quote`.
    """
    signals = read_incident(text, language, readings, policy).signals
    return [signal for signal in signals if signal.score >= policy.signal_min]


def read_incident(
    text: str, language: str, readings: Readings | None, policy: MatchPolicy = DEFAULT
) -> IncidentReading:
    """Return the full reading of one incident."""
    return read_incidents([text], [language], readings, policy)[0]


def read_incidents(
    texts: Sequence[str],
    languages: Sequence[str],
    readings: Readings | None,
    policy: MatchPolicy = DEFAULT,
    *,
    sparing: bool = False,
) -> list[IncidentReading]:
    """Return the readings of many incidents; the head reads the passages of all of them in one call.

    `sparing` leaves out the passages that name no touchpoint and no opinion, or that a phrase settles.
    """
    read = [read_passages(text, language, policy) for text, language in zip(texts, languages, strict=True)]
    if readings is None:
        return read
    every = [(n, passage) for n, reading in enumerate(read) for passage in reading.passages]
    places = [(n, passage) for n, passage in every if not sparing or _is_open(passage, policy)]
    if not places:
        return read
    said = readings.read_passages(
        [texts[n][passage.start : passage.end] for n, passage in places],
        [passage.language for _, passage in places],
    )
    heads = {(n, passage.start): head for (n, passage), head in zip(places, said, strict=True)}
    merged: dict[int, list[Signal]] = {n: [] for n in range(len(read))}
    for n, passage in every:
        head = heads.get((n, passage.start))
        merged[n].extend(merge(texts[n], passage, head, policy) if head else passage.said)
    return [reading.with_signals(merged[n]) for n, reading in enumerate(read)]


def _is_open(passage: Passage, policy: MatchPolicy) -> bool:
    """Tell whether the words of a passage leave something to be read."""
    settled = any(signal.score >= policy.phrase_score for signal in passage.said)
    return not settled and (passage.opinion or bool(passage.aspects))


def merge(text: str, passage: Passage, head: PassageReading, policy: MatchPolicy) -> Iterator[Signal]:
    """Yield the signals of one passage that words and head together bear out."""
    themes = _themes(passage, head, policy)
    theme = max(themes, key=lambda name: themes[name], default="")
    agreed: list[Signal] = []
    least_of: tuple[tuple[Status, float], ...] = (
        ("broken", policy.head_broken_min), ("kept", policy.head_kept_min),
    )  # fmt: skip
    for signal in passage.said:
        support = head.statuses.get(signal.status, 0.0)
        against = head.statuses.get("kept" if signal.status == "broken" else "broken", 0.0)
        if max(head.statuses.get("none", 0.0), against) > policy.head_none_max:
            continue
        sure = support >= 0.5 and head.themes.get(theme, 0.0) >= policy.head_theme_sure
        score = 0.5 * signal.score + 0.5 * max(support, 0.3 * signal.score)
        agreed.append(replace(signal, score=round(score, 3), theme=theme if sure else signal.theme))
    yield from agreed
    known = {(signal.status, signal.theme) for signal in agreed}
    for status, least in least_of:
        probability = head.statuses.get(status, 0.0)
        if probability < least or (status, theme) in known:
            continue
        if themes.get(theme, 0.0) * probability >= policy.head_theme_min * least:
            yield _from_head(text, passage, theme, status, head.codes, probability)


def _themes(passage: Passage, head: PassageReading, policy: MatchPolicy) -> dict[str, float]:
    """Return the themes that the head sees, the more likely where the passage names a touchpoint of theirs."""
    return {
        theme: p + policy.named_theme_bonus * (not passage.aspects.isdisjoint(THEME_ASPECTS.get(theme, ())))
        for theme, p in head.themes.items()
        if theme != "none"
    }


def _from_head(
    text: str, passage: Passage, theme: str, status: Status, codes: Mapping[str, float], probability: float
) -> Signal:
    fitting = {name: p for name, p in codes.items() if name in CODES and CODES[name].status == status}
    code = max(fitting, key=lambda name: fitting[name], default=f"other-{status}")
    return head_signal(text, passage.start, passage.end, theme, status, code, probability)
