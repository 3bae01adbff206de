"""What a power cut costs a night: kill -9 at random moments, and whether the next night ends as if nothing had happened.

Run with: python bench/kills.py [--kills 50] [--companies 4] [--pages 6] [--seed 20261124]
Every other night is a first one; the others follow a good night after which a site and a log changed. The night
after a kill must end with the findings, promises, incidents and news of a night that was left alone, on a
database that passes integrity_check. Prints one line a failure and one line in all; exits 1 where any failed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightly import write_config
from sites import Sites, serve

DATABASE = "promisecheck.db"
CONCLUSIONS = (
    "SELECT id, verdict, broken, kept, relevant, rate, evidence, why FROM findings ORDER BY id",
    "SELECT id, quote, url, missed, withdrawn_at IS NULL FROM promises ORDER BY id",
    "SELECT promise_id, event, previous_id FROM promise_history ORDER BY promise_id, at, event",
    "SELECT finding_id, verdict FROM finding_history ORDER BY finding_id, at",
    "SELECT id, summary, details FROM incidents ORDER BY id",
    "SELECT promise_id, evidence_id, outcome FROM matches ORDER BY promise_id, evidence_id",
)
CHANGED = 2
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Hold what a night that was left alone came to, and how many seconds it took."""

    conclusions: list[Any]
    news: list[Any]
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """Say in which stage a night was killed, and what was wrong with the next one."""

    stage: str
    wrong: tuple[str, ...]


