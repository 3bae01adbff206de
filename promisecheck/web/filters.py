"""What the queue is narrowed to: read from the address, and written back into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from promisecheck.dossier import Books
from promisecheck.model import fold
from promisecheck.report import Line

ORDERS = ("severity", "newest", "company")
SEVERITIES = (1, 5, 20, 100)
CHECKED = "checked"
TOLD = ("contradicted", "at-risk", "kept")
STANDING = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Hold the queue's filters; an empty one lets everything through. `q` is looked for in the quote.

    The verdict `checked` is any that was come to, the state `standing` all but dismissed: what the overview counts.
    """

    company: str = ""
    theme: str = ""
    stage: str = ""
    verdict: str = ""
    state: str = ""
    party: str = ""
    cause: str = ""
    severity: str = ""
    new: str = ""
    q: str = ""
    order: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Return the filters of an address; what is no filter, or no number, is left aside."""
        texts = {name: query.get(name, "")[:200].strip() for name in _TEXTS}
        number = query.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
        return cls(**texts, page=max(1, page))

    def write(self, **changes: Any) -> str:
        """Return the filters as a query string with its question mark, "" where nothing is filtered."""
        values = asdict(replace(self, **changes))
        given = {
            name: value for name, value in values.items() if value and not (name == "page" and value == 1)
        }
        return f"?{urlencode(given)}" if given else ""

    @property
    def least_severity(self) -> float:
        """Return the severity from which a finding is shown; what is no number asks for nothing."""
        try:
            return float(self.severity or 0)
        except ValueError:
            return 0.0

    @property
    def narrowed(self) -> bool:
        """Return whether anything is filtered."""
        return self != Filters(order=self.order, page=self.page)

    def select(self, books: Books) -> list[Line]:
        """Return the lines that pass, in the order asked for."""
        cause = self._against(books)
        lines = [line for line in books.lines if self._passes(line, cause)]
        if self.order == "newest":
            lines.sort(key=lambda line: line.first_seen.timestamp() if line.first_seen else 0.0, reverse=True)
        elif self.order == "company":
            lines.sort(key=lambda line: line.company_id)
        return lines

    def _passes(self, line: Line, cause: frozenset[str]) -> bool:
        return (
            self.company in ("", line.company_id)
            and self.theme in ("", line.theme)
            and self.stage in ("", line.stage)
            and (self.verdict in ("", line.verdict) or (self.verdict == CHECKED and line.verdict in TOLD))
            and (self.state in ("", line.state) or (self.state == STANDING and line.state != "dismissed"))
            and line.severity >= self.least_severity
            and (not self.new or line.is_new)
            and (not self.party or self.party in line.parties)
            and (not self.q or fold(self.q) in line.folded)
            and (not self.cause or line.id in cause)
        )

    def _against(self, books: Books) -> frozenset[str]:
        named = (item.finding_ids for item in books.causes.get(self.company, ()) if item.key == self.cause)
        return frozenset(next(named, ()))


_TEXTS = ("company", "theme", "stage", "verdict", "state", "party", "cause", "severity", "new", "q", "order")
