"""From a template and values to an answer, in the language of the request."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from promisecheck.report import UI_LANGUAGES, Links, Speech, environment, style
from promisecheck.web.desk import Desk, desk_of
from promisecheck.web.filters import STANDING, Filters
from promisecheck.web.guard import POLICY, session_of

PACKAGES = ("promisecheck.web",)
OWN_NAMES = {"da": "Dansk", "nb": "Norsk", "sv": "Svenska", "en": "English"}


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Answer with a page of the desk."""
    desk = desk_of(request)
    session = session_of(request.scope)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    given = {
        "session": session, "reviewer": session.role == "reviewer", "here": here if request.method == "GET" else "/",
        "path": request.url.path, "languages": [(key, OWN_NAMES[key]) for key in UI_LANGUAGES],
        "filters": Filters(), "q": "",
    }  # fmt: skip
    return HTMLResponse(_render(desk, request, template, {**given, **values}), status)


def closed(desk: Desk, request: Request, *, wrong: bool) -> HTMLResponse:
    """Answer 401 with the form that opens the desk; the page brings its style, because nothing else is open."""
    text = sheet()
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' '{_hash(text)}'")
    body = _render(desk, request, "desk_closed.html.j2", {"wrong": wrong, "style": text})
    return HTMLResponse(body, 401, {"content-security-policy": policy})


def away(target: str, **query: str) -> RedirectResponse:
    """Answer with the way to another page of the desk."""
    address = f"{target}{'&' if '?' in target else '?'}{urlencode(query)}" if query else target
    return RedirectResponse(address, 303)


def local(target: str) -> str:
    """Return a path of this desk, or the first page where it could lead elsewhere."""
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if inside and target.isprintable() else "/"


def desk_links(filters: Filters) -> Links:
    """Say where the numbers of the overview lead: into the queue, narrowed to what they count."""
    of = Filters(company=filters.company, state=STANDING)
    return Links(
        finding=lambda key: f"/findings/{key}{Filters(company=filters.company).write()}",
        tile=lambda key: (
            f"/findings{Filters(company=filters.company).write() if key == 'promises' else of.write(verdict=key)}"
        ),
        cell=lambda theme, stage, verdict: f"/findings{of.write(theme=theme, stage=stage, verdict=verdict)}",
        theme=lambda theme: f"/findings{of.write(theme=theme)}",
        company=lambda key: f"/{Filters(company=key).write()}",
        verdict=lambda key, verdict: f"/findings{of.write(company=key, verdict=verdict)}",
        cause=lambda code: f"/findings{of.write(cause=code)}",
    )


def _render(desk: Desk, request: Request, template: str, values: dict[str, Any]) -> str:
    say: Speech = desk.say(request)
    made = environment(say, PACKAGES).get_template(template)
    return made.render(lang=say.language, **values)


@lru_cache(maxsize=1)
def sheet() -> str:
    """Return the style sheet of the desk: the report's, and what only the desk has."""
    own = (files("promisecheck.web") / "templates" / "desk.css").read_text(encoding="utf-8")
    return f"{style()}\n{own}"


@lru_cache(maxsize=1)
def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
