"""Address keys, sites, traps, worth and the links of a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.crawl.links import header_forbids, read_links
from promisecheck.crawl.traps import Traps, is_file
from promisecheck.crawl.urls import Site, absolute, url_key
from promisecheck.crawl.worth import worth_of


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("http://www.shop.test/a/", "https://shop.test/a"),
        ("http://shop.test:80/a", "https://shop.test:443/a"),
        ("https://shop.test", "https://shop.test/index.html"),
        ("https://shop.test/a?b=1&a=2", "https://shop.test/a?a=2&b=1"),
        ("https://shop.test/a?utm_source=x&id=7&gclid=q", "https://shop.test/a?id=7"),
        ("https://shop.test/a;jsessionid=F00", "https://shop.test/a"),
        ("https://shop.test/a?PHPSESSID=ab12", "https://shop.test/a"),
        ("https://shop.test/vilk%C3%A5r", "https://shop.test/vilkår"),
        ("https://shop.test//a//b", "https://shop.test/a/b"),
        ("https://SHOP.test/a", "https://shop.test/a"),
    ],
)
def test_two_spellings_of_one_page(first, second):
    assert url_key(first) == url_key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://shop.test/p?id=1", "https://shop.test/p?id=2"),
        ("https://shop.test/A", "https://shop.test/a"),
        ("http://shop.test:8080/a", "http://shop.test/a"),
        ("https://da.shop.test/", "https://shop.test/"),
        ("https://shop.test/a%2Fb", "https://shop.test/c/b"),
    ],
)
def test_two_pages(first, second):
    assert url_key(first) != url_key(second)


@pytest.mark.parametrize(
    ("base", "href", "result"),
    [
        ("http://a.test/x/", "../y#z", "http://a.test/y"),
        ("http://a.test/", "//b.test/", "http://b.test/"),
        ("http://a.test/", "javascript:alert(1)", ""),
        ("http://a.test/", "http://me:secret@a.test/", ""),
        ("http://a.test/", "http://[::1", ""),
        ("http://a.test/", "http://a.test:99999/", ""),
        ("http://a.test/", "?q=1", "http://a.test/?q=1"),
        ("", "http://a.test", "http://a.test/"),
    ],
)
def test_absolute(base, href, result):
    assert absolute(base, href) == result


@given(st.text(max_size=60), st.text(max_size=60))
def test_addresses_never_fail(base, href):
    url = absolute("http://a.test/" + base, href)
    assert url == "" or isinstance(url_key(url), str)


@pytest.mark.parametrize(
    ("home", "url", "holds"),
    [
        ("https://www.shop.test/", "http://shop.test/a", True),
        ("https://shop.test/", "https://help.shop.test/a", True),
        ("https://www.shop.test/", "https://help.shop.test/a", True),
        ("https://shop.test/", "https://workshop.test/", False),
        ("https://shop.test/", "https://shop.test.evil.test/", False),
        ("https://shop.test/", "https://shop.test:8443/", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/x", True),
        ("https://shop.test/", "ftp://shop.test/", False),
    ],
)
def test_site(home, url, holds):
    assert Site.of(home).holds(url) is holds


@pytest.mark.parametrize(
    ("urls", "last"),
    [
        (["http://a.test/" + "x" * 2000], "address too long"),
        (["http://a.test/a/b/a/b/a/b"], "repeated path"),
        (["http://a.test/om/om/om"], "repeated path"),
        (["http://a.test/logout"], "address acts"),
        (["http://a.test/?add-to-cart=7"], "address acts"),
        (["http://a.test/?a=1&b=2&c=3&d=4&e=5"], "too many facets"),
        (
            [f"http://a.test/kalender/2026/{m:02}/{d:02}" for m in range(1, 3) for d in range(1, 10)],
            "calendar",
        ),
        ([f"http://a.test/vare/{n}" for n in range(60)], "same shape as many others"),
        ([f"http://a.test/liste?side={n}" for n in range(60)], "same shape as many others"),
        ([f"http://a.test/{word}" for word in ["om", "kontakt", "vilkår", "levering"]], ""),
        (["http://a.test/da/om-os/vilkaar"], ""),
    ],
)
def test_traps(urls, last):
    traps = Traps()
    assert [traps.reason(url) for url in urls][-1] == last


def test_files_are_no_pages():
    assert is_file("http://a.test/logo.PNG?v=2") and is_file("http://a.test/x.zip")
    assert not is_file("http://a.test/vilkaar.pdf") and not is_file("http://a.test/om.html")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/handelsbetingelser", "/nyheder/ny-vare"),
        ("/leveringsbetingelser", "/produkter/stol"),
        ("/kundservice/kopvillkor", "/blogg/sommar"),
        ("/no/kjop/retur-og-reklamasjon", "/no/jobb"),
        ("/terms-and-conditions", "/category/shoes"),
        ("/om-os", "/de/ueber-uns"),
        ("/faq", "/faq?sort=new"),
        ("/servicegaranti", "/a/b/c/d/e"),
    ],
)
def test_worth(better, worse):
    assert worth_of(f"http://a.test{better}") > worth_of(f"http://a.test{worse}")


def test_worth_reads_the_words_of_the_link():
    assert worth_of("http://a.test/p/17", "Fragt og levering") > worth_of("http://a.test/p/17", "Stol")


PAGE = """<base href="/da/"><link rel="canonical" href="/da/hjem"><link rel=alternate hreflang=sv href=/sv/>
<a href='om'>Om <b>os</b></a><A HREF=kontakt TITLE="Skriv">x</A><a href="#top">Top</a>
<!-- <a href="/skjult">Skjult</a> --><script>document.write('<a href="/script">')</script>
<a href="mailto:a@b.test">Mail</a><area href="/kort"><iframe src="/ramme"></iframe>
<meta http-equiv="refresh" content="5; url=/videre"><a href="/x?a=1&amp;b=2">X</a><a class="y">Ingen</a>"""


def test_links_of_a_page():
    found = read_links(PAGE, "http://a.test/index")
    assert [(link.url.removeprefix("http://a.test"), link.text, link.kind) for link in found.links] == [
        ("/da/hjem", "", "canonical"),
        ("/sv/", "sv", "language"),
        ("/da/om", "Om os", "link"),
        ("/da/kontakt", "x", "link"),
        ("/kort", "", "link"),
        ("/ramme", "", "link"),
        ("/videre", "", "refresh"),
        ("/x?a=1&b=2", "X", "link"),
    ]
    assert not found.nofollow


@pytest.mark.parametrize(
    ("markup", "nofollow"),
    [
        ('<meta name="robots" content="noindex, NOFOLLOW">', True),
        ('<meta name="robots" content="none">', True),
        ('<meta name="promisecheck" content="nofollow">', True),
        ('<meta name="googlebot" content="nofollow">', False),
        ('<meta name="robots" content="noindex">', False),
    ],
)
def test_meta_robots(markup, nofollow):
    assert read_links(markup, "http://a.test/").nofollow is nofollow


@pytest.mark.parametrize(
    ("value", "forbids"),
    [
        ("nofollow", True), ("noindex, nofollow", True), ("none", True), ("promisecheck: nofollow", True),
        ("googlebot: nofollow", False), ("noindex", False), ("", False),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST", False),
    ],
)  # fmt: skip
def test_x_robots_tag(value, forbids):
    assert header_forbids(value) is forbids


@pytest.mark.parametrize(
    "markup",
    [
        "<a " * 500_000,
        "<a href='" * 300_000,
        "<!--" * 500_000,
        "<script>" * 300_000,
        "<a href=x>" * 200_000,
        "<" * 3_000_000,
    ],
    ids=lambda text: text[:9],
)
def test_links_are_read_in_linear_time(markup):
    began = time.process_time()
    read_links(markup, "http://a.test/")
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "href", ["/" + "a" * 100_000 + "!", "/" + "a/" * 100_000 + "!", "/" + "%~-." * 50_000 + "!"]
)
def test_odd_addresses_are_judged_at_once(href):
    began = time.process_time()
    absolute("http://a.test/", href)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "href", ["/om-os/abc", "/", "/a/", "/a.html", "/../x", "/a/./b", "//b.test/y", "/x y", "/vilkår", "/%20"]
)
def test_short_ways_lead_to_the_same_address(href):
    from urllib.parse import urljoin

    assert absolute("http://a.test:81/x/y?z", href) == urljoin("http://a.test:81/x/y?z", href)
