"""The values that pass between the rooms; each is frozen, and its id is a hash of its content."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Theme = str
THEMES: tuple[Theme, ...] = (
    "ease", "speed", "reliability", "price", "availability", "personal", "transparency",
    "quality", "information", "safety", "sustainability", "other",
)  # fmt: skip
LANGUAGES = ("da", "nb", "nn", "sv", "en")

Kind = Literal["quantified", "guarantee", "value"]
Strength = Literal["absolute", "firm", "hedged"]
MeasureKind = Literal["duration", "percent", "money", "count", "window"]
Compare = Literal["at-most", "at-least", "exactly", "between"]
Status = Literal["broken", "kept"]
Outcome = Literal["breaks", "keeps", "silent"]
EvidenceKind = Literal["incident", "fact", "site"]
Verdict = Literal["contradicted", "at-risk", "kept", "no-evidence", "not-measurable", "not-checked"]
VERDICTS: tuple[Verdict, ...] = (
    "contradicted", "at-risk", "kept", "no-evidence", "not-measurable", "not-checked",
)  # fmt: skip
Role = Literal[
    "heading", "text", "list", "cell", "faq", "button", "banner", "footer", "nav", "consent",
    "meta", "jsonld", "alt", "noscript",
]  # fmt: skip
Fact = float | int | str | bool

# What speaks against a value promise of a theme; the finding names which of these it saw, and how many there are.
VALUE_INDICATORS: Mapping[Theme, tuple[str, ...]] = {
    "ease": (
        "contacted-again", "transferred", "long-queue", "complicated", "error-message", "cannot-cancel",
        "forced-bundle", "cancelled-without-notice", "turned-away", "not-delivered",
    ),
    "speed": ("late-delivery", "no-reply", "slow-handling", "long-queue"),
    "reliability": (
        "broken-agreement", "not-delivered", "cancelled-without-notice", "no-show", "turned-away", "wrong-bill",
        "error-message", "unstable-service",
    ),
    "price": ("expensive", "hidden-fee", "wrong-bill", "forced-bundle"),
    "availability": ("long-queue", "no-reply", "closed", "out-of-stock"),
    "personal": (
        "impersonal", "rude", "uninformed-employee", "no-help", "no-reply", "no-redress", "contacted-again",
        "transferred",
    ),
    "transparency": ("misinformed", "unclear-terms", "hidden-fee", "forced-bundle", "change-without-notice"),
    "quality": ("defective", "poor-work", "unstable-service", "unclean"),
    "information": ("not-informed", "change-without-notice", "misinformed", "unclear-terms"),
    "safety": ("data-exposed", "unsafe"),
    "sustainability": ("wasteful",),
    "guarantee": ("refund-missing", "no-redress"),
    "other": (
        "impersonal", "rude", "no-help", "contacted-again", "transferred", "long-queue", "no-reply", "no-redress",
        "broken-agreement", "misinformed", "refund-missing", "unstable-service", "defective", "late-delivery",
        "wrong-bill", "dissatisfied",
    ),
}  # fmt: skip

_SPACE = re.compile(r"\s+")
# A mail address, as it is, spelt out, or as the stand-in that a web server puts in its place for robots.
_AT = r"(?:@|[\[(](?:at|a|snabel-?a|alfakrøll|krøllalfa)[\])])"
_DOT = r"(?:\.|\s?[\[(](?:dot|punktum|punkt|prik)[\])]\s?)"
_MAIL = re.compile(
    rf"\[email.protected\]|[\w.+-]{{1,64}}\s?{_AT}\s?[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,8}}"
)


def content_id(*parts: object) -> str:
    """Return 16 hex digits that depend on the parts alone."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fold(text: str) -> str:
    """Fold case, width and white space, so that a re-typeset sentence keeps its id."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def gist(text: str) -> str:
    """Fold text and hide mail addresses: servers obfuscate them anew for each request."""
    folded = fold(text)
    return _MAIL.sub("@", folded) if "@" in folded or "[" in folded or "(" in folded else folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Name one company or public body; `country` (ISO 3166 alpha-2) picks the holidays."""

    id: str
    name: str
    home_url: str
    languages: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Hold what the server sent for one URL; `error` is set, and `status` 0, where nothing came."""

    company_id: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sha256: str = ""
    error: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Hold one visible block: `text == page.text[start:end]` where the page's text was built from it."""

    n: int
    start: int
    end: int
    role: Role
    tag: str
    text: str
    headings: tuple[str, ...] = ()
    hidden: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold the text of one page with its blocks; offsets count code points of `text`.

    `canonical` is the address that the page itself names as its own (rel=canonical), where it names one.
    """

    company_id: str
    url: str
    fetched_at: datetime
    language: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    snapshot: str
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Hold a quantity as stated; hour, day and working-day stay distinct.

    `unit` is second, minute, hour, day, working-day, week, month, year, percent, times, a currency
    code (DKK NOK SEK EUR GBP USD), or for a window "week" (value and high: hours open, "24/7").
    """

    kind: MeasureKind
    compare: Compare
    value: float
    unit: str
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Say whom and what a promise covers; an empty field means no limit was stated."""

    channel: str = ""
    product: str = ""
    customers: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Hold one stated promise; `quote` is verbatim: `page.text[start:end] == quote`."""

    company_id: str
    theme: Theme
    kind: Kind
    url: str
    language: str
    quote: str
    start: int
    end: int
    snapshot: str = ""
    headings: tuple[str, ...] = ()
    role: Role = "text"
    measure: Measure | None = None
    metric: str = ""
    scope: Scope = Scope()
    conditions: tuple[str, ...] = ()
    strength: Strength = "firm"
    rule_id: str | None = None
    score: float = 1.0
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    @property
    def id(self) -> str:
        """Return an id that survives a moved URL, new markup, a full stop, an obfuscated mail address and a re-run."""
        return content_id("promise", self.company_id, gist(self.quote).rstrip(" .!"), self.metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Hold one logged incident; `party` says who served (department, partner, subcontractor)."""

    company_id: str
    source: str
    external_id: str
    occurred_at: datetime | None = None
    closed_at: datetime | None = None
    language: str = ""
    channel: str = ""
    theme: Theme = ""
    touchpoint: str = ""
    party: str = ""
    summary: str = ""
    details: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return an id from company, source and external id, or from the text where it has none."""
        own = self.external_id or content_id(self.occurred_at, self.summary, self.details)
        return content_id("incident", self.company_id, self.source, own)

    @property
    def text(self) -> str:
        """Return what the incident says: summary and details, unless one repeats the other."""
        if not self.summary or self.details.startswith(self.summary):
            return self.details
        return f"{self.summary}\n{self.details}" if self.details else self.summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Hold what one passage of an incident says: `incident.text[start:end] == quote`."""

    theme: Theme
    status: Status
    code: str
    quote: str
    start: int
    end: int
    score: float
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Hold what one piece of evidence says of one promise; `reasons` are shown as they are."""

    promise_id: str
    evidence_id: str
    evidence_kind: EvidenceKind
    outcome: Outcome
    score: float
    reasons: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Say what was looked at and left out of the count, how often, and why."""

    reason: str
    count: int
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShare:
    """Count broken and relevant cases for one party, department or channel."""

    dimension: str
    name: str
    broken: int
    relevant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Count incidents that speak against a value promise by one declared indicator."""

    code: str
    incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold the one verdict on one promise; kept + broken == relevant, and rate = kept / relevant."""

    company_id: str
    promise_id: str
    verdict: Verdict
    severity: float
    broken: int = 0
    kept: int = 0
    relevant: int = 0
    excluded: tuple[Exclusion, ...] = ()
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    why: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    recovered: Mapping[str, int] = field(default_factory=dict)
    by_party: tuple[PartyShare, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    smallest_true_promise: str = ""

    @property
    def id(self) -> str:
        """Return an id that lasts as long as the promise does."""
        return content_id("finding", self.promise_id)


Decision = Literal["confirmed", "dismissed", "accepted-until", "fixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Hold one decision about one finding; it survives re-runs because the finding's id does."""

    finding_id: str
    decision: Decision
    reason: str
    reviewer: str
    decided_at: datetime
    expires_at: datetime | None = None
    owner: str = ""
    due: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Record one run, so that each finding can be reproduced; `coverage` says what of the site was read."""

    id: str
    kind: str
    company_id: str = ""
    started_at: datetime
    finished_at: datetime | None = None
    status: str = "running"
    version: str = ""
    config_hash: str = ""
    packs_hash: str = ""
    weights_hash: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[str, Any] = field(default_factory=dict)
