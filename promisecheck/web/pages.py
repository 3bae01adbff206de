"""The pages one looks at: overview, queue, one finding, search, one incident, stored copies, checks."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from promisecheck.dossier import Books
from promisecheck.errors import StoreError
from promisecheck.model import THEMES, VERDICTS
from promisecheck.report import STAGES, STATES, Line, Speech
from promisecheck.web.addresses import link_to, listed_companies
from promisecheck.web.desk import Desk, desk_of
from promisecheck.web.filters import CHECKED, ORDERS, SEVERITIES, STANDING, Filters
from promisecheck.web.render import desk_links, page, sheet
from promisecheck.web.underway import bustle_of

router = APIRouter(include_in_schema=False)
PER_PAGE = 25
MOST_FOUND = 50
MOST_RUNS = 50
LOOKS_AGAIN = 10
MOST_PARTIES = 500
NOTHING = dict.fromkeys(("decision", "reason", "until", "owner", "due", "note", "reviewer"), "")
LONGEST_COPY = 2_000_000


@router.get("/style.css")
def stylesheet() -> Response:
    """Answer with the style of every page."""
    return Response(sheet(), media_type="text/css", headers={"cache-control": "private, max-age=300"})


@router.get("/icon.svg")
def icon() -> Response:
    """Answer with the icon of the desk."""
    return Response(_own("icon.svg"), media_type="image/svg+xml")


@router.get("/keys.js")
def keys() -> Response:
    """Answer with the only script there is: single keys for what links and buttons do without it."""
    return Response(_own("keys.js"), media_type="text/javascript")


@router.get("/")
def overview(request: Request) -> Response:
    """Answer with the first page, of all companies or of one."""
    desk = desk_of(request)
    filters = Filters(company=Filters.read(request.query_params).company)
    view = desk.overview(filters, desk.say(request))
    books = desk.shelf.books()
    listed = listed_companies(desk.store, books.runs)
    names = {company.id: company.name for company in books.companies}
    return page(
        request, "desk_overview.html.j2", view=view, filters=filters, links=desk_links(filters),
        bustle=bustle_of(desk.store, books.runs, names, desk.say(request), desk.settings.now()),
        coverage_link=lambda company_id, key: link_to(company_id, key) if company_id in listed else "",
        by_id=_named(desk, view.overview.changes.new + view.overview.changes.came_back + view.overview.changes.fixed),
    )  # fmt: skip


@router.get("/findings")
def queue(request: Request) -> Response:
    """Answer with the queue of findings, narrowed by the filters."""
    desk = desk_of(request)
    filters = Filters.read(request.query_params)
    books = desk.shelf.books()
    rows = filters.select(books)
    last = max(1, -(-len(rows) // PER_PAGE))
    at = min(filters.page, last)
    shown = desk.brief(rows[PER_PAGE * (at - 1) : PER_PAGE * at], desk.say(request))
    return page(
        request, "desk_queue.html.j2", filters=filters, shown=shown, total=len(rows), at=at, last=last,
        choices=_choices(books, desk.say(request)),
    )  # fmt: skip


@router.get("/findings/{finding_id}")
def finding(request: Request, finding_id: str) -> Response:
    """Answer with one finding and the ways to the next and the one before in the same queue."""
    return show_finding(request, finding_id)


def show_finding(
    request: Request, finding_id: str, *, wrong: str = "", given: dict[str, str] | None = None
) -> Response:
    """Answer with one finding; `wrong` says what a decision lacked, `given` is what was filled in."""
    desk = desk_of(request)
    filters = Filters.read(request.query_params)
    shown = desk.finding(finding_id, desk.say(request))
    if shown is None:
        return missing(request)
    rows = filters.select(desk.shelf.books())
    before, after, place = _neighbours(rows, finding_id)
    done = request.query_params.get("done", "")[:40]
    return page(
        request, "desk_finding.html.j2", status=422 if wrong else 200, f=shown, filters=filters, before=before,
        after=after, place=place, total=len(rows), wrong=wrong, given=given or NOTHING,
        history=desk.history(finding_id), done=done if desk.shelf.books().line(done) else "",
    )  # fmt: skip


@router.get("/search")
def search(request: Request) -> Response:
    """Answer with the promises and incidents that hold every word searched for."""
    desk = desk_of(request)
    text = request.query_params.get("q", "")[:500]
    by_promise = {row.promise_id: row for row in desk.shelf.books().lines}
    found = desk.store.search(text, limit=MOST_FOUND) if text.strip() else []
    promises = [
        (by_promise[item.id], item) for item in found if item.kind == "promise" and item.id in by_promise
    ]
    incidents = [item for item in found if item.kind == "incident"]
    return page(request, "desk_search.html.j2", q=text, promises=promises, incidents=incidents)


@router.get("/incidents/{incident_id}")
def incident(request: Request, incident_id: str) -> Response:
    """Answer with one incident as it is stored."""
    desk = desk_of(request)
    shown = desk.store.load_incident(incident_id)
    return missing(request) if shown is None else page(request, "desk_incident.html.j2", incident=shown)


@router.get("/copies/{sha256}")
def copy(request: Request, sha256: str) -> Response:
    """Answer with a stored copy of a page as plain text, which no browser runs."""
    try:
        body = desk_of(request).store.load_body(sha256)
    except StoreError:
        return missing(request)
    return PlainTextResponse(body[:LONGEST_COPY].decode("utf-8", "replace"))


@router.get("/checks")
def checks(request: Request) -> Response:
    """Answer with the checks that have run and the one that is running."""
    desk = desk_of(request)
    runs = desk.store.load_runs(limit=MOST_RUNS)
    names = {company.id: company.name for company in desk.store.load_companies()}
    bustle = bustle_of(desk.store, runs, names, desk.say(request), desk.settings.now())
    follows = bool(bustle.running) and not request.query_params.get("still")
    answer = page(request, "desk_checks.html.j2", runs=runs, names=names, bustle=bustle, follows=follows)
    if follows:
        # Nothing is lost by it, and a link on the page turns it off: it needs no script and no mark in the page.
        answer.headers["refresh"] = str(LOOKS_AGAIN)
    return answer


def missing(request: Request) -> Response:
    """Answer 404 in the reader's language."""
    return page(request, "desk_missing.html.j2", status=404)


