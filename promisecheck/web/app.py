"""The desk as one application: routes behind the guard, the door of entry, and the errors in plain words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from promisecheck import __version__
from promisecheck.errors import StoreError
from promisecheck.report import UI_LANGUAGES
from promisecheck.store import Store
from promisecheck.web import api, coverage, decisions, downloads, intake, labels, pages
from promisecheck.web.desk import LANGUAGE_COOKIE, Desk, desk_of
from promisecheck.web.guard import ENTER, Guard, session_of
from promisecheck.web.imports import Uploads
from promisecheck.web.render import away, closed, local, page
from promisecheck.web.sessions import COOKIE, Sessions
from promisecheck.web.settings import DeskSettings
from promisecheck.web.shelf import Shelf

A_YEAR = 365 * 24 * 3600
router = APIRouter(include_in_schema=False)


def create_app(store_path: str | Path, *, settings: DeskSettings) -> FastAPI:
    """Return the desk of one database; raise StoreError where it cannot be opened, UsageError where it is open to all."""
    settings.check()
    store = Store.open(store_path, create=False)
    sessions = Sessions(
        reviewer_token=settings.reviewer_token, reader_token=settings.reader_token,
        password=settings.password, name=settings.reviewer,
    )  # fmt: skip
    desk = Desk(
        store=store, settings=settings, sessions=sessions, shelf=Shelf(store, settings.now), uploads=Uploads()
    )
    app = FastAPI(
        title="promisecheck", version=__version__, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", lifespan=_lifespan(desk),
    )  # fmt: skip
    app.state.desk = desk
    for part in (
        router,
        pages.router,
        coverage.router,
        decisions.router,
        intake.router,
        downloads.router,
        labels.router,
        api.router,
    ):
        app.include_router(part)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(StoreError, _store_error)
    app.add_middleware(
        Guard, sessions=sessions, hosts=settings.allowed_hosts, most_bytes=settings.most_bytes,
        closed=_closed(desk),
    )  # fmt: skip
    return app


@router.get(ENTER)
def enter(request: Request, token: str = "") -> Response:
    """Turn a one-time token into a cookie, or ask for one."""
    return _open(request, token) if token else closed(desk_of(request), request, wrong=False)


@router.post(ENTER)
def enter_by_form(request: Request, token: Annotated[str, Form(max_length=500)] = "") -> Response:
    """Turn a token or the password into a cookie."""
    return _open(request, token)


@router.post("/leave")
def leave(request: Request) -> Response:
    """End the session."""
    desk_of(request).sessions.leave(session_of(request.scope).key)
    answer = away(ENTER)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.post("/language")
def language(
    request: Request,
    to: Annotated[str, Form(max_length=20)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Remember the language chosen and go back to the page."""
    answer = away(local(back))
    if to in UI_LANGUAGES:
        _set(answer, LANGUAGE_COOKIE, to, secure=desk_of(request).settings.secure)
    return answer


def _open(request: Request, secret: str) -> Response:
    desk = desk_of(request)
    session = desk.sessions.enter(secret)
    if session is None:
        return closed(desk, request, wrong=True)
    answer = away("/")
    _set(answer, COOKIE, session.key, secure=desk.settings.secure)
    return answer


def _set(answer: RedirectResponse, name: str, value: str, *, secure: bool) -> None:
    lasting = None if name == COOKIE else A_YEAR
    answer.set_cookie(name, value, max_age=lasting, path="/", secure=secure, httponly=True, samesite="lax")


def _lifespan(desk: Desk) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.uploads.close()
        desk.store.close()

    return lifespan


def _closed(desk: Desk) -> Callable[[Scope], Response]:
    def answer(scope: Scope) -> Response:
        request = Request(scope)
        if scope["path"].startswith("/api/"):
            return JSONResponse({"detail": "open the desk with its token first"}, 401)
        return closed(desk, request, wrong=False)

    return answer


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    if request.url.path.startswith("/api/") or request.scope.get("state", {}).get("session") is None:
        return JSONResponse({"detail": detail}, status)
    return page(request, "desk_missing.html.j2", status=status)


def _store_error(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": str(error)}, 503)
    return page(request, "desk_trouble.html.j2", status=503, error=error)
