"""`promisecheck doctor`: what is wrong with the database, the config and the lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.nightly import config_option
from promisecheck.cli.options import json_option
from promisecheck.cli.output import print_json
from promisecheck.errors import PromisecheckError

if TYPE_CHECKING:
    from promisecheck.store import Fault


@click.command("doctor")
@config_option
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path),
              help="The database (default: the one that the config names, else promisecheck.db).")  # fmt: skip
@json_option
def command(config_path: Path, db: Path | None, as_json: bool) -> None:
    """Look for faults: damage, missing or altered pages, orphan rows, lost runs, a newer schema, an old lock.

    Exit code 0 where none is found, else 2; each fault says where it is and what to do.
    """
    found = list(_faults(config_path, db))
    if as_json:
        print_json("doctor", found)
    for fault in found if not as_json else []:
        click.echo(
            f"{fault.where}: {fault.what} ({fault.do})" if fault.do else f"{fault.where}: {fault.what}"
        )
    if not found and not as_json:
        click.echo("no fault found")
    if found:
        exit_with(2)


def _faults(config_path: Path, db: Path | None) -> Iterator[Fault]:
    from promisecheck.config import Config, load_config
    from promisecheck.nightly.plan import plan_companies
    from promisecheck.nightly.tell import check_channels

    config, folder = Config(), Path()
    if config_path.exists():
        folder = config_path.resolve().parent
        try:
            config = load_config(config_path)
            plan_companies(config, now=datetime.now(UTC), where=str(config_path))
            check_channels(config.notify.urls)
        except PromisecheckError as error:
            yield _fault(error)
    database = db or folder / config.database
    yield from _of_database(database)
    yield from _of_program()


def _of_database(database: Path) -> Iterator[Fault]:
    from promisecheck.nightly.lock import left_behind
    from promisecheck.store import Fault, examine

    yield from examine(database, now=datetime.now(UTC))
    holder = left_behind(database)
    if holder is not None:
        yield Fault(
            what=f"the lock's note names {holder}, which died without ending its run",
            where=f"{database}.lock.json", do="nothing holds the lock: run promisecheck nightly again",
        )  # fmt: skip


def _of_program() -> Iterator[Fault]:
    """Find what is wrong with the rules and weights that are installed."""
    from promisecheck.packs import load_packs
    from promisecheck.text import load_readings

    for load in (load_packs, load_readings):
        try:
            load()
        except PromisecheckError as error:
            yield _fault(error)


def _fault(error: PromisecheckError) -> Fault:
    from promisecheck.store import Fault

    return Fault(what=error.what, where=error.where, do=error.do)
