"""Bringing an incident file in: send it, see how it would be read, change the columns, import it."""

from __future__ import annotations

from threading import Thread
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from promisecheck.check import CheckSettings, calendar_of
from promisecheck.clock import WorkCalendar
from promisecheck.errors import PromisecheckError
from promisecheck.sources import import_incidents
from promisecheck.web.desk import Desk, desk_of
from promisecheck.web.guard import session_of
from promisecheck.web.imports import Upload, preview
from promisecheck.web.notices import notices_of, tell, wrong_of
from promisecheck.web.pages import missing
from promisecheck.web.render import away, page

router = APIRouter(include_in_schema=False)
COLUMN = "column:"


@router.get("/import")
def start(request: Request) -> Response:
    """Answer with the form that takes a file."""
    return _form(request)


@router.post("/import")
async def send(request: Request, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Keep the file and go on to its preview."""
    desk = desk_of(request)
    form = await request.form()
    company_id = str(form.get("company", ""))
    if desk.store.load_company(company_id) is None or file is None:
        return _form(request, wrong=desk.say(request).say("Choose a company and a file."))
    data = await file.read()
    try:
        upload = desk.uploads.keep(
            session=session_of(request.scope).key, company_id=company_id, name=file.filename or "", data=data
        )
    except PromisecheckError as error:
        return _form(request, wrong=wrong_of(error, desk.say(request)))
    return away(f"/import/{upload.key}")


@router.get("/import/{key}")
def look(request: Request, key: str) -> Response:
    """Answer with how the file would be read."""
    upload = desk_of(request).uploads.get(key, session_of(request.scope).key)
    return missing(request) if upload is None else _preview(request, upload, {})


@router.post("/import/{key}")
async def settle(request: Request, key: str) -> Response:
    """Show the file again with other columns, import it, or drop it."""
    desk = desk_of(request)
    upload = desk.uploads.get(key, session_of(request.scope).key)
    if upload is None:
        return missing(request)
    form = await request.form()
    mapping = {
        name.removeprefix(COLUMN): str(value)
        for name, value in form.items()
        if name.startswith(COLUMN) and isinstance(value, str) and value
    }
    action = str(form.get("action", ""))
    if action == "drop":
        desk.uploads.drop(key)
        return away("/import")
    if action != "import":
        return _preview(request, upload, mapping)
    return _import(request, upload, mapping)


def _import(request: Request, upload: Upload, mapping: dict[str, str]) -> Response:
    desk = desk_of(request)
    try:
        done = import_incidents(
            desk.store, upload.company_id, upload.file, mapping=mapping, timezone=desk.settings.timezone,
            calendar=_calendar(desk, upload.company_id),
        )  # fmt: skip
    except PromisecheckError as error:
        return _preview(request, upload, mapping, wrong=wrong_of(error, desk.say(request)))
    desk.store.save_mapping(upload.company_id, upload.file.name, done.mapping, at=desk.settings.now())
    desk.uploads.drop(upload.key)
    judge = desk.settings.judge
    if judge is not None:
        Thread(target=judge, args=(upload.company_id,), daemon=True).start()
    problems = notices_of(done.problems, desk.say(request))
    return page(request, "desk_imported.html.j2", done=done, problems=problems, judged=judge is not None)


def _preview(request: Request, upload: Upload, mapping: dict[str, str], wrong: str = "") -> Response:
    desk = desk_of(request)
    say = desk.say(request)
    try:
        shown = preview(
            upload, mapping, timezone=desk.settings.timezone, calendar=_calendar(desk, upload.company_id)
        )
    except PromisecheckError as error:
        return _form(request, wrong=wrong_of(error, say))
    wrong = wrong or (wrong_of(shown.refused, say) if shown.refused else "")
    return page(
        request, "desk_preview.html.j2", status=422 if wrong else 200, preview=shown, key=upload.key, wrong=wrong,
        read_as=[tell(line, say) for line in shown.decisions], problems=notices_of(shown.problems, say),
    )  # fmt: skip


def _form(request: Request, wrong: str = "") -> Response:
    companies = desk_of(request).store.load_companies()
    return page(
        request, "desk_import.html.j2", status=422 if wrong else 200, companies=companies, wrong=wrong
    )


def _calendar(desk: Desk, company_id: str) -> WorkCalendar | None:
    company = desk.store.load_company(company_id)
    return calendar_of(company, CheckSettings(timezone=desk.settings.timezone)) if company else None
