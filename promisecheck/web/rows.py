"""One light row a finding: what the queue filters, sorts and counts by, without the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from sys import intern

from promisecheck.model import VERDICTS, Finding, Promise, fold
from promisecheck.report import Material, State, stage_of, view_review

_RANK = {verdict: n for n, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold what the queue knows of one finding."""

    id: str
    promise_id: str
    company_id: str
    quote: str
    folded: str
    theme: str
    stage: str
    verdict: str
    severity: float
    broken: int
    kept: int
    relevant: int
    parties: tuple[str, ...]
    first_seen: datetime | None
    is_new: bool
    state: State

    @property
    def rank(self) -> tuple[int, float, int, str]:
        """Return the key that puts the most serious finding first."""
        return _RANK[self.verdict], -self.severity, -self.broken, self.id  # type: ignore[index]


def row_of(finding: Finding, promise: Promise, material: Material) -> Row:
    """Return the row of a finding."""
    return Row(
        id=finding.id,
        promise_id=promise.id,
        company_id=intern(finding.company_id),
        quote=promise.quote,
        folded=fold(promise.quote),
        theme=intern(promise.theme),
        stage=stage_of(promise),
        verdict=finding.verdict,
        severity=finding.severity,
        broken=finding.broken,
        kept=finding.kept,
        relevant=finding.relevant,
        parties=tuple(intern(share.name) for share in finding.by_party),
        first_seen=material.first_seen.get(finding.id),
        is_new=material.is_new(finding),
        state=view_review(material.reviews.get(finding.id), finding, material.generated_at).state,
    )


def with_state(row: Row, state: State) -> Row:
    """Return the row with another state."""
    return replace(row, state=state)
