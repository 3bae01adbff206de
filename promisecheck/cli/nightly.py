"""`promisecheck nightly`: check what is due, tell what changed, stay silent otherwise."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.options import json_option, rules_option, semantic_option
from promisecheck.cli.output import print_json, say
from promisecheck.config import Config, load_config

if TYPE_CHECKING:
    from promisecheck.nightly.digest import Digest
    from promisecheck.nightly.night import Night

config_option = click.option(
    "--config", "config_path", type=click.Path(dir_okay=False, path_type=Path), default=Path("promisecheck.toml"),
    show_default=True, help="The config file; paths in it are read from its folder.",
)  # fmt: skip
_FILE = click.Path(dir_okay=False, path_type=Path, allow_dash=True)
log_option = click.option(
    "--log-json", type=_FILE, help="Append JSON lines of what ran (- for standard error)."
)


@click.command("nightly")
@config_option
@click.option("--company", "only", multiple=True, help="Only this company (id or name, repeatable).")
@click.option("--all", "everything", is_flag=True, help="Check companies that are not due, too.")
@click.option("--fail-on", type=click.Choice(["new", "any", "never"]), default="new", show_default=True,
              help="Exit 1 on newly contradicted promises, on any contradicted one, or never.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 256), default=8, show_default=True,
              help="Companies checked at a time; one host is only ever asked by one of them.")  # fmt: skip
@click.option("--random-delay", type=click.IntRange(min=0), default=0, metavar="SECONDS",
              help="Wait up to so many seconds before starting, so that not every installation asks at once.")  # fmt: skip
@click.option(
    "--no-notify", is_flag=True, help="Tell nobody; what changed is told by the next run that does."
)
@click.option("--sarif", type=_FILE, help="Write the findings as SARIF 2.1.0 with their baseline state.")
@click.option("--junit", type=_FILE, help="Write the findings as JUnit XML.")
@click.option("--metrics", type=_FILE, help="Write the counts as a Prometheus textfile.")
@log_option
@rules_option
@semantic_option
@json_option
def command(
    config_path: Path, only: tuple[str, ...], everything: bool, fail_on: str, workers: int, random_delay: int,
    no_notify: bool, sarif: Path | None, junit: Path | None, metrics: Path | None, log_json: Path | None,
    rules: tuple[str, ...], semantic: bool | None, as_json: bool,
) -> None:  # fmt: skip
    """Check the companies of promisecheck.toml that are due, and tell what changed since the last run.

    Prints nothing where nothing changed. Exit code 1 by --fail-on, 3 where something could not be read or
    told, 75 where another run holds the lock.
    """
    from promisecheck.nightly.tell import check_channels, ping

    config = _load(config_path)
    if not no_notify:
        check_channels(config.notify.urls)
    if random_delay:
        time.sleep(random.uniform(0, random_delay))
    ping(config.notify.ping, "/start")
    code = 4
    try:
        night, digest, told = _run(
            config, config_path, only, everything, workers, no_notify, log_json, rules, semantic
        )
        _write_files(config, config_path, night, sarif, junit, metrics)
        if as_json:
            print_json("nightly", summary(night))
        elif digest:
            click.echo(digest.text, nl=False)
        if sys.stderr.isatty() or click.get_current_context().obj["verbose"]:
            _explain(night)
        code = exit_code(night, fail_on, told)
    except KeyboardInterrupt:
        code = 130
        raise
    finally:
        ping(config.notify.ping, f"/{code}")
    if night.bug is not None:
        raise night.bug
    exit_with(code)


def _load(path: Path) -> Config:
    """Return the config; raise UsageError before the night for a report that could not be written after it."""
    from promisecheck.report import format_of

    config = load_config(path)
    format_of(Path(config.report))
    return config


def _run(
    config: Config, path: Path, only: Sequence[str], everything: bool, workers: int, quiet: bool,
    log_json: Path | None, rules: Sequence[str], semantic: bool | None,
) -> tuple[Night, Digest, bool]:  # fmt: skip
    from promisecheck.nightly.digest import write_digest
    from promisecheck.nightly.lock import hold_lock
    from promisecheck.nightly.log import RunLog
    from promisecheck.nightly.night import NightSettings, begin_run, mark_told, run_night
    from promisecheck.nightly.plan import language_of, pick_companies, plan_companies
    from promisecheck.nightly.tell import send_digest
    from promisecheck.packs import packs_hash
    from promisecheck.promises import open_reader
    from promisecheck.store import Store

    started, folder = _now(), path.resolve().parent
    planned = plan_companies(config, now=started, where=str(path))
    chosen = pick_companies(planned, only)
    settings = NightSettings(
        database=folder / config.database, folder=folder, workers=workers, everything=everything or bool(only)
    )
    with hold_lock(settings.database, now=started), open_log(log_json) as stream:
        reader = open_reader(rules=[folder / name for name in (*config.rules, *rules)], semantic=semantic)
        run = begin_run(config, reader.readings.version, packs_hash(reader.packs), started)
        log = RunLog(stream, run_id=run.id, now=_now)
        night = run_night(config, chosen, settings, reader, log, run=run, now=_now)
        notify = config.notify
        digest = write_digest(
            night, on=notify.on, all_fine=notify.all_fine, language=language_of(config, planned),
            database=_near(settings.database), report=_near(folder / config.report) if config.report else "",
        )  # fmt: skip
        told = not quiet and send_digest(digest, notify.urls)
        # A run over a few companies by name has told nothing of the others.
        if told and len(chosen) == len(planned):
            with Store.open(settings.database) as store:
                mark_told(store, night)
        log.write("run", stage="done", counts={**night.run.counts, "told": int(told)})
    if not told and not quiet:
        say("the message could not be delivered to every channel; the next run tells it again")
    return night, digest, told or quiet


def _explain(night: Night) -> None:
    """Tell the person at a terminal what is incomplete; a scheduler is told it once, as news."""
    from promisecheck.cli.incidents import tell_import

    checked = sum(company.due for company in night.companies)
    say(f"{checked} of {len(night.companies)} companies were due")
    for company in night.companies:
        for reason in company.incomplete:
            say(f"{company.company.name}: {reason}")
        for done in company.result.imports if company.result else ():
            tell_import(done.file, done.problems)


def _now() -> datetime:
    return datetime.now(UTC)


def _near(path: Path) -> str:
    """Return a path as one would type it here, or whole where it lies elsewhere."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@contextmanager
