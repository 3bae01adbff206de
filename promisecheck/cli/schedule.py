"""`promisecheck schedule`: units that run the nightly check."""

from __future__ import annotations

import getpass
import re
import shutil
import sys
from pathlib import Path

import click

from promisecheck.cli.nightly import config_option
from promisecheck.cli.output import say
from promisecheck.errors import UsageError

KINDS = ("systemd", "cron", "actions", "docker")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@click.group("schedule")
def command() -> None:
    """Print what runs the nightly check: systemd, cron, GitHub Actions, a container."""


@command.command("print")
@click.argument("kind", type=click.Choice(KINDS))
@config_option
@click.option("--at", default="02:17", show_default=True, metavar="HH:MM", help="When to run.")
@click.option("--spread", type=click.IntRange(0, 6 * 3600), default=1800, show_default=True, metavar="SECONDS",
              help="Add up to so much at random, so that not all installations ask at once.")  # fmt: skip
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the files into this folder."
)
def show(kind: str, config_path: Path, at: str, spread: int, out: Path | None) -> None:
    """Print the units of KIND, or write them into a folder with --out."""
    from promisecheck.config import load_config
    from promisecheck.nightly.schedule import Schedule, print_schedule

    found = _TIME.fullmatch(at)
    if not found:
        raise UsageError(f"{at!r} is no time of day", where="--at", do="write it as 02:17")
    schedule = Schedule(
        program=_program(),
        config=config_path.resolve(),
        hour=int(found[1]),
        minute=int(found[2]),
        spread=spread,
        user=_owner(),
        owner=_numbers(config_path.resolve().parent),
        database=load_config(config_path).database if config_path.exists() else "promisecheck.db",
    )
    files = print_schedule(kind, schedule)
    if not config_path.exists():
        say(f"{config_path} is not there yet: make it with promisecheck init")
    for name, text in files.items():
        if out is None:
            click.echo(text)
            continue
        out.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
        click.echo(str(out / name))


def _owner() -> str:
    """Return who is to run it: whoever asks, but not root."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        return ""
    return "" if name == "root" else name


def _numbers(folder: Path) -> str:
    """Return the numbers of a folder's owner and group: a container that runs as another cannot write to it."""
    if not folder.exists():
        return "1000:1000"
    found = folder.stat()
    return f"{found.st_uid}:{found.st_gid}"


def _program() -> Path:
    """Return the program as installed: a timer knows no PATH of ours."""
    beside = Path(sys.executable).with_name("promisecheck")
    found = beside if beside.exists() else Path(shutil.which("promisecheck") or sys.argv[0])
    return found.absolute()
