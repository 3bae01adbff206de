"""The report's door: one view of all findings, written as HTML, CSV, JSON, XLSX, Markdown or terminal text."""

from __future__ import annotations

from promisecheck.report.build import build_view
from promisecheck.report.formats import FORMATS, format_of, write_report
from promisecheck.report.speech import UI_LANGUAGES, pick_language
from promisecheck.report.terminal import render_terminal
from promisecheck.report.view import FindingView, LogSpan, ReportView

__all__ = [
    "FORMATS",
    "UI_LANGUAGES",
    "FindingView",
    "LogSpan",
    "ReportView",
    "build_view",
    "format_of",
    "pick_language",
    "render_terminal",
    "write_report",
]
