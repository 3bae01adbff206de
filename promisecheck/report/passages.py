"""Cutting an incident's text to what is worth showing, with the passages marked that decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from promisecheck.report.view import Segment

LONGEST = 420
_ROUND = 160


def mark(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    """Split the text at the spans (offsets in code points), shortened around them where it is long."""
    merged = _merge(spans, len(text))
    start, end = _window(text, merged)
    pieces: list[Segment] = []
    at = start
    for left, right in merged:
        left, right = max(left, start), min(right, end)
        if right <= left:
            continue
        if left > at:
            pieces.append(Segment(text=text[at:left]))
        pieces.append(Segment(text=text[left:right], marked=True))
        at = right
    if at < end:
        pieces.append(Segment(text=text[at:end]))
    return _with_dots(pieces, start > 0, end < len(text))


def _merge(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= length):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    if len(text) <= LONGEST:
        return 0, len(text)
    first = spans[0][0] if spans else 0
    last = spans[-1][1] if spans else 0
    start = _word_start(text, max(0, first - _ROUND))
    end = min(len(text), max(start + LONGEST, min(last + _ROUND, start + 3 * LONGEST)))
    return start, _word_end(text, end)


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + 30) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 30, at)
    return space if space > 0 else at


def _with_dots(pieces: list[Segment], before: bool, after: bool) -> tuple[Segment, ...]:
    head = [Segment(text="… ")] if before else []
    tail = [Segment(text=" …")] if after else []
    return (*head, *pieces, *tail)
