"""One finding as it is shown: quote, verdict in words, counted cases, strongest evidence, what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from promisecheck.model import Finding, Incident, Match, Promise, Review
from promisecheck.report import words
from promisecheck.report.journey import stage_of
from promisecheck.report.material import CaseLike, Judged, Material, PlaceLike, as_utc
from promisecheck.report.passages import mark
from promisecheck.report.reasons import tell, tell_all
from promisecheck.report.speech import Speech
from promisecheck.report.trend import trend_of
from promisecheck.report.view import (
    CaseView,
    CountView,
    EvidenceView,
    ExclusionView,
    FindingView,
    PlaceView,
    ReviewView,
    Segment,
    ShareView,
    State,
)

MOST_EVIDENCE = 5
END_WORDS = 5
_WEIGHT = {"fact": 2, "site": 1, "incident": 0}


def view_finding(finding: Finding, promise: Promise, material: Material, say: Speech) -> FindingView:
    """Return all that is shown of one finding, with its sentences in the language of `say`."""
    # A value's id is a hash that is made anew whenever it is asked for.
    finding_id, promise_id = finding.id, finding.promise_id
    decisive = material.decisive.get(promise_id, ())
    # The company's own text decides beside the count, not in it.
    counted = [case for case in decisive if case.evidence_kind != "site"]
    cases = tuple(_case(case) for case in counted)
    shares = _shares(finding)
    indicators = _labelled({item.code: item.incidents for item in finding.indicators}, "code", say)
    trend, unit = trend_of(cases, say)
    rule = material.rules.get(promise.rule_id or "")
    company = material.companies.get(finding.company_id)
    return FindingView(
        id=finding_id, promise_id=promise_id, company_id=finding.company_id,
        company=company.name if company else finding.company_id,
        quote=promise.quote, quote_language=promise.language, theme=promise.theme, kind=promise.kind,
        strength=promise.strength, metric=promise.metric, stage=stage_of(promise),
        measure=promise.measure, measure_words=say.measure(promise.measure) if promise.measure else "",
        scope=_scope(promise), conditions=promise.conditions, rule_id=promise.rule_id or "",
        rule_says=rule.says if rule else "", needs=rule.needs if rule else "",
        references=rule.references if rule else (),
        places=_places(promise, material.places.get(promise_id, ())),
        first_seen=promise.first_seen, last_seen=promise.last_seen,
        since_words=words.since_words(finding, promise, say),
        verdict=finding.verdict, severity=finding.severity, broken=finding.broken, kept=finding.kept,
        relevant=finding.relevant, left_out=sum(item.count for item in finding.excluded),
        rate=finding.rate, low=finding.low, high=finding.high,
        window_start=finding.window_start, window_end=finding.window_end,
        headline=words.headline(finding, promise, indicators, say),
        interval_words=words.interval_words(finding, say, told=_is_told(counted)), where_words=words.where_words(shares, say),
        why=tuple(tell(line, say) for line in finding.why), smallest_true_promise=finding.smallest_true_promise,
        instead_words=words.instead_words(finding, indicators, say),
        evidence=_evidence(finding, decisive, material, say), cases=cases, excluded=_excluded(finding, material, say),
        shares=shares, recovered=_recovered(finding, say), indicators=indicators,
        trend=trend, trend_unit=unit, sources=_sources(cases),
        review=view_review(material.reviews.get(finding_id), finding, material.generated_at),
        is_new=material.is_new(finding),
    )  # fmt: skip


def view_review(review: Review | None, finding: Judged, now: datetime) -> ReviewView:
    """Return the decision in force: one that has run out, or a fix that did not last, is open again."""
    if review is None:
        return ReviewView(state="open")
    state: State = review.decision
    ended = review.expires_at is not None and as_utc(review.expires_at) <= as_utc(now)
    relapsed = review.decision == "fixed" and finding.verdict == "contradicted"
    return ReviewView(
        state="open" if ended or relapsed else state, reason=review.reason, reviewer=review.reviewer,
        decided_at=review.decided_at, expires_at=review.expires_at, owner=review.owner, due=review.due,
        note=review.note,
    )  # fmt: skip


def sentence_link(url: str, sentence: str) -> str:
    """Return the address that jumps to a sentence on its page, or "" where it is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    words = sentence.split()
    # A long sentence is named by its first and its last words, as the format allows.
    ends = [words] if len(words) <= 2 * END_WORDS + 2 else [words[:END_WORDS], words[-END_WORDS:]]
    wanted = ",".join(percent_encode(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{url.split('#')[0]}#:~:text={wanted}"


def decisive_of(finding: Finding, cases: Iterable[CaseLike]) -> list[CaseLike]:
    """Return the cases that were not left out, each once, strongest first, broken before kept."""
    left_out = {key for item in finding.excluded for key in item.evidence_ids}
    by_evidence: dict[str, CaseLike] = {}
    for case in cases:
        if case.outcome != "silent" and case.evidence_id not in left_out:
            known = by_evidence.get(case.evidence_id)
            if known is None or _strength(case) >= _strength(known):
                by_evidence[case.evidence_id] = case
    return sorted(by_evidence.values(), key=lambda case: (case.outcome, -case.score, case.evidence_id))


def chosen_of(finding: Finding, decisive: Sequence[CaseLike]) -> Sequence[CaseLike]:
    """Return the cases whose texts are shown: those the finding names, else those that speak against it."""
    by_evidence = {case.evidence_id: case for case in decisive}
    named = [by_evidence[key] for key in finding.evidence if key in by_evidence]
    breaking = [case for case in decisive if case.outcome == "breaks"]
    return (named or breaking or decisive)[:MOST_EVIDENCE]


def _is_told(counted: Sequence[CaseLike]) -> bool:
    return bool(counted) and all(case.evidence_kind != "fact" for case in counted)


def _strength(case: CaseLike) -> tuple[int, float]:
    return _WEIGHT[case.evidence_kind], case.score


def _case(case: CaseLike) -> CaseView:
    return CaseView(
        evidence_id=case.evidence_id, number=case.number, outcome=case.outcome, at=case.at, party=case.party,
        channel=case.channel, source=case.source,
    )  # fmt: skip


def _evidence(
    finding: Finding, decisive: Sequence[CaseLike], material: Material, say: Speech
) -> tuple[EvidenceView, ...]:
    whole = {(m.evidence_kind, m.evidence_id): m for m in material.matches.get(finding.promise_id, ())}
    chosen = [
        (case, whole.get((case.evidence_kind, case.evidence_id))) for case in chosen_of(finding, decisive)
    ]
    return tuple(_shown(case, match, material, say) for case, match in chosen if match is not None)


def _shown(case: CaseLike, match: Match, material: Material, say: Speech) -> EvidenceView:
    incident = material.incidents.get(match.evidence_id)
    codes = dict.fromkeys(signal.code for signal in match.signals)
    return EvidenceView(
        case=_case(case), language=incident.language if incident else "",
        segments=_segments(incident, match), reasons=tell_all(match.reasons, match.signals, say),
        labels=tuple(say.label("code", code) for code in codes), score=match.score,
    )  # fmt: skip


def _segments(incident: Incident | None, match: Match) -> tuple[Segment, ...]:
    if incident is None:
        return tuple(Segment(text=signal.quote, marked=True) for signal in match.signals)
    spans = [(s.start, s.end) for s in match.signals if incident.text[s.start : s.end] == s.quote]
    return mark(incident.text, spans)


def _excluded(finding: Finding, material: Material, say: Speech) -> tuple[ExclusionView, ...]:
    if not finding.excluded:
        return ()
    numbers = {case.evidence_id: case.number for case in material.cases.get(finding.promise_id, ())}
    return tuple(
        ExclusionView(
            reason=tell(item.reason, say),
            count=item.count,
            numbers=tuple(numbers[key] for key in item.evidence_ids if numbers.get(key)),
        )
        for item in finding.excluded
    )


def _shares(finding: Finding) -> tuple[ShareView, ...]:
    return tuple(
        ShareView(
            dimension=item.dimension,
            name=item.name,
            broken=item.broken,
            relevant=item.relevant,
            share=item.broken / item.relevant if item.relevant else 0.0,
        )
        for item in finding.by_party
    )


def _labelled(counts: Mapping[str, int], group: str, say: Speech) -> tuple[CountView, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(CountView(key=key, label=say.label(group, key), count=n) for key, n in ordered)


def _recovered(finding: Finding, say: Speech) -> tuple[CountView, ...]:
    """Return what was done after the broken cases, most first; in how many nothing was comes last.

    A case can be refunded and apologised for: how many had anything done is counted under its own key.
    """
    if not finding.broken:
        return ()
    done = {key: n for key, n in finding.recovered.items() if key not in ("any", "none")}
    left = finding.broken - finding.recovered.get("any", max(done.values(), default=0))
    counts = _labelled(done, "recovery", say)
    return (
        (*counts, CountView(key="none", label=say.label("recovery", "none"), count=left))
        if left > 0
        else counts
    )


def _sources(cases: Sequence[CaseView]) -> tuple[CountView, ...]:
    counts = Counter(case.source for case in cases if case.source)
    return tuple(CountView(key=name, label=name, count=n) for name, n in counts.most_common())


def _scope(promise: Promise) -> tuple[str, ...]:
    scope = promise.scope
    return tuple(part for part in (scope.channel, scope.product, scope.customers, scope.area) if part)


def _places(promise: Promise, places: Sequence[PlaceLike]) -> tuple[PlaceView, ...]:
    if not places:
        own = PlaceView(
            url=promise.url, link=sentence_link(promise.url, promise.quote), role=promise.role,
            headings=promise.headings, snapshot=promise.snapshot, first_seen=promise.first_seen,
            last_seen=promise.last_seen,
        )  # fmt: skip
        return (own,)
    return tuple(
        PlaceView(
            url=place.url,
            link=sentence_link(place.url, promise.quote),
            role=place.role,
            headings=place.headings,
            snapshot=place.snapshot,
            first_seen=place.first_seen,
            last_seen=place.last_seen,
        )
        for place in places
    )
