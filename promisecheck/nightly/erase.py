"""Erasing a person: from the database, and from every file that was written from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from promisecheck.dossier import load_view
from promisecheck.errors import PromisecheckError
from promisecheck.incidents import SHAREABLE_FACTS, redact_text
from promisecheck.report import write_report
from promisecheck.store import REDACTED, Export, Store
from promisecheck.store.exports import DATABASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Say what an erasure did, without a word of whom: not even a hash, which a short key would not withstand."""

    number: str
    erased_at: datetime
    incidents: int
    matches: int
    findings_touched: int
    cells_overwritten: int
    files_rewritten: tuple[str, ...]
    files_not_there: tuple[str, ...] = ()
    files_failed: tuple[str, ...] = ()


def erase_subject(database: Path, key: str, *, now: datetime, number: str) -> Receipt:
    """Remove every trace of `key` from a database and from the reports, backups and shards made of it."""
    with Store.open(database, create=False) as store:
        erased = store.erase_subject(key, now=now)
        exports = store.load_exports()
        rewritten, missing, failed = [], [], []
        for export in exports:
            if not Path(export.path).exists():
                missing.append(export.path)
                continue
            try:
                _rewrite(store, export, key, now)
                rewritten.append(export.path)
            except (PromisecheckError, OSError):
                failed.append(export.path)
    return Receipt(
        number=number, erased_at=now, incidents=erased.incidents, matches=erased.matches,
        findings_touched=erased.findings_touched, cells_overwritten=erased.cells_overwritten,
        files_rewritten=tuple(rewritten), files_not_there=tuple(missing), files_failed=tuple(failed),
    )  # fmt: skip


def _rewrite(store: Store, export: Export, key: str, now: datetime) -> None:
    if export.format == DATABASE:
        with Store.open(export.path, create=False) as other:
            other.erase_subject(key, now=now)
        return
    ids = list(export.company_ids) or None
    if export.format == REDACTED:
        company_id = ids[0] if ids else None
        store.write_redacted(
            export.path, redact=redact_text, facts=SHAREABLE_FACTS, company_id=company_id, replace=True
        )
        return
    view = load_view(store, company_ids=ids, language=export.language, now=now)
    write_report(view, export.format, export.path)


def blank_file(path: Path, found: Callable[[str], str]) -> bool:
    """Rewrite a text file through `found` where that changes it, and return whether it did."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    changed = found(text)
    if changed != text:
        path.write_text(changed, encoding="utf-8")
    return changed != text
