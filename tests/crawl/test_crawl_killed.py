"""A crawl that is killed, again and again, ends with what an undisturbed one ends with."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from promisecheck.store import Store

CRAWL = """
import sys
from promisecheck.crawl import Crawl, CrawlSettings, Entry
from promisecheck.model import Company
from promisecheck.store import Store

url, db = sys.argv[1:]
settings = CrawlSettings(delay=0.0, max_pages=100, max_depth=99, allow_private_networks=("127.0.0.1",))
with Store.open(db) as store:
    print("begun", flush=True)
    frontier = store.frontier("c", Entry)
    for _ in Crawl(Company(id="c", name="C", home_url=url), settings, frontier=frontier):
        pass
"""
PAGES = 40


def _pages():
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"/side-{letters[n // 26]}{letters[n % 26]}-om" for n in range(PAGES)]
    links = {"/": names[:3], **{name: names[n + 1 : n + 4] for n, name in enumerate(names)}}
    return {
        path: "".join(f"<a href={to}>Om</a>" for to in targets) + f"<p>Vi lover {path}"
        for path, targets in links.items()
    }


def _run(site, db, patience=None):
    process = subprocess.Popen(
        [sys.executable, "-c", CRAWL, site.url, str(db)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"begun\n", process.stderr.read().decode()
    if patience is not None:
        time.sleep(patience)
        os.kill(process.pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode in (0, -signal.SIGKILL), errors.decode()
    # Killed after its last commit, a crawl is finished all the same.
    return process.returncode == 0 or len(_stored(db)) == PAGES + 1


def _stored(db):
    with Store.open(db) as store:
        return {one.url: one.body for one in store.iter_fetched("c")}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("PROMISECHECK_KILL_RUNS", "1"))))
def test_kill_nine_loses_nothing_and_costs_one_request_more_at_most(serve, tmp_path, seed):
    dice = random.Random(seed)
    site = serve(_pages())
    kills = 0
    while kills < 4 and not _run(site, tmp_path / "a.db", dice.uniform(0.0, 0.12)):
        kills += 1
    assert kills < 4 or _run(site, tmp_path / "a.db")
    asked = Counter(path for path in site.paths if path in site.replies)
    assert len(asked) == PAGES + 1
    assert sum(asked.values()) <= PAGES + 1 + kills
    killed = _stored(tmp_path / "a.db")
    assert _run(site, tmp_path / "b.db")
    assert killed == _stored(tmp_path / "b.db")
    assert len(killed) == PAGES + 1
