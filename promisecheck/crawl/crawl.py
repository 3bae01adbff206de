"""Crawl one company's site, one request at a time: what is asked for next, and what becomes of each answer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from promisecheck.crawl.addresses import BlockedAddressError, Network
from promisecheck.crawl.admit import Admission
from promisecheck.crawl.again import Apart, can_ask_apart, wait_for_other
from promisecheck.crawl.answers import REDIRECTS, conditions, is_transient, kind_of, may_be_page, shows_wall
from promisecheck.crawl.asking import Asker
from promisecheck.crawl.bodies import BodyTooLargeError
from promisecheck.crawl.client import Answer, Client
from promisecheck.crawl.coverage import Coverage, Failure
from promisecheck.crawl.frontier import Entry, Frontier, MemoryFrontier, State
from promisecheck.crawl.guides import Guides
from promisecheck.crawl.links import Link, header_forbids, read_links
from promisecheck.crawl.pace import Pace
from promisecheck.crawl.render import Renderer, needs_browser
from promisecheck.crawl.settings import CrawlSettings
from promisecheck.crawl.urls import Site, absolute, url_key
from promisecheck.crawl.worth import worth_of
from promisecheck.errors import FetchError, UsageError
from promisecheck.model import Company, Fetched

_HOME_WORTH = 100.0
# Known pages go first among their equals, and leave room in the budget for better new ones.
_KNOWN_BONUS = 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """Say what one step brought, and the Unix time from which the next one may be made."""

    fetched: Fetched | None = None
    ready_at: float = 0.0
    done: bool = False


@dataclass(frozen=True, slots=True)
class _Visit:
    entry: Entry
    url: str
    hops: tuple[str, ...] = ()


class Crawl:
    """Iterate for what was fetched, best pages first; read `coverage` at any time, and in full at the end.

    Every answer is committed to the frontier before it is yielded. With a frontier that lasts, a crawl that
    was stopped goes on where it stood. `now`, `sleep` and `chance` are the clock and the dice.
    """

    def __init__(
        self,
        company: Company,
        settings: CrawlSettings | None = None,
        *,
        frontier: Frontier | None = None,
        client: Client | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
    ) -> None:
        self.company = company
        self.settings = settings or CrawlSettings()
        self._frontier: Frontier = frontier if frontier is not None else MemoryFrontier()
        self._client = client
        self._owns_client = client is None
        self._now = now
        self._sleep = sleep
        self._home = absolute(company.home_url, "")
        self._site = Site.of(self._home or company.home_url)
        self._admission = Admission(self._site, self.settings)
        self._pace = Pace(
            self.settings.delay,
            max_failures=self.settings.max_failures_in_a_row,
            chance=chance or random.Random(),
        )
        self._guides = Guides(self._site, self.settings)
        self._rendered = {_plain_host(name) for name in self.settings.render}
        self._renderer: Renderer | None = None
        self._pending: _Visit | None = None
        self._asker: Asker | None = None
        self._why: list[str] = []
        self._off_site = 0
        self._pages = 0

    def __iter__(self) -> Iterator[Fetched]:
        """Yield each answer, waiting as long between requests as the site wants."""
        try:
            while not (step := self.step()).done:
                if step.fetched is not None:
                    yield step.fetched
                wait = step.ready_at - self._now().timestamp()
                if wait > 0:
                    # A clock of whole microseconds never arrives by steps that round to nothing.
                    self._sleep(max(wait, 0.001))
        finally:
            self.close()

    def step(self) -> Step:
        """Make at most one request; never sleeps."""
        if self._asker is None:
            self._begin()
        under_way = self._guides.waiting or self._pending is not None
        if not under_way and self._is_over():
            return Step(done=True)
        at = self._now().timestamp()
        if self._asked.pace.ready_at > at:
            return Step(ready_at=self._asked.pace.ready_at)
        if self._guides.waiting:
            self._frontier.add(self._admit(self._guides.run(self._asked), 1))
            return Step()
        visit, self._pending = self._pending, None
        if visit is None:
            entry = self._frontier.take(at, self.settings.max_pages - self._pages)
            if entry is None:
                return Step(ready_at=self._frontier.next_due() or 0.0)
            visit = _Visit(entry, entry.url)
        return Step(fetched=self._advance(visit))

    def close(self) -> None:
        """Close the browser, and the connections if they are our own."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
        if self._owns_client and self._client is not None:
            self._client.close()
            self._client = None

    @property
    def coverage(self) -> Coverage:
        """Return what was seen of the site so far."""
        counts = self._frontier.counts()
        left = counts.get("queued", 0)
        why = [*self._why, *([f"{left} addresses were not fetched"] if left and self._why else [])]
        skipped: dict[str, int] = {}
        for _, reason in self._frontier.reasons("skipped"):
            skipped[reason] = skipped.get(reason, 0) + 1
        return Coverage(
            company_id=self.company.id,
            home_url=self.company.home_url,
            found=sum(counts.values()),
            fetched=counts.get("fetched", 0),
            not_modified=counts.get("not-modified", 0),
            skipped=skipped,
            blocked_by_robots=counts.get("blocked", 0),
            failed=tuple(Failure(url=url, reason=why) for url, why in self._frontier.reasons("failed")),
            left=left,
            off_site=self._off_site,
            requests=self._asker.requests if self._asker else 0,
            bytes=self._asker.bytes if self._asker else 0,
            partial=bool(self._why),
            why=tuple(why),
        )

    @property
    def _asked(self) -> Asker:
        assert self._asker is not None
        return self._asker

    def _begin(self) -> None:
        self._check_home()
        if self._client is None:
            network = Network(self.settings.allow_private_networks)
            self._client = Client(network, self.settings.agent, pools=8)
        self._asker = Asker(self._client, self._pace, self._now, self.settings.deadline)
        counts = self._frontier.counts()
        self._pages = counts.get("fetched", 0) + counts.get("not-modified", 0)
        if before := self._frontier.met():
            self._admission.recall(before)
            if self._frontier.shelf is not None and can_ask_apart():
                wait_for_other(self._frontier.shelf, self.settings.deadline)
            # Whatever stopped the crawl, the site sees no shorter pause than between two pages.
            self._pace.hold(self._pace.delay, self._now())
        known = [
            Entry(key=url_key(url), url=url, worth=worth_of(url, depth=1) + _KNOWN_BONUS, depth=1)
            for url in self.settings.known
            if self._site.holds(url)
        ]
        self._frontier.add([Entry(key=url_key(self._home), url=self._home, worth=_HOME_WORTH), *known])

    def _check_home(self) -> None:
        if not self._home:
            what = "not an http or https address"
            raise UsageError(what, where=self.company.home_url, do="write it as https://example.com")
        parts = urlsplit(self._home)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        own = Network(self.settings.allow_private_networks).allows(parts.hostname or "", port)
        if not own and not self.settings.contact and not self.settings.user_agent:
            raise UsageError(
                "no contact is set, and a public site must be able to see who crawls it",
                where=self.company.home_url,
                do="set a contact address or page, with --contact or in promisecheck.toml",
            )

    def _is_over(self) -> bool:
        """Return whether nothing is left to fetch, or a limit ends the crawl; note which."""
        if self._why or self._frontier.next_due() is None:
            return True
        if self._pages >= self.settings.max_pages:
            self._why.append(f"the budget of {self.settings.max_pages} pages is used up")
        elif self._asked.requests >= 3 * self.settings.max_pages + 100:
            self._why.append(f"the budget of {self._asked.requests} requests is used up")
        elif self._asked.pace.given_up:
            count = self.settings.max_failures_in_a_row
            self._why.append(f"{count} requests in a row brought no answer: the site was left alone")
        return bool(self._why)

    def _advance(self, visit: _Visit) -> Fetched | None:
        """Bring one visit a request further, once its robots.txt is known."""
        robots = self._guides.robots_for(visit.url, self._asked)
        if robots is None:
            self._pending = visit
            return None
        if robots.unreachable:
            return self._fail(visit, robots.unreachable)
        if not robots.allows(visit.url):
            self._frontier.commit(visit.entry, "blocked", reason="robots.txt forbids it")
            return None
        headers = {} if visit.hops else conditions(self.settings.known.get(visit.url))
        try:
            answer = self._asked.ask(
                visit.url, headers=headers, max_bytes=self.settings.max_bytes, wants=may_be_page,
                by=self._apart(visit.entry),
            )  # fmt: skip
        except FetchError as error:
            lasting = isinstance(error, BlockedAddressError | BodyTooLargeError)
            return None if not lasting and self._again(visit) else self._fail(visit, error.what)
        return self._take(visit, answer)

    def _apart(self, entry: Entry) -> Apart | None:
        """Return who asks for an entry that was asked for before: not this process, which may be killed again."""
        shelf = self._frontier.shelf
        if shelf is None or not can_ask_apart() or not self._frontier.asked_before(entry):
            return None
        return Apart(shelf, self.settings.agent, self.settings.allow_private_networks)

    def _take(self, visit: _Visit, answer: Answer) -> Fetched | None:
        fetched = self._fetched(visit, answer)
        if answer.status in REDIRECTS:
            return self._redirect(visit, answer)
        if answer.status == 304:
            return self._settle(visit, "not-modified", fetched)
        if is_transient(answer.status) and self._again(visit):
            return None
        if not 200 <= answer.status < 300:
            return self._settle(visit, "failed", fetched, f"the server answered {answer.status}")
        if not may_be_page(answer):
            self._frontier.commit(
                visit.entry, "skipped", reason=f"not a page ({kind_of(answer.headers)[:60]})"
            )
            return None
        if shows_wall(answer):
            reason = "the site shows a check for robots in place of the page"
            return self._settle(visit, "failed", replace(fetched, error=reason), reason)
        return self._settle_page(visit, answer, fetched)

    def _settle_page(self, visit: _Visit, answer: Answer, fetched: Fetched) -> Fetched:
        """Commit a page, opened in a browser first where that was asked for."""
        shell = "shells" in self._rendered and needs_browser(fetched.body)
        if not shell and _plain_host(urlsplit(visit.url).hostname or "") not in self._rendered:
            return self._settle(visit, "fetched", fetched)
        assert self._client is not None
        if self._renderer is None:
            self._renderer = Renderer(self._client, deadline=self.settings.deadline)
        try:
            body = self._renderer.render(visit.url, answer)
        except FetchError as error:
            return self._fail(visit, f"{error.what}; {error.do}" if error.do else error.what)
        headers = {**fetched.headers, "content-type": "text/html; charset=utf-8", "x-rendered": "chromium"}
        rendered = replace(fetched, body=body, headers=headers, sha256=sha256(body).hexdigest())
        return self._settle(visit, "fetched", rendered)

    def _redirect(self, visit: _Visit, answer: Answer) -> Fetched | None:
        target = absolute(visit.url, answer.headers.get("location", ""))
        hops = (*visit.hops, visit.url)
        if not target:
            return self._fail(visit, "a redirect that leads nowhere")
        if target in hops:
            return self._fail(visit, "a redirect loop")
        if len(hops) > self.settings.max_redirects:
            return self._fail(visit, f"more than {self.settings.max_redirects} redirects")
        if not self._site.holds(target):
            return self._leave_site(visit, target)
        key = url_key(target)
        if key != visit.entry.key and self._frontier.state_of(key) not in (None, "queued"):
            self._frontier.commit(visit.entry, "skipped", reason="leads to a page already seen")
            return None
        self._pending = _Visit(visit.entry, target, hops)
        return None

    def _leave_site(self, visit: _Visit, target: str) -> Fetched | None:
        self._off_site += 1
        if visit.entry.depth == 0:
            host = urlsplit(target).hostname
            return self._fail(visit, f"the home page leads to another site ({host}): name that one instead")
        self._frontier.commit(visit.entry, "skipped", reason="leads to another site")
        return None

    def _fail(self, visit: _Visit, reason: str) -> Fetched:
        return self._settle(visit, "failed", self._empty(visit, reason), reason)

    def _again(self, visit: _Visit) -> bool:
        """Queue the visit for another try; false where it had its tries or the wait is too long."""
        wait = self._asked.wait
        if wait > self.settings.max_wait:
            self._why.append(f"the server asked to be left alone for {wait:.0f} s")
            return False
        if visit.entry.attempts >= self.settings.retries:
            return False
        self._frontier.postpone(visit.entry, self._now().timestamp() + wait)
        return True

    def _settle(self, visit: _Visit, state: State, fetched: Fetched, reason: str = "") -> Fetched:
        """Commit the outcome with the links on the page, and the address it was redirected to with it."""
        links = self._links_of(fetched) if state == "fetched" else []
        self._frontier.commit(visit.entry, state, fetched, reason=reason, links=links)
        self._pages += state in ("fetched", "not-modified")
        final = url_key(fetched.final_url)
        moved = state == "fetched" and bool(visit.hops) and final != visit.entry.key
        if moved and self._frontier.state_of(final) in (None, "queued"):
            target = Entry(key=final, url=fetched.final_url, depth=visit.entry.depth)
            self._frontier.commit(target, "skipped", reason="leads to a page already seen")
        return fetched

    def _links_of(self, fetched: Fetched) -> list[Entry]:
        if fetched.body.lstrip()[:1] != b"<" and kind_of(fetched.headers) in (
            "text/plain",
            "application/pdf",
        ):
            return []
        if header_forbids(fetched.headers.get("x-robots-tag", "")):
            return []
        found = read_links(fetched.body.decode("utf-8", "replace"), fetched.final_url)
        return [] if found.nofollow else self._admit(found.links, fetched.depth + 1)

    def _admit(self, links: Iterable[Link], depth: int) -> list[Entry]:
        admitted = self._admission.judge(links, depth)
        self._off_site += admitted.off_site
        for entry, reason in admitted.refused:
            if self._frontier.state_of(entry.key) is None:
                self._frontier.commit(entry, "skipped", reason=reason)
        return admitted.entries

    def _fetched(self, visit: _Visit, answer: Answer) -> Fetched:
        known = self.settings.known.get(visit.entry.url)
        digest = sha256(answer.body).hexdigest() if answer.status != 304 else known.sha256 if known else ""
        return Fetched(
            company_id=self.company.id,
            url=visit.entry.url,
            final_url=visit.url,
            fetched_at=self._now(),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            sha256=digest,
            depth=visit.entry.depth,
        )

    def _empty(self, visit: _Visit, reason: str) -> Fetched:
        return Fetched(
            company_id=self.company.id,
            url=visit.entry.url,
            final_url=visit.url,
            fetched_at=self._now(),
            status=0,
            error=reason,
            depth=visit.entry.depth,
        )


def _plain_host(name: str) -> str:
    return name.lower().removeprefix("www.")
