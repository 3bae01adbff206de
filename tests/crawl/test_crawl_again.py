"""Second requests, made by a process that outlives a kill of the crawl: no page is asked for a third time."""

import os
import signal
import subprocess
import sys
import time

import pytest

from promisecheck.crawl import Entry, key_of
from promisecheck.crawl.addresses import BlockedAddressError
from promisecheck.crawl.again import Apart, wait_for_other
from promisecheck.crawl.bodies import BodyTooLargeError
from promisecheck.errors import FetchError
from promisecheck.store import Store

CRAWL = """
import sys
from promisecheck.crawl import Crawl, CrawlSettings, Entry
from promisecheck.model import Company
from promisecheck.store import Store

url, db = sys.argv[1:]
settings = CrawlSettings(delay=0.0, sitemaps=False, allow_private_networks=("127.0.0.1",))
with Store.open(db) as store:
    for _ in Crawl(Company(id="c", name="C", home_url=url), settings, frontier=store.frontier("c", Entry)):
        pass
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a lock is not inherited there")


def _slowly(body):
    def write(handler):
        time.sleep(0.5)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return write


def _start(site, database):
    return subprocess.Popen([sys.executable, "-c", CRAWL, site.url, str(database)])


def _kill_when_asked(site, database, path, times):
    """Start the crawl and kill it as soon as the site has been asked so often."""
    process = _start(site, database)
    until = time.monotonic() + 60
    while site.paths.count(path) < times:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _stored(database):
    with Store.open(database) as store:
        return {one.url: (one.status, one.body) for one in store.iter_fetched("c")}


def test_a_page_whose_second_request_is_killed_too_is_not_asked_for_again(serve, reply, tmp_path):
    home, page = b"<a href=/om>Om</a>", b"<p>Vi svarer inden for 24 timer."
    site = serve({"/": reply(home, headers={"Content-Type": "text/html"}), "/om": reply(_slowly(page))})
    database = tmp_path / "a.db"
    _kill_when_asked(site, database, "/om", 1)
    _kill_when_asked(site, database, "/om", 2)
    assert _start(site, database).wait() == 0
    assert site.paths.count("/om") == 2
    assert site.paths.count("/") == 1
    assert _stored(database) == {f"{site.url}/": (200, home), f"{site.url}/om": (200, page)}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_redirect_is_followed_in_second_requests(serve, reply, tmp_path, crawl_of):
    site = serve({"/": reply(b"", 302, {"Location": "/ny"}), "/ny": "<p>Vi svarer."})
    with Store.open(tmp_path / "a.db") as store:
        list(crawl_of(site, frontier=_taken(store, site), sitemaps=False))
        assert [one.final_url for one in store.iter_fetched("c")] == [f"{site.url}/ny"]
    assert [path for path in site.paths if path != "/robots.txt"] == ["/", "/ny"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_an_answer_on_the_shelf_takes_the_place_of_a_request(serve, tmp_path, crawl_of):
    site = serve({"/": "<p>Vi svarer."})
    with Store.open(tmp_path / "a.db") as store:
        frontier = _taken(store, site)
        apart = Apart(frontier.shelf, "promisecheck", ("127.0.0.1",))
        assert apart.get(f"{site.url}/", max_bytes=1_000, deadline=20).body == b"<p>Vi svarer."
        (fetched,) = crawl_of(site, frontier=frontier, sitemaps=False)
    assert fetched.body == b"<p>Vi svarer."
    assert site.paths == ["/", "/robots.txt"]


def test_a_second_request_that_fails_is_tried_anew_like_any_other(serve, reply, tmp_path, crawl_of):
    site = serve({"/": [reply(b"", 503, {"Retry-After": "0"}), reply(b"<p>Vi svarer.")]})
    with Store.open(tmp_path / "a.db") as store:
        (fetched,) = crawl_of(site, frontier=_taken(store, site), sitemaps=False, sleep=lambda seconds: None)
    assert fetched.body == b"<p>Vi svarer."
    assert site.paths.count("/") == 2


@pytest.mark.parametrize(
    ("allow", "body", "error"),
    [
        ((), b"fine", BlockedAddressError),
        (("127.0.0.1",), b"x" * 2_000, BodyTooLargeError),
        (("127.0.0.1",), lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n"), FetchError),
    ],
)
def test_errors_come_across_and_are_kept(serve, reply, tmp_path, allow, body, error):
    site = serve({"/": reply(body, headers={"Content-Type": "text/html"})})
    apart = Apart(tmp_path / "shelf", "promisecheck", allow)
    for _ in range(2):
        with pytest.raises(error) as raised:
            apart.get(f"{site.url}/", max_bytes=1_000, deadline=20)
        assert type(raised.value) is error
        assert raised.value.where == f"{site.url}/"
    assert len(site.asked) == (1 if allow else 0)


def test_nobody_is_waited_for_where_nobody_asks(tmp_path):
    began = time.monotonic()
    wait_for_other(tmp_path / "none", 30)
    (tmp_path / "asking").touch()
    wait_for_other(tmp_path, 30)
    assert time.monotonic() - began < 5


def _taken(store, site):
    """Return the frontier of a crawl that was cut short while the home page was asked for."""
    frontier = store.frontier("c", Entry)
    frontier.add([Entry(key=key_of(f"{site.url}/"), url=f"{site.url}/", worth=1)])
    frontier.take(0.0)
    return store.frontier("c", Entry)
