"""Check that the demo companies are whole: readable pages, working links, logs of the stated size."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

DEMO = Path(__file__).resolve().parents[2] / "corpora" / "demo"
COMPANIES = sorted(path.parent.name for path in DEMO.glob("*/company.json"))
PAGES = sorted(path.relative_to(DEMO).as_posix() for path in DEMO.glob("*/site/**/*.html"))
FETCHED = (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src"), ("form", "action"))


def read_soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "lxml")


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def read_log(company: str) -> list[dict[str, str]]:
    raw = (DEMO / company / "incidents.csv").read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    header = text.splitlines()[0]
    delimiter = max(";,\t", key=header.count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def expectations() -> list[tuple[str, str, str, str, str]]:
    rows, company = [], ""
    for line in (DEMO / "README.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            company = line[3:].split(":")[0]
        elif line.startswith("| ") and not line.startswith("| quote"):
            quote, page, verdict, evidence = (cell.strip() for cell in line.strip("|").split("|"))
            rows.append((company, quote, page, verdict, evidence))
    return rows


@pytest.mark.parametrize("company", COMPANIES)
def test_company_file_says_who_it_is(company: str) -> None:
    data = json.loads((DEMO / company / "company.json").read_text("utf-8"))
    assert data.keys() == {"id", "name", "languages", "country", "home"}
    assert data["id"] == company
    assert (DEMO / company / "site" / data["home"]).is_file()


@pytest.mark.parametrize("company", COMPANIES)
def test_site_has_enough_pages(company: str) -> None:
    assert len(list((DEMO / company / "site").glob("*.html"))) >= 8


@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole_and_stands_alone(page: str) -> None:
    soup = read_soup(DEMO / page)
    assert soup.html is not None and soup.html.get("lang") in {"da", "nb", "nn", "sv", "en"}
    assert soup.title is not None and soup.title.string
    assert soup.find("h1") is not None
    for script in soup.find_all("script", type="application/ld+json"):
        json.loads(script.string or "")
    site = DEMO / Path(page).parts[0] / "site"
    for name, attribute in FETCHED:
        for tag in soup.find_all(name):
            check_address(str(tag.get(attribute) or ""), site)


def check_address(address: str, site: Path) -> None:
    if not address or address.startswith(("#", "data:", "mailto:", "tel:")):
        return
    parts = urlsplit(address)
    assert not parts.scheme and not parts.netloc, address
    assert parts.path.startswith("/"), address
    assert (site / parts.path.lstrip("/")).is_file(), address


@pytest.mark.parametrize("company", COMPANIES)
def test_sitemap_lists_pages_that_are_there(company: str) -> None:
    sitemap = DEMO / company / "site" / "sitemap.xml"
    if sitemap.is_file():
        for path in re.findall(r"<loc>(.*?)</loc>", sitemap.read_text("utf-8")):
            assert (sitemap.parent / path.lstrip("/")).is_file(), path


@pytest.mark.parametrize("company", COMPANIES)
def test_log_has_whole_rows_with_ids(company: str) -> None:
    rows = read_log(company)
    assert 40 <= len(rows) <= 150
    first = next(iter(rows[0]))
    assert len({row[first] for row in rows}) == len(rows)
    assert all(None not in row and None not in row.values() for row in rows)


@pytest.mark.parametrize("expected", expectations(), ids=lambda row: f"{row[0]}-{row[1][:24]}")
def test_expected_quote_and_rows_are_there(expected: tuple[str, str, str, str, str]) -> None:
    company, quote, page, verdict, evidence = expected
    soup = read_soup(DEMO / company / "site" / page)
    assert quote in squeeze(soup.get_text(" ") + " " + " ".join(meta_text(soup)))
    assert verdict in {"contradicted", "at-risk", "kept", "no-evidence", "not-measurable", "none"}
    rows = read_log(company)
    first = next(iter(rows[0]))
    named = set(re.findall(r"\b(?:[A-Z]+-?)?\d[\d-]*\d{3,}\b", evidence))
    assert named <= {row[first] for row in rows}


def meta_text(soup: BeautifulSoup) -> list[str]:
    return [str(tag.get("content", "")) for tag in soup.find_all("meta", attrs={"name": "description"})]
