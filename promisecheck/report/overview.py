"""The first page in numbers: tiles, promise map, expectation gap, causes, what changed; all counted from findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from promisecheck.model import VERDICTS
from promisecheck.report.journey import STAGES
from promisecheck.report.material import Material, StepLike, as_utc
from promisecheck.report.speech import Speech
from promisecheck.report.view import (
    CauseView,
    ChangesView,
    CountView,
    FindingView,
    GapView,
    MapRow,
    Overview,
)

MOST_CAUSES = 8
_MET = ("contradicted", "at-risk")


def overview_of(findings: Sequence[FindingView], material: Material, say: Speech) -> Overview:
    """Return the overview; a finding that was dismissed as no contradiction is left out of its numbers."""
    standing = [item for item in findings if item.review.state != "dismissed"]
    return Overview(
        tiles=_tiles(standing, len(material.promises), say),
        promise_map=_map(standing),
        stages=tuple(stage for stage in STAGES if any(item.stage == stage for item in standing)),
        gaps=_gaps(standing),
        causes=_causes(standing, material, say),
        changes=_changes(findings, material),
        compared=any(item.relevant or item.verdict in _MET for item in standing),
    )


def _tiles(findings: Sequence[FindingView], promises: int, say: Speech) -> tuple[CountView, ...]:
    checked = sum(item.verdict in ("contradicted", "at-risk", "kept") for item in findings)
    counts = {"promises": promises, "checked": checked}
    counts |= {verdict: sum(item.verdict == verdict for item in findings) for verdict in VERDICTS}
    return tuple(CountView(key=key, label=say.label("tile", key), count=n) for key, n in counts.items())


def _map(findings: Sequence[FindingView]) -> tuple[MapRow, ...]:
    cells: defaultdict[str, defaultdict[str, defaultdict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for item in findings:
        cells[item.theme][item.stage][item.verdict].append(item.id)
    rows = [
        MapRow(
            theme=theme,
            cells={
                stage: {verdict: tuple(ids) for verdict, ids in by_verdict.items()}
                for stage, by_verdict in stages.items()
            },
        )
        for theme, stages in cells.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-_broken(row), row.theme)))


def _broken(row: MapRow) -> int:
    return sum(len(cell.get("contradicted", ())) for cell in row.cells.values())


def _gaps(findings: Sequence[FindingView]) -> tuple[GapView, ...]:
    themes: defaultdict[str, list[FindingView]] = defaultdict(list)
    for item in findings:
        themes[item.theme].append(item)
    gaps = [_gap(theme, items) for theme, items in themes.items()]
    return tuple(sorted(gaps, key=lambda gap: (gap.experienced is None, gap.experienced or 0.0, gap.theme)))


def _gap(theme: str, items: Sequence[FindingView]) -> GapView:
    checked = [item for item in items if item.relevant]
    kept, relevant = sum(item.kept for item in checked), sum(item.relevant for item in checked)
    return GapView(
        theme=theme, promised=len(items), checked=len(checked), kept=kept, relevant=relevant,
        experienced=kept / relevant if relevant else None, finding_ids=tuple(item.id for item in items),
    )  # fmt: skip


def _causes(findings: Sequence[FindingView], material: Material, say: Speech) -> tuple[CauseView, ...]:
    cases: defaultdict[str, set[str]] = defaultdict(set)
    against: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for item in findings:
        if item.verdict not in _MET:
            continue
        broken = {case.evidence_id for case in item.cases if case.outcome == "breaks"}
        for match in material.matches.get(item.promise_id, ()):
            if match.evidence_id not in broken or match.outcome != "breaks":
                continue
            for signal in match.signals:
                if signal.status == "broken":
                    cases[signal.code].add(match.evidence_id)
                    against[signal.code][item.id] = None
    ordered = sorted(cases, key=lambda code: (-len(cases[code]), code))[:MOST_CAUSES]
    return tuple(
        CauseView(
            key=code, label=say.label("code", code), cases=len(cases[code]), finding_ids=tuple(against[code])
        )
        for code in ordered
    )


def _changes(findings: Sequence[FindingView], material: Material) -> ChangesView:
    if not material.since:
        return ChangesView()
    moves = {
        item.id: _move(material.steps.get(item.id, ()), material.since.get(item.company_id))
        for item in findings
    }
    return ChangesView(
        since=max(material.since.values()),
        new=tuple(item.id for item in findings if item.is_new and item.verdict in _MET),
        came_back=tuple(key for key, move in moves.items() if move == "came-back"),
        fixed=tuple(key for key, move in moves.items() if move == "fixed"),
    )


def _move(steps: Sequence[StepLike], since: datetime | None) -> str:
    """Return whether the last step, taken since the run before, ended or renewed a contradiction."""
    if len(steps) < 2 or since is None or as_utc(steps[-1].at) <= since:
        return ""
    was, now = steps[-2].verdict, steps[-1].verdict
    if was == "contradicted" and now != "contradicted":
        return "fixed"
    earlier = any(step.verdict == "contradicted" for step in steps[:-2])
    return "came-back" if now == "contradicted" and was != "contradicted" and earlier else ""
