"""Which sentences are promises: rule hits, trained readings and the sentence's place make one score."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promisecheck.model import Page, Promise
from promisecheck.packs import Hit
from promisecheck.promises.reader import Reader
from promisecheck.promises.sentence import TELLING, Sentence, sentences_of_page, sentences_of_text
from promisecheck.promises.shape import shape_promise
from promisecheck.text import SentenceContext, SentenceReading


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """Hold the promises of a page, and how many sentences were read and left out, by reason."""

    promises: tuple[Promise, ...]
    sentences: int
    left_out: Mapping[str, int]


def read_promises(page: Page, reader: Reader) -> list[Promise]:
    """Return the promises a page states, in reading order, each quote once."""
    return list(read_page_promises(page, reader).promises)


def read_page_promises(page: Page, reader: Reader) -> PageReading:
    """Return the promises a page states, with what was considered and left out."""
    sentences = sentences_of_page(page)
    left_out = Counter(s.standing.barred for s in sentences if s.standing.barred)
    readable = [s for s in sentences if not s.standing.barred]
    found: dict[str, Promise] = {}
    for sentence, reading in zip(readable, reader.read([s.context for s in readable]), strict=True):
        promise = _decide(page, sentence, reading, reader)
        if promise is not None:
            found.setdefault(promise.id, promise)
    return PageReading(promises=tuple(found.values()), sentences=len(sentences), left_out=dict(left_out))


def read_text(texts: Sequence[str], languages: Sequence[str], reader: Reader) -> list[list[Promise]]:
    """Return the promises of each text; texts stand alone, and an empty language is identified."""
    owned = [
        (n, sentence)
        for n, (text, language) in enumerate(zip(texts, languages, strict=True))
        for sentence in sentences_of_text(text, language)
    ]
    results: list[list[Promise]] = [[] for _ in texts]
    for (n, sentence), reading in zip(owned, reader.read([s.context for _, s in owned]), strict=True):
        promise = _decide(None, sentence, reading, reader)
        if promise is not None:
            results[n].append(promise)
    return results


def _decide(
    page: Page | None, sentence: Sentence, reading: SentenceReading, reader: Reader
) -> Promise | None:
    if sentence.context.text.rstrip().endswith("?"):
        return None
    score = _shifted(reading.promise, sentence.standing.shift)
    hopeless = score < min(reader.thresholds.with_rule, reader.least)
    hits = _hits(sentence.context, reader, certain=hopeless)
    if (not hits and score < reader.least) or _barred(sentence.context, reader):
        return None
    if hits:
        score = (1.0 + score) / 2.0
    return shape_promise(page, sentence, reading, hits, score, reader)


def _hits(context: SentenceContext, reader: Reader, *, certain: bool) -> list[Hit]:
    """Return what the rules of the likeliest language find, the hit that decides first."""
    for pack in reader.packs_for("" if certain and len(context.text) < TELLING else context.language):
        hits = pack.find(context.text, certain=certain)
        if hits:
            return sorted(hits, key=lambda hit: (hit.measure is None, hit.start - hit.end))
    return []


def _barred(context: SentenceContext, reader: Reader) -> bool:
    return any(pack.bars(context.text) for pack in reader.packs_for(context.language))


def _shifted(probability: float, shift: float) -> float:
    if not shift:
        return probability
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return 1.0 / (1.0 + math.exp(-(math.log(p / (1 - p)) + shift)))
