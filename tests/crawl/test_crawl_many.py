"""Many sites at once: all of them, one request in flight each, and each with its coverage."""

import threading
import time

from promisecheck.crawl import Coverage, CrawlSettings, crawl_many
from promisecheck.model import Company, Fetched


def test_many_sites(serve, reply):
    flying, most = {}, {}
    lock = threading.Lock()

    def page(name, text):
        def write(handler):
            with lock:
                flying[name] = flying.get(name, 0) + 1
                most[name] = max(most.get(name, 0), flying[name])
            time.sleep(0.01)
            with lock:
                flying[name] -= 1
            handler.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                % (len(text), text)
            )

        return reply(write)

    sites = [
        serve({"/": page(n, b"<a href=/a>a</a><a href=/b>b</a>"), "/a": page(n, b"a"), "/b": page(n, b"b")})
        for n in range(6)
    ]
    companies = [Company(id=f"c{n}", name="C", home_url=site.url) for n, site in enumerate(sites)]
    companies.append(Company(id="again", name="C", home_url=sites[0].url + "/a"))
    settings = CrawlSettings(delay=0.0, allow_private_networks=("127.0.0.1",))
    results = list(crawl_many(companies, settings, threads=4, active=3))
    fetched = sorted((r.company_id, r.url[-1]) for r in results if isinstance(r, Fetched))
    covered = {r.company_id: r.fetched for r in results if isinstance(r, Coverage)}
    assert fetched == sorted([(f"c{n}", end) for n in range(6) for end in "/ab"] + [("again", "a")])
    assert covered == {**{f"c{n}": 3 for n in range(6)}, "again": 1}
    assert set(most.values()) == {1}


def test_stopping_early_leaves_no_thread_behind(serve):
    site = serve({"/": "<a href=/a>a</a>", "/a": "a"})
    before = threading.active_count()
    settings = CrawlSettings(delay=0.0, allow_private_networks=("127.0.0.1",))
    results = crawl_many([Company(id="c", name="C", home_url=site.url)], settings, threads=2)
    assert isinstance(next(results), Fetched)
    results.close()
    deadline = time.monotonic() + 2
    while threading.active_count() > before + 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before + 1
