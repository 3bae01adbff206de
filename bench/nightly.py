"""What a night costs: CPU of the first night against nights on which a share of the companies changed.

Run with: python bench/nightly.py [--companies 50 100 200] [--pages 20] [--incidents 40]
Each night is a process of its own; the sites are served by this one, whose CPU is not counted.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from sites import Sites, serve, write_log

SHARES = (0.0, 0.01, 0.1, 1.0)


def main() -> None:
    """Print one line a night."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--incidents", type=int, default=40)
    parser.add_argument("--semantic", action="store_true")
    given = parser.parse_args()
    print(f"{'companies':>9} {'changed':>8} {'CPU s':>8} {'wall s':>8} {'of first':>9}  news")
    for count in given.companies:
        with serve(count, pages=given.pages) as sites, tempfile.TemporaryDirectory() as folder:
            nights(sites, Path(folder), given.incidents, given.semantic)


def nights(sites: Sites, folder: Path, incidents: int, semantic: bool) -> None:
    """Run the first night and one night for each share."""
    write_config(sites, folder, incidents)
    first = 0.0
    for share in (None, *SHARES):
        changed = 0 if share is None else round(share * sites.count)
        # Every night changes companies back or forth, so that each share is a change of that many.
        sites.changed ^= set(range(changed))
        cpu, wall, news = night(folder, semantic)
        first = first or cpu
        name = "first" if share is None else f"{share:.0%}"
        print(f"{sites.count:>9} {name:>8} {cpu:>8.1f} {wall:>8.1f} {cpu / first:>9.1%}  {news}", flush=True)


def write_config(sites: Sites, folder: Path, incidents: int) -> None:
    """Write promisecheck.toml and the logs."""
    allowed = ", ".join(f'"{address}"' for address in sites.addresses)
    parts = [f'[crawl]\ndelay = 0.0\ncontact = "bench@example.com"\nallow_private_network = [{allowed}]\n']
    for n, address in enumerate(sites.addresses):
        write_log(folder / f"log-{n}.csv", n, incidents)
        parts.append(
            f'[[company]]\nname = "Firma {n}"\nurl = "http://{address}"\nincidents = ["log-{n}.csv"]\n'
        )
    (folder / "promisecheck.toml").write_text("\n".join(parts), encoding="utf-8")


def night(folder: Path, semantic: bool) -> tuple[float, float, str]:
    """Run one night; return its CPU and wall seconds and the head of its message."""
    program = [
        sys.executable,
        "-m",
        "promisecheck.cli",
        "nightly",
        "--config",
        str(folder / "promisecheck.toml"),
    ]
    flags = ["--all", "--fail-on", "never", "--semantic" if semantic else "--no-semantic"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), os.times().elapsed
    done = subprocess.run([*program, *flags], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(f"exit {done.returncode}\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = sum(line.startswith("- ") for line in done.stdout.splitlines())
    return cpu, os.times().elapsed - began, f"{told} lines told"


if __name__ == "__main__":
    main()
