"""A whole site on the loopback address: what is fetched, in which order, and what the coverage says."""

from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.crawl import CrawlSettings, Validators
from promisecheck.errors import UsageError
from promisecheck.pages import read_page

HOME = """<html lang=da><body><a href=/nyheder/1>Nyhed</a><a href="/handelsbetingelser">Vilkår</a>
<a href=/om-os>Om os</a><a href=/om-os#top>Om os</a><a href=/hemmelig>x</a><a href=http://other.test/>Anden</a>
<a href=/logo.png>Logo</a><a href=/log-ud>Log ud</a></body></html>"""


def test_best_pages_come_first_and_the_coverage_adds_up(serve, crawl_of, reply):
    site = serve(
        {
            "/": HOME,
            "/handelsbetingelser": "<p>Vi svarer inden 24 timer.</p>",
            "/om-os": "<p>Om os</p>",
            "/nyheder/1": "<p>Nyt</p>",
            "/robots.txt": reply(
                "User-agent: *\nDisallow: /hemmelig", headers={"Content-Type": "text/plain"}
            ),
            "/sitemap.xml": "<urlset><url><loc>/levering</loc></url><url><loc>/gone</loc></url></urlset>",
            "/levering": "<p>Levering</p>",
        }
    )
    crawl = crawl_of(site)
    fetched = list(crawl)
    assert [f.url.removeprefix(site.url) for f in fetched] == [
        "/", "/handelsbetingelser", "/levering", "/om-os", "/gone", "/nyheder/1",
    ]  # fmt: skip
    assert site.paths[:2] == ["/robots.txt", "/sitemap.xml"]
    assert "/hemmelig" not in site.paths and "/logo.png" not in site.paths and "/log-ud" not in site.paths
    assert read_page(fetched[1]).text == "Vi svarer inden 24 timer."
    seen = crawl.coverage
    assert (seen.found, seen.fetched, seen.blocked_by_robots, seen.off_site) == (8, 5, 1, 1)
    assert seen.skipped == {"address acts": 1}
    assert [(f.url.removeprefix(site.url), f.reason) for f in seen.failed] == [
        ("/gone", "the server answered 404")
    ]
    assert not seen.partial and not seen.nothing_read and seen.left == 0
    assert seen.to_dict()["failed"][0]["reason"] == "the server answered 404"


def test_a_budget_makes_the_crawl_partial_and_says_so(serve, crawl_of):
    site = serve(
        {
            "/": "".join(f"<a href=/side-{n}x>s</a>" for n in "abcdefgh"),
            **{f"/side-{n}x": "x" for n in "abcdefgh"},
        }
    )
    crawl = crawl_of(site, max_pages=3)
    assert len(list(crawl)) == 3
    assert crawl.coverage.partial
    assert crawl.coverage.why == ("the budget of 3 pages is used up", "6 addresses were not fetched")
    assert crawl.coverage.left == 6


def test_a_site_where_everything_fails_is_visible(serve, crawl_of, reply):
    site = serve({"/": reply(b"", 500)})
    crawl = crawl_of(site, retries=0)
    assert [f.status for f in crawl] == [500]
    assert crawl.coverage.nothing_read
    assert crawl.coverage.failed_by_reason == {"the server answered 500": 1}


def test_nothing_listens(serve, crawl_of):
    site = serve({})
    site.server.shutdown()
    site.server.server_close()
    crawl = crawl_of(site, retries=0)
    assert [(f.status, f.error) for f in crawl] == [(0, "the site could not be reached (connection refused)")]
    assert crawl.coverage.nothing_read


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ({"/": (302, "/a"), "/a": (302, "/")}, "a redirect loop"),
        ({"/": (302, "/1"), **{f"/{n}": (302, f"/{n + 1}") for n in range(1, 9)}}, "more than 5 redirects"),
        ({"/": (301, "")}, "a redirect loop"),
        ({"/": (301, "file:///etc/passwd")}, "a redirect that leads nowhere"),
        (
            {"/": (301, "http://other.test/")},
            "the home page leads to another site (other.test): name that one instead",
        ),
        (
            {"/": (301, "http://127.0.0.1:9/")},
            "the home page leads to another site (127.0.0.1): name that one instead",
        ),
    ],
)
def test_redirects_that_fail(serve, crawl_of, reply, replies, reason):
    site = serve({path: reply(b"", status, {"Location": to}) for path, (status, to) in replies.items()})
    assert [f.error for f in crawl_of(site)] == [reason]


