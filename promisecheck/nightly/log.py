"""The log of a run, one JSON object a line: what ran when and how far it got, never what an incident says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import TextIO


class RunLog:
    """Write one line per event; safe to share between threads. With no stream it writes nothing."""

    def __init__(self, stream: TextIO | None, *, run_id: str, now: Callable[[], datetime]) -> None:
        self._stream = stream
        self._run_id = run_id
        self._now = now
        self._lock = Lock()
        self._stages: dict[str, str] = {}

    def write(
        self, event: str, *, company: str = "", stage: str = "", counts: Mapping[str, int | str] | None = None
    ) -> None:
        """Write one event with its counts."""
        if self._stream is None:
            return
        line = {"at": self._now().isoformat(), "run": self._run_id, "event": event}
        named = {"company": company, "stage": stage}
        text = json.dumps(
            {**line, **{k: v for k, v in named.items() if v}, **(counts or {})}, ensure_ascii=False
        )
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()

    def stage(self, company: str, stage: str) -> None:
        """Note that a company's check has come to a stage; the same stage again writes nothing."""
        if self._stages.get(company) != stage:
            self._stages[company] = stage
            self.write("stage", company=company, stage=stage)
