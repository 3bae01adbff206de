"""Whether people can work while nights run: three reviewers write, backups are taken, nobody is locked out.

Run with: python bench/busy.py [--seconds 60] [--backups 20] [--companies 4]
Prints one line in all; exits 1 where a writer met an error, a review is lost, or a backup cannot be used.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

from nightly import write_config
from sites import Sites, serve

from promisecheck.errors import PromisecheckError
from promisecheck.model import Review
from promisecheck.store import Store

REVIEWERS = ("anna", "bo", "carl")
DATABASE = "promisecheck.db"


class Desk:
    """Hold what the writers did: reviews written, errors met, backups that can be used."""

    def __init__(self, database: Path, until: float) -> None:
        self.database, self.until = database, until
        self.written = self.nights = self.usable = 0
        self.errors: list[str] = []
        self._lock = Lock()
        with Store.open(database) as store:
            self._finding = store.load_findings()[0].id

    def review(self, name: str) -> None:
        """Write reviews until time is up."""
        with Store.open(self.database) as store:
            while time.monotonic() < self.until:
                store.save_review(Review(
                    finding_id=self._finding, decision="confirmed", reason="seen", reviewer=name,
                    decided_at=datetime.now(UTC),
                ))  # fmt: skip
                with self._lock:
                    self.written += 1
                time.sleep(0.02)

    def backup(self, folder: Path, count: int, every: float) -> None:
        """Take backups, and count those that are whole and hold the findings."""
        for n in range(count):
            with Store.open(self.database) as store:
                copy = store.backup(folder / f"copy-{n}.db")
            with sqlite3.connect(copy) as db:
                whole = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                self.usable += whole and db.execute("SELECT count(*) FROM findings").fetchone()[0] > 0
            time.sleep(every)

    def guarded(self, work: Callable[[], None]) -> Thread:
        """Return a running thread that notes what its work fails with."""

        def run() -> None:
            try:
                work()
            except (PromisecheckError, sqlite3.Error, OSError) as error:
                self.errors.append(repr(error))

        thread = Thread(target=run)
        thread.start()
        return thread


def main() -> None:
    """Let everybody work, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--backups", type=int, default=20)
    parser.add_argument("--companies", type=int, default=4)
    given = parser.parse_args()
    with serve(given.companies, pages=6) as sites, tempfile.TemporaryDirectory() as folder:
        raise SystemExit(work(sites, Path(folder), given))


def work(sites: Sites, folder: Path, given: argparse.Namespace) -> int:
    """Run nights while reviewers write and backups are taken; return the exit status."""
    write_config(sites, folder, 12)
    night(folder)
    desk = Desk(folder / DATABASE, time.monotonic() + given.seconds)
    threads = [desk.guarded(lambda name=name: desk.review(name)) for name in REVIEWERS]  # type: ignore[misc]
    every = given.seconds / given.backups / 2
    threads.append(desk.guarded(lambda: desk.backup(folder, given.backups, every)))
    while time.monotonic() < desk.until:
        sites.changed ^= {0}
        night(folder)
        desk.nights += 1
    for thread in threads:
        thread.join()
    with Store.open(folder / DATABASE) as store:
        kept = len(store.load_reviews())
    print(
        f"{given.seconds:.0f} s: {desk.nights} nights, {len(REVIEWERS)} reviewers wrote {desk.written} reviews "
        f"({kept} kept), {len(desk.errors)} errors, {desk.usable} of {given.backups} backups usable"
    )
    for error in desk.errors:
        print(error)
    return int(bool(desk.errors) or kept != desk.written or desk.usable != given.backups)


def night(folder: Path) -> None:
    """Run one night; end where it does not end well."""
    program = [sys.executable, "-m", "promisecheck.cli", "nightly", "--all", "--no-semantic", "--config"]
    done = subprocess.run(
        [*program, str(folder / "promisecheck.toml")], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit {done.returncode}: {done.stderr[-500:]}")


if __name__ == "__main__":
    main()