def _own(name: str) -> bytes:
    return (files("promisecheck.web") / "templates" / name).read_bytes()


def _named(desk: Desk, ids: tuple[str, ...]) -> dict[str, object]:
    books = desk.shelf.books()
    rows = [row for key in ids if (row := books.line(key)) is not None]
    return {row.id: row for row in rows}


def _choices(books: Books, say: Speech) -> dict[str, list[tuple[str, str]]]:
    """Return, for each filter, what can be chosen: the value and its name."""
    used = {line.theme for line in books.lines}
    return {
        "companies": [(company.id, company.name) for company in books.companies],
        "themes": [(key, say.label("theme", key)) for key in THEMES if key in used],
        "stages": [(key, say.label("stage", key)) for key in STAGES],
        "verdicts": [(key, say.label("verdict", key)) for key in (*VERDICTS, CHECKED)],
        "states": [(key, say.label("state", key)) for key in (*STATES, STANDING)],
        "parties": [(name, name) for name in _parties(books)],
        "severities": [(str(n), say.say("{n} or more", n=say.number(n))) for n in SEVERITIES],
        "orders": [(key, say.label("order", key)) for key in ORDERS[1:]],
    }


def _parties(books: Books) -> list[str]:
    """Return the parties and channels that findings name."""
    return sorted({party for line in books.lines for party in line.parties})[:MOST_PARTIES]


def _neighbours(rows: list[Line], finding_id: str) -> tuple[str, str, int]:
    """Return the ids before and after in the queue, and the place in it (0 where it is not there)."""
    n = next((n for n, row in enumerate(rows) if row.id == finding_id), None)
    if n is None:
        return "", rows[0].id if rows else "", 0
    return rows[n - 1].id if n else "", rows[n + 1].id if n + 1 < len(rows) else "", n + 1
