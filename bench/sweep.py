"""What a sweep costs: wall time with one process, two processes and a Dask cluster of two, and what 10,000 companies take.

Run with: python bench/sweep.py [--companies 200] [--pages 20] [--latency 0.05] [--dask]
The sites are served by a process of their own; the exports of all runs are compared byte by byte. Where all others
keep more than a few tenths of a core busy (the server is one of them) wall times say little; CPU times still do.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from sites import serve, write_log

EXPORTS = ("summary.csv", "findings.csv", "findings.json")
DATED = '{"dated": "2026-11-01T02:00:00+00:00"}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Hold seconds of wall time and CPU, the hash of the exports, and how many cores everything else kept busy."""

    wall: float
    cpu: float
    digest: str
    others: float = 0.0

    def __str__(self) -> str:
        return (
            f"wall {self.wall:7.1f} s   CPU {self.cpu:7.1f} s = {self.cpu / self.wall:4.2f} cores   "
            f"all others {self.others:4.2f} cores   exports {self.digest}"
        )


def main() -> None:
    """Print one line a runner, the ratios, and the estimate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--incidents", type=int, default=40)
    parser.add_argument("--at-a-time", type=int, default=4)
    parser.add_argument("--dask", action="store_true", help="Run a Dask LocalCluster of two workers, too.")
    given = parser.parse_args()
    ours, theirs = get_context("spawn").Pipe()
    server = get_context("spawn").Process(
        target=serve_until_told, args=(theirs, given.companies, given.pages, given.latency)
    )
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            compare(given, ours.recv(), Path(folder))
    finally:
        ours.send("end")
        server.join()


def serve_until_told(pipe: Connection, companies: int, pages: int, latency: float) -> None:
    """Serve the sites in this process until something is sent."""
    with serve(companies, pages=pages, latency=latency) as sites:
        pipe.send(sites.addresses)
        pipe.recv()


def compare(given: argparse.Namespace, addresses: list[str], folder: Path) -> None:
    """Run every runner over the same list."""
    write_list(addresses, folder, given.incidents)
    print(
        f"{len(addresses)} companies × {given.pages} pages, {given.latency * 1000:.0f} ms latency, {os.cpu_count()} cores"
    )
    at_a_time = ("--at-a-time", str(given.at_a_time))
    one = sweep("local 1", folder, "--workers", "1", *at_a_time)
    two = sweep("local 2", folder, "--workers", "2", *at_a_time)
    print(f"two processes: {one.wall / two.wall:.2f} × one; same bytes: {one.digest == two.digest}")
    if given.dask:
        cluster = with_dask(folder, *at_a_time)
        print(
            f"Dask, two workers: {cluster.wall / two.wall:.2f} of local 2; same bytes: {two.digest == cluster.digest}"
        )
    estimate(one, len(addresses), given.pages, given.at_a_time)


def write_list(addresses: list[str], folder: Path, incidents: int) -> None:
    """Write companies.csv, the logs and the config."""
    lines = ["name,url,country,incidents"]
    for n, address in enumerate(addresses):
        write_log(folder / f"log-{n}.csv", n, incidents)
        lines.append(f"Firma {n},http://{address},DK,log-{n}.csv")
    (folder / "companies.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    allowed = ", ".join(f'"{address}"' for address in addresses)
    config = f'[crawl]\ndelay = 0.0\ncontact = "bench@example.com"\nallow_private_network = [{allowed}]\n'
    (folder / "promisecheck.toml").write_text(config, encoding="utf-8")


def sweep(name: str, folder: Path, *more: str) -> Took:
    """Run one sweep into a folder of its own."""
    out = folder / name.replace(" ", "-")
    out.mkdir()
    (out / "sweep.json").write_text(DATED, encoding="utf-8")
    program = [
        sys.executable,
        "-m",
        "promisecheck.cli",
        "sweep",
        str(folder / "companies.csv"),
        "--out",
        str(out),
    ]
    flags = ["--config", str(folder / "promisecheck.toml"), "--no-semantic", "--fail-on", "never"]
    before, began, all_before = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), busy()
    done = subprocess.run([*program, *flags, *more], capture_output=True, text=True, check=False)
    wall, all_cpu = time.monotonic() - began, busy() - all_before
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{name}: exit {done.returncode}\n{done.stdout[-500:]}{done.stderr[-1500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    digest = hashlib.sha256(b"".join((out / file).read_bytes() for file in EXPORTS)).hexdigest()[:12]
    took = Took(wall=wall, cpu=cpu, digest=digest, others=max(0.0, all_cpu - cpu) / wall)
    print(f"{name:<10} {took}", flush=True)
    return took


def busy() -> float:
    """Return the CPU seconds that the whole machine has spent, or 0 where it does not say."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _, _, *rest = (int(n) for n in stat.read_text().splitlines()[0].split()[1:])
    return (user + nice + system + sum(rest[:2])) / os.sysconf("SC_CLK_TCK")


def with_dask(folder: Path, *more: str) -> Took:
    """Run the sweep on a cluster of two worker processes that is up before the clock starts."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        return sweep("dask 2", folder, "--runner", "dask", "--scheduler", cluster.scheduler_address, *more)


def estimate(one: Took, companies: int, pages: int, at_a_time: int, delay: float = 1.0) -> None:
    """Print what 10,000 companies of 200 pages take by the rates measured, with a polite delay."""
    cpu_a_page = one.cpu / (companies * pages)
    print(
        f"\n{cpu_a_page * 1000:.1f} ms CPU a page; 10,000 companies × 200 pages at {delay:.0f} s between requests, {at_a_time} at a time:"
    )
    for workers in (1, 10, 100):
        waiting = 10_000 * 200 * delay / (workers * at_a_time)
        working = 10_000 * 200 * cpu_a_page / workers
        longest = max(waiting, working)
        limit = "the polite delay" if waiting >= working else "CPU"
        print(
            f"{workers:>4} workers: {longest / 86400:6.2f} days; the limit is {limit} (CPU {working / 3600:.1f} h each)"
        )


if __name__ == "__main__":
    main()
