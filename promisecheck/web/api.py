"""The read-only JSON API: what the desk shows, for other programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from promisecheck.report import render_json, to_plain
from promisecheck.web.desk import desk_of
from promisecheck.web.filters import Filters

router = APIRouter(prefix="/api/v1", tags=["promisecheck"])
SCHEMA_VERSION = 1
Id = Annotated[str, Path(max_length=200, description="The id, as lists give it.")]
Wanted = Annotated[str, Query(max_length=200)]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is none with this id."}}


@router.get("/companies")
def companies(request: Request) -> Response:
    """Return every company with its findings counted by verdict."""
    desk = desk_of(request)
    view = desk.overview(Filters(), desk.say(request))
    return _json({"companies": view.companies})


@router.get("/overview")
def overview(request: Request, company: Wanted = "") -> Response:
    """Return the numbers of the first page."""
    desk = desk_of(request)
    return _json({"overview": desk.overview(Filters(company=company), desk.say(request)).overview})


@router.get("/findings")
def findings(
    request: Request,
    company: Wanted = "",
    theme: Wanted = "",
    verdict: Wanted = "",
    state: Wanted = "",
    party: Wanted = "",
    q: Wanted = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Return findings, most serious first, without their evidence."""
    filters = Filters(company=company, theme=theme, verdict=verdict, state=state, party=party, q=q)
    rows = filters.select(desk_of(request).shelf.books())
    shown = [
        {name: value for name, value in to_plain(row).items() if name != "folded"}
        for row in rows[offset : offset + limit]
    ]
    return _json({"total": len(rows), "findings": shown})


@router.get("/findings/{finding_id}", responses=NOT_FOUND)
def finding(request: Request, finding_id: Id) -> Response:
    """Return one finding with its evidence, in the language of the request."""
    desk = desk_of(request)
    shown = desk.finding(finding_id, desk.say(request))
    if shown is None:
        raise HTTPException(404, "there is no such finding")
    return _json({"finding": shown})


@router.get("/promises/{promise_id}", responses=NOT_FOUND)
def promise(request: Request, promise_id: Id) -> Response:
    """Return one promise and the places where it stands."""
    store = desk_of(request).store
    shown = store.load_promise(promise_id)
    if shown is None:
        raise HTTPException(404, "there is no such promise")
    return _json({"promise": {"id": shown.id, **to_plain(shown)}, "places": store.load_places(promise_id)})


@router.get("/incidents/{incident_id}", responses=NOT_FOUND)
def incident(request: Request, incident_id: Id) -> Response:
    """Return one incident as it is stored."""
    shown = desk_of(request).store.load_incident(incident_id)
    if shown is None:
        raise HTTPException(404, "there is no such incident")
    return _json({"incident": {"id": shown.id, **to_plain(shown)}})


@router.get("/runs")
def runs(request: Request, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> Response:
    """Return the runs, newest first."""
    return _json({"runs": desk_of(request).store.load_runs(limit=limit)})


def _json(values: dict[str, object]) -> Response:
    body = render_json({"schema_version": SCHEMA_VERSION, **values}, indent=None)
    return Response(body, media_type="application/json")
