"""The desk in a real browser: clicked through as a manager would, with JavaScript on and off, and accessible."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
from desk_values import NOW, REVIEWER, build, settings

from promisecheck.store import RunProgress, Store
from promisecheck.store.progress import this_process
from promisecheck.web import create_app

pytestmark = pytest.mark.browser
CSV = "Sagsnr;Oprettet;Kanal;Tekst\nN-1;02-11-2026 09:00;Mail;Jeg venter stadig.\n"


@pytest.fixture
def desk(tmp_path: Path, browser: Any) -> Iterator[str]:
    """Serve a fresh desk on a free port and let the browser in."""
    build(tmp_path / "desk.db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(tmp_path / "desk.db", settings=settings(port=port))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    browser.delete_all_cookies()
    browser.get(f"http://127.0.0.1:{port}/enter?token={REVIEWER}")
    in_language(browser, "en")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def scripting(request: pytest.FixtureRequest, browser: Any) -> Iterator[bool]:
    """Run a test with JavaScript on and off."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not request.param})
    yield request.param
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def press(browser: Any, selector: str) -> None:
    """Press a button or link by keyboard and wait for the page that follows."""
    old = find(browser, "html")
    find(browser, selector).send_keys("\n")
    for _ in range(200):
        time.sleep(0.02)
        # Between two pages there may be none for a moment.
        fresh = [page for page in browser.find_elements("css selector", "html") if page.id != old.id]
        if fresh and browser.find_elements("css selector", "main"):
            return
    raise AssertionError(f"nothing followed {selector}")


def in_language(browser: Any, language: str) -> None:
    find(browser, f"#to option[value={language}]").click()
    press(browser, "form[action='/language'] button")


def text(browser: Any) -> str:
    return str(find(browser, "main").text)


def test_through_the_desk(scripting: bool, desk: str, browser: Any, resize: Callable[[int], None]) -> None:
    resize(1280)
    browser.get(desk)
    assert "3 of 7 customers waited longer" in text(browser)
    press(browser, ".tiles .contradicted a")
    assert "1 finding" in text(browser)
    find(browser, "#f-verdict option[value='']").click()
    find(browser, "#f-company option[value=fyrby]").click()
    press(browser, ".filters button")
    assert "2 findings" in text(browser)
    press(browser, "table.queue a.quote")
    assert "What customers met" in text(browser)

    find(browser, "#d-confirmed").click()
    find(browser, "#owner").send_keys("Jens")
    press(browser, ".decide button")
    assert "The decision is saved." in text(browser)
    assert "Nemt fra første klik" in text(browser)
    press(browser, ".banner button")
    assert "taken back" in text(browser)

    find(browser, "#d-dismissed").click()
    press(browser, ".decide button")
    assert "Write the reason" in text(browser)
    find(browser, "#d-dismissed").click()
    find(browser, "#reason").send_keys("other scope")
    press(browser, ".decide button")
    press(browser, ".banner button")

    find(browser, "#d-accepted-until").click()
    find(browser, "#reason").send_keys("new system in spring")
    find(browser, "#until").send_keys("02012027")
    press(browser, ".decide button")
    assert "The decision is saved." in text(browser)


def test_import_in_the_browser(scripting: bool, desk: str, browser: Any, tmp_path: Path) -> None:
    (tmp_path / "sager.csv").write_text(CSV, encoding="utf-8")
    browser.get(f"{desk}/import")
    find(browser, "#file").send_keys(str(tmp_path / "sager.csv"))
    press(browser, "form.narrow button")
    assert "Nothing has been stored yet." in text(browser)
    press(browser, "button[value=import]")
    assert "1 new case" in text(browser)


def test_language_is_switched(scripting: bool, desk: str, browser: Any) -> None:
    browser.get(desk)
    for language, words in (("da", "Overblik"), ("nb", "Oversikt"), ("sv", "Översikt"), ("en", "Overview")):
        in_language(browser, language)
        assert words in find(browser, ".deskbar nav").text


def test_each_format_is_downloaded(desk: str, browser: Any) -> None:
    browser.get(f"{desk}/reports")
    suffixes = {"html": "html", "csv": "csv", "json": "json", "markdown": "md", "xlsx": "xlsx"}
    for format in suffixes:
        find(browser, f"a[href='/reports/{format}']").click()
    wanted = {f"promises-2026-11-20.{suffix}" for suffix in suffixes.values()}
    for _ in range(200):
        if wanted <= {path.name for path in browser.downloads.iterdir()}:
            break
        time.sleep(0.05)
    assert wanted <= {path.name for path in browser.downloads.iterdir()}


PAGES = ["/", "/findings", "/findings?verdict=kept", "finding", "wrong", "/search?q=svar", "incident", "/import",
         "preview", "/reports", "/checks", "/nowhere", "closed"]  # fmt: skip


def go(browser: Any, desk: str, page: str, tmp_path: Path) -> None:
    if page in ("finding", "wrong"):
        browser.get(f"{desk}/findings")
        press(browser, "table.queue a.quote")
        if page == "wrong":
            find(browser, "#d-dismissed").click()
            press(browser, ".decide button")
    elif page == "incident":
        browser.get(f"{desk}/search?q=stillet")
        press(browser, "main ul a")
    elif page == "preview":
        (tmp_path / "sager.csv").write_text(CSV, encoding="utf-8")
        browser.get(f"{desk}/import")
        find(browser, "#file").send_keys(str(tmp_path / "sager.csv"))
        press(browser, "form.narrow button")
    elif page == "closed":
        browser.delete_all_cookies()
        browser.get(desk)
    else:
        browser.get(f"{desk}{page}")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    desk: str,
    browser: Any,
    resize: Callable[[int], None],
    violations: Callable[[], list[str]],
    tmp_path: Path,
    width: int,
) -> None:
    resize(width)
    for page in PAGES:
        go(browser, desk, page, tmp_path)
        for closed in browser.find_elements("css selector", "details"):
            browser.execute_script("arguments[0].open = true", closed)
        assert violations() == [], page
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page


