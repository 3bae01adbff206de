"""robots.txt, sitemaps, the time table of a site, and a simulated run over a hundred hosts."""

import gzip
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.crawl import Crawl, CrawlSettings
from promisecheck.crawl.client import Answer
from promisecheck.crawl.pace import Pace, retry_after
from promisecheck.crawl.robots import read_robots
from promisecheck.crawl.sitemap import read_sitemap
from promisecheck.errors import FetchError
from promisecheck.model import Company

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: promisecheck\nDisallow: /a\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: PromiseCheck/9\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdfs", True),
        ("User-agent: *\nDisallow: /vilk%C3%A5r", "/vilkår", False),
        ("<html>not robots</html>", "/a", True),
        ("", "/a", True),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a/b", False),
        ("User-agent: *\nDisallow: /a?\n", "/a?x", False),
        ("User-agent: *\nDisallow: /private\n\nUser-agent: *\nDisallow: /other", "/other", False),
    ],
)
def test_robots(body, path, allowed):
    assert read_robots(200, body.encode(), AT).allows(f"http://a.test{path}") is allowed


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (404, True),
        (403, True),
        (401, True),
        (410, True),
        (302, True),
        (500, False),
        (503, False),
        (429, False),
        (0, False),
    ],
)
def test_robots_by_status(status, allowed):
    robots = read_robots(status, b"User-agent: *\nDisallow: /", AT)
    assert robots.allows("http://a.test/a") is allowed


def test_robots_age_delay_and_sitemaps():
    robots = read_robots(200, b"User-agent: *\nCrawl-delay: 2.5\nSitemap: http://a.test/s.xml", AT)
    assert (robots.delay, robots.sitemaps) == (2.5, ["http://a.test/s.xml"])
    assert robots.is_fresh(AT + timedelta(hours=23)) and not robots.is_fresh(AT + timedelta(hours=25))
    assert not read_robots(503, b"", AT).is_fresh(AT)


NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = f"<?xml version='1.0'?><urlset {NS}><url><loc> http://a.test/1 </loc></url><url><loc>http://a.test/2</loc></url></urlset>"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (URLSET.encode(), ["http://a.test/1", "http://a.test/2"]),
        (gzip.compress(URLSET.encode(), mtime=0), ["http://a.test/1", "http://a.test/2"]),
        (b"\xef\xbb\xbf" + URLSET.encode(), None),
        (b"http://a.test/1\nhttp://a.test/2\n", ["http://a.test/1", "http://a.test/2"]),
        (b"<urlset><url><loc>http://a.test/?a=1&amp;b=2</loc></url></urlset>", ["http://a.test/?a=1&b=2"]),
        (b"<urlset><url><loc><![CDATA[http://a.test/1]]></loc></url></urlset>", ["http://a.test/1"]),
        (
            b"<urlset xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>http://a.test/1</loc>"
            b"<image:image><image:loc>http://a.test/x.jpg</image:loc></image:image></url></urlset>",
            ["http://a.test/1"],
        ),
    ],
)
def test_sitemap(body, found):
    urls = [listed.url for listed in read_sitemap(body)]
    assert urls == (found or ["http://a.test/1", "http://a.test/2"])


def test_sitemap_index_and_limit():
    index = b"<sitemapindex><sitemap><loc>http://a.test/s1.xml</loc></sitemap></sitemapindex>"
    assert [(one.url, one.is_sitemap) for one in read_sitemap(index)] == [("http://a.test/s1.xml", True)]
    assert len(list(read_sitemap(URLSET.encode(), limit=1))) == 1


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '{'&a' + str(n - 1) * 10 if n else ''}'>" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ((LAUGHS + "]><urlset><url><loc>&a8;</loc></url></urlset>").encode(), "document type"),
        (b"<!DOCTYPE u SYSTEM 'file:///etc/passwd'><urlset/>", "document type"),
        (b"<!DOCTYPE u [<!ENTITY x SYSTEM 'http://127.0.0.1/'>]><urlset>&x;</urlset>", "document type"),
        ("<!DOCTYPE u [<!ENTITY x 'y'>]><urlset/>".encode("utf-16"), "document type"),
        (b"<a>" * 1_000_000, "too deep"),
        (b"<urlset><url><loc>http://a.test/", "not well-formed"),
        (b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b"><x>", "not well-formed"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000, mtime=0), "larger than"),
        (b"\x1f\x8b\x08\x00damaged", "damaged|too early"),
        (b"", "not well-formed"),
    ],
    ids=range(10),
)
def test_xml_bombs(body, says):
    began = time.process_time()
    with pytest.raises(FetchError, match=says):
        list(read_sitemap(body))
    assert time.process_time() - began < 3


