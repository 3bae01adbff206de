"""A list of companies, and a way to sweep it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sweep_sites import LOG

from promisecheck.cli.app import run


class Sweeps:
    """Write a list and sweep it; `files` are the bytes of every export."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "log.csv").write_text(LOG, encoding="utf-8")

    def list(self, addresses: list[str]) -> Path:
        rows = [f"Firma {n},http://{address},DK,log.csv" for n, address in enumerate(addresses)]
        path = self.folder / "companies.csv"
        path.write_text("name,url,country,incidents\n" + "\n".join(rows) + "\n", encoding="utf-8")
        allowed = "\n".join(f'  "{address}",' for address in addresses)
        (self.folder / "promisecheck.toml").write_text(
            f'[crawl]\ndelay = 0.0\ncontact = "me@example.com"\nallow_private_network = [\n{allowed}\n]\n',
            encoding="utf-8",
        )
        return path

    def run(self, out: str, *more: str) -> int:
        flags = ["--config", str(self.folder / "promisecheck.toml"), "--no-semantic", "--workers", "1"]
        return run(
            ["sweep", str(self.folder / "companies.csv"), "--out", str(self.folder / out), *flags, *more]
        )

    def dated(self, out: str, moment: str = "2026-11-01T02:00:00+00:00") -> None:
        (self.folder / out).mkdir()
        (self.folder / out / "sweep.json").write_text(f'{{"dated": "{moment}"}}\n', encoding="utf-8")

    def files(self, out: str) -> dict[str, bytes]:
        names = ("summary.csv", "findings.csv", "findings.json")
        return {name: (self.folder / out / name).read_bytes() for name in names}


@pytest.fixture
def sweeps(tmp_path: Path) -> Sweeps:
    return Sweeps(tmp_path)