@pytest.mark.parametrize("width", [1280, 390])
def test_what_runs_and_what_was_read_is_accessible_and_fits(
    desk: str,
    browser: Any,
    resize: Callable[[int], None],
    violations: Callable[[], list[str]],
    tmp_path: Path,
    width: int,
) -> None:
    resize(width)
    run(tmp_path / "desk.db")
    for page in ("/checks", "/", "/coverage?company=fyrby", "/coverage?company=fyrby&state=found"):
        browser.get(f"{desk}{page}")
        assert violations() == [], page
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page
        assert text(browser)
    browser.get(f"{desk}/checks")
    assert "7 of 41 pages read" in text(browser)
    assert "stopped before its end" in text(browser)


def run(database: Path) -> None:
    """Let one check run and one be dead, and keep the addresses of the last."""
    with Store.open(database) as store:
        given = {"started_at": NOW, "since": NOW, "noted_at": NOW}
        alive = RunProgress(
            run_id="a", kind="check", company_id="fyrby", stage="read", done=7, total=41, process=this_process(),
            **given,
        )  # fmt: skip
        store.save_progress(alive)
        store.save_progress(
            RunProgress(run_id="b", kind="nightly", company_id="nordtog", stage="judge", **given)
        )
        home = "https://fyrby.example/"
        lists = {
            "fetched": [(home, "")], "skipped": [(f"{home}{'lang-adresse-' * 30}", "too deep"), (f"{home}x", "odd")],
            "other-language": [(home, "")],
        }  # fmt: skip
        store.save_addresses("fyrby", "run-1", lists)


def test_nothing_is_blocked_by_the_policy(desk: str, browser: Any) -> None:
    browser.get_log("browser")
    for page in ("/", "/findings", "/import", "/reports", "/checks"):
        browser.get(f"{desk}{page}")
    assert browser.get_log("browser") == []


def test_keyboard_alone_reaches_the_decision(desk: str, browser: Any) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get(f"{desk}/findings")
    press(browser, "table.queue a.quote")
    for _ in range(60):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.switch_to.active_element.get_attribute("name") == "decision":
            break
    ActionChains(browser).send_keys(Keys.SPACE).perform()
    assert browser.switch_to.active_element.is_selected()


def keys(browser: Any, *pressed: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*pressed).perform()


def shown(browser: Any, selector: str) -> list[str]:
    return [item.text for item in browser.find_elements("css selector", selector) if item.is_displayed()]


def follow(browser: Any, *pressed: str) -> None:
    """Press single keys and wait for the page that follows."""
    old = find(browser, "html").id
    keys(browser, *pressed)
    for _ in range(200):
        time.sleep(0.02)
        if (
            find(browser, "html").id != old
            and browser.execute_script("return document.readyState") == "complete"
        ):
            return
    raise AssertionError(f"nothing followed {pressed}")


def test_single_keys_decide_and_undo(desk: str, browser: Any, resize: Callable[[int], None]) -> None:
    resize(1280)
    browser.get(f"{desk}/findings")
    keys(browser, "j")
    first = browser.switch_to.active_element.text
    keys(browser, "j")
    assert browser.switch_to.active_element.text != first
    keys(browser, "k")
    assert browser.switch_to.active_element.text == first
    follow(browser, "\n")
    assert shown(browser, ".choice kbd") == ["1", "2", "3", "4"]
    assert "J next" in find(browser, "#keys").text

    follow(browser, "j")
    assert first not in find(browser, "h1").text
    follow(browser, "k")
    assert first in find(browser, "h1").text
    keys(browser, "2")
    assert find(browser, "#d-dismissed").is_selected()
    keys(browser, "1")
    assert find(browser, "#d-confirmed").is_selected()
    follow(browser, "s")
    assert "The decision is saved." in text(browser)
    follow(browser, "u")
    assert "taken back" in text(browser)


def test_single_keys_leave_writing_alone(desk: str, browser: Any) -> None:
    browser.get(f"{desk}/findings")
    follow(browser, "j", "\n")
    keys(browser, "/")
    assert browser.switch_to.active_element.get_attribute("id") == "q-top"
    keys(browser, "jk12u")
    assert find(browser, "#q-top").get_attribute("value") == "jk12u"
    assert not find(browser, "#d-confirmed").is_selected()


def test_single_keys_can_be_turned_off(desk: str, browser: Any) -> None:
    browser.get(f"{desk}/findings")
    follow(browser, "j", "\n")
    find(browser, "#keys-toggle").click()
    assert find(browser, "#keys-toggle").text == "Turn single keys on"
    browser.refresh()
    keys(browser, "1")
    assert not find(browser, "#d-confirmed").is_selected()
    assert shown(browser, ".choice kbd") == ["Alt 1", "Alt 2", "Alt 3", "Alt 4"]
    find(browser, "#keys-toggle").click()
    keys(browser, "1")
    assert find(browser, "#d-confirmed").is_selected()


def test_without_the_script_the_browsers_own_keys_are_named(desk: str, browser: Any) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{desk}/findings")
    press(browser, "table.queue a.quote")
    assert shown(browser, ".choice kbd") == ["Alt 1", "Alt 2", "Alt 3", "Alt 4"]
    assert not find(browser, "#keys").is_displayed()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
