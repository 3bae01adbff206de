"""`promisecheck runs`: what ran when, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promisecheck.cli.options import db_option, json_option
from promisecheck.cli.output import print_json, print_table
from promisecheck.errors import UsageError
from promisecheck.plugins import did_you_mean

if TYPE_CHECKING:
    from promisecheck.model import Run
    from promisecheck.store import Store

_COLUMNS = ("id", "started (UTC)", "took", "kind", "company", "status", "pages", "contradicted", "unseen")


@click.group("runs")
def command() -> None:
    """List the runs, or show one whole."""


@command.command("list")
@db_option
@click.option("--kind", type=click.Choice(["night", "nightly", "check", "sweep"]),
              help="night: whole nights; nightly: the companies of a night; check, sweep: those verbs.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True)
@json_option
def list_runs(db: Path, kind: str | None, limit: int, as_json: bool) -> None:
    """List runs, newest first."""
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        runs = store.load_runs(kind=kind, limit=limit)
    if as_json:
        print_json("runs", runs)
        return
    print_table(_COLUMNS, [_row(run) for run in runs])


@command.command("show")
@click.argument("run_id")
@db_option
@json_option
def show(run_id: str, db: Path, as_json: bool) -> None:
    """Show one run: its times, versions, counts and what of the site was read."""
    from promisecheck.cli.output import plain
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        run = store.load_run(run_id)
        known = [one.id for one in store.load_runs(limit=50)] if run is None else []
        parts = _parts(store, run) if run is not None else []
    if run is None:
        raise UsageError(
            f"there is no run {run_id!r}", do=did_you_mean(run_id, known) if known else "run a check first"
        )
    if as_json:
        print_json("run", {**plain(run), "companies": parts} if parts else run)
        return
    for name, value in plain(run).items():
        if isinstance(value, dict):
            click.echo(f"{name}:")
            for key, inner in value.items():
                click.echo(f"  {key}: {_short(inner)}")
        else:
            click.echo(f"{name}: {'' if value is None else value}")
    if parts:
        click.echo("companies:")
        print_table(_COLUMNS, [_row(part) for part in parts])


def _parts(store: Store, run: Run) -> list[Run]:
    """Return the companies' runs of a whole night."""
    if run.kind != "night":
        return []
    until = run.finished_at or datetime.max.replace(tzinfo=UTC)
    begun = store.load_runs(kind="nightly", after=run.started_at)
    return sorted((one for one in begun if one.started_at <= until), key=lambda one: one.company_id)


def _row(run: Run) -> tuple[object, ...]:
    return (
        run.id, f"{run.started_at:%Y-%m-%d %H:%M}", _took(run.started_at, run.finished_at), run.kind,
        run.company_id, run.status, run.counts.get("pages", ""), run.counts.get("contradicted", ""),
        run.counts.get("unseen", ""),
    )  # fmt: skip


def _took(started: datetime, finished: datetime | None) -> str:
    if finished is None:
        return ""
    return f"{(finished - started).total_seconds():.1f} s"


def _short(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)}" + "".join(f"\n    {_line(item)}" for item in value[:20])
    return str(value)


def _line(item: object) -> str:
    return " ".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)
