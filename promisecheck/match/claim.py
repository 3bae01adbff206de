"""What a promise claims: the touchpoints it is about, its limit, and how much room it leaves itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from promisecheck.match.codes import THEME_ASPECTS
from promisecheck.match.lexicon import Lexicon, pick_lexicon
from promisecheck.match.phrasebook import Token, tokenize
from promisecheck.match.reach import UNLIMITED, Reach, reach_of
from promisecheck.match.stated import measures_in, open_grammar
from promisecheck.model import LANGUAGES, VALUE_INDICATORS, Measure, Promise, Strength
from promisecheck.packs import load_packs
from promisecheck.quantities import metric_of, strength_of
from promisecheck.text import identify_language
from promisecheck.text.readings import Readings, SentenceContext

METRIC_ASPECTS: dict[str, str] = {
    "first-reply": "reply", "queue": "phone", "delivery": "delivery", "dispatch": "delivery",
    "resolution": "handling", "repair": "handling", "installation": "handling", "response-on-site": "appointment",
    "refund": "refund", "return-window": "refund", "warranty": "refund", "cancellation": "cancel",
    "opening-hours": "opening", "contacts": "effort", "transfers": "effort", "fee": "fees", "price": "bill",
    "uptime": "network", "deadline": "handling", "punctuality": "appointment", "speed": "network",
}  # fmt: skip
METRIC_ELAPSED: dict[str, tuple[str, ...]] = {
    "first-reply": ("first-reply",), "queue": ("queue",), "delivery": ("delivery",), "dispatch": ("dispatch",),
    "resolution": ("resolution", "activation"), "repair": ("resolution",), "installation": ("resolution", "activation"),
    "response-on-site": ("resolution",), "refund": ("refund",), "deadline": ("resolution",),
}  # fmt: skip
# How staff behave and what they know is narrower than being taken care of.
_NARROW = frozenset({"attitude", "knowledge"})
_SHORT = ("second", "minute")
_SHORT_METRICS = ("first-reply", "queue", "resolution")
_ASPECT_METRICS = {"reply": "first-reply", "phone": "queue", "refund": "refund"}
_WHAT_BREAKS = frozenset({"product", "work", "network"})
# What a promise of help in a given case can be broken at; in which cases it was owed, a log seldom says.
_REMEDIES = frozenset({"refund", "redress", "care", "reply", "updates", "handling"})
# What a limit can be about more closely than its metric says.
_TIMED_SUBJECTS = frozenset({"money-back", "return", "exchange", "callback", "compensation", "technician"})
_KEEP_SHARE = 0.6
_LEAST_LIKELY = 0.05
_SURE_OF_THEME = 0.8
_MANNER = 2.0
# What a phrase by which companies promise weighs; a touchpoint that is only named weighs half.
_CLAIMED = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hold what one promise claims; promises with equal claims are judged alike.

    `themes` holds how likely each theme is, where a reader is not sure of one.
    """

    theme: str
    aspects: frozenset[str]
    themes: tuple[tuple[str, float], ...] = ()
    measure: Measure | None = None
    metric: str = ""
    strength: Strength = "firm"
    value: bool = False
    conditional: bool = False
    reach: Reach = UNLIMITED

    @property
    def limit(self) -> Measure | None:
        """Return the longest time the promise allows, where it allows one."""
        measure = self.measure
        if measure is None or measure.kind != "duration" or measure.compare == "at-least":
            return None
        if measure.unit in _SHORT and self.metric not in _SHORT_METRICS:
            return None
        return measure if self.metric in METRIC_ELAPSED else None

    @property
    def rate(self) -> bool:
        """Tell whether the promise is a share of all cases, short of all of them."""
        return self.measure is not None and self.measure.kind == "percent" and self.measure.value < 100

    @property
    def general(self) -> bool:
        """Tell whether the promise is a value about its whole theme, not about one touchpoint of it or elsewhere."""
        if not self.value or "overall" in self.aspects:
            return self.value
        return bool(self.aspects & set(THEME_ASPECTS.get(self.theme, ())) - _NARROW)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Return the signal codes that speak against the promise where it is a value."""
        own = VALUE_INDICATORS.get(self.theme, ()) if self.general else ()
        return (*own, *VALUE_INDICATORS["other"]) if self.value and "overall" in self.aspects else own


def claim_of(promise: Promise) -> Claim:
    """Return what a promise claims, from what the promises room found and from its own words."""
    weights, marks, reach = _words(promise.quote, promise.language)
    grammar = open_grammar(promise.language)
    named = [promise.metric, metric_of(promise.quote, grammar) if grammar else "", *_metrics_of(weights)]
    metric = _metric(_best_named(named, weights, promise.measure), promise.measure is not None, marks)
    aspects = _aspects(weights, metric, promise.measure is not None, {promise.theme: 1.0}, by_theme=False)
    if promise.kind == "value":
        aspects = _of_theme(aspects, promise.theme, weights)
    return Claim(
        theme=promise.theme,
        themes=((promise.theme, 1.0),),
        aspects=aspects & _REMEDIES if "opens_condition" in marks else aspects,
        measure=promise.measure,
        metric=metric,
        strength=promise.strength,
        value=promise.kind == "value",
        conditional="opens_condition" in marks,
        reach=_reach(reach, metric, promise.measure),
    )


def claim_of_text(text: str, language: str, readings: Readings | None) -> Claim:
    """Return what a bare promise text claims; the trained sentence head names its theme where it is there."""
    language = language if language in LANGUAGES else guess_language(text)
    grammar = open_grammar(language)
    quantities = [quantity for quantity in measures_in(text, language) if not quantity.vague]
    hits = load_packs([language])[language].find(text)
    measure = next((hit.measure for hit in hits if hit.measure), None)
    measure = measure or next((one.measure for one in quantities if one.measure.kind == "duration"), None)
    themes: dict[str, float] = {hits[0].rule.theme: 1.0} if hits else {}
    kinds: Mapping[str, float] = {hits[0].rule.kind: 1.0} if hits else {}
    if readings is not None:
        reading = readings.read_sentences([SentenceContext(text=text, language=language)])[0]
        kinds = kinds or reading.kinds
        themes = _blend(themes, reading.themes)
    weights, marks, reach = _words(text, language)
    named = [
        *(hit.rule.metric for hit in hits),
        metric_of(text, grammar) if grammar else "",
        *_metrics_of(weights),
    ]
    metric = _metric(_best_named(named, weights, measure), measure is not None, marks)
    aspects = _aspects(weights, metric, measure is not None, themes, by_theme=True)
    theme = max(themes, key=lambda name: themes[name], default="") or _theme_of(aspects)
    if measure is None and themes.get(theme, 0.0) >= _SURE_OF_THEME:
        aspects = _of_theme(aspects, theme, weights) or frozenset(THEME_ASPECTS.get(theme, ()))
    return Claim(
        theme=theme,
        themes=_likely(themes or {theme: 1.0}),
        aspects=aspects,
        measure=measure,
        metric=metric,
        strength=strength_of(text, grammar) if grammar else "firm",
        value=measure is None and max(kinds, key=lambda name: kinds[name], default="") == "value",
        conditional="opens_condition" in marks,
        reach=_reach(reach, metric, measure),
    )


def _blend(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return what a rule and the head say of the theme, each to half; what only one of them says stands."""
    if not one or not other:
        return {**one, **other}
    return {name: 0.5 * (one.get(name, 0.0) + other.get(name, 0.0)) for name in {**one, **other}}


