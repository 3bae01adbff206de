"""Bring policy, cases and rulings together: one finding a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from promisecheck.clock import WorkCalendar
from promisecheck.findings.cases import MOST_EXCLUDED, Cases
from promisecheck.findings.indicators import declared, seen
from promisecheck.findings.policy import Measured, Policy, Window, needed_share
from promisecheck.findings.severity import severity_of
from promisecheck.findings.sort import History, Sorter, Span
from promisecheck.findings.truth import smallest_true_promise
from promisecheck.findings.verdict import in_cases, rule_on
from promisecheck.model import Exclusion, Finding, Incident, Match, PartyShare, Promise

_PERCENT_FACTS = frozenset({"uptime", "speed_delivered"})
_NOT_HELD = ("contradicted", "at-risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """Hold what all findings of one run are made with."""

    policy: Policy
    calendar: WorkCalendar | None
    population: Mapping[tuple[str, str], int]
    aggregates: Mapping[str, Measured]


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
    read_since: datetime | None = None,
    away: Mapping[str, Sequence[Span]] | None = None,
) -> list[Finding]:
    """Return one finding a promise, the most severe first; matches are counted as they come, and not kept.

    `not_checked` maps promise ids to why their page or source could not be read; `measured` holds a company's
    own aggregates; incidents later than `now` are not counted. `read_since` says since when the site is read,
    `away` by promise when it had gone from the site in between: what happened then does not count against it.
    """
    every = {promise.id: promise for promise in promises}
    by_id = {incident.id: incident for incident in incidents}
    policy, unread = policy or Policy(), not_checked or {}
    log = _Log(
        policy=policy,
        calendar=calendar,
        population=Counter(_kind_of(incident) for incident in by_id.values()),
        aggregates={one.promise_id: one for one in measured},
    )
    history = History.of(every.values(), read_since, away)
    sorter = Sorter(incidents=by_id, policy=policy, history=history, exceptional=exceptional, now=now)
    cases = {promise_id: Cases() for promise_id in every}
    for match in matches:
        if match.promise_id in every and match.promise_id not in unread:
            sorter.sort(every[match.promise_id], match, cases[match.promise_id])
    found = [
        _not_checked(promise, unread[one]) if one in unread else _finding(promise, cases[one], log)
        for one, promise in every.items()
    ]
    return sorted(found, key=lambda finding: (-finding.severity, finding.promise_id))


def _not_checked(promise: Promise, reason: str) -> Finding:
    return Finding(
        company_id=promise.company_id,
        promise_id=promise.id,
        verdict="not-checked",
        severity=0.0,
        why=(reason,),
    )


def _finding(promise: Promise, cases: Cases, log: _Log) -> Finding:
    measured, own_percent = log.aggregates.get(promise.id), _is_own_percent(cases)
    ruling = rule_on(
        promise, cases, measured, log.policy, own_percent=own_percent, covering=_covers(cases.timed, log.population)
    )  # fmt: skip
    share = needed_share(promise, log.policy, own_percent=own_percent)
    held = ruling.verdict not in _NOT_HELD
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
        window_start=(measured.window_start if measured else None) or cases.first,
        window_end=(measured.window_end if measured else None) or cases.last,
        why=(*ruling.why, *_notes(promise, cases, measured)),
        evidence=cases.evidence,
        recovered=dict(sorted(cases.recovered.items())),
        by_party=_shares(cases),
        indicators=seen(declared(promise.theme, cases.against), cases.against) if promise.kind == "value" else (),
        smallest_true_promise=""
        if held
        else smallest_true_promise(promise, cases.timed, share, calendar=log.calendar, measured=measured),
    )  # fmt: skip


def _is_own_percent(cases: Cases) -> bool:
    """Tell whether a percentage is measured in each case, and is no share of them."""
    return any(not _PERCENT_FACTS.isdisjoint(incident.facts) for incident in cases.timed)


def _kind_of(incident: Incident) -> tuple[str, str]:
    return incident.source, incident.channel


def _covers(timed: Sequence[Incident], population: Mapping[tuple[str, str], int]) -> bool:
    """Tell whether every case of the sources and channels that measured cases come by was measured."""
    kinds = {_kind_of(incident) for incident in timed}
    return bool(kinds) and len(timed) == sum(population[kind] for kind in kinds)


def _beside(cases: Cases, relevant: int, measured: Measured | None) -> tuple[Exclusion, ...]:
    """Return the cases that stand beside a measured count, so that the numbers add up."""
    counted = cases.broken.count + cases.kept.count
    if measured is None and relevant == counted:
        return ()
    beside = counted if measured is not None else cases.told.count
    ids = cases.told.ids
    if measured is not None:
        ids = tuple(dict.fromkeys([*ids, *(incident.id for incident in cases.timed[:MOST_EXCLUDED])]))
    if not beside:
        return ()
    reason = "told in words, beside the measured cases"
    return (Exclusion(reason=reason, count=beside, evidence_ids=ids[:MOST_EXCLUDED]),)


def _notes(promise: Promise, cases: Cases, measured: Measured | None) -> tuple[str, ...]:
    notes = []
    if cases.assumed and promise.first_seen:
        notes.append(
            f"{in_cases(cases.assumed)} came before the page was first read on {promise.first_seen:%Y-%m-%d}; "
            "it is assumed that the promise stood there then."
        )
    if measured is not None and measured.exceptional:
        notes.append(f"Exceptional: {measured.exceptional}. One such period is no pattern.")
    if cases.recovered:
        notes.append("What was put right afterwards is shown beside, and does not undo a broken promise.")
    return tuple(notes)


def _shares(cases: Cases) -> tuple[PartyShare, ...]:
    """Return broken and relevant cases by party and by channel, the most broken first."""
    ordered = sorted(cases.by_party.items(), key=lambda one: (one[0][0] != "party", -one[1][0], one[0][1]))
    return tuple(
        PartyShare(dimension=dimension, name=name, broken=broken, relevant=relevant)
        for (dimension, name), (broken, relevant) in ordered
    )
