"""Thresholds of the verdicts: how much must be kept, and how many cases it takes, by strength of the promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from promisecheck.clock import Hours, WorkCalendar
from promisecheck.clock import Policy as Clock
from promisecheck.config import VerdictConfig, read_opening
from promisecheck.model import Promise, Strength

# What a percentage measures in one case, so that it is no share of cases.
_OWN_PERCENT = frozenset({"price", "fee", "speed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Hold what the verdicts depend on; a company may set its own."""

    kept_share: Mapping[Strength, float] = field(
        default_factory=lambda: {"absolute": 1.0, "firm": 0.95, "hedged": 0.5}
    )
    """Share that must be kept for the promise to hold."""
    least_told: Mapping[Strength, int] = field(
        default_factory=lambda: {"absolute": 2, "firm": 2, "hedged": 5}
    )
    """Independent incidents, told in words, that it takes to contradict; see `credible_alone` for absolute ones."""
    least_measured: int = 20
    """Measured cases from which they alone decide; below that each counts as a case told."""
    least_covering: int = 10
    """Measured cases from which they decide where the log measures every case of their source and channel: they are
    all there is, and no sample."""
    credible_score: float = 0.6
    """Score from which an incident told in words counts."""
    credible_alone: float = 0.7
    """Score from which one incident told in words contradicts an absolute promise alone."""
    value_incidents: int = 3
    """Independent incidents with enough indicators that contradict a value promise."""
    value_indicators: int = 2
    """Different indicators in one incident that make it count in full against a value promise."""
    assume_in_force_before_first_seen: bool = True
    """Count incidents from before the first crawl, where no earlier history of the site is known."""
    confidence: float = 0.95
    """Level of the interval shown with every rate."""
    hours: Clock = "wall-clock"
    """How promised hours run: by the wall clock, or in opening hours."""
    opening: Hours | None = None
    """When the company is open; None is Monday to Friday, 9 to 17."""

    def calendar(self, country: str, timezone: str = "") -> WorkCalendar:
        """Return the working calendar of a company in a country by this policy."""
        plain = WorkCalendar(country=country, timezone=timezone, hours=self.hours)
        return plain if self.opening is None else replace(plain, opening_hours=self.opening)


def policy_of(config: VerdictConfig, opening: Sequence[str] = ()) -> Policy:
    """Return the policy that a config sets; `opening` are a company's own hours, where it has any."""
    stated = opening or config.opening
    return Policy(
        kept_share={"absolute": 1.0, "firm": config.firm, "hedged": config.hedged},
        hours="opening-hours" if config.hours == "opening" else "wall-clock",
        opening=read_opening(stated) if stated else None,
    )


def needed_share(promise: Promise, policy: Policy, *, own_percent: bool = False) -> float:
    """Return the share of cases that must be kept: what the promise itself names ("85 % land on time"), or by strength.

    `own_percent` says that the percentage is measured in each case (an uptime), and is no share of cases.
    """
    measure = promise.measure
    if measure is None or measure.kind != "percent" or own_percent or promise.metric in _OWN_PERCENT:
        return policy.kept_share[promise.strength]
    if measure.compare == "at-least" and 0 < measure.value < 100:
        return measure.value / 100
    return policy.kept_share[promise.strength]


def names_share(promise: Promise, policy: Policy, *, own_percent: bool = False) -> bool:
    """Tell whether the promise itself leaves room for a share of cases, so that single ones cannot break it."""
    return needed_share(promise, policy, own_percent=own_percent) != policy.kept_share[promise.strength]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hold an exceptional period (a strike, a storm): what happened in it is shown, and not counted."""

    start: datetime
    end: datetime
    reason: str

    def covers(self, moment: datetime | None) -> bool:
        """Tell whether the moment lies in the period."""
        return moment is not None and self.start <= moment <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what a company's own tracking shows of one promise where single cases are not at hand.

    `percentiles` maps a share kept (0.95) to the hours within which that share was served.
    """

    promise_id: str
    n: int
    kept: int
    source: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None
    exceptional: str = ""
    percentiles: Mapping[float, float] = field(default_factory=dict)
