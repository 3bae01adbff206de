"""Pages that only a browser can read, opened in one whose every request goes through the safe client; extra `js`."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from typing import Any

from promisecheck.crawl.client import Answer, Client
from promisecheck.errors import FetchError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Requests are answered by us; whatever finds a way past that ends at a proxy and a name that do not exist.
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
_KINDS = ("document", "script", "xhr", "fetch")
_PAGES_A_BROWSER = 50
_MAX_REQUESTS = 80
_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie")
_ROOT = re.compile(
    rb"<(?:div|main|section)\b[^<>]{0,300}\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt|___gatsby|react-root|q-app|"
    rb"svelte|app-root|main-app)[\"']?[^<>]{0,300}>\s*</|<app-root\b[^<>]{0,300}>\s*</",
    re.IGNORECASE,
)


def needs_browser(body: bytes) -> bool:
    """Return whether the markup holds an empty element that scripts are to fill."""
    return len(body) < 200_000 and bool(_ROOT.search(body))


class Renderer:
    """Open pages in a browser that runs in a thread of its own; it never clicks, types or scrolls."""

    def __init__(self, client: Client, *, deadline: float = 30.0, max_bytes: int = 5_000_000) -> None:
        self._client = client
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
        self._playwright: Any = None
        self._browser: Any = None
        self._opened = 0

    def render(self, url: str, answer: Answer) -> bytes:
        """Return the page's markup after its scripts have run; raises FetchError."""
        try:
            return self._thread.submit(self._render, url, answer).result(2 * self._deadline + 15.0)
        except Overdue as error:
            raise FetchError("the browser does not answer", where=url) from error

    def close(self) -> None:
        """Close the browser."""
        self._thread.submit(self._stop)
        self._thread.shutdown(wait=False)

    def _render(self, url: str, answer: Answer) -> bytes:
        try:
            from playwright.sync_api import Error
        except ImportError as error:
            raise FetchError("this page needs a browser", where=url, do="install promisecheck[js]") from error
        try:
            return self._open(url, answer)
        except Error as error:
            self._stop()
            raise FetchError(f"the browser failed: {str(error).splitlines()[0][:200]}", where=url) from error

    def _open(self, url: str, answer: Answer) -> bytes:
        context = self._start().new_context(
            accept_downloads=False, service_workers="block", user_agent=self._client.user_agent
        )
        try:
            context.set_default_timeout(1_000 * self._deadline)
            context.route("**/*", _Answers(self._client, url, answer, self._deadline, self._max_bytes))
            context.route_web_socket(re.compile(".*"), lambda socket: socket.close())
            page = context.new_page()
            page.goto(url, wait_until="load")
            _settle(page)
            # A page that is stuck in a loop would never hand out its content; this ends in time.
            page.wait_for_function("true", timeout=3_000)
            return str(page.content()).encode("utf-8", "replace")[: self._max_bytes]
        finally:
            context.close()

    def _start(self) -> Any:
        from playwright.sync_api import sync_playwright

        if self._opened >= _PAGES_A_BROWSER:
            self._stop()
        if self._browser is None:
            self._playwright = sync_playwright().start()
            found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
            self._browser = self._playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        self._opened += 1
        return self._browser

    def _stop(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._browser = self._playwright = None
        self._opened = 0


def _settle(page: Any) -> None:
    """Give scripts a moment to fetch and write; a page that never rests is taken as it stands."""
    from playwright.sync_api import TimeoutError as Impatient

    try:
        page.wait_for_load_state("networkidle", timeout=5_000)
    except Impatient:
        return


class _Answers:
    """Answer the browser's requests: the page with what was fetched already, scripts and data by the client."""

    def __init__(self, client: Client, url: str, answer: Answer, deadline: float, max_bytes: int) -> None:
        self._client = client
        self._url = url
        self._answer: Answer | None = answer
        self._until = time.monotonic() + deadline
        self._max_bytes = max_bytes
        self._requests = 0

    def __call__(self, route: Any) -> None:
        asked = route.request
        if asked.resource_type == "document":
            page, self._answer = self._answer, None
            if page is None or asked.frame.parent_frame is not None:
                route.abort()
            else:
                _fulfil(route, page)
            return
        left = self._until - time.monotonic()
        self._requests += 1
        allowed = asked.method == "GET" and asked.resource_type in _KINDS
        if not allowed or left <= 0 or self._requests > _MAX_REQUESTS:
            route.abort()
            return
        self._fetch(route, asked.url, min(left, 10.0))

    def _fetch(self, route: Any, url: str, deadline: float) -> None:
        try:
            _fulfil(route, self._client.get(url, max_bytes=self._max_bytes, deadline=deadline))
        except FetchError:
            route.abort()


def _fulfil(route: Any, answer: Answer) -> None:
    headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_WIRE}
    route.fulfill(status=answer.status, headers=headers, body=answer.body)
