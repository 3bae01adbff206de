"""The one tree of values that feeds every report format and the review desk; sentences are in the view's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from promisecheck.model import Kind, Measure, Outcome, Strength, Verdict

SCHEMA_VERSION = 1
State = Literal["open", "confirmed", "dismissed", "accepted-until", "fixed"]
STATES: tuple[State, ...] = ("open", "confirmed", "dismissed", "accepted-until", "fixed")
MET: tuple[Verdict, ...] = ("contradicted", "at-risk")
TrendUnit = Literal["week", "month"]
# In brief no case is read: what is made of cases is missing, and whether they were measured or told is not
# known. With its cases a finding lacks only their texts.
Depth = Literal["brief", "cases", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """Hold one place where the promise stands; `link` jumps to the sentence, "" where it is no web address."""

    url: str
    link: str
    role: str
    headings: tuple[str, ...] = ()
    snapshot: str = ""
    first_seen: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Hold a piece of an incident's text; a marked one is what decided."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Hold one counted case: enough to look it up in the company's own system."""

    evidence_id: str
    number: str
    outcome: Outcome
    at: datetime | None = None
    party: str = ""
    channel: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """Hold one of the strongest pieces of evidence, with the passage marked and the reasons."""

    case: CaseView
    language: str
    segments: tuple[Segment, ...]
    reasons: tuple[str, ...]
    labels: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionView:
    """Say what was considered and not counted, how often, why, and which cases that were."""

    reason: str
    count: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """Hold broken of relevant for one party, department or channel; `share` is between 0 and 1."""

    dimension: str
    name: str
    broken: int
    relevant: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountView:
    """Hold a labelled count; `key` is the same in every language."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """Hold the kept and broken cases of one week or month that starts on `start`."""

    start: date
    label: str
    kept: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """Hold the decision in force about a finding."""

    state: State
    reason: str = ""
    reviewer: str = ""
    decided_at: datetime | None = None
    expires_at: datetime | None = None
    owner: str = ""
    due: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """Hold all that is shown of one finding; `kept + broken == relevant`, rates are between 0 and 1."""

    id: str
    promise_id: str
    company_id: str
    company: str
    quote: str
    quote_language: str
    theme: str
    kind: Kind
    strength: Strength
    metric: str
    stage: str
    measure: Measure | None
    measure_words: str
    scope: tuple[str, ...]
    conditions: tuple[str, ...]
    rule_id: str
    rule_says: str
    needs: str
    references: tuple[str, ...]
    places: tuple[PlaceView, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    since_words: str
    verdict: Verdict
    severity: float
    broken: int
    kept: int
    relevant: int
    left_out: int
    rate: float | None
    low: float | None
    high: float | None
    window_start: datetime | None
    window_end: datetime | None
    headline: str
    interval_words: str
    where_words: str
    why: tuple[str, ...]
    smallest_true_promise: str
    instead_words: str
    evidence: tuple[EvidenceView, ...]
    cases: tuple[CaseView, ...]
    excluded: tuple[ExclusionView, ...]
    shares: tuple[ShareView, ...]
    recovered: tuple[CountView, ...]
    indicators: tuple[CountView, ...]
    trend: tuple[TrendPoint, ...]
    trend_unit: TrendUnit
    sources: tuple[CountView, ...]
    review: ReviewView
    is_new: bool

    @property
    def state(self) -> State:
        """Return what has been decided about the finding."""
        return self.review.state


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """Hold one theme of the promise map: by stage, the ids of its findings by verdict."""

    theme: str
    cells: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """Hold, for one theme, how many promises are stated and checked and what share of cases kept them."""

    theme: str
    promised: int
    checked: int
    kept: int
    relevant: int
    experienced: float | None
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """Hold one cause, in how many cases it shows, and the findings it speaks against."""

    key: str
    label: str
    cases: int
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesView:
    """Hold what is new since the run before, by finding id; `since` is None where there was none."""

    since: datetime | None = None
    new: tuple[str, ...] = ()
    came_back: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSpan:
    """Count the incidents of a company's whole log, and say from when to when they are."""

    incidents: int
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyView:
    """Hold one company with what was read of its site and its log."""

    id: str
    name: str
    home_url: str
    coverage: tuple[CountView, ...] = ()
    partial: bool = False
    incidents: int = 0
    log_start: datetime | None = None
    log_end: datetime | None = None
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Hold the numbers of the first page; each can be counted again in the findings."""

    tiles: tuple[CountView, ...]
    promise_map: tuple[MapRow, ...]
    stages: tuple[str, ...]
    gaps: tuple[GapView, ...]
    causes: tuple[CauseView, ...]
    changes: ChangesView
    compared: bool


@runtime_checkable
class Stored(Protocol):
    """Say of findings that they are read when they are walked, no more of each than is asked for."""

    def at(self, depth: Depth) -> Sequence[FindingView]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """Hold a whole report, findings most serious first; they may be read anew each time they are walked."""

    language: str
    generated_at: datetime
    version: str
    companies: tuple[CompanyView, ...]
    overview: Overview
    findings: Sequence[FindingView]
    run_id: str = ""
    packs_hash: str = ""
    weights_hash: str = ""
    config_hash: str = ""
    schema_version: int = SCHEMA_VERSION

    def findings_at(self, depth: Depth) -> Sequence[FindingView]:
        """Return the findings with at least what `depth` says of each; a store then reads no more."""
        return self.findings.at(depth) if isinstance(self.findings, Stored) else self.findings

    @property
    def met(self) -> int:
        """Return how many findings are broken or at risk: the first ones, because the most serious come first."""
        of_company = (company.verdicts for company in self.companies)
        return sum(counts.get(verdict, 0) for counts in of_company for verdict in MET)

    @property
    def lead(self) -> FindingView | None:
        """Return the finding to begin with: the most serious one that is broken or at risk."""
        return self.findings[0] if self.met else None
