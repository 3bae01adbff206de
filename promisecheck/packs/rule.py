"""The values of a rule pack: a rule with its phrases, what would break it, and what a rule finds in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from promisecheck.model import Kind, Measure, Theme
from promisecheck.packs.phrases import Phrase

SIGNAL_CODES = (
    "long-queue", "transferred", "contacted-again", "no-reply", "late-delivery", "not-delivered",
    "cancelled-without-notice", "hidden-fee", "forced-bundle", "wrong-bill", "error-message", "defective",
    "uninformed-employee", "rude", "impersonal", "unstable-service", "cannot-cancel", "refund-missing",
    "misinformed", "change-without-notice", "complicated", "other-broken",
)  # fmt: skip
FACTS = (
    "first_reply_hours", "resolution_hours", "delivery_working_days", "transfers", "contacts",
    "queue_minutes", "price_promised", "price_charged", "reopened", "uptime_percent",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTest:
    """Say which fact of an incident breaks the promise: above or below a limit.

    The limit is `limit`, the incident's own fact `against`, or where both are absent the promise's measure.
    """

    name: str
    compare: Literal["above", "below"]
    limit: float | None = None
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """Say what in an incident breaks the promise: a fact, or any of some signal codes."""

    fact: FactTest | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Hold sentences that a rule must find, and some that it must leave alone."""

    promise: tuple[str, ...] = ()
    not_promise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Hold one rule; `id` is `<theme>.<name>` and `where` names its file and line.

    What a `certain` rule finds is a promise whatever the trained heads say.
    """

    id: str
    language: str
    theme: Theme
    kind: Kind
    promise: tuple[Phrase, ...]
    metric: str = ""
    certain: bool = False
    says: str = ""
    unless: tuple[Phrase, ...] = ()
    hedged: tuple[Phrase, ...] = ()
    breaks: Breaks = Breaks()
    needs: str = ""
    references: tuple[str, ...] = ()
    examples: Examples = Examples()
    where: str = ""

    @property
    def full_id(self) -> str:
        """Return the id with its language, as promises carry it: `da.speed.first-reply`."""
        return f"{self.language}.{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Hold what one rule found: `text[start:end]` is the wording; `measure` is what its slot holds."""

    rule: Rule
    start: int
    end: int
    measure: Measure | None = None
    hedged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Hold one thing that is wrong with a rule, and where it stands."""

    rule_id: str
    where: str
    what: str
