"""What the value of an incident's fact is: a moment, or a number."""

from __future__ import annotations

from datetime import UTC, datetime

from promisecheck.model import Fact


def moment_of(value: Fact | datetime | None) -> datetime | None:
    """Return an aware moment from a fact (ISO 8601; UTC where no zone is given), or None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def number_of(value: Fact | None) -> float | None:
    """Return a fact as a number, or None where it is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
