"""`promisecheck findings`: list them, or show one with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promisecheck.cli.companies import find_company
from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import print_json, print_table
from promisecheck.errors import UsageError
from promisecheck.model import THEMES, VERDICTS, Finding, Incident, Match, Promise

if TYPE_CHECKING:
    from promisecheck.store import FindingStep, PromiseEvent


@click.group("findings")
def command() -> None:
    """List findings, or show one with its evidence."""


@command.command("list")
@db_option
@company_option
@click.option("--verdict", multiple=True, type=click.Choice(VERDICTS), help="Only this verdict (repeatable).")
@click.option("--theme", multiple=True, type=click.Choice(THEMES), help="Only this theme (repeatable).")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@json_option
def list_findings(
    db: Path,
    company: str | None,
    verdict: tuple[str, ...],
    theme: tuple[str, ...],
    limit: int | None,
    as_json: bool,
) -> None:
    """List findings, the most serious first."""
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        found = store.load_findings(find_company(store, company), verdicts=verdict, themes=theme, limit=limit)
        promises = {promise.id: promise for promise in store.load_promises(withdrawn=True)}
    if as_json:
        print_json("findings", [{"promise": promises.get(f.promise_id), "finding": f} for f in found])
        return
    rows = [
        (f.id, f.company_id, f.verdict, f"{f.broken}/{f.relevant}", promises[f.promise_id].quote)
        for f in found
        if f.promise_id in promises
    ]
    print_table(("finding", "company", "verdict", "broken", "promise"), rows)


@command.command("show")
@click.argument("finding_id")
@db_option
@json_option
def show(finding_id: str, db: Path, as_json: bool) -> None:
    """Show one finding: the promise and where it stands, the verdict and why, the evidence on both sides."""
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        finding = store.load_finding(finding_id)
        if finding is None:
            raise UsageError(f"there is no finding {finding_id!r}", do="see promisecheck findings list")
        promise = store.load_promise(finding.promise_id)
        matches = store.load_matches(promise_id=finding.promise_id)
        incidents = store.load_incidents_by_id([match.evidence_id for match in matches])
        places = store.load_places(finding.promise_id)
        events = story_of(store.load_history(finding.company_id), finding.promise_id)
        steps = store.load_steps(finding.id)
    if as_json:
        data = {
            "finding": finding,
            "promise": promise,
            "matches": matches,
            "incidents": list(incidents.values()),
        }
        print_json("finding", {**data, "places": places, "history": events, "verdicts": steps})
        return
    if promise is not None:
        told = _history_lines(events, steps)
        for line in (*_promise_lines(promise, len(places)), *told, *_verdict_lines(finding)):
            click.echo(line)
    for match in sorted(matches, key=lambda m: (m.outcome != "breaks", -m.score)):
        for line in _match_lines(match, incidents.get(match.evidence_id)):
            click.echo(line)


def story_of(events: Sequence[PromiseEvent], promise_id: str) -> list[PromiseEvent]:
    """Return what became of a promise and of those that it replaced, oldest first."""
    ids = [promise_id]
    for event in reversed(events):
        if event.promise_id == ids[-1] and event.previous_id:
            ids.append(event.previous_id)
    return [
        event for event in events
        if event.promise_id in ids and (event.promise_id == promise_id or event.event != "withdrawn")
    ]  # fmt: skip


def _history_lines(events: Sequence[PromiseEvent], steps: Sequence[FindingStep]) -> list[str]:
    """Return a line for each thing that happened; one that only began to stand has no history."""
    lines = [(event.at, f"{event.event}: “{' '.join(event.quote.split())}”") for event in events]
    lines += [(step.at, f"{step.verdict}: {step.broken} of {step.relevant}") for step in steps]
    if len(lines) <= 2:
        return []
    return ["  history", *(f"    {at:%Y-%m-%d} {what}" for at, what in sorted(lines))]


def _promise_lines(promise: Promise, places: int) -> list[str]:
    return [
        f"“{promise.quote}”",
        f"  {promise.url} and {places - 1} more" if places > 1 else f"  {promise.url}",
        f"  {promise.theme}, {promise.kind}, {promise.strength}"
        + (f", rule {promise.rule_id}" if promise.rule_id else f", read with score {promise.score}"),
    ]


def _verdict_lines(finding: Finding) -> list[str]:
    lines = [
        f"{finding.verdict}: {finding.broken} broken, {finding.kept} kept of {finding.relevant} that count"
    ]
    if finding.low is not None and finding.high is not None:
        lines.append(f"  kept between {finding.low:.0%} and {finding.high:.0%} (95 % interval)")
    lines += [f"  {why}" for why in finding.why]
    lines += [f"  not counted: {left.count}, {left.reason}" for left in finding.excluded]
    if finding.smallest_true_promise:
        lines.append(f"  would be true: {finding.smallest_true_promise}")
    return lines


def _match_lines(match: Match, incident: Incident | None) -> list[str]:
    head = f"- {match.outcome} ({match.score:.2f})"
    if incident is not None:
        when = f"{incident.occurred_at:%Y-%m-%d}" if incident.occurred_at else ""
        head += f" {incident.external_id} {when} {incident.channel} {incident.party}".rstrip()
    return [head, *(f"    {reason}" for reason in match.reasons)]
