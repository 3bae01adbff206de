"""One company whose site and log can be changed between nights, and a way to run a night."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from nightly_site import Site, serve_site

from promisecheck.cli.app import run

LOG = """Sagsnr;Oprettet;Første svar;Kanal;Beskrivelse
A-1;01-09-2026 09:00;03-09-2026 10:00;Mail;Jeg ventede to dage på svar på min mail.
A-2;02-09-2026 09:00;06-09-2026 09:30;Mail;Der gik fire dage, før nogen svarede.
A-3;03-09-2026 09:00;03-09-2026 11:00;Mail;Hurtigt svar, tak for det.
A-4;04-09-2026 09:00;09-09-2026 11:00;Mail;Fem dage uden svar er for ringe.
"""
CONFIG = """database = "n.db"
[crawl]
delay = 0.0
contact = "me@example.com"
allow_private_network = ["{address}"]
[[company]]
name = "Prøvehuset"
url = "http://{address}/"
id = "huset"
country = "DK"
incidents = ["log*.csv"]
"""


class Nights:
    """Run nights over one folder; `news` is what the last one found changed."""

    def __init__(self, folder: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.site, self._capsys = folder, site, capsys
        self.config = folder / "promisecheck.toml"
        self.database = folder / "n.db"
        self.log = folder / "log.csv"
        self.log.write_text(LOG, encoding="utf-8")
        self.config.write_text(CONFIG.format(address=site.address), encoding="utf-8")
        self.code = -1
        self.err = ""

    def run(self, *more: str) -> list[dict[str, Any]]:
        flags = ["--all", "--no-semantic", "--json", "--workers", "2"]
        self._capsys.readouterr()
        self.code = run(["nightly", "--config", str(self.config), *flags, *more])
        out = self._capsys.readouterr()
        self.err = out.err
        news: list[dict[str, Any]] = json.loads(out.out)["data"]["news"] if out.out else []
        return news

    def text(self, *more: str) -> str:
        self._capsys.readouterr()
        self.code = run(["nightly", "--config", str(self.config), "--all", "--no-semantic", *more])
        out = self._capsys.readouterr()
        self.err = out.err
        return out.out


@pytest.fixture
def site() -> Iterator[Site]:
    with serve_site() as running:
        yield running


@pytest.fixture
def nights(tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> Nights:
    return Nights(tmp_path, site, capsys)
