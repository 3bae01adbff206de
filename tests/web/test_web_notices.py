"""What an import says of a file is said in the reader's language."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from desk_values import BASE, OWN
from openpyxl import Workbook
from starlette.testclient import TestClient

from promisecheck.report import speech
from promisecheck.web.notices import tell

DANISH = {**OWN, "accept-language": "da"}
ENGLISH_WORDS = re.compile(r"\b(the|is|with|row|cell|cells|as|holds|write|export|name|column|cannot|read)\b")


@pytest.mark.parametrize(
    ("said", "language", "told"),
    [
        ("cells are separated by semicolon", "da", "cellerne er adskilt af semikolon"),
        ("sheet Ark1", "sv", "blad Ark1"),
        ("Oprettet: day before month, as 24.12.2025 shows", "nb",
         "Oprettet: dag før måned, som 24.12.2025 viser"),
        ("Luk: tid: day before month, though 1/13/2025 does not fit (24.12.2025 does)", "da",
         "Luk: tid: dag før måned, selv om 1/13/2025 ikke passer med det (24.12.2025 gør)"),
        ("Svar: “i går” cannot be read", "sv", "Svar: ”i går” kan inte läsas"),
        ("Svar: a value of 1234 characters cannot be read", "da", "Svar: en værdi på 1.234 tegn kan ikke læses"),
        ("the row has 3 cells where the header has 2", "da",
         "rækken har 3 celler, hvor overskriftsrækken har 2"),
        ("first_reply_hours takes a number", "da", "her skal stå et tal: Timer til første svar"),
        ("something nobody has thought of", "da", "something nobody has thought of"),
        ("x: " * 5000, "da", "x: " * 5000),
    ],
)  # fmt: skip
def test_notice_is_told(said: str, language: str, told: str) -> None:
    assert tell(said, speech(language)).replace("\xa0", ".") == told


def workbook() -> bytes:
    book, file = Workbook(), BytesIO()
    book.active.append(["Sagsnr", "Oprettet", "Tekst"])  # type: ignore[union-attr]
    book.active.append(["1", "24.12.2025", "Jeg venter stadig på svar."])  # type: ignore[union-attr]
    book.save(file)
    return file.getvalue()


def database(folder: Path) -> bytes:
    with sqlite3.connect(folder / "x.db") as made:
        made.execute("CREATE TABLE t (a)")
    made.close()
    return (folder / "x.db").read_bytes()


HEAD = "Sagsnr;Oprettet;Timer til første svar;Tekst\n"
FILES: dict[str, Callable[[Path], tuple[str, bytes]]] = {
    "broken rows": lambda _: ("a.csv", f"{HEAD}1;24.12.2025;mange;x\n2;99.99.2025;2;y\n3;1;2;3;4\n4\n".encode()),
    "month first": lambda _: ("a.csv", f"{HEAD}1;12/24/2025;1;x\n".encode()),
    "both orders": lambda _: ("a.csv", f"{HEAD}1;12/24/2025;1;x\n2;24/12/2025;1;x\n".encode()),
    "usual order": lambda _: ("a.csv", f"{HEAD}1;01.02.2025;1;x\n".encode()),
    "open quote": lambda _: ("a.csv", f'{HEAD}1;24.12.2025;1;"x\n'.encode()),
    "long value": lambda _: ("a.csv", f"{HEAD}1;{'n' * 90};1;x\n".encode()),
    "no columns": lambda _: ("a.csv", b"a;b\n1;2\n"),
    "no rows": lambda _: ("a.csv", b"\n"),
    "empty": lambda _: ("a.csv", b""),
    "other kind": lambda _: ("a.exe", b"x"),
    "binary": lambda _: ("a.csv", b"\x00\x01\x02\x03" * 100),
    "html": lambda _: ("a.csv", b"<html></html>"),
    "old excel": lambda _: ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600),
    "database": lambda folder: ("a.csv", database(folder)),
    "no workbook": lambda _: ("a.xlsx", b"PK\x03\x04 no zip"),
    "workbook": lambda _: ("a.xlsx", workbook()),
    "json lines": lambda _: ("a.jsonl", b'{"id": "1", "text": "Jeg venter stadig."}\n[1]\n{\n'),
    "no json": lambda _: ("a.json", b"not json"),
    "no objects": lambda _: ("a.json", b"[1, 2]"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_no_english_is_left(reviewer: TestClient, tmp_path: Path, kind: str) -> None:
    name, data = FILES[kind](tmp_path)
    sent = reviewer.post("/import", data={"company": "fyrby"}, files={"file": (name, data)}, headers=DANISH)
    said = re.findall(r'<p class="wrong".*?</p>|<ul class="small.*?</ul>', sent.text, re.DOTALL)
    shown = re.sub(
        r"is(?= not JSON)|: (Expecting|File is not|Extra).*?(?=[<(])",
        "",
        re.sub(r"<[^>]+>", " ", " ".join(said)),
    )
    assert said
    assert not ENGLISH_WORDS.findall(shown), shown


def test_columns_that_tell_nothing_can_be_named(reviewer: TestClient) -> None:
    files = {"file": ("a.csv", b"a;b\n1;Jeg venter.\n")}
    sent = reviewer.post("/import", data={"company": "fyrby"}, files=files, headers=DANISH)
    assert sent.status_code == 422
    assert "ingen kolonne fortæller, hvad den indeholder (a, b)" in sent.text
    assert 'value="import"' not in sent.text
    address = str(sent.url).removeprefix(BASE)
    named = reviewer.post(address, data={"action": "look", "column:b": "details"}, headers=DANISH)
    assert "Jeg venter." in named.text
    assert 'value="import"' in named.text
