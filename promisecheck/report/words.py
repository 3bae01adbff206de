"""The sentences of a finding: the verdict, the interval, since when and where, each from its numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

from promisecheck.model import Finding, Promise
from promisecheck.report.speech import Speech
from promisecheck.report.view import CountView, ShareView

LATE_METRICS = ("first-reply", "delivery", "resolution", "queue")
_WORST_SHOWN = 3
_TELLING = ("party", "department", "touchpoint", "channel")


def headline(finding: Finding, promise: Promise, indicators: Sequence[CountView], say: Speech) -> str:
    """Return the verdict in one sentence that names how many of how many, and what was promised."""
    if finding.verdict in ("contradicted", "at-risk", "kept") and finding.relevant:
        return f"{say.label('verdict', finding.verdict)}: {_counted(finding, promise, indicators, say)}"
    return {
        "contradicted": say.say("Broken: the company’s own pages say something else."),
        "at-risk": say.say("At risk: the company’s own pages do not agree with each other."),
        "kept": say.say("Kept: what was measured bears it out."),
        "no-evidence": _silent(finding, say),
        "not-measurable": say.say("Cannot be measured: the promise names nothing that can be counted."),
        "not-checked": say.say("Not checked: the page or the log could not be read."),
    }[finding.verdict]


def interval_words(finding: Finding, say: Speech, *, told: bool = False) -> str:
    """Return what share is kept and how sure that is, or "" where nothing was counted.

    Cases that are only `told` are those that somebody wrote of: they measure no share of all customers.
    """
    if finding.rate is None or not finding.relevant:
        return ""
    kept = say.plural(
        "Kept in {share} of the {n} case counted.", "Kept in {share} of the {n} cases counted.",
        finding.relevant, share=say.percent(finding.rate),
    )  # fmt: skip
    if finding.low is None or finding.high is None:
        return kept
    likely = say.say(
        "With so many cases the true share probably lies between {low} and {high}.",
        low=say.percent(finding.low), high=say.percent(finding.high),
    )  # fmt: skip
    if told:
        aside = say.say("These are cases that somebody told of: they do not say how many customers met it.")
        return f"{kept} {aside}"
    return f"{kept} {likely}"


def since_words(finding: Finding, promise: Promise, say: Speech) -> str:
    """Return since when the promise is known to stand, and which period was counted."""
    parts = []
    if promise.first_seen:
        parts.append(say.say("On the website since {day} at the latest.", day=say.day(promise.first_seen)))
    if finding.window_start and finding.window_end:
        start, end = say.day(finding.window_start), say.day(finding.window_end)
        parts.append(
            say.say("Cases from {day}.", day=start)
            if start == end
            else say.say("Cases from {start} to {end}.", start=start, end=end)
        )
    return " ".join(parts)


def where_words(shares: Sequence[ShareView], say: Speech) -> str:
    """Return where in the organisation it goes wrong most, or "" where the log does not say."""
    by_dimension: dict[str, list[ShareView]] = {share.dimension: [] for share in shares if share.broken}
    for share in sorted(shares, key=lambda share: (-share.broken, share.name)):
        if share.broken:
            by_dimension[share.dimension].append(share)
    ranked = sorted(
        by_dimension, key=lambda name: _TELLING.index(name) if name in _TELLING else len(_TELLING)
    )
    first = by_dimension[ranked[0]][:_WORST_SHOWN] if ranked else []
    named = [
        say.say("{name} ({broken} of {relevant})", name=share.name, broken=say.number(share.broken),
                relevant=say.number(share.relevant))
        for share in first
    ]  # fmt: skip
    return say.join(named) if named else ""


def instead_words(finding: Finding, indicators: Sequence[CountView], say: Speech) -> str:
    """Return what could be promised instead where no smaller promise was worked out, or "" for nothing to say."""
    if finding.verdict not in ("contradicted", "at-risk") or finding.smallest_true_promise:
        return ""
    if indicators:
        signs = say.join(sign.label for sign in indicators[:_WORST_SHOWN])
        return say.say("Nothing yet: first this has to be put right: {signs}.", signs=signs)
    if finding.rate:
        return say.say(
            "As it stands, only that it holds in {share} of the cases.", share=say.percent(finding.rate)
        )
    return say.say("Nothing yet: the log shows no case in which it was kept.") if finding.relevant else ""


def _counted(finding: Finding, promise: Promise, indicators: Sequence[CountView], say: Speech) -> str:
    if finding.verdict == "kept":
        return _kept(finding, promise, say)
    if promise.metric in LATE_METRICS and promise.measure and promise.measure.kind == "duration":
        return _late(finding, promise, say)
    if promise.metric in ("price", "fees", "free", "delivery-fee"):
        return say.plural(
            "{broken} of {n} customer paid something else than promised.",
            "{broken} of {n} customers paid something else than promised.",
            finding.relevant, broken=say.number(finding.broken),
        )  # fmt: skip
    if promise.kind == "value" and indicators:
        return say.plural(
            "{broken} of {n} case speaks against it: {signs}.",
            "{broken} of {n} cases speak against it: {signs}.",
            finding.relevant, broken=say.number(finding.broken),
            signs=say.join(sign.label for sign in indicators[:_WORST_SHOWN]),
        )  # fmt: skip
    return say.plural(
        "{broken} of {n} case went against it.", "{broken} of {n} cases went against it.",
        finding.relevant, broken=say.number(finding.broken),
    )  # fmt: skip


def _late(finding: Finding, promise: Promise, say: Speech) -> str:
    assert promise.measure is not None
    given = {"broken": say.number(finding.broken), "limit": say.measure(promise.measure)}
    n = finding.relevant
    if promise.metric == "first-reply":
        return say.plural(
            "{broken} of {n} customer waited longer than the promised {limit} for a reply.",
            "{broken} of {n} customers waited longer than the promised {limit} for a reply.", n, **given,
        )  # fmt: skip
    if promise.metric == "delivery":
        return say.plural(
            "{broken} of {n} customer waited longer than the promised {limit} for delivery.",
            "{broken} of {n} customers waited longer than the promised {limit} for delivery.", n, **given,
        )  # fmt: skip
    if promise.metric == "queue":
        return say.plural(
            "{broken} of {n} customer waited longer than the promised {limit} to get through.",
            "{broken} of {n} customers waited longer than the promised {limit} to get through.", n, **given,
        )  # fmt: skip
    return say.plural(
        "{broken} of {n} case took longer than the promised {limit} to solve.",
        "{broken} of {n} cases took longer than the promised {limit} to solve.", n, **given,
    )  # fmt: skip


def _kept(finding: Finding, promise: Promise, say: Speech) -> str:
    kept = say.number(finding.kept)
    if promise.metric in LATE_METRICS and promise.measure and promise.measure.kind == "duration":
        return say.plural(
            "{kept} of {n} case was within the promised {limit}.",
            "{kept} of {n} cases were within the promised {limit}.",
            finding.relevant, kept=kept, limit=say.measure(promise.measure),
        )  # fmt: skip
    return say.plural(
        "{kept} of {n} case went as promised.", "{kept} of {n} cases went as promised.",
        finding.relevant, kept=kept,
    )  # fmt: skip


def _silent(finding: Finding, say: Speech) -> str:
    if finding.relevant or finding.excluded:
        return say.say("No evidence: what the log holds is too little to say whether it is kept.")
    return say.say("No evidence: the log says nothing of this promise.")
