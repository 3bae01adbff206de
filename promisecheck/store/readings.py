"""Readings of the trained heads, kept by the hash of what was read: nothing is read twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from promisecheck.store.codec import builder_of, to_json
from promisecheck.store.session import CHUNK, Session

Value = TypeVar("Value")


class ReadingRows(Session):
    """Keep JSON values by version (of the weights), kind (sentence, passage, pair …) and content hash."""

    def get_readings(self, version: str, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """Return the readings that are kept of these keys."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            marks = ",".join("?" * len(some))
            sql = f"SELECT key, value FROM readings WHERE version = ? AND kind = ? AND key IN ({marks})"
            for row in self.select(sql, (version, kind, *some)):
                found[row["key"]] = json.loads(row["value"])
        return found

    def get_values(
        self, version: str, kind: str, keys: Iterable[str], made_of: type[Value]
    ) -> dict[str, Value]:
        """Return what `put_readings` kept of dataclass values, as values again."""
        hint: Any = made_of
        build = builder_of(hint)
        return {key: build(data) for key, data in self.get_readings(version, kind, keys).items()}

    def put_readings(self, version: str, kind: str, readings: Mapping[str, Any]) -> None:
        """Keep readings, in one transaction."""
        rows = [
            {"version": version, "kind": kind, "key": key, "value": to_json(value)}
            for key, value in readings.items()
        ]
        self.put("readings", rows)

    def keep_readings(self, version: str, kind: str, keys: Iterable[str]) -> int:
        """Drop the readings of this version and kind that are not among the keys, and return how many there were."""
        sql = "DELETE FROM readings WHERE version = ? AND kind = ? AND key NOT IN (SELECT value FROM json_each(?))"
        with self.writing():
            return self.run(sql, (version, kind, json.dumps(list(keys))))

    def drop_readings(self, *, keep_version: str) -> int:
        """Drop the readings of every other version of the weights and return how many there were."""
        with self.writing():
            return self.run("DELETE FROM readings WHERE version <> ?", (keep_version,))