def main() -> None:
    """Kill nights, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--companies", type=int, default=4)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--incidents", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="Print a line a kill.")
    given = parser.parse_args()
    # Whoever limits its time sees what came of the kills until then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, dice = time.monotonic(), random.Random(given.seed)
    with serve(given.companies, pages=given.pages) as sites, tempfile.TemporaryDirectory() as folder:
        scenes = [
            Scene(sites, Path(folder) / name, given, later=name == "later") for name in ("first", "later")
        ]
        killed: list[Killed] = []
        try:
            for n in range(given.kills):
                killed.append(scenes[n % 2].kill(dice))
                for wrong in killed[-1].wrong:
                    print(f"kill {n + 1} ({killed[-1].stage}): {wrong}", flush=True)
                if given.verbose:
                    print(f"kill {n + 1} ({killed[-1].stage})", flush=True)
        except KeyboardInterrupt:
            print("interrupted; so far:", flush=True)
    print(summary(killed, time.monotonic() - began))
    raise SystemExit(any(one.wrong for one in killed))


class Scene:
    """Hold one kind of night: the folder it starts from, and what it comes to when it is left alone."""

    def __init__(self, sites: Sites, folder: Path, given: argparse.Namespace, *, later: bool) -> None:
        self._sites, self._start, self._work = sites, folder, folder.with_name(f"{folder.name}-work")
        self._changed = set(range(CHANGED)) if later else set[int]()
        self._flags = ["--semantic" if given.semantic else "--no-semantic"]
        folder.mkdir()
        sites.changed = set()
        write_config(sites, folder, given.incidents)
        if later:
            self._night(folder)
            with (folder / "log-0.csv").open("a", encoding="utf-8") as log:
                log.write("S-new;29-09-2026 09:00;09-10-2026 09:00;Mail;Jeg ventede ti dage på svar.\n")
        self._expected = self._left_alone()

    def kill(self, dice: random.Random) -> Killed:
        """Kill one night at a random moment and compare the next one with a night that was left alone."""
        while True:
            self._begin()
            log = self._work / "killed.jsonl"
            running = self._start_night(self._work, "--log-json", str(log))
            time.sleep(dice.uniform(0.0, self._expected.took))
            alive = running.poll() is None
            running.kill()
            running.communicate()
            if alive:
                return self._after(_stage(log), _already_told(self._work / DATABASE))

    def _after(self, stage: str, told: bool) -> Killed:
        try:
            news, _ = self._night(self._work)
            conclusions = concluded(self._work / DATABASE)
        except (RuntimeError, sqlite3.Error) as error:
            return Killed(stage=stage, wrong=(str(error),))
        same = zip(CONCLUSIONS, conclusions, self._expected.conclusions, strict=True)
        wrong = [
            f"other rows: {sql}: {_other(mine, expected)}" for sql, mine, expected in same if mine != expected
        ]
        # Who was told before the kill need not be told again, and is not told anything else.
        if news != self._expected.news and not (told and news == []):
            wrong.append(f"other news: {news}")
        return Killed(stage=stage, wrong=tuple(wrong))

    def _left_alone(self) -> Ended:
        self._begin()
        began = time.monotonic()
        news, code = self._night(self._work)
        if code not in (0, 1):
            raise SystemExit(f"exit {code}")
        took = time.monotonic() - began
        return Ended(conclusions=concluded(self._work / DATABASE), news=news, took=took)

    def _begin(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._start, self._work)
        self._sites.changed = self._changed

    def _night(self, folder: Path) -> tuple[list[Any], int]:
        running = self._start_night(folder)
        out, err = running.communicate()
        if running.returncode not in (0, 1):
            raise RuntimeError(f"exit {running.returncode}: {err[-500:]}")
        news = json.loads(out)["data"]["news"]
        return sorted(map(_plain, news)), running.returncode

    def _start_night(self, folder: Path, *more: str) -> subprocess.Popen[str]:
        program = [sys.executable, "-m", "promisecheck.cli", "nightly", "--all", "--json", "--config"]
        return subprocess.Popen(
            [*program, str(folder / "promisecheck.toml"), *self._flags, *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def concluded(database: Path) -> list[Any]:
    """Return all that a night concluded; raise RuntimeError where the database is not whole."""
    with sqlite3.connect(database) as db:
        (check,) = db.execute("PRAGMA integrity_check").fetchone()
        if check != "ok":
            raise RuntimeError(f"integrity_check: {check}")
        running = db.execute("SELECT count(*) FROM runs WHERE status = 'running'").fetchone()[0]
        if running:
            raise RuntimeError(f"{running} runs were never closed")
        # Reasons name the day on which a page was first read, and a run may go past midnight.
        return [[_DAY.sub("DAY", repr(row)) for row in db.execute(sql)] for sql in CONCLUSIONS]


def _other(mine: list[str], expected: list[str]) -> str:
    """Return the rows that only one of the two has."""
    return f"{sorted({*mine} - {*expected})} for {sorted({*expected} - {*mine})}"[:500]


def _plain(news: dict[str, Any]) -> tuple[str, ...]:
    """Return what a piece of news says, without times and ids of runs."""
    promise, before, finding = news["promise"] or {}, news["before"] or {}, news["finding"] or {}
    return (
        news["company_id"], news["change"], promise.get("quote", ""), before.get("quote", ""),
        finding.get("verdict", ""), news["reason"],
    )  # fmt: skip


def _stage(log: Path) -> str:
    """Return the stage that was written last before the kill."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    events = [json.loads(line) for line in lines if line.endswith("}")]
    if not events:
        return "start"
    last = events[-1]
    return str(last.get("stage") if last["event"] == "stage" else f"{last['event']} {last.get('stage', '')}")


def _already_told(database: Path) -> bool:
    if not database.exists():
        return False
    with sqlite3.connect(database) as db:
        try:
            newest = db.execute(
                "SELECT counts FROM runs WHERE kind = 'night' ORDER BY started_at DESC"
            ).fetchone()
        except sqlite3.Error:
            return False
    return bool(newest and json.loads(newest[0] or "{}").get("told"))


def summary(killed: Sequence[Killed], took: float) -> str:
    """Return the one line that says it all."""
    stages = ", ".join(
        f"{stage} {count}" for stage, count in Counter(one.stage for one in killed).most_common()
    )
    good = sum(not one.wrong for one in killed)
    return (
        f"{len(killed)} kills (in: {stages}): {good} of {len(killed)} nights after ended with the same findings, "
        f"promises, incidents and news on a whole database; {took:.0f} s"
    )  # fmt: skip


if __name__ == "__main__":
    main()
