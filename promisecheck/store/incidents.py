"""Incidents, what their passages say, and how a source's columns were read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice

from promisecheck.model import Incident, Signal
from promisecheck.store.codec import Row, from_row, time_text, to_json, to_row
from promisecheck.store.promises import Saved
from promisecheck.store.session import CHUNK, Session


class IncidentRows(Session):
    """Save and load incidents, signals and column mappings."""

    def save_incidents(self, incidents: Iterable[Incident]) -> Saved:
        """Save incidents by id, in batches of one transaction each, and count what that changed.

        An incident given twice keeps its last form; one that was erased does not come back.
        """
        new = updated = unchanged = 0
        remaining = iter(incidents)
        while batch := list(islice(remaining, CHUNK)):
            rows = {incident.id: {"id": incident.id, **to_row(incident)} for incident in batch}
            with self.writing():
                for key in self._erased(list(rows)):
                    del rows[key]
                known = self._known("incidents", list(rows))
                changed = [row for key, row in rows.items() if known.get(key) != row]
                self.put("incidents", changed)
            fresh = sum(row["id"] not in known for row in changed)
            new, updated = new + fresh, updated + len(changed) - fresh
            unchanged += len(rows) - len(changed)
        return Saved(new=new, updated=updated, unchanged=unchanged)

    def load_incidents(
        self, company_id: str | None = None, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[Incident]:
        """Return a company's incidents, oldest first; those without a date come first of all."""
        return list(self.iter_incidents(company_id, since=since, until=until))

    def iter_incidents(
        self, company_id: str | None = None, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Incident]:
        """Yield what `load_incidents` returns, in constant memory; `since` ≤ occurred_at < `until`.

        Where a limit is given, incidents without a date are left out.
        """
        sql = (
            "SELECT * FROM incidents WHERE (:company IS NULL OR company_id = :company) "
            "AND (:since IS NULL OR occurred_at >= :since) AND (:until IS NULL OR occurred_at < :until) "
            "ORDER BY company_id, occurred_at, id"
        )
        given = {
            "company": company_id,
            "since": time_text(since) if since else None,
            "until": time_text(until) if until else None,
        }
        for row in self.select(sql, given):
            yield from_row(Incident, row)

    def incidents_hash(self, company_id: str) -> str:
        """Return a hash of all that is stored of a company's incidents, whatever order they came in."""
        sql = "SELECT * FROM incidents WHERE company_id = ? ORDER BY id"
        digest = sha256()
        for row in self.select(sql, (company_id,)):
            digest.update(repr(tuple(row.values())).encode("utf-8", "replace"))
        return digest.hexdigest()

    def load_incident(self, incident_id: str) -> Incident | None:
        """Return one incident, or None."""
        rows = self.select("SELECT * FROM incidents WHERE id = ?", (incident_id,))
        return next((from_row(Incident, row) for row in rows), None)

    def load_incidents_by_id(self, ids: Sequence[str]) -> dict[str, Incident]:
        """Return the incidents with these ids that are there."""
        return {key: from_row(Incident, row) for key, row in self._known("incidents", ids).items()}

    def save_signals(self, incident_id: str, signals: Sequence[Signal]) -> None:
        """Replace what is kept of what this incident says."""
        rows = [{"incident_id": incident_id, "n": n, **to_row(signal)} for n, signal in enumerate(signals)]
        with self.writing():
            self.run("DELETE FROM signals WHERE incident_id = ?", (incident_id,))
            self.put("signals", rows)

    def load_signals(self, incident_id: str) -> list[Signal]:
        """Return what the incident says, in the order it was saved."""
        rows = self.select("SELECT * FROM signals WHERE incident_id = ? ORDER BY n", (incident_id,))
        return [from_row(Signal, row) for row in rows]

    def save_mapping(self, company_id: str, source: str, mapping: Mapping[str, str], *, at: datetime) -> None:
        """Keep how the columns of a source were read, for its next import."""
        row = {
            "company_id": company_id,
            "source": source,
            "mapping": to_json(mapping),
            "saved_at": time_text(at),
        }
        self.put("mappings", [row])

    def load_mapping(self, company_id: str, source: str) -> dict[str, str]:
        """Return how the columns of a source were last read, empty where it is new."""
        sql = "SELECT mapping FROM mappings WHERE company_id = ? AND source = ?"
        row = next(self.select(sql, (company_id, source)), None)
        return dict(json.loads(row["mapping"])) if row else {}

    def _erased(self, ids: Sequence[str]) -> list[str]:
        marks = ",".join("?" * len(ids))
        return [row["id"] for row in self.select(f"SELECT id FROM erased WHERE id IN ({marks})", ids)]

    def _known(self, table: str, ids: Sequence[str]) -> dict[str, Row]:
        known: dict[str, Row] = {}
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            marks = ",".join("?" * len(some))
            for row in self.select(f"SELECT * FROM {table} WHERE id IN ({marks})", some):
                known[row["id"]] = row
        return known
