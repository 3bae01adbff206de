"""`promisecheck baseline`: accept what is known, for a reason and until a day; it reopens by itself."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, time
from pathlib import Path

import click

from promisecheck.cli.companies import find_company
from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import print_json
from promisecheck.errors import UsageError


@click.command("baseline")
@click.argument("findings", nargs=-1, metavar="[FINDING]...")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which it reopens."
)
@click.option("--reason", required=True, help="Why it is accepted until then.")
@click.option("--reviewer", help="Who accepts it (default: the user logged in).")
@db_option
@company_option
@json_option
def command(
    findings: tuple[str, ...], until: datetime, reason: str, reviewer: str | None, db: Path, company: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Accept FINDINGs (default: all that are contradicted or at risk now) until a day.

    Until then `nightly` neither tells of them nor fails on them; on that day they come back by themselves.
    """
    from promisecheck.model import Review
    from promisecheck.store import Store

    now, ends = datetime.now(UTC), datetime.combine(until.date(), time(), UTC)
    if ends <= now:
        raise UsageError(f"{until:%Y-%m-%d} is over", where="--until", do="name a day to come")
    if not reason.strip():
        raise UsageError("a reason is needed", where="--reason", do="say why this is accepted")
    with Store.open(db, create=False) as store:
        company_id = find_company(store, company)
        known = {one.id: one for one in store.load_findings(company_id)}
        for key in findings:
            if key not in known:
                raise UsageError(
                    f"there is no finding {key!r}", do="list them with: promisecheck findings list"
                )
        chosen = findings or [key for key, one in known.items() if one.verdict in ("contradicted", "at-risk")]
        reviews = [
            Review(finding_id=key, decision="accepted-until", reason=reason.strip(),
                   reviewer=reviewer or getpass.getuser(), decided_at=now, expires_at=ends)
            for key in chosen
        ]  # fmt: skip
        for review in reviews:
            store.save_review(review)
    if as_json:
        print_json("baseline", reviews)
    else:
        click.echo(f"{len(reviews)} accepted until {ends:%Y-%m-%d}")
