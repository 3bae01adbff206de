"""The report in every format, to take along."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from promisecheck.dossier import load_view
from promisecheck.report import FORMATS, pdf, write_report
from promisecheck.web.desk import desk_of
from promisecheck.web.filters import Filters
from promisecheck.web.pages import missing
from promisecheck.web.render import page

router = APIRouter(include_in_schema=False)
TYPES = {
    "html": ("html", "text/html; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "json": ("json", "application/json"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "pdf": ("pdf", "application/pdf"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
OTHER = ("bin", "application/octet-stream")


@router.get("/reports")
def choose(request: Request) -> Response:
    """Answer with the formats to choose from."""
    filters = Filters(company=Filters.read(request.query_params).company)
    return page(request, "desk_reports.html.j2", formats=_names(), filters=filters)


@router.get("/reports/{format}")
def download(request: Request, format: str) -> Response:
    """Answer with the report in one format, as a file to keep; several files come as one archive."""
    if format not in _names():
        return missing(request)
    desk = desk_of(request)
    company = Filters.read(request.query_params).company
    view = load_view(
        desk.store, company_ids=[company] if company else None, language=desk.language(request),
        now=desk.settings.now(),
    )  # fmt: skip
    suffix, kind = TYPES.get(format, OTHER)
    folder = Path(tempfile.mkdtemp(prefix="promisecheck-"))
    files = write_report(view, format, folder / f"promises.{suffix}")
    if len(files) > 1:
        files, suffix, kind = [_pack(files, folder / "promises.zip")], "zip", "application/zip"
    name = f"promises-{view.generated_at:%Y-%m-%d}.{suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_and_remove(files[0], folder), media_type=kind, headers=headers)


def _names() -> list[str]:
    return [name for name in FORMATS.names() if name != "pdf" or pdf.is_installed()]


def _pack(files: list[Path], target: Path) -> Path:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return target


def _and_remove(file: Path, folder: Path) -> Iterator[bytes]:
    import shutil

    try:
        with file.open("rb") as source:
            while block := source.read(65536):
                yield block
    finally:
        shutil.rmtree(folder, ignore_errors=True)
