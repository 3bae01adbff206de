"""The report as HTML: one file that needs no network and no script, in parts where it would grow too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from promisecheck.model import VERDICTS
from promisecheck.report.page import Links, environment, style
from promisecheck.report.speech import speech
from promisecheck.report.view import FindingView, ReportView, State

MOST_WHOLE = 100
MOST_WHOLE_OF_MANY = 50
MANY = 500
PER_PART = 2000
LONGEST_QUOTE = 200
DISMISSED = "dismissed"
Group = tuple[str, list[FindingView]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold what the register lists of one finding; `file` is the part it stands in, "" for the first."""

    id: str
    file: str
    quote: str
    quote_language: str
    theme: str
    stage: str
    verdict: str
    state: State
    broken: int
    relevant: int


def write_html(view: ReportView, path: Path) -> list[Path]:
    """Write the report, from the second part on beside the first, and return the files written.

    The first part lists the findings of all parts, so it is written last: each finding is read once.
    """
    count = max(1, -(-len(view.findings) // PER_PART))
    names = [path.name, *(f"{path.stem}-{n}{path.suffix}" for n in range(2, count + 1))]
    entries: dict[int, list[Entry]] = {}
    for part in (*range(2, count + 1), 1):
        shown = _shown(view, PER_PART * (part - 1), PER_PART * part, _most_whole(view, part))
        entries[part] = [_entry(item, "" if part == 1 else names[part - 1]) for item in shown]
        every = [entry for n in range(1, count + 1) for entry in entries.get(n, ())]
        text = _render(view, shown, every, part=part, parts=names)
        path.with_name(names[part - 1]).write_text(text, encoding="utf-8")
    return [path.with_name(name) for name in names]


def render_html(view: ReportView, *, more_style: str = "") -> str:
    """Return the whole report as one page of HTML."""
    shown = _shown(view, 0, len(view.findings), _most_whole(view, 1))
    return _render(view, shown, [_entry(item, "") for item in shown], more_style=more_style)


def _render(
    view: ReportView, shown: Sequence[FindingView], entries: Sequence[Entry], *, part: int = 1,
    parts: Sequence[str] = ("",), more_style: str = "",
) -> str:  # fmt: skip
    from markupsafe import Markup

    template = environment(speech(view.language)).get_template("report.html.j2")
    return template.render(
        view=view, part=part, parts=parts, style=Markup(style() + more_style),  # our own file, no value in it
        names=", ".join(company.name for company in view.companies), groups=_by_verdict(shown),
        whole={item.id for item in shown[: _most_whole(view, part)] if item.relevant or item.evidence},
        by_id={entry.id: entry for entry in entries}, register=_register(entries), links=_links(entries),
    )  # fmt: skip


def _entry(item: FindingView, file: str) -> Entry:
    return Entry(
        id=item.id, file=file, quote=item.quote[:LONGEST_QUOTE], quote_language=item.quote_language,
        theme=item.theme, stage=item.stage, verdict=item.verdict, state=item.state, broken=item.broken,
        relevant=item.relevant,
    )  # fmt: skip


def _most_whole(view: ReportView, part: int) -> int:
    """Return how many findings of a part are shown with their evidence; fewer where the report is long."""
    if part > 1:
        return 0
    return MOST_WHOLE if len(view.findings) <= MANY else MOST_WHOLE_OF_MANY


def _shown(view: ReportView, start: int, end: int, whole: int) -> list[FindingView]:
    """Return the findings of one part, from the ones that are shown in brief on without their cases."""
    brief = view.findings_at("brief")
    return [*view.findings[start : min(end, start + whole)], *brief[start + whole : end]]


def _links(entries: Sequence[Entry]) -> Links:
    files = {entry.id: entry.file for entry in entries}
    met = {entry.verdict for entry in entries if not entry.file and entry.state != "dismissed"}
    return Links(
        finding=lambda key: f"{files.get(key, '')}#f-{key}",
        tile=lambda key: f"#v-{key}" if key in met else "#register" if entries else "#main",
        cell=lambda theme, stage, verdict: f"#m-{theme}-{stage}",
        theme=lambda theme: f"#t-{theme}",
        company=lambda key: "#register",
    )


def _by_verdict(findings: Sequence[FindingView]) -> list[Group]:
    """Group what stands by verdict; what was dismissed comes last, because no number counts it."""
    order: tuple[str, ...] = (*VERDICTS, DISMISSED)
    groups: dict[str, list[FindingView]] = {name: [] for name in order}
    for item in findings:
        groups[DISMISSED if item.state == DISMISSED else item.verdict].append(item)
    return [(name, items) for name, items in groups.items() if items]


def _register(entries: Sequence[Entry]) -> list[tuple[str, list[tuple[str, list[Entry]]]]]:
    ordered = sorted(
        (entry for entry in entries if entry.state != DISMISSED), key=lambda entry: (entry.theme, entry.stage)
    )
    return [
        (theme, [(stage, list(items)) for stage, items in groupby(group, key=lambda entry: entry.stage)])
        for theme, group in groupby(ordered, key=lambda entry: entry.theme)
    ]
