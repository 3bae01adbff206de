"""Full-text search in the words of promises and incidents; what a user types is never query syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from promisecheck.store.session import Session

SearchKind = Literal["promise", "incident"]
MOST_WORDS = 64
_WORD = re.compile(r"[^\W_]+")
_PROMISES = (
    "SELECT p.id, p.company_id, snippet(promises_fts, -1, '', '', '…', 24) AS excerpt, "
    "bm25(promises_fts) AS rank FROM promises_fts JOIN promises p ON p.rowid = promises_fts.rowid "
    "WHERE promises_fts MATCH ? AND (? IS NULL OR p.company_id = ?) ORDER BY rank, p.id LIMIT ?"
)
_INCIDENTS = (
    "SELECT i.id, i.company_id, snippet(incidents_fts, -1, '', '', '…', 24) AS excerpt, "
    "bm25(incidents_fts) AS rank FROM incidents_fts JOIN incidents i ON i.rowid = incidents_fts.rowid "
    "WHERE incidents_fts MATCH ? AND (? IS NULL OR i.company_id = ?) ORDER BY rank, i.id LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hold one promise or incident whose text has every word searched for; a lower rank is closer."""

    kind: SearchKind
    id: str
    company_id: str
    excerpt: str
    rank: float


class SearchRows(Session):
    """Search promises and incidents."""

    def search(
        self,
        query: str,
        *,
        company_id: str | None = None,
        kinds: tuple[SearchKind, ...] = ("promise", "incident"),
        limit: int = 50,
    ) -> list[SearchResult]:
        """Return what holds every word of the query, closest first; a query without words finds nothing."""
        phrase = fts_phrase(query)
        found: list[SearchResult] = []
        if not phrase:
            return found
        for kind in kinds:
            sql = _PROMISES if kind == "promise" else _INCIDENTS
            rows = self.select(sql, (phrase, company_id, company_id, max(0, limit)))
            found += [SearchResult(kind=kind, **row) for row in rows]
        return sorted(found, key=lambda result: (result.rank, result.id))[: max(0, limit)]


def fts_phrase(query: str) -> str:
    """Quote each word, so that operators, stars, colons and quotes lose their meaning."""
    words = _WORD.findall(query)[:MOST_WORDS]
    return " ".join(f'"{word}"' for word in words)
