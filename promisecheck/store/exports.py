"""Which files were written from this database, so that an erasure can follow what it removes into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from promisecheck.store.codec import from_row, to_row
from promisecheck.store.session import Session

DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Hold one file written: a report in a format and language over some companies (none: all), or a database."""

    path: str
    format: str
    language: str = "en"
    company_ids: tuple[str, ...] = ()
    written_at: datetime


class ExportRows(Session):
    """Note files written, and name them."""

    def note_exports(
        self, paths: Sequence[str | Path], *, format: str, at: datetime, language: str = "en",
        company_ids: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Note that files were written; the same file again is one row."""
        rows = [
            Export(path=str(Path(path).resolve()), format=format, language=language,
                   company_ids=tuple(company_ids), written_at=at)
            for path in paths
        ]  # fmt: skip
        self.put("exports", [to_row(row) for row in rows])

    def load_exports(self) -> list[Export]:
        """Return every file written, by path."""
        return [from_row(Export, row) for row in self.select("SELECT * FROM exports ORDER BY path")]
