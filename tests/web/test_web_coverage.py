"""Every number of what was read leads to a list that re-counts to it; a check is watched while it runs."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from desk_values import BASE, REVIEWER, settings
from starlette.testclient import TestClient

from promisecheck.check import CheckSettings, check_company, company_of
from promisecheck.cli.demo import serve
from promisecheck.crawl import CrawlSettings
from promisecheck.promises import open_reader
from promisecheck.store import Store
from promisecheck.web import coverage, create_app

ENGLISH = {"accept-language": "en"}
HEAD = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head><body><main>'
)
GERMAN = "Wir verkaufen schöne Lampen und liefern sie überall hin, denn das Licht ist uns wichtig. " * 4
LINKS = (
    "kontakt.html", "tyskland.html", "intern/kontakt.html", "kundeservice.html", "levering.html", "log-ud",
    *(f"side-{n}.html" for n in range(9)), "https://elsewhere.example/",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with pages to read, to skip, to leave alone, that fail, and more than may be fetched."""
    folder = tmp_path_factory.mktemp("site")
    links = "".join(f'<a href="{link}">{link}</a> ' for link in LINKS)
    pages = {
        "index.html": ("da", f"<h1>Lampehuset</h1><p>Vi sælger lamper og skærme til hele landet.</p>{links}"),
        "kontakt.html": ("da", "<h1>Kontakt</h1><p>Vi svarer på alle mails inden for 24 timer.</p>"),
        "levering.html": ("da", f"<p>{'Vi leverer overalt. ' * 2000}</p>"),
        "tyskland.html": ("de", f"<h1>Lampen für Deutschland</h1><p>{GERMAN}</p>"),
        **{f"side-{n}.html": ("da", f"<p>Lampe nummer {n} er vores bedste lampe.</p>") for n in range(9)},
    }
    for name, (lang, body) in pages.items():
        (folder / name).write_text(
            HEAD.format(lang=lang, title=name) + body + "</main></body></html>", "utf-8"
        )
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /intern/\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with serve(folder) as address:
        yield f"http://{address}/"


def check(site: str, store: Store, most: int, **given: object) -> None:
    host = urlsplit(site).netloc
    crawl = CrawlSettings(
        delay=0.0, max_bytes=20_000, max_pages=most, retries=0, allow_private_networks=(host,), sitemaps=False
    )
    check_company(
        company_of(site, "Lampehuset"), store, open_reader(semantic=False), CheckSettings(crawl=crawl),
        now=lambda: datetime.now(UTC), **given,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(
    site: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, list[str]]]:
    """Check the site twice, looking at the desk at each stage of the first time."""
    path = tmp_path_factory.mktemp("desk") / "t.db"
    with Store.open(path) as store:
        app = create_app(path, settings=settings(now=lambda: datetime.now(UTC)))
        with TestClient(app, base_url=BASE) as client:
            client.get(f"/enter?token={REVIEWER}")
            seen: list[str] = []

            def look(stage: str, done: int) -> None:
                answer = client.get("/checks", headers=ENGLISH)
                page, again = answer.text, answer.headers.get("refresh")
                told = re.search(r'class="card running">.*?<b>(.*?)</b>', page, re.DOTALL)
                seen.append(f"{stage}: {told[1] if told else ''}{' ⟳' if again else ''}")

            check(site, store, 6, progress=look)
            seen.append(f"after:{client.get('/checks').headers.get('refresh', '')}")
            # What has not changed is not looked through for links again.
            later = time.time() + 60
            os.utime(folder / "index.html", (later, later))
            check(site, store, 10)
            yield client, seen


def test_each_stage_is_seen_while_it_runs(desk: tuple[TestClient, list[str]]) -> None:
    _, seen = desk
    assert list(dict.fromkeys(seen)) == [
        "import: reading the cases ⟳", "crawl: fetching the pages ⟳", "read: reading the pages for promises ⟳",
        "judge: comparing promises with cases ⟳", "after:",
    ]  # fmt: skip


def counted(client: TestClient, link: str) -> int:
    """Return how many addresses a list holds, page by page."""
    total = 0
    while link:
        page = client.get(unescape(link), headers=ENGLISH).text
        body = page[page.index("<tbody>") :] if "<tbody>" in page else ""
        total += body.count("<tr>")
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found[1] if found else ""
    return total


def numbers(page: str) -> dict[str, tuple[int, str]]:
    """Return every number that leads to a list, by its label."""
    rows = re.findall(r'href="([^"]*/coverage[^"]+state=[^"]+)">(\d+)<span[^>]*> (.*?)</span></a>', page)
    return {unescape(label): (int(count), link) for link, count, label in rows}


def test_every_number_re_counts(desk: tuple[TestClient, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = desk
    monkeypatch.setattr(coverage, "PER_PAGE", 3)
    overview = client.get("/", headers=ENGLISH).text
    told = re.findall(r'<li>([^<]+): <a href="([^"]*/coverage[^"]+)">(\d+)</a></li>', overview)
    assert {label for label, _, _ in told} == {
        "pages found", "pages read", "pages unchanged since last time", "pages passed over",
        "pages the site asks not to be read", "pages that could not be read",
    }  # fmt: skip
    assert {label: counted(client, link) for label, link, _ in told} == {
        label: int(count) for label, _, count in told
    }
    whole = re.search(r'href="(/coverage\?company=[^"&]+)">What was left out', overview)
    assert whole is not None
    listed = numbers(client.get(unescape(whole[1]), headers=ENGLISH).text)
    assert {label: counted(client, link) for label, (_, link) in listed.items()} == {
        label: count for label, (count, _) in listed.items()
    }
    counts = {label: count for label, (count, _) in listed.items()}
    assert counts["pages found"] == sum(
        counts[label]
        for label in (
            "pages read", "pages unchanged since last time", "pages passed over", "pages found and not fetched",
            "pages the site asks not to be read", "pages that could not be read",
        )
        if label in counts
    )  # fmt: skip
    assert counts["pages in a language that is not read (counted above, too)"] == 1
    assert counts["the page is larger than 20,000 bytes"] == counts["pages that could not be read"] == 1
    assert counts["opening it would do something, such as sign out or buy"] == 1
    assert counts["there is no page here any more"] == 1
    assert counts["pages passed over"] == 2
    assert counts["pages the site asks not to be read"] == 1
    assert counts["pages found and not fetched"] > 0


def test_reasons_are_in_the_readers_language(desk: tuple[TestClient, list[str]]) -> None:
    client, _ = desk
    page = client.get("/", headers={"accept-language": "da"}).text
    (link,) = re.findall(r'href="(/coverage[^"]*state=failed)"', page)
    assert (
        "siden er større end 20.000 byte"
        in client.get(unescape(link), headers={"accept-language": "da"}).text
    )


@pytest.mark.parametrize(
    "query", ["", "?company=unknown", "?company={id}&state=odd", "?company={id}&state=queued"]
)
def test_what_is_no_list_is_not_found(desk: tuple[TestClient, list[str]], site: str, query: str) -> None:
    client, _ = desk
    assert client.get(f"/coverage{query.format(id=urlsplit(site).netloc)}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["&state=found&page=x", "&state=found&page=99", "&state=found&page=-1", "&state=failed&reason=odd"],
)
def test_odd_queries_are_answered(desk: tuple[TestClient, list[str]], site: str, query: str) -> None:
    client, _ = desk
    assert client.get(f"/coverage?company={urlsplit(site).netloc}{query}").status_code == 200
