"""A small company's site and log for the verbs to work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from promisecheck.cli.demo import serve

PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title}</title></head><body>
<nav><a href="/">Forside</a> <a href="/kontakt.html">Kontakt</a></nav><main><h1>{title}</h1>{body}</main></body></html>"""
LOG = """Sagsnr;Oprettet;Første svar;Kanal;Beskrivelse
A-1;01-09-2026 09:00;03-09-2026 10:00;Mail;Jeg ventede to dage på svar på min mail.
A-2;02-09-2026 09:00;06-09-2026 09:30;Mail;Der gik fire dage, før nogen svarede.
A-3;03-09-2026 09:00;03-09-2026 11:00;Mail;Hurtigt svar, tak for det.
A-4;04-09-2026 09:00;09-09-2026 11:00;Mail;Fem dage uden svar er for ringe.
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    pages = {
        "index.html": ("Prøvehuset", "<p>Vi sælger lamper og skærme.</p>"),
        "kontakt.html": ("Kontakt", "<p>Vi svarer på alle mails inden for 24 timer.</p>"),
    }
    for name, (title, body) in pages.items():
        (folder / name).write_text(PAGE.format(title=title, body=body), encoding="utf-8")
    with serve(folder) as address:
        yield f"http://{address}"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path
