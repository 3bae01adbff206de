"""Every format holds the same findings and can be read back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from report_values import LATE_REPLY, PROMISES, view

from promisecheck.errors import UsageError
from promisecheck.report import FORMATS, format_of, render_terminal, write_report
from promisecheck.report import html as html_report


def test_formats_are_named() -> None:
    assert {"html", "csv", "json", "xlsx", "markdown"} <= set(FORMATS.names())


def test_unknown_format_names_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'html'"):
        write_report(view(), "htlm", tmp_path / "r.html")


def test_path_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write the report"):
        write_report(view(), "json", tmp_path / "missing" / "r.json")


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.html", "html"), ("a.CSV", "csv"), ("a.md", "markdown"), ("a.xlsx", "xlsx"), ("a", "html")],
)
def test_format_from_the_ending(name: str, format: str) -> None:
    assert format_of(Path(name)) == format


def test_an_ending_that_stands_for_no_format_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no report format has the ending \.docx") as refused:
        format_of(Path("r.docx"))
    assert refused.value.do == "name one of .html, .htm, .csv, .json, .xlsx, .md, .pdf"


def test_csv_reads_back(tmp_path: Path) -> None:
    write_report(view(), "csv", tmp_path / "r.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["quote"] == PROMISES[0].quote
    assert (rows[0]["broken"], rows[0]["relevant"], rows[0]["verdict"]) == ("14", "60", "contradicted")
    assert rows[0]["window_start"] == "2026-07-19T12:00:00+00:00"


def test_json_reads_back(tmp_path: Path) -> None:
    write_report(view(), "", tmp_path / "r.json")
    data = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert data["schema_version"] == 1
    assert data["findings"][0]["id"] == LATE_REPLY.id
    assert len(data["findings"][0]["cases"]) == 60


def test_workbook_reads_back(tmp_path: Path) -> None:
    write_report(view(language="da"), "xlsx", tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["Overblik", "Fund", "Sager", "Ikke talt med"]
    assert [cell.value for cell in book["Fund"][2]][2] == "Brudt"
    assert book["Sager"].max_row == 1 + 60 + 3
    assert [cell.value for cell in book["Ikke talt med"][2]][3] == 2


def test_markdown_shows_what_is_broken_and_what_was_left_out(tmp_path: Path) -> None:
    write_report(view(), "markdown", tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text(encoding="utf-8").replace("\\", "")
    assert "**Broken: 14 of 60 customers waited longer than the promised 24 hours for a reply.**" in text
    assert "Considered and not counted: 2 still open and within the limit" in text


def test_terminal_is_plain_unless_colour_is_asked_for() -> None:
    text = render_terminal(view(), width=80)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert "✗ “Vi svarer på din mail inden for 24 timer.”" in text
    assert "2 cases not counted: still open and within the limit" in text
    assert "\x1b[" in render_terminal(view(), color=True)


def test_terminal_can_be_cut_short() -> None:
    assert render_terminal(view(), most=2).endswith("And 3 more findings.\n")


def test_html_stands_alone_and_shows_what_was_not_counted() -> None:
    text = html_report.render_html(view())
    assert "<script" not in text
    assert "src=" not in text
    assert "Considered and not counted" in text
    assert 'lang="da"' in text


def test_html_is_split_where_it_would_grow_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PER_PART", 2)
    names = [path.name for path in write_report(view(), "html", tmp_path / "r.html")]
    assert names == ["r.html", "r-2.html", "r-3.html"]
    first = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert first.count("<article") == 2
    assert 'href="r-2.html#f-' in first


def test_thousand_findings_take_less_than_two_megabytes(tmp_path: Path) -> None:
    made = view(language="da")
    long = "Vi svarer på din mail inden for 24 timer på hverdage, og i weekenden senest mandag klokken 12."
    many = [replace(made.findings[0], id=f"{n:016}", quote=long) for n in range(1000)]
    write_report(replace(made, findings=tuple(many)), "html", tmp_path / "r.html")
    assert (tmp_path / "r.html").stat().st_size < 2_000_000


def test_pdf_holds_the_overview_and_the_findings(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    write_report(view(), "pdf", tmp_path / "r.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "r.pdf").pages)
    assert "14 of 60 customers" in text
    assert "Vi svarer på din mail inden for 24 timer." in text


def test_pdf_without_weasyprint_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promisecheck.report.pdf.is_installed", lambda: False)
    with pytest.raises(UsageError, match="pip install"):
        write_report(view(), "pdf", tmp_path / "r.pdf")
