"""The report's door: one view of all findings, written as HTML, CSV, JSON, XLSX, Markdown or terminal text."""

from __future__ import annotations

from promisecheck.report.companies import companies_of
from promisecheck.report.finding import chosen_of, decisive_of, view_finding, view_review
from promisecheck.report.formats import FORMATS, SUFFIXES, format_of, write_report
from promisecheck.report.journey import STAGES, stage_of
from promisecheck.report.json_file import render_json, to_plain
from promisecheck.report.line import Line, line_of
from promisecheck.report.material import Material, in_force, runs_before
from promisecheck.report.overview import MOST_CAUSES, changes_of, overview_of
from promisecheck.report.page import Links, environment, style
from promisecheck.report.reasons import Template, tell_by, template
from promisecheck.report.speech import UI_LANGUAGES, Speech, pick_language, speech
from promisecheck.report.terminal import render_terminal
from promisecheck.report.view import (
    MET,
    STATES,
    CauseView,
    Depth,
    FindingView,
    LogSpan,
    Overview,
    ReportView,
    State,
)

__all__ = [
    "FORMATS",
    "MET",
    "MOST_CAUSES",
    "STAGES",
    "STATES",
    "SUFFIXES",
    "UI_LANGUAGES",
    "CauseView",
    "Depth",
    "FindingView",
    "Line",
    "Links",
    "LogSpan",
    "Material",
    "Overview",
    "ReportView",
    "Speech",
    "State",
    "Template",
    "changes_of",
    "chosen_of",
    "companies_of",
    "decisive_of",
    "environment",
    "format_of",
    "in_force",
    "line_of",
    "overview_of",
    "pick_language",
    "render_json",
    "render_terminal",
    "runs_before",
    "speech",
    "stage_of",
    "style",
    "tell_by",
    "template",
    "to_plain",
    "view_finding",
    "view_review",
    "write_report",
]
