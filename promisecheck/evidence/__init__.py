"""The door of the room: what was fetched and quoted → a record that anybody can check again without the site."""

from promisecheck.evidence.bundle import export_evidence, timestamp_evidence, verify_evidence
from promisecheck.evidence.ledger import Ledger, LedgerEntry, quote_entry, snapshot_entry
from promisecheck.evidence.link import deep_link
from promisecheck.evidence.timestamp import Timestamp, TimestampError
from promisecheck.evidence.verify import Problem, Verification, verify_ledger
from promisecheck.evidence.warc import read_warc, write_warc

__all__ = [
    "Ledger", "LedgerEntry", "Problem", "Timestamp", "TimestampError", "Verification", "deep_link", "export_evidence",
    "quote_entry", "read_warc", "snapshot_entry", "timestamp_evidence", "verify_evidence", "verify_ledger", "write_warc",
]  # fmt: skip
