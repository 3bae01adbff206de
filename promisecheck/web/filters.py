"""What the queue is narrowed to: read from the address, and written back into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

ORDERS = ("severity", "newest", "company")
SEVERITIES = (1, 5, 20, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Hold the queue's filters; an empty one lets everything through. `q` is looked for in the quote."""

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


_TEXTS = ("company", "theme", "stage", "verdict", "state", "party", "cause", "severity", "new", "q", "order")
