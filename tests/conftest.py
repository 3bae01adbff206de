"""A real browser for the tests marked `browser`: Debian's Chromium, headless, with an empty profile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--disable-dev-shm-usage",
)  # fmt: skip
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one Chromium for the whole run."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        # A build that means to run these tests must not pass by skipping them.
        (pytest.fail if os.environ.get("PROMISECHECK_CI") else pytest.skip)(
            "Chromium and its driver are not installed"
        )
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    downloads = tmp_path_factory.mktemp("downloads")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.downloads = downloads
    yield driver
    driver.quit()


@pytest.fixture
def resize(browser: Any) -> Callable[[int], None]:
    """Return a function that gives the page a width in CSS pixels."""

    def to(width: int) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    return to


@pytest.fixture
def violations(browser: Any) -> Callable[[], list[str]]:
    """Return a function that names what axe-core finds against WCAG 2.2 AA on the page that is open."""
    pytest.importorskip("axe_playwright_python")
    source = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    def find() -> list[str]:
        browser.execute_script(source)
        done = browser.execute_async_script(
            "const done = arguments[1];"
            "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(r => done(r.violations))",
            WCAG,
        )
        return [f"{item['id']}: {item['nodes'][0]['html']}" for item in done]

    return find
