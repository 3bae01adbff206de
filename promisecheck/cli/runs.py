"""`promisecheck runs`: what ran when, and what came of it."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli.options import db_option, json_option
from promisecheck.cli.output import print_json, print_table
from promisecheck.errors import UsageError
from promisecheck.plugins import did_you_mean


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
    rows = [
        (
            run.id, f"{run.started_at:%Y-%m-%d %H:%M}", _took(run.started_at, run.finished_at), run.kind,
            run.company_id, run.status, run.counts.get("pages", ""), run.counts.get("contradicted", ""),
        )
        for run in runs
    ]  # fmt: skip
    print_table(("id", "started", "took", "kind", "company", "status", "pages", "contradicted"), rows)


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
    if run is None:
        raise UsageError(
            f"there is no run {run_id!r}", do=did_you_mean(run_id, known) if known else "run a check first"
        )
    if as_json:
        print_json("run", run)
        return
    for name, value in plain(run).items():
        if isinstance(value, dict):
            click.echo(f"{name}:")
            for key, inner in value.items():
                click.echo(f"  {key}: {_short(inner)}")
        else:
            click.echo(f"{name}: {'' if value is None else value}")


def _took(started: object, finished: object) -> str:
    from datetime import datetime

    if not isinstance(started, datetime) or not isinstance(finished, datetime):
        return ""
    return f"{(finished - started).total_seconds():.1f} s"


def _short(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)}" + "".join(f"\n    {_line(item)}" for item in value[:20])
    return str(value)


def _line(item: object) -> str:
    return " ".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)
