"""What a detected promise holds: kind, theme, measure, metric, scope, conditions and strength."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from promisecheck.model import Kind, Measure, Page, Promise, Scope, Strength
from promisecheck.packs import Hit, Pack
from promisecheck.promises.reader import Reader
from promisecheck.promises.sentence import Sentence
from promisecheck.quantities import Grammar, conditions_of, find_measures, metric_of, scope_of, strength_of
from promisecheck.text import SentenceReading


def shape_promise(
    page: Page | None,
    sentence: Sentence,
    reading: SentenceReading,
    hit: Hit | None,
    score: float,
    reader: Reader,
) -> Promise:
    """Return the promise that a sentence states."""
    text = sentence.context.text
    language = sentence.context.language or "en"
    grammar = _grammar(reader.packs, language)
    kind = cast(Kind, _best(reading.kinds, hit.rule.kind if hit else "", reader.thresholds.rule_kind))
    measure = _measure(text, grammar, kind, hit)
    if measure is not None and hit is not None and hit.measure is not None and hit.rule.kind == "quantified":
        kind = "quantified"
    block = page.blocks[sentence.block] if page else None
    return Promise(
        company_id=page.company_id if page else "",
        theme=_best(reading.themes, hit.rule.theme if hit else "", reader.thresholds.rule_theme),
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


def _grammar(packs: Mapping[str, Pack], language: str) -> Grammar | None:
    pack = packs.get(language) or packs.get("nb" if language == "nn" else "en")
    return pack.grammar if pack else None


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
