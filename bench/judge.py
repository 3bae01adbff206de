"""Time judging with the encoder: incidents of written passages against promises of written pages.

    python bench/judge.py [--incidents 10000] [--promises 300]

An incident is one to four passages drawn from corpora/train/incidents, so that many texts differ and some passages
come again, as in a real log; the promises are drawn from corpora/train/pages. Prints wall and CPU time, how many
pairs the encoder was asked, and memory.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from promisecheck.clock import WorkCalendar
from promisecheck.match import match
from promisecheck.model import Incident, Promise
from promisecheck.promises import open_reader
from promisecheck.text import SentenceContext

CORPORA = Path(__file__).parents[1] / "corpora" / "train"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--promises", type=int, default=300)
    args = parser.parse_args()
    chance = random.Random(1)
    incidents, promises = draw_incidents(args.incidents, chance), draw_promises(args.promises, chance)
    readings = open_reader(semantic=True).readings
    readings.read_sentences([SentenceContext(text="Vi svarer.")])
    wall, cpu = time.perf_counter(), time.process_time()
    matches = match(promises, incidents, readings=readings, calendar=WorkCalendar(country="DK"), now=NOW)
    found = sum(1 for _ in matches)
    print(
        f"{len(incidents)} incidents x {len(promises)} promises: {time.perf_counter() - wall:.0f} s wall, "
        f"{time.process_time() - cpu:.0f} s CPU; {found} matches; the encoder was asked {matches.asked} pairs; "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB"
    )


def draw_incidents(count: int, chance: random.Random) -> list[Incident]:
    passages = [
        (row["language"], row["text"][part["start"] : part["end"]])
        for row in rows("incidents")
        for part in row["passages"]
    ]
    by_language: dict[str, list[str]] = {}
    for language, text in passages:
        by_language.setdefault(language, []).append(text)
    made = []
    for n in range(count):
        language = chance.choice(sorted(by_language))
        opened = NOW - timedelta(hours=chance.randint(24, 9000))
        made.append(
            Incident(
                company_id="bench", source="log", external_id=str(n), occurred_at=opened, language=language,
                closed_at=opened + timedelta(hours=30),
                details=" ".join(chance.choices(by_language[language], k=chance.randint(1, 4))),
            )
        )  # fmt: skip
    return made


def draw_promises(count: int, chance: random.Random) -> list[Promise]:
    stated = [row for row in rows("pages") if row["is_promise"]]
    return [
        Promise(
            company_id="bench", theme=row["theme"], kind=row["kind"], url="https://bench.example/",
            language=row["language"], quote=row["text"], start=0, end=len(row["text"]),
        )
        for row in chance.sample(stated, count)
    ]  # fmt: skip


def rows(folder: str) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted((CORPORA / folder).glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


if __name__ == "__main__":
    main()
