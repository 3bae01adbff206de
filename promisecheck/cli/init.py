"""`promisecheck init`: a starter config."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli.output import say
from promisecheck.config import STARTER
from promisecheck.errors import ConfigError


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def command(folder: Path) -> None:
    """Write promisecheck.toml into FOLDER (default: here); an existing file is never overwritten."""
    path = folder / "promisecheck.toml"
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise ConfigError("exists already", where=str(path), do="edit it, or choose another folder")
    path.write_text(STARTER, encoding="utf-8")
    click.echo(str(path))
    say("Next: set crawl.contact and your first [[company]] in it, then run: promisecheck nightly")
