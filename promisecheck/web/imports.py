"""Incident files brought in through the browser: kept for a while, previewed, then imported or dropped."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock

from promisecheck.clock import WorkCalendar
from promisecheck.errors import IncidentFileError, UsageError
from promisecheck.incidents import IncidentFile, RowProblem
from promisecheck.incidents.columns import FIELDS
from promisecheck.incidents.formats import open_table
from promisecheck.model import Incident
from promisecheck.sources import open_source

SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".json", ".xlsx")
MOST_UPLOADS = 20
SHOWN_ROWS = 8
_ODD = re.compile(r"[^\w .()+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Hold a file that was sent and not yet imported; only the session that sent it may go on with it."""

    key: str
    session: str
    company_id: str
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Hold how a file would be read: columns with the field each stands for, first rows, what is wrong.

    `refused` says why no row of it can be read as it is.
    """

    name: str
    mapping: Mapping[str, str]
    columns: tuple[str, ...]
    decisions: tuple[str, ...]
    incidents: tuple[Incident, ...]
    problems: tuple[RowProblem, ...]
    fields: tuple[str, ...] = FIELDS
    refused: UsageError | None = None


@dataclass(slots=True)
class Uploads:
    """Keep files that were sent, in a folder of their own that goes away with the desk."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="promisecheck-")))
    _kept: dict[str, Upload] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, *, session: str, company_id: str, name: str, data: bytes) -> Upload:
        """Keep a file under its own plain name; raise UsageError for a kind that is not read."""
        plain = plain_name(name)
        if Path(plain).suffix.lower() not in SUFFIXES:
            raise UsageError(
                "not a kind of file that is read here", where=plain, do=f"send one of: {', '.join(SUFFIXES)}"
            )
        if not data:
            raise UsageError("the file is empty", where=plain, do="export the incidents again")
        key = secrets.token_hex(16)
        place = self.folder / key
        place.mkdir(mode=0o700)
        file = place / plain
        file.write_bytes(data)
        upload = Upload(key=key, session=session, company_id=company_id, file=file)
        with self._lock:
            self._kept[key] = upload
            old = list(self._kept)[:-MOST_UPLOADS]
        for other in old:
            self.drop(other)
        return upload

    def get(self, key: str, session: str) -> Upload | None:
        """Return a file this session has sent, or None."""
        upload = self._kept.get(key)
        return upload if upload is not None and upload.session == session else None

    def drop(self, key: str) -> None:
        """Forget a file."""
        with self._lock:
            upload = self._kept.pop(key, None)
        if upload is not None:
            shutil.rmtree(upload.file.parent, ignore_errors=True)

    def close(self) -> None:
        """Remove every file that is left."""
        shutil.rmtree(self.folder, ignore_errors=True)


def preview(
    upload: Upload, mapping: Mapping[str, str], *, timezone: str, calendar: WorkCalendar | None
) -> Preview:
    """Read the first rows of a file as an import would; raise UsageError where it holds no table.

    Where its columns do not tell what they mean, they are there for someone to say it.
    """
    try:
        opened: IncidentFile = open_source(
            upload.file, company_id=upload.company_id, mapping=mapping, timezone=timezone, calendar=calendar
        )
        first = tuple(islice(opened, SHOWN_ROWS))
    except IncidentFileError as error:
        return _unread(upload, mapping, error)
    known = tuple(dict.fromkeys((*FIELDS, *(name for name in opened.mapping.values() if name))))
    return Preview(
        name=upload.file.name,
        mapping=opened.mapping,
        columns=tuple(opened.columns),
        decisions=tuple(opened.decisions),
        incidents=first,
        problems=tuple(opened.problems),
        fields=known,
    )


def _unread(upload: Upload, mapping: Mapping[str, str], error: IncidentFileError) -> Preview:
    columns = open_table(upload.file).columns
    return Preview(
        name=upload.file.name, mapping=mapping, columns=columns, decisions=(), incidents=(), problems=(), refused=error
    )  # fmt: skip


def plain_name(name: str) -> str:
    """Return the last part of a file name without anything a path could hold."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return _ODD.sub("_", last).strip(" .")[:120] or "incidents"
