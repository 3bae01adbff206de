"""The report as HTML: one file that needs no network and no script, in parts where it would grow too long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from promisecheck.model import VERDICTS
from promisecheck.report.page import Links, environment, style
from promisecheck.report.speech import speech
from promisecheck.report.view import FindingView, ReportView

MOST_WHOLE = 100
MOST_WHOLE_OF_MANY = 50
MANY = 500
PER_PART = 2000
Group = tuple[str, list[FindingView]]


def write_html(view: ReportView, path: Path) -> list[Path]:
    """Write the report, from the second part on beside the first, and return the files written."""
    count = max(1, -(-len(view.findings) // PER_PART))
    names = [path.name, *(f"{path.stem}-{n}{path.suffix}" for n in range(2, count + 1))]
    written = []
    for n, name in enumerate(names, 1):
        target = path.with_name(name)
        target.write_text(render_html(view, part=n, parts=names), encoding="utf-8")
        written.append(target)
    return written


def render_html(
    view: ReportView, *, part: int = 1, parts: Sequence[str] = ("",), more_style: str = ""
) -> str:
    """Return one part of the report as HTML; `parts` are the file names of all of them."""
    from markupsafe import Markup

    shown = view.findings[PER_PART * (part - 1) : PER_PART * part]
    where = {
        item.id: "" if n // PER_PART + 1 == part else parts[n // PER_PART] for n, item in _numbered(view)
    }
    template = environment(speech(view.language)).get_template("report.html.j2")
    return template.render(
        view=view, part=part, parts=parts, style=Markup(style() + more_style),  # our own file, no value in it
        names=", ".join(company.name for company in view.companies), groups=_by_verdict(shown),
        whole=_whole(view.findings),
        by_id={item.id: item for item in view.findings}, register=_register(view.findings),
        links=_links(where, view),
    )  # fmt: skip


def _whole(findings: Sequence[FindingView]) -> set[str]:
    """Return the ids of the findings that are shown with their evidence; fewer where the report is long."""
    most = MOST_WHOLE if len(findings) <= MANY else MOST_WHOLE_OF_MANY
    return {item.id for item in findings[:most] if item.relevant or item.evidence}


def _links(where: dict[str, str], view: ReportView) -> Links:
    met = {item.verdict for item in view.findings}
    return Links(
        finding=lambda key: f"{where.get(key, '')}#f-{key}",
        tile=lambda key: f"#v-{key}" if key in met else "#register" if view.findings else "#main",
        cell=lambda theme, stage, verdict: f"#m-{theme}-{stage}",
        theme=lambda theme: f"#t-{theme}",
        company=lambda key: "#register",
    )


def _numbered(view: ReportView) -> list[tuple[int, FindingView]]:
    return list(enumerate(view.findings))


def _by_verdict(findings: Sequence[FindingView]) -> list[Group]:
    groups = {verdict: [item for item in findings if item.verdict == verdict] for verdict in VERDICTS}
    return [(verdict, items) for verdict, items in groups.items() if items]


def _register(findings: Sequence[FindingView]) -> list[tuple[str, list[Group]]]:
    ordered = sorted(findings, key=lambda item: (item.theme, item.stage))
    return [
        (theme, [(stage, list(items)) for stage, items in groupby(group, key=lambda item: item.stage)])
        for theme, group in groupby(ordered, key=lambda item: item.theme)
    ]
