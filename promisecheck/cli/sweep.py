"""`promisecheck sweep`: many companies from a list, on one machine or a Dask cluster, into one table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.incidents import timezone_option
from promisecheck.cli.nightly import log_option, open_log
from promisecheck.cli.options import (
    crawl_options,
    crawl_settings,
    json_option,
    language_option,
    rules_option,
    semantic_option,
    verdict_policy,
)
from promisecheck.cli.output import print_json, print_table, say
from promisecheck.errors import UsageError

if TYPE_CHECKING:
    from promisecheck.nightly.log import RunLog
    from promisecheck.sweep.runners import Runner
    from promisecheck.sweep.sweep import Progress, State, Swept


@click.command("sweep")
@click.argument("companies", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("promisecheck-sweep"),
              show_default=True, help="The folder for shards, the merged database and the tables.")  # fmt: skip
@click.option("--runner", type=click.Choice(["local", "dask"]), default="local", show_default=True,
              help="Processes of this machine, or a Dask cluster whose workers see the same folder.")  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=2, show_default=True, help="Processes (local)."
)
@click.option("--at-a-time", type=click.IntRange(1, 64), default=4, show_default=True,
              help="Companies that each worker checks at a time: while one site is waited for, others are read.")  # fmt: skip
@click.option("--scheduler", help="Address of the Dask scheduler, for example tcp://10.0.0.5:8786.")
@click.option("--fresh", is_flag=True, help="Begin a new sweep: check companies again that this folder has.")
@click.option("--fail-on", type=click.Choice(["contradicted", "at-risk", "never"]), default="contradicted",
              show_default=True, help="From which verdict the exit code is 1.")  # fmt: skip
@log_option
@crawl_options
@timezone_option
@rules_option
@semantic_option
@language_option
@json_option
def command(
    companies: Path, out: Path, runner: str, workers: int, at_a_time: int, scheduler: str | None, fresh: bool,
    fail_on: str, log_json: Path | None, timezone: str, rules: tuple[str, ...], semantic: bool | None, language: str, as_json: bool, **crawl: Any,
) -> None:  # fmt: skip
    """Check every company of COMPANIES (CSV: name,url,country,incidents,languages,id).

    A sweep that was stopped goes on where it stood; a company that fails is a row with its reason. Writes
    summary.csv (companies and themes, worst first), findings.csv, findings.json and sweep.db to --out.
    """
    from datetime import UTC, datetime

    from promisecheck.nightly.lock import hold_lock
    from promisecheck.nightly.log import RunLog
    from promisecheck.sweep.companies import read_companies
    from promisecheck.sweep.sweep import SweepSettings, open_sweep, run_sweep

    listed = read_companies(companies)
    settings = SweepSettings(
        folder=out, crawl=crawl_settings(**crawl), policy=verdict_policy(crawl["config"]), timezone=timezone,
        rules=tuple(Path(r) for r in rules),
        semantic=semantic, language=language,
    )  # fmt: skip
    run = _runner(runner, workers, at_a_time, scheduler)
    now = datetime.now(UTC)
    at = open_sweep(out, now=now, fresh=fresh)
    with hold_lock(out / "sweep.db", now=now), open_log(log_json) as stream, _progress() as show:
        log = RunLog(stream, run_id=f"sweep {at.isoformat()}", now=lambda: datetime.now(UTC))

        def progress(state: State) -> None:
            show(state)
            _note(log, state)

        swept = run_sweep(listed, settings, run, at=at, progress=progress)
    _show(swept, at, as_json)
    exit_with(exit_code(swept, fail_on))


def _note(log: RunLog, state: State) -> None:
    """Log where the sweep is: each company as it ends, and how many of all."""
    counts = {"done": state.done, "total": state.total, "failed": state.failed}
    if state.last is None:
        log.write("sweep", stage="start", counts=counts)
        return
    pages = {"pages": state.last.pages}
    log.write("company", company=state.last.company_id, stage=state.last.status, counts={**pages, **counts})


def _runner(name: str, workers: int, at_a_time: int, scheduler: str | None) -> Runner:
    from promisecheck.sweep.runners import run_dask, run_local

    if name == "local":
        return partial(run_local, workers=workers, at_a_time=at_a_time)
    if not scheduler:
        raise UsageError("--runner dask needs --scheduler", do="for example --scheduler tcp://10.0.0.5:8786")
    return partial(run_dask, scheduler=scheduler, at_a_time=at_a_time)


def _show(swept: Swept, at: Any, as_json: bool) -> None:
    if as_json:
        print_json("sweep", {"dated": at, "rows": swept.rows, "files": [str(path) for path in swept.files]})
    else:
        print_table(
            ("company", "status", "contradicted", "at risk", "promises", "reason"),
            [(r.company.name, r.status, r.contradicted, r.at_risk, r.promises, r.reason) for r in swept.rows],
        )
    for path in swept.files:
        say(str(path))


def exit_code(swept: Swept, fail_on: str) -> int:
    """Return 1 where a verdict reaches `fail_on`, else 3 where a company is not complete, else 0."""
    broken = sum(row.contradicted for row in swept.rows)
    risk = sum(row.at_risk for row in swept.rows)
    if fail_on != "never" and (broken or (fail_on == "at-risk" and risk)):
        return 1
    return 3 if any(row.status != "complete" for row in swept.rows) else 0


@contextmanager
def _progress() -> Iterator[Progress]:
    """Give a function that shows how far the sweep is, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda state: None
        return
    from rich.console import Console

    with Console(stderr=True).status("sweeping") as status:
        yield lambda state: status.update(_line(state))


def _line(state: State) -> str:
    left = "" if state.left_s is None else f", about {_spoken(state.left_s)} left"
    failed = f", {state.failed} failed" if state.failed else ""
    return f"{state.done:,} of {state.total:,} companies{failed}{left}"


def _spoken(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{round(seconds)} s"
