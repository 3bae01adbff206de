"""The flat rows that CSV and spreadsheets share: findings, counted cases, and what was not counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from promisecheck.report.sheet_rows import Cell
from promisecheck.report.view import FindingView

FINDING_COLUMNS = (
    "finding_id", "company", "verdict", "headline", "quote", "theme", "kind", "stage", "severity", "broken",
    "kept", "relevant", "left_out", "rate", "low", "high", "smallest_true_promise", "where", "first_seen",
    "last_seen", "window_start", "window_end", "url", "why", "indicators", "recovered", "state", "owner", "due",
    "reason", "rule_id", "promise_id",
)  # fmt: skip
CASE_COLUMNS = (
    "finding_id", "quote", "case", "outcome", "at", "party", "channel", "source", "evidence_id",
)  # fmt: skip
EXCLUDED_COLUMNS = ("finding_id", "quote", "reason", "count", "cases")


def finding_row(item: FindingView) -> tuple[Cell, ...]:
    """Return one finding in the order of FINDING_COLUMNS; rates are between 0 and 1, times ISO 8601."""
    return (
        item.id, item.company, item.verdict, item.headline, item.quote, item.theme, item.kind, item.stage,
        item.severity, item.broken, item.kept, item.relevant, item.left_out, item.rate, item.low, item.high,
        item.smallest_true_promise, item.where_words, _time(item.first_seen), _time(item.last_seen),
        _time(item.window_start), _time(item.window_end), item.places[0].url if item.places else "",
        " ".join(item.why), _counts(item, "indicators"), _counts(item, "recovered"), item.review.state,
        item.review.owner, _time(item.review.due), item.review.reason, item.rule_id, item.promise_id,
    )  # fmt: skip


def case_rows(item: FindingView) -> Iterator[tuple[Cell, ...]]:
    """Yield every counted case of a finding in the order of CASE_COLUMNS."""
    for case in item.cases:
        yield (
            item.id, item.quote, case.number, case.outcome, _time(case.at), case.party, case.channel,
            case.source, case.evidence_id,
        )  # fmt: skip


def excluded_rows(item: FindingView) -> Iterator[tuple[Cell, ...]]:
    """Yield what was considered and not counted of a finding in the order of EXCLUDED_COLUMNS."""
    for left in item.excluded:
        yield item.id, item.quote, left.reason, left.count, ", ".join(left.numbers)


def _counts(item: FindingView, name: str) -> str:
    return "; ".join(f"{part.label}: {part.count}" for part in getattr(item, name))


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
