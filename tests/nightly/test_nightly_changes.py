"""Changes by meaning: each noise alone and all together are no news, the one real change is the one told."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nightly_site import DELIVERY, LAMPS, MAIL, NAV, REPLY, Site, page

from promisecheck.cli.app import run
from promisecheck.match import compare
from promisecheck.store import Store

Change = Callable[[Site], None]


def nonce(site: Site) -> None:
    for n, path in enumerate(site.pages):
        head = f'<meta name="csrf-token" content="x{n}9f3a"><script nonce="a{n}b7">var t={n}77;</script>'
        site.pages[path] = site.pages[path].replace("</head>", f"{head}</head>")


def shuffled(site: Site) -> None:
    blocks = [*LAMPS]
    random.Random(7).shuffle(blocks)
    site.pages["/"] = page("Prøvehuset", *blocks)
    site.pages["/kontakt.html"] = page("Kontakt", MAIL, REPLY)


def rotated(site: Site) -> None:
    site.pages["/"] = page("Prøvehuset", "<p>Ledningen er 2 meter lang og sort.</p>", *LAMPS[1:])


def obfuscated(site: Site) -> None:
    hidden = '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="7a111f">[email&#160;protected]</a>'
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("kundeservice@example.com", hidden)


def moved(site: Site) -> None:
    site.pages["/fragt.html"] = site.pages.pop("/levering.html").replace("/levering.html", "/fragt.html")
    site.moved["/levering.html"] = "/fragt.html"
    for path in site.pages:
        site.pages[path] = site.pages[path].replace("/levering.html", "/fragt.html")


def cookie_banner(site: Site) -> None:
    banner = (
        '<div id="cookie-banner" class="cookie-consent" role="dialog"><p>Vi bruger cookies for at give dig '
        "den bedste oplevelse.</p><button>Accepter alle</button></div>"
    )
    for path in site.pages:
        site.pages[path] = site.pages[path].replace("<body>", f"<body>{banner}")


def all_noise(site: Site) -> None:
    for change in (shuffled, rotated, moved, obfuscated, cookie_banner, nonce):
        change(site)


NOISES = [nonce, shuffled, rotated, obfuscated, moved, cookie_banner, all_noise]


def test_first_night_tells_what_is_broken(nights) -> None:
    news = nights.run()
    (broken,) = [one for one in news if one["finding"] and one["finding"]["verdict"] == "contradicted"]
    assert "24 timer" in broken["promise"]["quote"]
    assert {one["change"] for one in news} == {"new"}
    assert nights.code == 1


def reorder(log: Path) -> None:
    head, *rows = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("noise", NOISES)
def test_noise_is_no_news(noise: Change, nights, site: Site) -> None:
    nights.run()
    noise(site)
    if noise is all_noise:
        reorder(nights.log)
    for _ in range(3):
        assert nights.run() == []
        assert nights.code == 0, nights.err


@pytest.mark.parametrize("noise", [None, all_noise])
def test_the_one_real_change_is_the_one_told(noise: Change | None, nights, site: Site) -> None:
    nights.run()
    if noise:
        noise(site)
        reorder(nights.log)
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    (told,) = nights.run()
    assert told["change"] == "changed"
    assert "24 timer" in told["before"]["quote"]
    assert "48 timer" in told["promise"]["quote"]
    assert nights.run() == []


def test_change_is_told_in_words(nights, site: Site) -> None:
    nights.run()
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    text = nights.text()
    assert "omskrevet: Lovede 24 timer indtil" in text and ", 48 timer siden." in text
    assert f"→ Hold det, eller ret ordene på http://{site.address}/kontakt.html." in text
    assert nights.text() == ""


def test_reordered_incidents_are_no_news(nights) -> None:
    nights.run()
    reorder(nights.log)
    assert nights.run() == []


def test_a_night_of_outage_is_not_seen_and_never_withdrawn(nights, site: Site) -> None:
    nights.run()
    site.down = True
    (told,) = nights.run()
    assert (told["change"], told["promise"]) == ("failed", None)
    assert nights.code == 3
    assert nights.run() == []
    assert nights.run() == []
    site.down = False
    (told,) = nights.run()
    assert (told["change"], told["promise"]) == ("recovered", None)
    assert nights.code == 0
    assert nights.run() == []


def test_a_site_that_is_gone_whole_withdraws_nothing_and_is_told_once(nights, site: Site) -> None:
    nights.run()
    pages, site.pages = site.pages, {}
    (told,) = nights.run()
    assert (told["change"], told["dark"], told["unseen"]) == ("failed", True, 3)
    for _ in range(3):
        assert nights.run() == []
        assert nights.code == 3
    site.pages = pages
    assert [one["change"] for one in nights.run()] == ["recovered"]


def test_a_check_by_hand_in_an_outage_is_no_news(nights, site: Site) -> None:
    nights.run()
    site.down = True
    check = ["check", f"http://{site.address}/", "--config", str(nights.config), "--db", str(nights.database)]
    assert run([*check, "--no-semantic"]) == 3
    site.down = False
    assert nights.run() == []


def test_an_outage_takes_back_nothing_that_the_site_said(nights, site: Site) -> None:
    nights.run()
    with Store.open(nights.database) as store:
        before = store.load_matches("huset")
    assert any(match.evidence_kind == "site" for match in before)
    site.down = True
    nights.run()
    with Store.open(nights.database) as store:
        assert store.load_matches("huset") == before


CLOSED = """Sagsnr;Oprettet;Lukket;Beskrivelse
A-1;01-09-2026 09:00;03-09-2026 10:00;Jeg ventede to dage på svar på min mail.
A-2;02-09-2026 09:00;06-09-2026 09:30;Der gik fire dage, før nogen svarede.
"""


def test_one_new_incident_is_read_alone(nights, monkeypatch: pytest.MonkeyPatch) -> None:
    nights.log.write_text(CLOSED, encoding="utf-8")
    nights.run()
    read: list[int] = []
    real = compare.read_incidents

    def counting(texts: Any, *rest: Any, **more: Any) -> Any:
        read.append(len(texts))
        return real(texts, *rest, **more)

    monkeypatch.setattr(compare, "read_incidents", counting)
    nights.run()
    assert read == []
    late = "A-3;05-09-2026 09:00;09-09-2026 09:00;Svar efter fire dage.\n"
    nights.log.write_text(CLOSED + late, encoding="utf-8")
    nights.run()
    assert read == [1], (nights.code, nights.err)


def test_withdrawn_after_two_good_nights_and_back_again(nights, site: Site) -> None:
    nights.run()
    before = site.pages["/kontakt.html"]
    site.pages["/kontakt.html"] = page("Kontakt", MAIL)
    assert nights.run() == []
    (told,) = nights.run()
    assert (told["change"], told["withdrawn"]) == ("fixed", True)
    assert nights.run() == []
    site.pages["/kontakt.html"] = before
    (told,) = nights.run()
    assert told["change"] == "came-back"
    assert nights.code == 1


def test_page_that_is_gone_withdraws_after_two_nights_and_is_no_failure(nights, site: Site) -> None:
    nights.run()
    del site.pages["/levering.html"]
    assert nights.run() == []
    (told,) = nights.run()
    assert told["withdrawn"] and DELIVERY[3:20] in told["promise"]["quote"]
    assert nights.code == 0, nights.err


def test_unchanged_pages_are_not_sent_again(nights, site: Site) -> None:
    nights.run()
    site.asked = site.unchanged = 0
    nights.run()
    assert site.unchanged == 3


def test_ten_runs_make_one_finding_seen_first_and_last(nights) -> None:
    for _ in range(10):
        nights.run()
    with Store.open(nights.database) as store:
        seen = store.load_seen("huset")
        findings = store.load_findings("huset")
        assert len(findings) == len({one.id for one in findings}) == len(store.load_promises("huset"))
        assert all(one.first_seen < one.last_seen for one in seen.values())
        assert all(len(store.load_steps(one.id)) == 1 for one in findings)
        assert len(store.load_incidents("huset")) == 4


def test_nav_holds_the_pages() -> None:
    assert NAV.count("href") == 3
