"""What the routes share: store, books, sessions, language, and how one finding is put together for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from starlette.requests import Request

from promisecheck.model import Finding, Promise, Review
from promisecheck.report import (
    CauseView,
    FindingView,
    Material,
    Overview,
    ReportView,
    Speech,
    changes_of,
    companies_of,
    in_force,
    overview_of,
    pick_language,
    speech,
    view_finding,
)
from promisecheck.store import Store
from promisecheck.web.filters import Filters
from promisecheck.web.imports import Uploads
from promisecheck.web.rows import Row
from promisecheck.web.sessions import Sessions
from promisecheck.web.settings import DeskSettings
from promisecheck.web.shelf import Books, Shelf

LANGUAGE_COOKIE = "promisecheck_language"
RANKED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Hold what every route needs."""

    store: Store
    settings: DeskSettings
    sessions: Sessions
    shelf: Shelf
    uploads: Uploads

    def language(self, request: Request) -> str:
        """Return the language chosen by hand, by the settings, or by the browser; English otherwise."""
        chosen = [request.cookies.get(LANGUAGE_COOKIE, ""), self.settings.language]
        accepted = [
            part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")
        ]
        return pick_language([*chosen, *accepted]) or "en"

    def say(self, request: Request) -> Speech:
        """Return the speech of the request's language."""
        return speech(self.language(request))

    def finding(self, finding_id: str, say: Speech) -> FindingView | None:
        """Return all that is shown of one finding, or None."""
        finding = self.store.load_finding(finding_id)
        promise = self.store.load_promise(finding.promise_id) if finding else None
        if finding is None or promise is None:
            return None
        return view_finding(finding, promise, self.material(finding, promise), say)

    def brief(self, rows: Sequence[Row], say: Speech) -> list[FindingView]:
        """Return findings without their evidence, for lists."""
        books = self.shelf.books()
        shown = []
        for row in rows:
            finding, promise = self.store.load_finding(row.id), self.store.load_promise(row.promise_id)
            if finding is not None and promise is not None:
                shown.append(view_finding(finding, promise, self._bare(finding, promise, books), say))
        return shown

    def material(self, finding: Finding, promise: Promise) -> Material:
        """Return what one finding's page is built from."""
        matches = self.store.load_matches(promise_id=promise.id)
        wanted = {match.evidence_id for match in matches if match.evidence_kind != "site"}
        left_out = {key for item in finding.excluded for key in item.evidence_ids}
        return replace(
            self._bare(finding, promise, self.shelf.books()),
            matches={promise.id: matches},
            incidents=self.store.load_incidents_by_id(sorted(wanted | left_out)),
            places={promise.id: self.store.load_places(promise.id)},
        )

    def overview(self, filters: Filters, say: Speech) -> ReportView:
        """Return the first page of all companies or of one; only the most serious findings are in it."""
        books = self.shelf.books()
        rows = [row for row in books.rows if filters.company in ("", row.company_id)]
        companies = [item for item in books.companies if filters.company in ("", item.id)]
        return ReportView(
            language=say.language,
            generated_at=self.settings.now(),
            version="",
            companies=companies_of(companies, rows, books.coverage, books.spans, say),
            overview=self._overview(books, rows, filters, say),
            findings=self._ranked([row for row in rows if row.state != "dismissed"][:RANKED], say),
        )

    def _ranked(self, rows: Sequence[Row], say: Speech) -> tuple[FindingView, ...]:
        """Return the first finding whole, because the first page says much of it, and the others in brief."""
        lead = self.finding(rows[0].id, say) if rows else None
        return (*([lead] if lead else []), *self.brief(rows[1:], say))

    def history(self, finding_id: str) -> list[tuple[Review, bool]]:
        """Return every decision about a finding, newest first, each with whether it still stands."""
        standing = self.store.load_reviews(finding_id)
        every = self.store.load_reviews(finding_id, withdrawn=True)
        return [(review, review in standing) for review in reversed(every)]

    def _overview(self, books: Books, rows: Sequence[Row], filters: Filters, say: Speech) -> Overview:
        since = {key: at for key, at in books.since.items() if filters.company in ("", key)}
        moved = [row for row in rows if row.is_new or row.company_id in since]
        steps = {row.id: self.store.load_steps(row.id) for row in moved} if since else {}
        counted = sum(n for key, n in books.promises.items() if filters.company in ("", key))
        return overview_of(
            rows,
            promises=counted,
            causes=_labelled(books.causes.get(filters.company, ()), say),
            changes=changes_of(rows, steps, since),
            say=say,
        )

    def _bare(self, finding: Finding, promise: Promise, books: Books) -> Material:
        row = books.row(finding.id)
        return Material(
            companies={company.id: company for company in books.companies},
            promises={promise.id: promise},
            matches={},
            incidents={},
            places={},
            reviews=in_force(self.store.load_reviews(finding.id)),
            first_seen={row.id: row.first_seen} if row and row.first_seen else {},
            rules=self.shelf.rules,
            generated_at=self.settings.now(),
            since=books.since,
        )


def desk_of(request: Request) -> Desk:
    """Return the desk a request came to."""
    return cast(Desk, request.app.state.desk)


def _labelled(causes: Sequence[CauseView], say: Speech) -> tuple[CauseView, ...]:
    return tuple(replace(cause, label=say.label("code", cause.key)) for cause in causes)
