"""Which company a person at the command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promisecheck.errors import UsageError
from promisecheck.plugins import did_you_mean

if TYPE_CHECKING:
    from promisecheck.store import Store


def find_company(store: Store, named: str | None) -> str | None:
    """Return the id of the company with this id or name, None where none is named."""
    if named is None:
        return None
    companies = store.load_companies()
    for company in companies:
        if named in (company.id, company.name):
            return company.id
    known = [company.name for company in companies]
    raise UsageError(
        f"there is no company {named!r} in {store.path}",
        do=did_you_mean(named, known) if known else "run a check first",
    )
