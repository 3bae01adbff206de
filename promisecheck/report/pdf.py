"""The report as PDF: the overview and the most serious findings, through WeasyPrint where it is installed."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from promisecheck.errors import UsageError
from promisecheck.report.html import render_html
from promisecheck.report.view import ReportView

MOST_FINDINGS = 50


def write_pdf(view: ReportView, path: Path) -> list[Path]:
    """Write the PDF and return the file written; raise UsageError where WeasyPrint is not installed."""
    if not is_installed():
        raise UsageError("PDF needs WeasyPrint", do='install it with: pip install "promisecheck[pdf]"')
    from weasyprint import HTML

    paper = (files("promisecheck.report") / "templates" / "pdf.css").read_text(encoding="utf-8")
    page = render_html(replace(view, findings=view.findings[:MOST_FINDINGS]), more_style=paper)
    # WeasyPrint follows no reference from one SVG to another.
    HTML(string=page.replace("url(#hatch)", "#a3241b"), url_fetcher=_refuse).write_pdf(str(path))
    return [path]


def is_installed() -> bool:
    """Return whether WeasyPrint is there."""
    return find_spec("weasyprint") is not None


def _refuse(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a report fetches nothing: {url}")
