"""What a detected promise holds: kind, theme, measure, metric, scope, conditions and strength."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

from promisecheck.model import Kind, Measure, Page, Promise, Scope, Strength
from promisecheck.packs import Hit, Pack
from promisecheck.promises.reader import Reader
from promisecheck.promises.sentence import Sentence
from promisecheck.quantities import Grammar, conditions_of, find_measures, metric_of, scope_of, strength_of
from promisecheck.text import SentenceReading

_LEAST = 1e-6


def shape_promise(
    page: Page | None,
    sentence: Sentence,
    reading: SentenceReading,
    hits: Sequence[Hit],
    score: float,
    reader: Reader,
) -> Promise:
    """Return the promise that a sentence states; of several hits the first decides."""
    text = sentence.context.text
    hit = hits[0] if hits else None
    language = _language(sentence, hit)
    grammar = _grammar(reader.packs, language)
    kind = cast(Kind, _best(reading.kinds, hit.rule.kind if hit else "", reader.thresholds.rule_kind))
    measure = _measure(text, grammar, kind, hit)
    if measure is not None and hit is not None and hit.measure is not None and hit.rule.kind == "quantified":
        kind = "quantified"
    block = page.blocks[sentence.block] if page else None
    return Promise(
        company_id=page.company_id if page else "",
        theme=_theme(reading.themes, [hit.rule.theme for hit in hits], reader.thresholds.rule_theme),
        kind=kind,
        url=page.url if page else "",
        language=language,
        quote=text,
        start=sentence.start,
        end=sentence.end,
        snapshot=page.snapshot if page else "",
        headings=block.headings if block else (),
        role=block.role if block else "text",
        measure=measure if kind == "quantified" else None,
        metric=_metric(text, sentence.context.heading, grammar, hit),
        scope=scope_of(text, grammar) if grammar else Scope(),
        conditions=conditions_of(text, grammar) if grammar else (),
        strength=_strength(text, grammar, hit),
        rule_id=hit.rule.full_id if hit else None,
        score=round(score, 4),
        first_seen=page.fetched_at if page else None,
        last_seen=page.fetched_at if page else None,
    )


def _language(sentence: Sentence, hit: Hit | None) -> str:
    # A slogan of three words is known by its rule better than its language is by its letters.
    return hit.rule.language if hit and hit.rule.certain else sentence.context.language or "en"


def _grammar(packs: Mapping[str, Pack], language: str) -> Grammar | None:
    pack = packs.get(language) or packs.get("nb" if language == "nn" else "en")
    return pack.grammar if pack else None


def _theme(probabilities: Mapping[str, float], ruled: Sequence[str], trust: float) -> str:
    odds = {theme: math.log(p + _LEAST) for theme, p in probabilities.items()}
    for theme in {*ruled}:
        share = 1.0 if theme == ruled[0] else 0.5
        odds[theme] = odds.get(theme, math.log(_LEAST)) + share * trust
    return max(sorted(odds), key=odds.__getitem__)


def _best(probabilities: Mapping[str, float], ruled: str, bonus: float) -> str:
    weighted = dict(probabilities)
    if ruled:
        weighted[ruled] = weighted.get(ruled, 0.0) + bonus
    return max(sorted(weighted), key=weighted.__getitem__)


def _measure(text: str, grammar: Grammar | None, kind: str, hit: Hit | None) -> Measure | None:
    if hit is not None and hit.measure is not None:
        return hit.measure
    if grammar is None or kind != "quantified":
        return None
    found = [q for q in find_measures(text, grammar) if not q.vague]
    order = {"duration": 0, "window": 1, "percent": 2, "count": 3, "money": 4}
    return min(found, key=lambda q: order[q.measure.kind]).measure if found else None


def _metric(text: str, heading: str, grammar: Grammar | None, hit: Hit | None) -> str:
    if hit is not None and hit.rule.metric:
        return hit.rule.metric
    if grammar is None:
        return ""
    return metric_of(text, grammar) or (metric_of(heading, grammar) if heading else "")


def _strength(text: str, grammar: Grammar | None, hit: Hit | None) -> Strength:
    if hit is not None and hit.hedged:
        return "hedged"
    return strength_of(text, grammar) if grammar else "firm"
