"""The top command: which verbs there are, and how every ending becomes one exit code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from promisecheck import __version__
from promisecheck.errors import PromisecheckError
from promisecheck.plugins import did_you_mean

# Verb → (module, attribute, help). Modules load when their verb is used: a cold --help stays quick.
VERBS: dict[str, tuple[str, str]] = {
    "init": ("init", "Write a starter promisecheck.toml and show what to do next."),
    "demo": ("demo", "Check six invented companies, offline, and write the report."),
    "check": ("check", "Crawl websites, read their promises, judge them by an incident log, report."),
    "crawl": ("crawl", "Crawl websites into the database, without judging."),
    "extract": ("extract", "Read promises in JSON lines of text."),
    "judge": ("judge", "Say what an incident says of a promise, in JSON lines."),
    "signals": ("signals", "Read what passages of incident texts say, in JSON lines."),
    "incidents": ("incidents", "Import incident files, list incidents, show a file's columns."),
    "findings": ("findings", "List findings, or show one with its evidence."),
    "nightly": ("nightly", "Check what is due by promisecheck.toml, and tell only what changed."),
    "schedule": ("schedule", "Print what runs the nightly check: systemd, cron, Actions, Docker."),
    "baseline": ("baseline", "Accept known findings for a reason, until a day."),
    "runs": ("runs", "List the runs, or show one."),
    "doctor": ("doctor", "Look for faults in the database, the config and the lock."),
    "sweep": ("sweep", "Check many companies from a list, here or on a Dask cluster."),
    "report": ("report", "Write the report of what the database holds."),
    "review": ("review", "Decide finding by finding, in a browser."),
    "evidence": ("evidence", "Export what was fetched and quoted; check it again offline."),
    "train": ("train", "Train the heads (and the encoder) on labelled folders of your own."),
    "evaluate": ("evaluate", "Score the reading on labelled files, or on companies left out."),
    "rules": ("rules", "List, show, test and start rules."),
    "db": ("db", "Migrate, search, back up and hand on the database."),
    "completion": ("completion", "Print the shell completion script."),
}


class LazyGroup(click.Group):
    """Load a verb's module only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb's command."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"promisecheck.cli.{VERBS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one may be meant."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            ctx.fail(f"there is no verb {args[0]!r} ({did_you_mean(args[0], list(VERBS))})")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])


@click.command(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--version", "show_version", is_flag=True, help="Print the version; with -v also rules and weights."
)
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@click.pass_context
def app(ctx: click.Context, show_version: bool, verbose: bool) -> None:
    """Check the service promises a company states against what its incident log shows.

    \b
    Exit codes: 0 nothing contradicted · 1 contradicted · 2 wrong use · 3 incomplete
                4 a bug (log written) · 75 another run holds the lock · 130 interrupted
    """
    ctx.obj = {"verbose": verbose}
    if show_version:
        click.echo(_version(verbose))
        ctx.exit(0)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(0)


app.no_args_is_help = False
app.invoke_without_command = True


def _version(verbose: bool) -> str:
    line = f"promisecheck {__version__}"
    if not verbose:
        return line
    from promisecheck.packs import load_packs, packs_hash
    from promisecheck.text import load_readings

    python = ".".join(map(str, sys.version_info[:3]))
    rules, weights = packs_hash(load_packs()), load_readings().version
    return f"{line}\npython {python}\nrules {rules}\nweights {weights}"


def main(argv: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with the exit code that its ending means."""
    sys.exit(run(argv))


def run(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = app.main(args=argv, prog_name="promisecheck", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was read before is saved", err=True)
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the reader went away; so must the flush at exit
        return 0
    except PromisecheckError as error:
        click.echo(f"promisecheck: {error}", err=True)
        return error.exit_code
    except Exception as bug:  # noqa: BLE001 - the one place where a bug becomes an exit code
        click.echo(f"promisecheck: a bug: {bug!r} (details in {_write_log()}; please report it)", err=True)
        return 4


def _write_log() -> Path:
    from platformdirs import user_log_path

    folder = user_log_path("promisecheck", ensure_exists=True)
    path = folder / "bug.log"
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path


def exit_with(code: int) -> NoReturn:
    """End a verb with an exit code."""
    context: Any = click.get_current_context()
    context.exit(code)
    raise AssertionError("unreachable")
