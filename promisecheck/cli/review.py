"""`promisecheck review`: the review desk in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from promisecheck.cli.options import db_option
from promisecheck.cli.output import say
from promisecheck.errors import UsageError


@click.command("review")
@db_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; others than loopback need a password and TLS.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="A further name the desk answers to (repeatable)."
)
@click.option(
    "--password-file", type=click.Path(dir_okay=False, path_type=Path), help="A file that holds the password."
)
@click.option("--certificate", type=click.Path(dir_okay=False, path_type=Path), help="The TLS certificate.")
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="The key of the TLS certificate."
)
@click.option("--behind-proxy", is_flag=True, help="Say that a proxy in front of the desk does TLS.")
@click.option(
    "--language",
    type=click.Choice(["en", "da", "nb", "sv"]),
    help="The desk's language (default: the browser's).",
)
@click.option("--reviewer", default="", help="The name put to decisions until someone gives another.")
def command(
    db: Path, host: str, port: int, names: tuple[str, ...], password_file: Path | None, certificate: Path | None,
    key: Path | None, behind_proxy: bool, language: str | None, reviewer: str,
) -> None:  # fmt: skip
    """Serve the review desk of a database; the address that opens it is printed, once.

    Needs the extra web: pip install 'promisecheck[web]'.
    """
    try:
        from promisecheck.web import DeskSettings, serve
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"the review desk needs {missing.name}", do="pip install 'promisecheck[web]'"
        ) from missing
    if not db.exists():
        raise UsageError(
            "no such database", where=str(db), do="run a check first, or name another file with --db"
        )
    password = password_file.read_text(encoding="utf-8").strip() if password_file else ""
    settings = DeskSettings(
        host=host, port=port, hosts=names, password=password, behind_proxy=behind_proxy, certificate=certificate,
        key=key, language=language or "", reviewer=reviewer, judge=_judge_again(db),
    )  # fmt: skip
    serve(db, settings=settings, ready=_tell)


def _tell(reviewer: str, reader: str) -> None:
    click.echo(f"to decide: {reviewer}")
    click.echo(f"to read:   {reader}")
    say("each address opens the desk once; stop with Ctrl+C")


def _judge_again(db: Path) -> Callable[[str], None]:
    def judge(company_id: str) -> None:
        from datetime import UTC, datetime

        from promisecheck.check import CheckSettings, rejudge_company
        from promisecheck.cli.options import verdict_policy
        from promisecheck.promises import open_reader
        from promisecheck.store import Store

        with Store.open(db, create=False) as store:
            settings = CheckSettings(policy=verdict_policy(company_id=company_id))
            rejudge_company(store, company_id, open_reader(), settings, now=datetime.now(UTC))

    return judge
