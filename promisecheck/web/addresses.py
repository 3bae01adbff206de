"""What was read of a website: the numbers of its coverage, the addresses behind each, and why some were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from promisecheck.model import Run
from promisecheck.report import Speech, Template, tell_by, template
from promisecheck.store import OTHER_LANGUAGE, Store

FOUND = "found"
STATES = ("fetched", "not-modified", "skipped", "blocked", "failed", "left")
# Those in another language are counted among those read, too.
LISTS = (FOUND, *STATES, OTHER_LANGUAGE)
# Of these it is told why.
WHY = ("skipped", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one address, what became of it, and why; `language` is that of the reason."""

    url: str
    state: str
    reason: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Hold one number of the coverage, where its list is, and the numbers that it is made of."""

    label: str
    count: int
    link: str
    language: str = ""
    parts: tuple[Number, ...] = ()


def link_to(company_id: str, state: str, reason: str = "", page: int = 1) -> str:
    """Return the address of the list of a company's addresses in a state, left for a reason where one is given."""
    query = {"company": company_id, "state": state.replace("_", "-"), "reason": reason, "page": page}
    return f"/coverage?{urlencode({name: value for name, value in query.items() if value and value != 1})}"


def listed_companies(store: Store, runs: Iterable[Run]) -> frozenset[str]:
    """Return the companies whose lists are those of their newest run that read a website; `runs` are newest first."""
    newest: dict[str, str] = {}
    for run in runs:
        if run.coverage:
            newest.setdefault(run.company_id, run.id)
    kept = store.load_address_runs()
    return frozenset(key for key, run_id in newest.items() if kept.get(key) == run_id)


def rows_of(store: Store, company_id: str, state: str) -> list[tuple[str, str, str]]:
    """Return each address in a state (found: in any), with its state and why."""
    states = STATES if state == FOUND else (state,)
    return [(url, one, why) for one in states for url, why in store.load_addresses(company_id, one)]


def numbers_of(store: Store, company_id: str, say: Speech) -> list[Number]:
    """Return the numbers of a company's coverage: all, what became of them, and pages in no language that is read."""
    lists = {state: rows_of(store, company_id, state) for state in LISTS}
    return [_number(company_id, state, lists[state], say) for state in LISTS if lists[state]]


def _number(company_id: str, state: str, rows: Sequence[tuple[str, str, str]], say: Speech) -> Number:
    parts = []
    reasons = Counter(why for _, _, why in rows) if state in WHY else Counter[str]()
    for why, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        told, language = told_of(why, say)
        parts.append(Number(label=told, language=language, count=count, link=link_to(company_id, state, why)))
    return Number(
        label=label_of(state, say), count=len(rows), link=link_to(company_id, state), parts=tuple(parts)
    )


def label_of(state: str, say: Speech) -> str:
    """Return what a number counts."""
    return say.label("coverage", "not_modified" if state == "not-modified" else state)


def row_of(row: tuple[str, str, str], say: Speech) -> Row:
    """Return one address with its state and reason in the reader's words."""
    url, state, why = row
    reason, language = told_of(why, say)
    return Row(url=url, state=say.label("address", state), reason=reason, language=language)


def told_of(why: str, say: Speech) -> tuple[str, str]:
    """Return a reason in the reader's language, and its language: what is not known here stays English."""
    told = tell_by(_known(), why, say) if why else ""
    return (told, say.language) if told or not why else (why, "en")


@lru_cache(maxsize=1)
def _known() -> tuple[Template, ...]:
    return (*_of_choices(), *_of_answers(), *_of_failures())


def _of_choices() -> tuple[Template, ...]:
    return (
        template("too deep"),
        template("not among --only"),
        template("among --ignore"),
        template("address too long"),
        template("address acts"),
        template("repeated path"),
        template("too many facets"),
        template("calendar"),
        template("same shape as many others"),
    )


def _of_answers() -> tuple[Template, ...]:
    return (
        template("leads to a page already seen"),
        template("leads to another site"),
        template("not a page ({value})"),
        template("holds no page any more"),
        template("robots.txt forbids it"),
    )


def _of_failures() -> tuple[Template, ...]:
    return (
        template("the server answered {count}"),
        template("robots.txt answered {count}"),
        template("the site shows a check for robots in place of the page"),
        template("a redirect that leads nowhere"),
        template("a redirect loop"),
        template("more than {count} redirects"),
        template("the home page leads to another site ({value}): name that one instead"),
        template("the site could not be reached ({reason})"),
        template("no complete answer within {count} s"),
        template("the page is larger than {count} bytes"),
        template("timed out"),
        template("the answer ends too early"),
    )