def test_a_long_sitemap_is_read_fast():
    body = (
        b"<urlset>"
        + b"".join(b"<url><loc>http://a.test/%d</loc></url>" % n for n in range(50_000))
        + b"</urlset>"
    )
    began = time.process_time()
    assert sum(1 for _ in read_sitemap(gzip.compress(body))) == 50_000
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Mar 2026 09:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 400, 999_999_999.0),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after({"retry-after": value}, AT) == seconds


def test_pace():
    pace = Pace(1.0, max_failures=3, chance=random.Random(7))
    start = AT.timestamp()
    assert pace.answered(200, {}, AT) == 0.0
    assert pace.ready_at == start + 1.0
    pace.ask_for(5.0)
    pace.ask_for(2.0)
    pace.answered(404, {}, AT)
    assert pace.ready_at == start + 5.0
    assert pace.answered(429, {"retry-after": "60"}, AT) == 60.0
    assert pace.ready_at == start + 60.0
    first, second = pace.answered(500, {}, AT), pace.answered(0, {}, AT)
    assert 15 <= first <= 25 and 30 <= second <= 50
    assert pace.ready_at == start + 60.0
    assert pace.given_up
    pace.answered(200, {}, AT)
    assert not pace.given_up


class SimulatedWorld:
    """A hundred hosts with their own rules, on a clock that only moves when somebody sleeps or asks."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.time = AT
        self.asked: dict[str, list[tuple[float, str]]] = {}
        self.quiet_until: dict[str, float] = {}
        self.violations: list[str] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def get(self, url, *, headers=None, max_bytes=0, deadline=0.0, truncate=False, wants=None) -> Answer:
        host, _, path = url.removeprefix("http://").partition("/")
        at = self.time.timestamp()
        delay = 1.0 + int(host[1:].split(".")[0]) % 3
        calls = self.asked.setdefault(host, [])
        if len(calls) > 1 and at - calls[-1][0] < (delay if calls[1:] else 1.0) - 1e-6:
            self.violations.append(f"gap {url}")
        if at < self.quiet_until.get(host, 0.0) - 1e-6:
            self.violations.append(f"retry-after {url}")
        if path.startswith("secret"):
            self.violations.append(f"disallow {url}")
        calls.append((at, path))
        self.time += timedelta(seconds=self.dice.uniform(0.01, 0.4))
        return self._answer(url, host, path, delay)

    def _answer(self, url: str, host: str, path: str, delay: float) -> Answer:
        if path == "robots.txt":
            text = f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /secret"
            return Answer(url=url, status=200, headers={}, body=text.encode())
        chance = self.dice.random()
        if chance < 0.1:
            wait = self.dice.randint(1, 60)
            self.quiet_until[host] = self.time.timestamp() + wait
            return Answer(url=url, status=self.dice.choice([429, 503]), headers={"retry-after": str(wait)})
        if chance < 0.15:
            raise FetchError("timed out", where=url)
        links = "".join(f"<a href=/{self.dice.choice(['secret', 'side'])}{n}>x</a>" for n in range(5))
        return Answer(url=url, status=200, headers={"content-type": "text/html"}, body=links.encode())


def test_a_simulated_run_over_a_hundred_hosts_breaks_no_rule():
    world = SimulatedWorld(11)
    for number in range(100):
        company = Company(id=f"c{number}", name="C", home_url=f"http://h{number}.test/")
        settings = CrawlSettings(contact="me@auditor.test", max_pages=20)
        crawl = Crawl(
            company, settings, client=world, now=world.now, sleep=world.sleep, chance=random.Random(number)
        )
        list(crawl)
        seen = crawl.coverage
        states = seen.fetched + seen.not_modified + sum(seen.skipped.values())
        assert seen.found == states + seen.blocked_by_robots + len(seen.failed) + seen.left
    assert world.violations == []
    assert sum(map(len, world.asked.values())) > 800
