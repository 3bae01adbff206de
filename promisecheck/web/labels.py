"""Decisions as labelled pairs of promise and incident, for measuring and training."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import StreamingResponse

from promisecheck.model import Finding, Promise, Review
from promisecheck.report import in_force
from promisecheck.store import Store
from promisecheck.web.desk import desk_of

router = APIRouter(include_in_schema=False)
LABELS = {"confirmed": "contradicts", "dismissed": "neutral"}


@router.get("/decisions.jsonl")
def decisions(request: Request) -> StreamingResponse:
    """Answer with one JSON line for each case behind a finding that was confirmed or dismissed."""
    lines = (f"{json.dumps(pair, ensure_ascii=False)}\n" for pair in labelled(desk_of(request).store))
    headers = {"content-disposition": 'attachment; filename="decisions.jsonl"'}
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def labelled(store: Store) -> Iterator[dict[str, str]]:
    """Yield the pairs: `contradicts` where people confirmed the finding, `neutral` where they dismissed it."""
    for finding_id, review in in_force(store.load_reviews()).items():
        finding = store.load_finding(finding_id) if review.decision in LABELS else None
        promise = store.load_promise(finding.promise_id) if finding else None
        if finding is not None and promise is not None:
            yield from _pairs(store, finding, promise, review)


def _pairs(store: Store, finding: Finding, promise: Promise, review: Review) -> Iterator[dict[str, str]]:
    left_out = {key for item in finding.excluded for key in item.evidence_ids}
    broken = [
        match.evidence_id
        for match in store.load_matches(promise_id=promise.id)
        if match.outcome == "breaks" and match.evidence_kind != "site" and match.evidence_id not in left_out
    ]
    for key, incident in sorted(store.load_incidents_by_id(broken).items()):
        yield {
            "id": f"{promise.id}-{key}",
            "promise": promise.quote,
            "incident": incident.text,
            "promise_language": promise.language,
            "incident_language": incident.language,
            "label": LABELS[review.decision],
            "reason": review.reason,
        }
