"""The verdict on one promise: exactly one, from its cases, its strength and the policy, with the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass

from promisecheck.findings.cases import Cases
from promisecheck.findings.indicators import declared, seen, showing
from promisecheck.findings.policy import Measured, Policy, names_share, needed_share
from promisecheck.findings.rate import Rate, wilson
from promisecheck.model import Promise, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Hold a verdict with what it counts: kept + broken = relevant."""

    verdict: Verdict
    kept: int
    broken: int
    rate: Rate
    why: tuple[str, ...]


def rule_on(
    promise: Promise, cases: Cases, measured: Measured | None, policy: Policy, *, own_percent: bool = False,
    covering: bool = False,
) -> Ruling:  # fmt: skip
    """Return the one verdict on a promise; `covering` says that the log measures every case of its kind."""
    kept, broken, by_numbers = _counts(
        cases, measured, policy.least_covering if covering else policy.least_measured
    )
    rate = wilson(kept, kept + broken, policy.confidence)
    verdict, why = _verdict(promise, cases, kept, broken, rate, by_numbers, policy, own_percent)
    if cases.site:
        return Ruling(
            verdict="contradicted",
            kept=kept,
            broken=broken,
            rate=rate,
            why=(*dict.fromkeys(reason for match in cases.site for reason in match.reasons), *why),
        )
    return Ruling(verdict=verdict, kept=kept, broken=broken, rate=rate, why=why)


def _counts(cases: Cases, measured: Measured | None, least: int) -> tuple[int, int, bool]:
    """Return kept, broken, and whether measured cases alone decide."""
    if measured is not None:
        return measured.kept, measured.n - measured.kept, True
    if cases.measured >= least:
        return cases.kept.measured, cases.broken.measured, True
    return cases.kept.count, cases.broken.count, False


def _verdict(
    promise: Promise,
    cases: Cases,
    kept: int,
    broken: int,
    rate: Rate,
    by_numbers: bool,
    policy: Policy,
    own_percent: bool,
) -> tuple[Verdict, tuple[str, ...]]:
    if promise.strength == "absolute" and not names_share(promise, policy, own_percent=own_percent):
        certain = cases.broken.measured + cases.certain
        if certain or (by_numbers and broken):
            return "contradicted", (_absolute(max(broken, certain)),)
    if promise.kind == "value" and not cases.measured and not by_numbers:
        return _value(promise, cases, policy)
    if by_numbers:
        return _numbers(needed_share(promise, policy, own_percent=own_percent), rate, kept, broken, policy)
    return _told(promise, cases, rate, policy)


def _absolute(broken: int) -> str:
    return f"The promise leaves no room, and {in_cases(broken)} broke it: one credible case contradicts it."


def _numbers(
    least: float, rate: Rate, kept: int, broken: int, policy: Policy
) -> tuple[Verdict, tuple[str, ...]]:
    shown = f"Kept in {kept} of {kept + broken} measured cases ({_percent(rate.share)}; at least {_percent(least)} is needed)."
    if rate.share is not None and rate.share >= least:
        return "kept", (shown,)
    if kept + broken < policy.least_measured and rate.high is not None and rate.high >= least:
        return "at-risk", (shown, "There are too few cases to call it contradicted.")
    return "contradicted", (shown,)


def _told(promise: Promise, cases: Cases, rate: Rate, policy: Policy) -> tuple[Verdict, tuple[str, ...]]:
    n = cases.broken.count
    if not n:
        return "no-evidence", (_no_evidence(cases),)
    least, needed = needed_share(promise, policy), policy.least_told[promise.strength]
    if names_share(promise, policy):
        needed = policy.least_told["hedged"]
    shown = f"{in_cases(n).capitalize()} in the log broke it, {cases.kept.count} kept it."
    if n < needed:
        return "at-risk", (
            shown,
            f"A {promise.strength} promise takes {needed} independent cases to contradict.",
        )
    if rate.high is not None and rate.high >= least:
        return "at-risk", (shown, f"The share kept may still be {_percent(least)}.")
    return "contradicted", (shown,)


def _value(promise: Promise, cases: Cases, policy: Policy) -> tuple[Verdict, tuple[str, ...]]:
    counted, n = declared(promise.theme, cases.against), cases.broken.count
    if not counted:
        return "not-measurable", ("No visible indicator is declared for this value.",)
    against = seen(counted, cases.against)
    if not n:
        return "no-evidence", (_no_evidence(cases),)
    full = showing(counted, cases.against, policy.value_indicators)
    shown = (
        f"{len(against)} of {len(counted)} declared indicators speak against it, in {in_cases(n)}: "
        f"{', '.join(f'{one.code} ({one.incidents})' for one in against)}."
    )
    if full >= policy.value_incidents:
        return "contradicted", (
            shown,
            f"{full} incidents each show {policy.value_indicators} or more of them.",
        )
    return "at-risk", (
        shown,
        f"{full} of them show {policy.value_indicators} or more; {policy.value_incidents} are needed to contradict a value.",
    )


def _no_evidence(cases: Cases) -> str:
    if cases.kept.told:
        return (
            f"{in_cases(cases.kept.told).capitalize()} praise it; praise alone does not prove a promise kept."
        )
    if cases.kept.measured:
        return f"Only {in_cases(cases.measured)} measured it, all kept: too few to call it kept."
    return "Nothing in the log speaks of it."


def in_cases(n: int) -> str:
    """Return a number of cases in words."""
    return "1 case" if n == 1 else f"{n} cases"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %".replace(".0 %", " %")
