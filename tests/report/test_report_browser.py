"""The HTML report in a real browser: accessible, no wider than the screen, and quiet on the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_values import review, view

from promisecheck.report import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "r.html"
    write_report(view(language="da", reviews=[review("confirmed", owner="Jens")]), "html", path)
    return Path(path).as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_report_is_accessible(
    browser: Any, resize: Callable[[int], None], violations: Callable[[], list[str]], report: str, width: int
) -> None:
    resize(width)
    browser.get(report)
    for closed in browser.find_elements("css selector", "details"):
        browser.execute_script("arguments[0].open = true", closed)
    assert violations() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_report_is_no_wider_than_the_screen(
    browser: Any, resize: Callable[[int], None], report: str, width: int
) -> None:
    resize(width)
    browser.get(report)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_five_questions_are_answered_without_scrolling(
    browser: Any, resize: Callable[[int], None], report: str
) -> None:
    resize(1280)
    browser.get(report)
    lead = browser.find_element("css selector", ".lead")
    bottom = browser.execute_script("return arguments[0].getBoundingClientRect().bottom", lead)
    assert bottom < 900
    for answer in (
        "Vi svarer på din mail", "14 af 60 kunder", "4. maj 2026", "Kundeservice (11 af 30)", "52 timer",
    ):  # fmt: skip
        assert answer in lead.text


def test_links_within_the_report_lead_somewhere(browser: Any, report: str) -> None:
    browser.get(report)
    lost = browser.execute_script(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
        ".filter(id => !document.getElementById(id))"
    )
    assert lost == []


def test_report_fetches_nothing(browser: Any, report: str) -> None:
    browser.get(report)
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