def _likely(themes: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the themes that are likely at all, rounded, so that claims that differ in nothing else are equal."""
    return tuple((name, round(p, 2)) for name, p in sorted(themes.items()) if p >= _LEAST_LIKELY)


def guess_language(text: str) -> str:
    """Return the language that the text seems to be in; English where nothing tells."""
    return identify_language(text) or "en"


def _words(text: str, language: str) -> tuple[dict[str, float], set[str], Reach]:
    """Return how often each touchpoint is named, the other marks the words carry, and what the promise reaches."""
    tokens = tokenize(text)
    lexicon = pick_lexicon(tokens, language)
    conditional = lexicon is not None and _opens_condition(tokens, lexicon)
    turn = _turn(text, tokens) if conditional else 0
    reach = reach_of(text, tokens, lexicon, turn)
    tokens = tokens[turn:]
    weights: dict[str, float] = {}
    found = lexicon.find(tokens) if lexicon else []
    for item in found:
        kind, _, aspect = item.label.partition(":")
        if kind in ("promise", "aspect"):
            weights[aspect] = weights.get(aspect, 0.0) + (2.0 if kind == "promise" else 1.0)
    marks = {item.label for item in found if item.label != "opens_condition"}
    if conditional:
        marks.add("opens_condition")
    if "price" in weights and "promise:price" not in marks:
        # A price that is merely named is about what is charged, as much as about being cheap.
        weights["bill"] = weights.get("bill", 0.0) + weights["price"]
    return weights, marks, reach


def _opens_condition(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    return any(item.label == "opens_condition" and item.first == 0 for item in lexicon.find(tokens[:3]))


def _turn(text: str, tokens: list[Token]) -> int:
    """Return the first word after an opening condition: "If it breaks, we replace it" promises the replacement."""
    return next((n for n in range(1, len(tokens)) if "," in text[tokens[n - 1].end : tokens[n].start]), 0)


def _reach(reach: Reach, metric: str, measure: Measure | None) -> Reach:
    """Leave out what merely stands beside a limit ("in 2 days, free delivery over 499"): its metric says what it is about."""
    if measure is None or measure.kind != "duration" or metric not in METRIC_ELAPSED:
        return reach
    return replace(reach, subjects=reach.subjects & _TIMED_SUBJECTS)


def _metrics_of(weights: Mapping[str, float]) -> list[str]:
    """Return the metrics that the words themselves point to, by the touchpoints they name."""
    return [
        _ASPECT_METRICS[aspect]
        for aspect, weight in weights.items()
        if weight >= 1 and aspect in _ASPECT_METRICS
    ]


def _best_named(metrics: Sequence[str], weights: Mapping[str, float], measure: Measure | None) -> str:
    """Return the metric whose touchpoint the promise names most; the first where none is named.

    A wait of minutes is a queue, in whatever channel.
    """
    named = [metric for metric in metrics if metric]
    if named and named[0] == "queue" and measure is not None and measure.unit in _SHORT:
        return "queue"
    return max(named, key=lambda metric: weights.get(METRIC_ASPECTS.get(metric, ""), 0.0), default="")


def _metric(metric: str, has_measure: bool, marks: set[str]) -> str:
    """Return what is measured: a deadline set per case, and goods sent rather than received, have words of their own."""
    if "deadlines" in marks and not has_measure:
        return "deadline"
    if "windows" in marks and metric in ("refund", "return-window", "resolution", ""):
        return "return-window"
    if "punctual" in marks and metric in ("", "uptime", "delivery", "punctuality"):
        return "punctuality"
    if "speeds" in marks and metric in ("", "uptime"):
        return "speed"
    if metric == "delivery" and "dispatches" in marks and "elapsed:delivery" not in marks:
        return "dispatch"
    return metric


def _aspects(
    weights: Mapping[str, float],
    metric: str,
    has_measure: bool,
    themes: Mapping[str, float],
    *,
    by_theme: bool,
) -> frozenset[str]:
    """Return the touchpoints that carry the promise; the theme decides between words that point apart.

    Where the words name none, the theme's own stand for them only if `by_theme`.
    """
    total = {aspect: min(weight, 3.0) for aspect, weight in weights.items()}
    for theme, probability in themes.items():
        for aspect in THEME_ASPECTS.get(theme, ()):
            if aspect in total:
                total[aspect] += 2.0 * probability
    if metric in METRIC_ASPECTS:
        measured = METRIC_ASPECTS[metric]
        total[measured] = total.get(measured, 0.0) + (4.0 if has_measure else 2.0)
    if len(total) > 1 and "process" in total:
        # "Easy", "without trouble" and "free" say how; what they speak of is the other touchpoint named.
        total["process"] = min(total["process"], _MANNER)
    if len(total) > 1 and "fees" in total:
        total["fees"] = min(total["fees"], _MANNER)
    if not total:
        likely = max(themes, key=lambda name: themes[name], default="")
        return frozenset(THEME_ASPECTS.get(likely, ())) if by_theme else frozenset()
    if "refund" in total:
        # "We replace what is defective" is about the replacement: that things break is no lapse of it.
        total = {aspect: weight for aspect, weight in total.items() if aspect not in _WHAT_BREAKS}
    least = _KEEP_SHARE * max(total.values())
    return frozenset(aspect for aspect, weight in total.items() if weight >= least)


def _of_theme(aspects: frozenset[str], theme: str, weights: Mapping[str, float]) -> frozenset[str]:
    """Drop touchpoints that a value merely mentions and that its theme does not know ("you need not be a technician")."""
    known = set(THEME_ASPECTS.get(theme, ())) - {"overall"}
    if not known or aspects & known:
        return aspects
    return frozenset(aspect for aspect in aspects if weights.get(aspect, 0.0) >= _CLAIMED)


def _theme_of(aspects: frozenset[str]) -> str:
    counts = {theme: len(aspects & set(own)) / len(own) for theme, own in THEME_ASPECTS.items()}
    return max(counts, key=lambda theme: counts[theme])
