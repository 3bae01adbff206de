"""The store's door: one SQLite file that holds everything a check has read, concluded and been told."""

from __future__ import annotations

from promisecheck.store.addresses import OTHER_LANGUAGE, AddressRows
from promisecheck.store.changes import Changes, PromiseEvent, Standing, absences, compare_promises
from promisecheck.store.datasette import metadata_path
from promisecheck.store.exports import Export, ExportRows
from promisecheck.store.findings import FindingSeen, FindingStep, ReviewRows
from promisecheck.store.frontier import FrontierRows, StoredFrontier
from promisecheck.store.merge import MergeRows
from promisecheck.store.progress import ProgressNotes, ProgressRows, RunProgress
from promisecheck.store.promises import Place, PromiseRows, Saved
from promisecheck.store.readings import ReadingRows
from promisecheck.store.redacted import REDACTED, RedactedRows
from promisecheck.store.search import SearchResult, SearchRows
from promisecheck.store.sites import PageRecord
from promisecheck.store.tables import TableRows, list_tables, read_table_rows
from promisecheck.store.upkeep import ErasureReceipt, Fault, Upkeep, blank_subject, examine

__all__ = [
    "OTHER_LANGUAGE",
    "REDACTED",
    "Changes",
    "ErasureReceipt",
    "Export",
    "Fault",
    "FindingSeen",
    "FindingStep",
    "PageRecord",
    "Place",
    "ProgressNotes",
    "PromiseEvent",
    "RunProgress",
    "Saved",
    "SearchResult",
    "Standing",
    "Store",
    "StoredFrontier",
    "TableRows",
    "absences",
    "blank_subject",
    "compare_promises",
    "examine",
    "list_tables",
    "metadata_path",
    "read_table_rows",
]


class Store(
    FrontierRows,
    PromiseRows,
    ReviewRows,
    ReadingRows,
    SearchRows,
    MergeRows,
    ExportRows,
    RedactedRows,
    ProgressRows,
    AddressRows,
    Upkeep,
):
    """Save, load and search everything in one SQLite file: `with Store.open(path) as store: …`."""
