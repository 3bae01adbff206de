"""Decisions about findings: yes, no, known until a date; taking one back."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from promisecheck.errors import UsageError
from promisecheck.model import Decision, Review
from promisecheck.report import Speech, view_review
from promisecheck.web.desk import Desk, desk_of
from promisecheck.web.filters import Filters
from promisecheck.web.guard import session_of
from promisecheck.web.pages import missing, show_finding
from promisecheck.web.render import away

router = APIRouter(include_in_schema=False)
DECISIONS: tuple[Decision, ...] = ("confirmed", "dismissed", "accepted-until", "fixed")
LONGEST_TEXT = 4000
Text = Annotated[str, Form(max_length=20_000)]


@router.post("/findings/{finding_id}/decide")
def decide(
    request: Request,
    finding_id: str,
    decision: Text = "",
    reason: Text = "",
    until: Text = "",
    owner: Text = "",
    due: Text = "",
    note: Text = "",
    reviewer: Text = "",
) -> Response:
    """Save a decision and go on to the next finding of the queue."""
    desk = desk_of(request)
    if desk.store.load_finding(finding_id) is None:
        return missing(request)
    given = {
        "decision": decision, "reason": reason, "until": until, "owner": owner, "due": due, "note": note,
        "reviewer": reviewer,
    }  # fmt: skip
    session = session_of(request.scope)
    try:
        review = review_of(finding_id, given, desk.settings.now(), desk.say(request))
    except UsageError as error:
        return show_finding(request, finding_id, wrong=error.what, given=given)
    desk.sessions.rename(session.key, review.reviewer)
    filters = Filters.read(request.query_params)
    following = _following(desk, finding_id, filters)
    with desk.shelf.writing():
        desk.store.save_review(review)
        _note(desk, finding_id)
    return away(f"/findings/{following or finding_id}{filters.write()}", done=finding_id)


@router.post("/findings/{finding_id}/undo")
def undo(request: Request, finding_id: str) -> Response:
    """Take back the last decision about a finding; it stays in the history."""
    desk = desk_of(request)
    session = session_of(request.scope)
    with desk.shelf.writing():
        desk.store.undo_review(finding_id, by=session.name, at=desk.settings.now())
        _note(desk, finding_id)
    return away(f"/findings/{finding_id}{Filters.read(request.query_params).write()}")


def review_of(finding_id: str, given: dict[str, str], now: datetime, say: Speech) -> Review:
    """Return the decision that a form holds; raise UsageError that says what it lacks."""
    values = {name: text.strip()[:LONGEST_TEXT] for name, text in given.items()}
    decision = next((known for known in DECISIONS if known == values["decision"]), None)
    if decision is None:
        raise UsageError(say.say("Choose one of the decisions."))
    if not values["reviewer"]:
        raise UsageError(say.say("Write your name, so that others can ask you."))
    if decision in ("dismissed", "accepted-until") and not values["reason"]:
        raise UsageError(say.say("Write the reason, so that others can follow it."))
    expires = _day(values["until"], say) if decision == "accepted-until" else None
    if decision == "accepted-until" and (expires is None or expires <= now):
        raise UsageError(say.say("Choose a day after today on which it is to be looked at again."))
    return Review(
        finding_id=finding_id,
        decision=decision,
        reason=values["reason"],
        reviewer=values["reviewer"],
        decided_at=now,
        expires_at=expires,
        owner=values["owner"],
        due=_day(values["due"], say),
        note=values["note"],
    )


def _note(desk: Desk, finding_id: str) -> None:
    """Put what now holds of a finding into the books."""
    finding = desk.store.load_finding(finding_id)
    if finding is not None:
        review = next(reversed(desk.store.load_reviews(finding_id)), None)
        desk.shelf.note(finding_id, view_review(review, finding, desk.settings.now()).state)


def _following(desk: Desk, finding_id: str, filters: Filters) -> str:
    rows = filters.select(desk.shelf.books())
    at = next((n for n, row in enumerate(rows) if row.id == finding_id), -1)
    return next((row.id for row in rows[at + 1 :] if row.id != finding_id), "")


def _day(text: str, say: Speech) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        raise UsageError(say.say("Write the day as year-month-day, such as 2027-01-31.")) from None
    return datetime.combine(day, time(23, 59), UTC)