def test_a_redirect_is_followed_and_its_target_not_fetched_twice(serve, crawl_of, reply):
    site = serve({"/": reply(b"", 302, {"Location": "/da"}), "/da": "<a href=/da>Hjem</a><p>Hej"})
    fetched = list(crawl_of(site))
    assert [(f.url, f.final_url) for f in fetched] == [(site.url + "/", site.url + "/da")]
    assert site.paths.count("/da") == 1


def test_each_hop_is_judged_by_robots(serve, crawl_of, reply):
    site = serve(
        {"/robots.txt": "User-agent: *\nDisallow: /x", "/": reply(b"", 302, {"Location": "/x"}), "/x": "x"}
    )
    crawl = crawl_of(site)
    assert list(crawl) == []
    assert crawl.coverage.blocked_by_robots == 1 and "/x" not in site.paths


def test_known_pages_are_asked_for_conditionally(serve, crawl_of, reply):
    site = serve({"/": "<p>Hej", "/om": reply(b"", 304)})
    known = {
        f"{site.url}/om": Validators(
            etag='W/"1"', last_modified="Mon, 02 Mar 2026 09:00:00 GMT", sha256="abc"
        )
    }
    crawl = crawl_of(site, known=known)
    by_path = {f.url.removeprefix(site.url): f for f in crawl}
    assert (by_path["/om"].status, by_path["/om"].sha256, by_path["/om"].body) == (304, "abc", b"")
    headers = next(headers for _, path, headers in site.asked if path == "/om")
    assert headers["If-None-Match"] == 'W/"1"'
    assert headers["If-Modified-Since"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert crawl.coverage.not_modified == 1


@pytest.mark.parametrize(
    "headers", [{"X-Robots-Tag": "nofollow"}, {"X-Robots-Tag": "noindex, nofollow"}, {"X-Robots-Tag": "none"}]
)
def test_nofollow_headers(serve, crawl_of, reply, headers):
    site = serve({"/": reply("<a href=/om>Om</a>", headers=headers), "/om": "x"})
    assert len(list(crawl_of(site))) == 1


def test_what_is_not_a_page_is_counted(serve, crawl_of, reply):
    site = serve(
        {"/": "<a href=/billede>x</a>", "/billede": reply(b"x", headers={"Content-Type": "image/png"})}
    )
    crawl = crawl_of(site)
    assert len(list(crawl)) == 1
    assert crawl.coverage.skipped == {"not a page (image/png)": 1}


def test_a_check_for_robots_is_no_page(serve, crawl_of):
    site = serve({"/": "<html><head><title>Just a moment...</title></head><body>Wait</body></html>"})
    crawl = crawl_of(site)
    assert "check for robots" in next(iter(crawl)).error
    assert crawl.coverage.nothing_read


def test_only_and_ignore(serve, crawl_of):
    site = serve(
        {"/": "<a href=/a/1>1</a><a href=/a/2>2</a><a href=/b>b</a>", "/a/1": "1", "/a/2": "2", "/b": "b"}
    )
    crawl = crawl_of(site, only=("/a/",), ignore=("2$",))
    assert [f.url.removeprefix(site.url) for f in crawl] == ["/", "/a/1"]
    assert crawl.coverage.skipped == {"not among --only": 1, "among --ignore": 1}


def test_the_agent_is_honest(serve, crawl_of):
    site = serve({"/": reply_ok})
    list(crawl_of(site, contact="https://auditor.test/bot"))
    assert {h["User-Agent"] for _, _, h in site.asked} == {
        CrawlSettings(contact="https://auditor.test/bot").agent
    }
    assert "(+https://auditor.test/bot)" in site.asked[0][2]["User-Agent"]
    assert not any("Cookie" in headers for _, _, headers in site.asked)


reply_ok = "<p>ok"


def test_a_public_site_needs_a_contact(crawl_of, serve):
    crawl = crawl_of(serve({"/": "x"}), allow_private_networks=())
    with pytest.raises(UsageError, match="no contact is set"):
        next(iter(crawl))


@pytest.mark.parametrize("home", ["shop.test", "ftp://shop.test/", "http://", ""])
def test_a_home_url_that_is_none(home):
    from promisecheck.crawl import Crawl
    from promisecheck.model import Company

    with pytest.raises(UsageError, match="not an http or https address"):
        next(iter(Crawl(Company(id="c", name="C", home_url=home))))


class FastClock:
    """A clock that jumps over every sleep."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(serve, crawl_of, reply):
    clock = FastClock()
    site = serve({"/": [reply(b"", 429, {"Retry-After": "30"}), "<p>Hej"]})
    crawl = crawl_of(site, now=clock.now, sleep=clock.sleep, delay=1.0)
    assert [f.status for f in crawl] == [200]
    assert max(clock.slept) == pytest.approx(30, abs=0.1)
    assert not crawl.coverage.partial


def test_a_server_that_asks_for_too_long_a_wait_makes_the_crawl_partial(serve, crawl_of, reply):
    clock = FastClock()
    site = serve({"/": "<a href=/om>x</a><a href=/b>y</a>", "/om": reply(b"", 503, {"Retry-After": "7200"})})
    crawl = crawl_of(site, now=clock.now, sleep=clock.sleep)
    assert [f.status for f in crawl] == [200, 503]
    assert crawl.coverage.partial and crawl.coverage.left == 1
    assert crawl.coverage.why[0] == "the server asked to be left alone for 7200 s"
    assert sum(clock.slept) < 10


def test_a_site_that_fails_again_and_again_is_left_alone(serve, crawl_of, reply):
    clock = FastClock()
    links = "".join(f"<a href=/s-{letter}>x</a>" for letter in "abcdefghij")
    site = serve({"/": links, **{f"/s-{letter}": reply(b"", 500) for letter in "abcdefghij"}})
    crawl = crawl_of(site, now=clock.now, sleep=clock.sleep, max_failures_in_a_row=4)
    list(crawl)
    assert crawl.coverage.why[0] == "4 requests in a row brought no answer: the site was left alone"
    assert len(site.paths) == 7


@pytest.mark.parametrize(
    ("robots", "status", "asked"),
    [(500, "the site", 3), (503, "the site", 3), (404, "", 1), (403, "", 1)],
)
def test_robots_that_fail(serve, crawl_of, reply, robots, status, asked):
    clock = FastClock()
    site = serve({"/robots.txt": reply(b"", robots), "/": "<p>Hej"})
    crawl = crawl_of(site, now=clock.now, sleep=clock.sleep)
    results = [(f.status, f.error) for f in crawl]
    assert results == ([(0, f"robots.txt answered {robots}")] if status else [(200, "")])
    assert site.paths.count("/robots.txt") == asked


def test_robots_are_read_through_redirects_and_asked_again_after_a_day(serve, crawl_of, reply):
    clock = FastClock()
    site = serve(
        {
            "/robots.txt": reply(b"", 301, {"Location": "/r.txt"}),
            "/r.txt": "User-agent: *\nDisallow: /b\nCrawl-delay: 50000",
            "/": "<a href=/b>b</a><a href=/a>a</a><a href=/c>c</a>",
            **dict.fromkeys(("/a", "/b", "/c"), "x"),
        }
    )
    list(crawl_of(site, now=clock.now, sleep=clock.sleep))
    assert "/b" not in site.paths and {"/a", "/c"} <= set(site.paths)
    assert site.paths.count("/r.txt") == 3
