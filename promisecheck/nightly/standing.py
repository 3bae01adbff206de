"""Where every finding stands after a night, for pipelines: its baseline state, and whether it is suppressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from promisecheck.model import Finding, Promise, Review
from promisecheck.nightly.news import Dossier, News, in_force

BaselineState = Literal["new", "unchanged", "updated", "absent"]
_STATES: dict[str, BaselineState] = {
    "new": "new", "came-back": "new", "changed": "updated", "fixed": "absent", "failed": "unchanged",
    "recovered": "unchanged",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold one finding with its promise; `seen` is false where the promise's page could not be read."""

    finding: Finding
    promise: Promise
    state: BaselineState
    seen: bool = True
    suppressed: Review | None = None


def read_standings(dossier: Dossier, news: Iterable[News], *, at: datetime | None) -> list[Standing]:
    """Return where every finding of a company stands, most severe first; `at` is when its site was last read.

    A finding that is fixed since people were last told is there once more, as absent.
    """
    told = {one.promise.id: one for one in news if one.promise}
    found = []
    for key, finding in dossier.findings.items():
        own = told.get(key)
        if key not in dossier.standing and not (own and own.change == "fixed"):
            continue
        promise = dossier.promises[key]
        found.append(Standing(
            finding=finding, promise=promise, state=_STATES[own.change] if own else "unchanged",
            seen=at is None or promise.last_seen is None or promise.last_seen >= at,
            suppressed=in_force(dossier.reviews.get(finding.id, ()), dossier.now),
        ))  # fmt: skip
    return sorted(found, key=lambda one: (-one.finding.severity, one.finding.id))
