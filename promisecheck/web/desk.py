"""What the routes share: store, books, sessions, language, and how one finding is put together for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from starlette.requests import Request

from promisecheck.dossier import Books, name_causes, view_findings
from promisecheck.model import Review
from promisecheck.report import (
    FindingView,
    Line,
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
from promisecheck.store.cases import load_findings_by_id, load_promises_by_id
from promisecheck.web.filters import Filters
from promisecheck.web.imports import Uploads
from promisecheck.web.sessions import Sessions
from promisecheck.web.settings import DeskSettings
from promisecheck.web.shelf import Shelf

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
        found = load_findings_by_id(self.store, [finding_id])
        return next(iter(view_findings(self.store, found, self._common([finding_id]), say)), None)

    def brief(self, lines: Sequence[Line], say: Speech) -> list[FindingView]:
        """Return findings without their evidence, for lists."""
        ids = [line.id for line in lines]
        promises = load_promises_by_id(self.store, [line.promise_id for line in lines])
        material = replace(self._common(ids), promises=promises)
        found = [one for one in load_findings_by_id(self.store, ids) if one.promise_id in promises]
        return [view_finding(one, promises[one.promise_id], material, say) for one in found]

    def overview(self, filters: Filters, say: Speech) -> ReportView:
        """Return the first page of all companies or of one; only the most serious findings are in it."""
        books = self.shelf.books()
        lines = [line for line in books.lines if filters.company in ("", line.company_id)]
        companies = [item for item in books.companies if filters.company in ("", item.id)]
        return ReportView(
            language=say.language,
            generated_at=self.settings.now(),
            version="",
            companies=companies_of(companies, lines, books.coverage, books.spans, say),
            overview=self._overview(books, lines, filters, say),
            findings=self._ranked(lines[:RANKED], say),
        )

    def _ranked(self, lines: Sequence[Line], say: Speech) -> tuple[FindingView, ...]:
        """Return the first finding whole, because the first page says much of it, and the others in brief."""
        lead = self.finding(lines[0].id, say) if lines else None
        return (*([lead] if lead else []), *self.brief(lines[1:], say))

    def history(self, finding_id: str) -> list[tuple[Review, bool]]:
        """Return every decision about a finding, newest first, each with whether it still stands."""
        standing = self.store.load_reviews(finding_id)
        every = self.store.load_reviews(finding_id, withdrawn=True)
        return [(review, review in standing) for review in reversed(every)]

    def _overview(self, books: Books, lines: Sequence[Line], filters: Filters, say: Speech) -> Overview:
        return overview_of(
            lines,
            promises=sum(n for key, n in books.promises.items() if filters.company in ("", key)),
            causes=name_causes(books.causes.get(filters.company, ()), say),
            changes=changes_of(
                lines, books.steps, {k: at for k, at in books.since.items() if filters.company in ("", k)}
            ),
            say=say,
        )

    def _common(self, ids: Sequence[str]) -> Material:
        """Return what the findings with these ids are shown from, before any evidence."""
        books = self.shelf.books()
        lines = [line for key in ids if (line := books.line(key)) is not None]
        return Material(
            companies={company.id: company for company in books.companies},
            promises={},
            cases={},
            matches={},
            incidents={},
            places={},
            reviews=in_force(review for key in ids for review in self.store.load_reviews(key)),
            first_seen={line.id: line.first_seen for line in lines if line.first_seen},
            rules=self.shelf.rules,
            generated_at=self.settings.now(),
            since=books.since,
        )


def desk_of(request: Request) -> Desk:
    """Return the desk a request came to."""
    return cast(Desk, request.app.state.desk)
