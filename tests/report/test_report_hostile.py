"""Hostile text in every field of every format stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from report_values import view, with_text

from promisecheck.report import render_terminal, write_report
from promisecheck.report.cells import safe_cell
from promisecheck.report.html import render_html
from promisecheck.report.json_file import render_json
from promisecheck.report.markdown import render_markdown

HERE = Path(__file__).parent
MARKUP = json.loads((HERE / "hostile_markup.json").read_text(encoding="utf-8"))["payloads"]
CELLS = json.loads((HERE / "hostile_cells.json").read_text(encoding="utf-8"))["cells"]


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


OURS = Elements(render_html(view()))


@pytest.mark.parametrize("payload", MARKUP)
def test_html_has_no_element_attribute_or_link_but_ours(payload: str) -> None:
    seen = Elements(render_html(with_text(payload)))
    assert seen.tags <= OURS.tags
    assert not {name for name in seen.attributes - OURS.attributes if name.startswith("on")}
    assert seen.attributes <= OURS.attributes | {"title"}
    assert all(link.startswith(("#", "http://", "https://")) for link in seen.links)


def test_template_code_in_a_value_is_not_run() -> None:
    assert "{{7*7}}" in render_html(with_text("{{7*7}}"))


@pytest.mark.parametrize("payload", MARKUP)
def test_other_text_formats_have_no_markup(payload: str) -> None:
    made = with_text(payload)
    assert not re.search(r"<[a-z!/]", render_markdown(made), re.IGNORECASE)
    assert not re.search(r"(?<!\\)\]\(", render_markdown(made))
    assert "<" not in render_json(made)
    assert json.loads(render_json(made))["findings"][0]["quote"] == payload


@pytest.mark.parametrize("payload", [*MARKUP, "\x1b[31mred\x1b[0m", "\x9b2J", "a\rb", "\u202eevil"])
def test_terminal_gets_no_control_characters(payload: str) -> None:
    text = render_terminal(with_text(payload))
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]


@pytest.mark.parametrize("payload", CELLS)
def test_csv_cells_are_not_formulas(payload: str, tmp_path: Path) -> None:
    write_report(with_text(payload), "csv", tmp_path / "r.csv")
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        for cell in row:
            bare = unicodedata.normalize("NFKC", cell).strip("\ufeff\u200b \t\r\n\v")
            assert not bare.startswith(("=", "+", "-", "@", "|", "DDE(")), cell
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("payload", CELLS)
def test_workbook_cells_are_text(payload: str, tmp_path: Path) -> None:
    write_report(with_text(payload), "xlsx", tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    assert not any(cell.hyperlink for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Vi svarer", "Vi svarer"), ("24/7", "24/7"), ("– levering", "– levering"), ("=1", "'=1"),
        ("a\n=1", "a =1"), ("”Nemt”", "”Nemt”"), ("", ""),
    ],
)  # fmt: skip
def test_ordinary_text_is_left_alone(text: str, cell: str) -> None:
    assert safe_cell(text) == cell
