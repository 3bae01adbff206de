"""The first page in numbers: tiles, promise map, expectation gap, causes, what changed; all counted from findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from promisecheck.model import VERDICTS
from promisecheck.report.journey import STAGES
from promisecheck.report.material import StepLike, as_utc
from promisecheck.report.speech import Speech
from promisecheck.report.view import (
    MET,
    CauseView,
    ChangesView,
    CountView,
    GapView,
    MapRow,
    Overview,
)

MOST_CAUSES = 8


class Counted(Protocol):
    """Say of a finding what the overview counts."""

    @property
    def id(self) -> str: ...
    @property
    def company_id(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def kept(self) -> int: ...
    @property
    def relevant(self) -> int: ...
    @property
    def is_new(self) -> bool: ...


def overview_of(
    findings: Sequence[Counted],
    *,
    promises: int,
    causes: tuple[CauseView, ...],
    changes: ChangesView,
    say: Speech,
) -> Overview:
    """Return the overview; a finding that was dismissed as no contradiction is left out of its numbers."""
    standing = [item for item in findings if item.state != "dismissed"]
    return Overview(
        tiles=_tiles(standing, promises, say),
        promise_map=_map(standing),
        stages=tuple(stage for stage in STAGES if any(item.stage == stage for item in standing)),
        gaps=_gaps(standing),
        causes=causes,
        changes=changes,
        compared=any(item.relevant or item.verdict in MET for item in standing),
    )


def _tiles(findings: Sequence[Counted], promises: int, say: Speech) -> tuple[CountView, ...]:
    checked = sum(item.verdict in ("contradicted", "at-risk", "kept") for item in findings)
    counts = {"promises": promises, "checked": checked}
    counts |= {verdict: sum(item.verdict == verdict for item in findings) for verdict in VERDICTS}
    return tuple(CountView(key=key, label=say.label("tile", key), count=n) for key, n in counts.items())


def _map(findings: Sequence[Counted]) -> tuple[MapRow, ...]:
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


def _gaps(findings: Sequence[Counted]) -> tuple[GapView, ...]:
    themes: defaultdict[str, list[Counted]] = defaultdict(list)
    for item in findings:
        themes[item.theme].append(item)
    gaps = [_gap(theme, items) for theme, items in themes.items()]
    return tuple(sorted(gaps, key=lambda gap: (gap.experienced is None, gap.experienced or 0.0, gap.theme)))


def _gap(theme: str, items: Sequence[Counted]) -> GapView:
    checked = [item for item in items if item.relevant]
    kept, relevant = sum(item.kept for item in checked), sum(item.relevant for item in checked)
    return GapView(
        theme=theme, promised=len(items), checked=len(checked), kept=kept, relevant=relevant,
        experienced=kept / relevant if relevant else None, finding_ids=tuple(item.id for item in items),
    )  # fmt: skip


def changes_of(
    findings: Sequence[Counted], steps: Mapping[str, Sequence[StepLike]], since: Mapping[str, datetime]
) -> ChangesView:
    """Return what is new since each company's run before, from the findings and their steps."""
    if not since:
        return ChangesView()
    moves = {item.id: _move(steps.get(item.id, ()), since.get(item.company_id)) for item in findings}
    return ChangesView(
        since=max(since.values()),
        new=tuple(item.id for item in findings if item.is_new and item.verdict in MET),
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