def open_log(path: Path | None) -> Iterator[TextIO | None]:
    """Give the stream that a run's log is appended to, or None."""
    if path is None:
        yield None
    elif str(path) == "-":
        yield sys.stderr
    else:
        with path.open("a", encoding="utf-8") as stream:
            yield stream


def _write_files(
    config: Config, path: Path, night: Night, sarif: Path | None, junit: Path | None, metrics: Path | None
) -> None:
    from promisecheck.nightly.junit import write_junit
    from promisecheck.nightly.metrics import write_metrics
    from promisecheck.nightly.sarif import write_sarif

    for target, write in ((sarif, write_sarif), (junit, write_junit), (metrics, write_metrics)):
        if target is not None:
            write(night, target)
    if config.report:
        _write_report(config, path.resolve().parent)


def _write_report(config: Config, folder: Path) -> None:
    from promisecheck.dossier import load_view
    from promisecheck.nightly.plan import language_of, plan_companies
    from promisecheck.report import format_of, write_report
    from promisecheck.store import Store

    target = folder / config.report
    language = language_of(config, plan_companies(config, now=_now()))
    with Store.open(folder / config.database) as store:
        view = load_view(store, language=language, now=_now())
        files = write_report(view, format_of(target), target)
        store.note_exports(files[:1], format=format_of(target), language=language, at=_now())


def exit_code(night: Night, fail_on: str, told: bool) -> int:
    """Return 1 where a contradicted promise counts by `fail_on`, else 3 where the night is incomplete, else 0."""
    standings = [one for company in night.companies for one in company.standings]
    counted = [
        one for one in standings
        if one.finding.verdict == "contradicted" and one.state != "absent" and one.suppressed is None
    ]  # fmt: skip
    if fail_on == "new":
        counted = [one for one in counted if one.state != "unchanged"]
    if counted and fail_on != "never":
        return 1
    return 3 if night.run.status != "complete" or not told else 0


def summary(night: Night) -> dict[str, Any]:
    """Return what `--json` prints of a night."""
    return {
        "run": night.run, "since": night.since, "news": night.news,
        "companies": [
            {"id": one.company.id, "name": one.company.name, "due": one.due, "failure": one.failure,
             "incomplete": one.incomplete, "findings": len(one.standings),
             "suppressed": sum(s.suppressed is not None for s in one.standings)}
            for one in night.companies
        ],
    }  # fmt: skip
