"""Bring policy, cases and rulings together: one finding a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from promisecheck.clock import WorkCalendar
from promisecheck.findings.cases import Cases, History, sort_cases
from promisecheck.findings.indicators import declared, seen
from promisecheck.findings.policy import Measured, Policy, Window, needed_share
from promisecheck.findings.severity import severity_of
from promisecheck.findings.truth import smallest_true_promise
from promisecheck.findings.verdict import rule_on
from promisecheck.model import Exclusion, Finding, Incident, Match, PartyShare, Promise

_RECOVERY = ("refunded", "redressed")
_PERCENT_FACTS = frozenset({"uptime", "speed_delivered"})
_NOT_HELD = ("contradicted", "at-risk")
_MOST_EVIDENCE = 200


def find(
    promises: Iterable[Promise],
    matches: Iterable[Match],
    incidents: Iterable[Incident],
    *,
    policy: Policy | None = None,
    now: datetime,
    exceptional: Sequence[Window] = (),
    measured: Sequence[Measured] = (),
    calendar: WorkCalendar | None = None,
    not_checked: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Return one finding a promise, the most severe first.

    `not_checked` maps promise ids to why their page or source could not be read; `measured` holds a company's
    own aggregates; incidents later than `now` are not counted.
    """
    every = list({promise.id: promise for promise in promises}.values())
    by_id = {incident.id: incident for incident in incidents}
    by_promise = _by_promise(matches)
    policy = policy or Policy()
    aggregates, history = {one.promise_id: one for one in measured}, History.of(every)
    found = []
    for promise in every:
        reason = (not_checked or {}).get(promise.id)
        if reason:
            found.append(_not_checked(promise, reason))
            continue
        own = by_promise.get(promise.id, ())
        cases = sort_cases(
            promise, own, by_id, policy=policy, history=history, exceptional=exceptional, now=now
        )
        found.append(_finding(promise, cases, by_id, policy, aggregates.get(promise.id), calendar))
    return sorted(found, key=lambda finding: (-finding.severity, finding.promise_id))


def _by_promise(matches: Iterable[Match]) -> dict[str, list[Match]]:
    by_promise: dict[str, list[Match]] = {}
    for match in matches:
        by_promise.setdefault(match.promise_id, []).append(match)
    return by_promise


def _not_checked(promise: Promise, reason: str) -> Finding:
    return Finding(
        company_id=promise.company_id,
        promise_id=promise.id,
        verdict="not-checked",
        severity=0.0,
        why=(reason,),
    )


def _finding(
    promise: Promise,
    cases: Cases,
    incidents: Mapping[str, Incident],
    policy: Policy,
    measured: Measured | None,
    calendar: WorkCalendar | None,
) -> Finding:
    timed = [incidents[match.evidence_id] for match in (*cases.measured_broken, *cases.measured_kept)]
    own_percent = any(not _PERCENT_FACTS.isdisjoint(incident.facts) for incident in timed)
    ruling = rule_on(promise, cases, measured, policy, own_percent=own_percent)
    share = needed_share(promise, policy, own_percent=own_percent)
    true_promise = smallest_true_promise(promise, timed, share, calendar=calendar, measured=measured)
    counted = [*cases.broken, *cases.kept]
    own = [incidents[match.evidence_id] for match in counted if match.evidence_id in incidents]
    first, last = _span(own, measured)
    return Finding(
        company_id=promise.company_id,
        promise_id=promise.id,
        verdict=ruling.verdict,
        severity=severity_of(promise, ruling.verdict, ruling.broken),
        broken=ruling.broken,
        kept=ruling.kept,
        relevant=ruling.broken + ruling.kept,
        excluded=cases.exclusions(_beside(cases, ruling.broken + ruling.kept, measured)),
        rate=ruling.rate.share,
        low=ruling.rate.low,
        high=ruling.rate.high,
        window_start=first,
        window_end=last,
        why=(*ruling.why, *_notes(promise, cases, measured)),
        evidence=_evidence(cases),
        recovered=_recovered(cases),
        by_party=_shares(cases, incidents),
        indicators=seen(declared(promise.theme, cases.broken), cases.broken)
        if promise.kind == "value"
        else (),
        smallest_true_promise=true_promise if ruling.verdict in _NOT_HELD else "",
    )


def _span(
    incidents: Iterable[Incident], measured: Measured | None
) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last case happened, or the window that a company's own aggregate covers."""
    moments = sorted(incident.occurred_at for incident in incidents if incident.occurred_at)
    first, last = (moments[0], moments[-1]) if moments else (None, None)
    if measured is None:
        return first, last
    return measured.window_start or first, measured.window_end or last


def _evidence(cases: Cases) -> tuple[str, ...]:
    ids = dict.fromkeys(match.evidence_id for match in [*cases.site, *cases.broken, *cases.kept])
    return tuple(ids)[:_MOST_EVIDENCE]


def _beside(cases: Cases, relevant: int, measured: Measured | None) -> tuple[Exclusion, ...]:
    """Return the cases told in words that stand beside a measured count, so that the numbers add up."""
    told = [match.evidence_id for match in (*cases.told_broken, *cases.told_kept)]
    if measured is not None:
        told += [match.evidence_id for match in (*cases.measured_broken, *cases.measured_kept)]
    elif relevant == len(cases.broken) + len(cases.kept):
        return ()
    if not told:
        return ()
    return (
        Exclusion(
            reason="told in words, beside the measured cases", count=len(told), evidence_ids=tuple(told[:50])
        ),
    )


def _notes(promise: Promise, cases: Cases, measured: Measured | None) -> tuple[str, ...]:
    notes = []
    if cases.assumed and promise.first_seen:
        notes.append(
            f"{cases.assumed} of the cases are from before the page was first read on {promise.first_seen:%Y-%m-%d}; "
            "it is assumed that the promise stood there then."
        )
    if measured is not None and measured.exceptional:
        notes.append(f"Exceptional: {measured.exceptional}. One such period is no pattern.")
    if _recovered(cases):
        notes.append("What was put right afterwards is shown beside, and does not undo a broken promise.")
    return tuple(notes)


def _recovered(cases: Cases) -> dict[str, int]:
    counts = Counter(
        code
        for match in cases.broken
        for code in {signal.code for signal in match.signals if signal.code in _RECOVERY}
    )
    return dict(sorted(counts.items()))


def _shares(cases: Cases, incidents: Mapping[str, Incident]) -> tuple[PartyShare, ...]:
    """Count broken and relevant cases by party and by channel, the most broken first."""
    broken: Counter[tuple[str, str]] = Counter()
    relevant: Counter[tuple[str, str]] = Counter()
    for matches, is_broken in ((cases.broken, True), (cases.kept, False)):
        for match in matches:
            incident = incidents[match.evidence_id]
            for key in (("party", incident.party), ("channel", incident.channel)):
                if key[1]:
                    relevant[key] += 1
                    broken[key] += is_broken
    ordered = sorted(relevant, key=lambda key: (key[0] != "party", -broken[key], key[1]))
    return tuple(
        PartyShare(dimension=key[0], name=key[1], broken=broken[key], relevant=relevant[key])
        for key in ordered
    )
