"""Workers that die in mid-sweep, and a Dask cluster: nothing is lost, the bytes are the same."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sweep_sites import serve_sites

from promisecheck.sweep.companies import read_companies
from promisecheck.sweep.runners import by_host, run_local
from promisecheck.sweep.work import Job, Outcome


def children() -> list[int]:
    listing = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return [int(pid) for pid in listing.read_text().split()] if listing.exists() else []


@contextmanager
def killing_one_worker(after: Path) -> Iterator[list[int]]:
    """Kill the first worker process that has begun a shard."""
    killed: list[int] = []
    stop = threading.Event()

    def hunt() -> None:
        while not stop.is_set() and not killed:
            if list((after / "shards").rglob("*.db")):
                for pid in children():
                    # One that has just left is no victim.
                    with suppress(OSError):
                        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                            os.kill(pid, signal.SIGKILL)
                            killed.append(pid)
                            break
            time.sleep(0.01)

    thread = threading.Thread(target=hunt)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds its children in /proc")
def test_killed_worker_loses_nothing(sweeps) -> None:
    with serve_sites(6, latency=0.02) as addresses:
        sweeps.list(addresses)
        sweeps.dated("whole")
        sweeps.dated("hurt")
        sweeps.run("whole", "--workers", "2")
        with killing_one_worker(sweeps.folder / "hurt") as killed:
            assert sweeps.run("hurt", "--workers", "2") == 1
    assert killed
    assert sweeps.files("whole") == sweeps.files("hurt")


@pytest.mark.slow
def test_dask_cluster_gives_the_same_bytes(sweeps) -> None:
    distributed = pytest.importorskip("distributed")
    with serve_sites(4) as addresses:
        sweeps.list(addresses)
        sweeps.dated("local")
        sweeps.dated("dask")
        sweeps.run("local", "--workers", "1")
        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with distributed.LocalCluster(**options) as cluster:
            more = ("--runner", "dask", "--scheduler", cluster.scheduler_address)
            assert sweeps.run("dask", *more) == 1
    assert sweeps.files("local") == sweeps.files("dask")


@pytest.mark.slow
def test_killed_dask_worker_loses_nothing(sweeps) -> None:
    distributed = pytest.importorskip("distributed")
    with serve_sites(6, latency=0.02) as addresses:
        sweeps.list(addresses)
        for name in ("whole", "hurt"):
            sweeps.dated(name)
        sweeps.run("whole", "--workers", "1")
        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with distributed.LocalCluster(**options) as cluster:
            more = ("--runner", "dask", "--scheduler", cluster.scheduler_address, "--at-a-time", "1")
            victim = next(iter(cluster.workers.values())).pid
            hunter = threading.Thread(target=kill_at_work, args=(victim, sweeps.folder / "hurt" / "shards"))
            hunter.start()
            assert sweeps.run("hurt", *more) == 1
            hunter.join()
            assert victim not in {worker.pid for worker in cluster.workers.values()}
    assert sweeps.files("whole") == sweeps.files("hurt")


def kill_at_work(pid: int, folder: Path) -> None:
    """Kill a process as soon as a shard has been begun."""
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(folder.rglob("*.db")):
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
def test_scheduler_that_does_not_answer_exits_2(sweeps, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    sweeps.list(["127.0.0.1:9"])
    assert sweeps.run("out", "--runner", "dask", "--scheduler", "tcp://127.0.0.1:9") == 2
    assert "no Dask scheduler answers" in capsys.readouterr().err


def die(batch: list[list[Job]]) -> list[Outcome]:
    os._exit(9)


@pytest.mark.slow
def test_company_whose_worker_always_dies_is_a_row(
    sweeps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from promisecheck.crawl import CrawlSettings
    from promisecheck.sweep.sweep import SweepSettings, open_sweep, run_sweep

    (listed,) = read_companies(sweeps.list(["127.0.0.1:9"]))
    monkeypatch.setattr("promisecheck.sweep.runners.check_batch", die)
    at = open_sweep(tmp_path / "out", now=datetime(2026, 11, 1, tzinfo=UTC))
    settings = SweepSettings(folder=tmp_path / "out", crawl=CrawlSettings(), semantic=False)
    swept = run_sweep([listed], settings, lambda groups: run_local(groups, workers=2), at=at)
    assert "died 3 times" in swept.rows[0].reason
    assert swept.rows[0].status == "failed"


def test_companies_of_one_host_are_one_worker_s(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from promisecheck.check import CheckSettings
    from promisecheck.model import Company

    def job(name: str, url: str) -> Job:
        company = Company(id=name, name=name, home_url=url)
        return Job(company=company, incidents=(), shard=tmp_path / name, settings=CheckSettings(),
                   at=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip

    jobs = [job("a", "http://x.example/a"), job("b", "http://y.example"), job("c", "http://x.example/c")]
    assert [[one.company.id for one in group] for group in by_host(jobs)] == [["a", "c"], ["b"]]
