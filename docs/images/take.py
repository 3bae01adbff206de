"""Take the pictures of the docs anew: `python docs/images/take.py DEMO_FOLDER`, made by `promisecheck demo --out`.

Desk and report of the demo are opened in Chromium, in Danish and English, as wide as a desktop and as a telephone.
"""

from __future__ import annotations

import argparse
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

HERE = Path(__file__).parent
SIZES = {1280: 900, 390: 844}
LANGUAGES = ("da", "en")
TOKEN = "pictures"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage")


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--promise", default="24 timer", help="words of the promise whose finding is shown")
    given = parser.parse_args()
    database = given.demo / "demo.db"
    finding = find(database, given.promise)
    with browser() as driver, desk(database) as address:
        driver.get(f"{address}/enter?token={TOKEN}")
        for language in LANGUAGES:
            driver.get(f"{address}/")
            driver.find_element("css selector", f"#to option[value={language}]").click()
            driver.find_element("css selector", "form[action='/language'] button").click()
            with report(database, language) as file:
                for width in SIZES:
                    take(driver, f"{address}/", f"overview-{language}", width)
                    take(driver, f"{address}/findings/{finding}", f"finding-{language}", width)
                    take(driver, f"{file}#f-{finding}", f"report-{language}", width)
                if language == "en":
                    take(driver, file, "report", 1280, 1000)


def find(database: Path, words: str) -> str:
    """Return the most serious finding whose promise holds these words."""
    from promisecheck.store import Store

    with Store.open(database, create=False) as store:
        quotes = {promise.id: promise.quote for promise in store.load_promises()}
        return next(one.id for one in store.load_findings() if words in quotes.get(one.promise_id, ""))


def take(driver: Any, address: str, name: str, width: int, height: int = 0) -> None:
    """Take one picture of what is first seen of a page."""
    size = {"width": width, "height": height or SIZES[width], "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get("about:blank")
    driver.get(address)
    time.sleep(0.5)
    driver.save_screenshot(str(HERE / (f"{name}.png" if height else f"{name}-{width}.png")))


@contextmanager
def report(database: Path, language: str) -> Iterator[str]:
    """Write the report in a language and give its address."""
    from promisecheck.dossier import load_view
    from promisecheck.report import write_report
    from promisecheck.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(database, create=False) as store:
        view = load_view(store, language=language, now=datetime.now(UTC))
        (file,) = write_report(view, "html", Path(folder) / "report.html")
        yield file.as_uri()


@contextmanager
def desk(database: Path) -> Iterator[str]:
    """Serve the desk of a database and give its address."""
    import uvicorn

    from promisecheck.web import DeskSettings, create_app

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(database, settings=DeskSettings(port=port, reviewer_token=TOKEN, reviewer="Mette"))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def browser() -> Iterator[Any]:
    """Start Debian's Chromium with an empty profile."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        try:
            yield driver
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
