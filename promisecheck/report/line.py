"""One light line a finding: what overview, queue and register filter, sort and count by, without the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from sys import intern

from promisecheck.model import VERDICTS, Verdict, fold
from promisecheck.report.finding import view_review
from promisecheck.report.journey import stage_of
from promisecheck.report.material import Material, OutlineLike
from promisecheck.report.view import State

_RANK = {verdict: n for n, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold what lists know of one finding."""

    id: str
    promise_id: str
    company_id: str
    quote: str
    quote_language: str
    folded: str
    theme: str
    stage: str
    verdict: Verdict
    severity: float
    broken: int
    kept: int
    relevant: int
    parties: tuple[str, ...]
    first_seen: datetime | None
    is_new: bool
    state: State

    @property
    def rank(self) -> tuple[bool, int, float, int, str]:
        """Return the key that puts the most serious finding first, and what was no contradiction last."""
        return self.state == "dismissed", _RANK[self.verdict], -self.severity, -self.broken, self.id


def line_of(finding: OutlineLike, material: Material) -> Line:
    """Return the line of a finding."""
    return Line(
        id=finding.id,
        promise_id=finding.promise_id,
        company_id=intern(finding.company_id),
        quote=finding.quote,
        quote_language=intern(finding.language),
        folded=fold(finding.quote),
        theme=intern(finding.theme),
        stage=stage_of(finding),
        verdict=finding.verdict,
        severity=finding.severity,
        broken=finding.broken,
        kept=finding.kept,
        relevant=finding.relevant,
        parties=tuple(map(intern, finding.parties)),
        first_seen=material.first_seen.get(finding.id),
        is_new=material.is_new(finding),
        state=view_review(material.reviews.get(finding.id), finding, material.generated_at).state,
    )


def with_state(line: Line, state: State) -> Line:
    """Return the line with another state."""
    return replace(line, state=state)
