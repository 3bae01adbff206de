"""What kill -9 costs a check: killed at random moments and started again, until it has ended.

Usage: python bench/kill_check.py [--kills 50] [--pages 240] [--latency 0.02] [--seed 1] [--verb check]
A check that was killed that often must end with the pages, promises and findings of one that was left alone, and
the server counts how often each page was asked for. Prints one line; exits 1 where anything differs, or where a
page was asked for more than once more.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sites import HEAD, PROMISES, TEXTS, Sites, serve

CONCLUDED = {
    "pages": "SELECT url, sha256, status FROM snapshots ORDER BY url, sha256",
    "addresses": "SELECT url, state, reason FROM frontier ORDER BY url",
    "promises": "SELECT id, quote, url, start, end, missed, withdrawn_at FROM promises ORDER BY id",
    "places": "SELECT promise_id, url, start, end FROM pages_promises ORDER BY promise_id, url, start",
    "findings": "SELECT id, promise_id, verdict, severity, broken, kept, relevant, rate, evidence, why FROM findings "
    "ORDER BY id",
}
# A kill comes after so many further requests at most, or, this often, at any moment of the time a check takes.
MOST_REQUESTS = 25
SHARE_AT_ANY_TIME = 0.3


class Tree(Sites):
    """Hold one site whose pages link to three further ones each, with a promise on every page."""

    @property
    def url(self) -> str:
        """Return the home page."""
        return f"http://{self.addresses[0]}/"

    def page(self, site: int, path: str) -> str:
        """Return a page's markup, or "" where there is none."""
        names = {"/": 0} | {f"/om-{_letters(n)}": n for n in range(1, self.pages)}
        if path not in names:
            return ""
        number, dice = names[path], random.Random(path)
        ahead = [n for n in range(3 * number + 1, 3 * number + 4) if n < self.pages]
        links = "".join(f'<a href="/om-{_letters(n)}">Om nummer {n}</a> ' for n in ahead)
        said = "".join(f"<p>{dice.choice(TEXTS)} Afsnit {n}, side {number}.</p>" for n in range(12))
        promise = dice.choice(PROMISES).format(n=dice.choice((1, 2, 3, 5, 24, 48)))
        return (
            f"{HEAD.format(title=f'Side {number}')}<h1>Side {number}</h1>{said}<p>{promise}</p>{links}"
            "<footer>Vi giver 30 dages fuld returret på alle varer.</footer></body></html>"
        )


