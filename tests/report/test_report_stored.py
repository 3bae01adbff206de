"""Findings that are read from the store as they are walked, no deeper than a format shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from report_values import FINDINGS, LATE_REPLY, NOW, fill, view

from promisecheck import dossier
from promisecheck.dossier import load_view
from promisecheck.report import FORMATS, ReportView, write_report
from promisecheck.store import Store


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[ReportView]:
    with Store.open(tmp_path / "stored.db", durable=False) as store:
        fill(store)
        yield load_view(store, language="en", now=NOW)


def test_every_depth_has_the_same_findings_in_the_same_order(stored: ReportView) -> None:
    ids = [item.id for item in stored.findings]
    assert len(ids) == len(FINDINGS)
    assert [item.id for item in stored.findings_at("cases")] == ids
    assert [item.id for item in stored.findings_at("brief")] == ids


def test_with_its_cases_a_finding_lacks_their_texts_alone(stored: ReportView) -> None:
    whole, cases = stored.findings[0], stored.findings_at("cases")[0]
    assert len(whole.evidence) == 3
    assert cases == replace(whole, evidence=())


def test_in_brief_a_finding_lacks_what_is_made_of_cases(stored: ReportView) -> None:
    whole, brief = stored.findings[0], stored.findings_at("brief")[0]
    left = tuple(replace(item, numbers=()) for item in whole.excluded)
    assert brief == replace(whole, evidence=(), cases=(), trend=(), sources=(), excluded=left)


def test_a_slice_keeps_its_depth(stored: ReportView) -> None:
    assert list(stored.findings_at("brief")[:2]) == list(stored.findings_at("brief"))[:2]
    assert [item.id for item in stored.findings[:1]] == [LATE_REPLY.id]


def test_findings_that_were_read_already_stay_as_they_are() -> None:
    made = view()
    assert made.findings_at("brief") is made.findings


def test_batches_do_not_show(stored: ReportView, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(stored.findings)
    monkeypatch.setattr(dossier, "AT_ONCE", 2)
    assert list(stored.findings) == whole


@pytest.mark.parametrize("format", sorted({*FORMATS.names()} - {"pdf", "xlsx"}))
def test_a_format_misses_nothing_that_is_not_read(stored: ReportView, tmp_path: Path, format: str) -> None:
    """A workbook holds the time it was made: see the next test."""
    write_report(stored, format, tmp_path / "lazy")
    write_report(replace(stored, findings=tuple(stored.findings)), format, tmp_path / "read")
    assert (tmp_path / "lazy").read_bytes() == (tmp_path / "read").read_bytes()


def test_a_workbook_misses_nothing_that_is_not_read(stored: ReportView, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_report(stored, "xlsx", tmp_path / "lazy.xlsx")
    write_report(replace(stored, findings=tuple(stored.findings)), "xlsx", tmp_path / "read.xlsx")
    lazy, read = (
        [list(sheet.values) for sheet in openpyxl.load_workbook(tmp_path / f"{name}.xlsx")]
        for name in ("lazy", "read")
    )
    assert lazy == read
