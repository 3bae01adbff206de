"""Pages that scripts fill, opened in a browser that reaches nothing but what the safe client reaches."""

import shutil

import pytest

from promisecheck.crawl.render import needs_browser

SHELL = """<html lang=en><body><div id="root"></div><script src="/app.js"></script>
<img src="/pixel.png"><iframe src="/frame"></iframe></body></html>"""
APP = """
const root = document.getElementById('root');
fetch('/data.json').then(r => r.json()).then(d => { root.innerHTML = '<p>' + d.text + '</p><a href=/more>More</a>'; });
fetch('/write', {method: 'POST', body: 'x'}).catch(() => 0);
fetch('http://127.0.0.1:PORT/inside').then(r => r.text()).then(t => { document.title = t; }).catch(() => 0);
new WebSocket('ws://127.0.0.1:PORT/socket');
"""


@pytest.mark.parametrize(
    ("body", "needs"),
    [
        (b"<div id=root></div>", True),
        (b'<div class="a" id="__next"></div>', True),
        (b"<app-root></app-root>", True),
        (b"<div id=root><p>x</p></div>", False),
        (b"<p>x</p>", False),
    ],
)
def test_needs_browser(body, needs):
    assert needs_browser(body) is needs


@pytest.fixture
def browser():
    pytest.importorskip("playwright")
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
        pytest.skip("no browser on this machine")


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_that_scripts_fill(browser, serve, crawl_of, reply):
    other = serve({"/inside": reply("secret", headers={"Access-Control-Allow-Origin": "*"})})
    port = other.url.rpartition(":")[2]
    site = serve(
        {
            "/": SHELL,
            "/app.js": reply(APP.replace("PORT", port), headers={"Content-Type": "text/javascript"}),
            "/data.json": reply(
                '{"text": "We always reply within a day."}', headers={"Content-Type": "text/json"}
            ),
            "/more": "<p>More of it, written in plain markup.</p>",
        }
    )
    own = site.url.removeprefix("http://")
    crawl = crawl_of(site, render=("shells",), allow_private_networks=(own,))
    fetched = list(crawl)
    assert b"<p>We always reply within a day.</p>" in fetched[0].body
    assert fetched[0].headers["x-rendered"] == "chromium"
    assert [f.url.removeprefix(site.url) for f in fetched] == ["/", "/more", "/frame"]
    assert "x-rendered" not in fetched[1].headers
    assert other.asked == []
    assert not {"/pixel.png", "/write"} & set(site.paths)
    assert site.paths.count("/") == site.paths.count("/frame") == 1


@pytest.mark.slow
@pytest.mark.browser
def test_a_script_that_never_ends_is_a_failure(browser, serve, crawl_of):
    site = serve({"/": "<div id=root></div><script>while (true) {}</script>"})
    crawl = crawl_of(site, render=("shells",), deadline=2.0, retries=0)
    (fetched,) = crawl
    assert "the browser failed" in fetched.error
    assert crawl.coverage.nothing_read