def _letters(number: int) -> str:
    return "".join(chr(97 + number // power % 26) for power in (676, 26, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold what a check came to, and how long it took."""

    concluded: dict[str, list[tuple[object, ...]]]
    took: float = 0.0


class Program:
    """Start the check, or the crawl, of a site into one database."""

    def __init__(self, site: Tree, folder: Path, verb: str, pages: int) -> None:
        self.database, log = folder / "a.db", folder / "log.csv"
        rows = [
            f"S{n};0{1 + n % 9}-09-2026 09:00;Jeg ventede {2 + n % 6} dage på svar på min mail."
            for n in range(20)
        ]
        folder.mkdir()
        log.write_text("Nummer;Oprettet;Beskrivelse\n" + "\n".join(rows) + "\n", encoding="utf-8")
        self.command = [
            sys.executable, "-m", "promisecheck.cli", verb, site.url, "--db", str(self.database), "--delay", "0",
            "--max-pages", str(pages + 10), "--depth", "90", "--allow-private-network", "127.1.0.1",
        ]  # fmt: skip
        if verb == "check":
            self.command += ["--no-semantic", "--incidents", str(log)]

    def start(self) -> subprocess.Popen[bytes]:
        """Start it anew on what is in the database."""
        return subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self) -> Outcome:
        """Run it to its end and return what stands in the database."""
        began = time.monotonic()
        process = self.start()
        errors = process.communicate()[1].decode()
        if process.returncode not in (0, 1, 3):
            raise SystemExit(f"exit {process.returncode}: {errors[-800:]}")
        return Outcome(concluded=concluded(self.database), took=time.monotonic() - began)


def concluded(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a check concluded, without times and ids of runs."""
    with sqlite3.connect(database) as db:
        if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SystemExit("the database is damaged")
        return {name: db.execute(sql).fetchall() for name, sql in CONCLUDED.items()}


def is_done(database: Path, verb: str) -> bool:
    """Return whether the program has nothing left to do: what it does then is the next check."""
    if not database.exists():
        return False
    done = {
        "check": "SELECT count(*) FROM runs WHERE finished_at IS NOT NULL",
        "crawl": "SELECT count(*) > 0 AND sum(state IN ('queued', 'taken', 'late')) = 0 FROM frontier",
    }
    with sqlite3.connect(database) as db:
        try:
            return bool(db.execute(done[verb]).fetchone()[0])
        except sqlite3.OperationalError:
            return False


def kill(
    program: Program, site: Tree, verb: str, most: int, usual: float, dice: random.Random
) -> Counter[str]:
    """Kill the program at random moments until it is done or killed `most` times; say when the kills came."""
    kills: Counter[str] = Counter()
    while kills.total() < most:
        before = site.asked.total()
        process = program.start()
        wait_a_while(process, site, usual, dice)
        alive = process.poll() is None
        process.kill()
        process.communicate()
        if is_done(program.database, verb):
            return kills
        if alive:
            kills["while it crawled" if site.asked.total() > before else "before or after"] += 1
    return kills


def wait_a_while(process: subprocess.Popen[bytes], site: Tree, usual: float, dice: random.Random) -> None:
    """Wait for a few requests more and a moment, or for any time that the program may take."""
    began, enough = time.monotonic(), site.asked.total() + dice.randint(1, MOST_REQUESTS)
    until = dice.uniform(0.0, usual) if dice.random() < SHARE_AT_ANY_TIME else 2.0 * usual
    while process.poll() is None and time.monotonic() - began < until and site.asked.total() < enough:
        time.sleep(0.002)
    time.sleep(dice.uniform(0.0, 2.0 * site.latency))


@dataclass(slots=True)
class Tally:
    """Add up rounds: kills, requests for pages, those made once more, and what was wrong."""

    kills: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    requests: int = 0
    more: Counter[int] = field(default_factory=Counter)
    robots: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, site: Tree, alone: Outcome, killed: Outcome, kills: Counter[str]) -> None:
        """Count one round."""
        self.rounds += 1
        self.kills += kills
        pages = {path: count for (_, path), count in site.asked.items() if site.page(0, path)}
        self.requests += sum(pages.values())
        self.more += Counter(count - 1 for count in pages.values() if count > 1)
        self.robots += site.asked[0, "/robots.txt"]
        for name in CONCLUDED:
            if alone.concluded[name] != killed.concluded[name]:
                odd = sorted(map(str, set(alone.concluded[name]) ^ set(killed.concluded[name])))
                self.wrong.append(f"{name} differ: {json.dumps(odd[:4], ensure_ascii=False)}")

    def line(self, alone: Outcome) -> str:
        """Return the line that says it all."""
        sizes = ", ".join(
            f"{len(alone.concluded[name])} {name}" for name in ("pages", "promises", "findings")
        )
        return (
            f"{self.kills.total()} kills ({', '.join(f'{n} {when}' for when, n in self.kills.items())}) in "
            f"{self.rounds} checks: {'NOT ' if self.wrong else ''}the same {sizes} as left alone; "
            f"{self.more.total()} pages asked for more than once ({self.requests} requests for pages), "
            f"{max(self.more, default=0)} more for one page at most; robots.txt asked for {self.robots} times"
        )


def main() -> None:
    """Run it alone, run it killed, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument(
        "--longest", type=float, default=0.5, help="of the time that an undisturbed one takes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verb", choices=["check", "crawl"], default="check")
    given = parser.parse_args()
    tally, dice = Tally(), random.Random(given.seed)
    with (
        serve(1, pages=given.pages, latency=given.latency, of=Tree) as site,
        tempfile.TemporaryDirectory() as folder,
    ):
        alone = Program(site, Path(folder) / "alone", given.verb, given.pages).finish()
        while tally.kills.total() < given.kills:
            site.asked.clear()
            program = Program(site, Path(folder) / f"round{tally.rounds}", given.verb, given.pages)
            left = given.kills - tally.kills.total()
            kills = kill(program, site, given.verb, left, alone.took, dice)
            done = is_done(program.database, given.verb)
            killed = Outcome(concluded=concluded(program.database)) if done else program.finish()
            tally.add(site, alone, killed, kills)
            print(f"so far {tally.line(alone)}", file=sys.stderr, flush=True)
    for wrong in tally.wrong:
        print(wrong)
    print(tally.line(alone))
    raise SystemExit(bool(tally.wrong) or max(tally.more, default=0) > 1)


if __name__ == "__main__":
    main()
