"""What stands on the sites: companies, what the servers sent (bodies once per hash), and the pages read."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from promisecheck.errors import StoreError
from promisecheck.model import Company, Fetched, Page
from promisecheck.store.codec import Row, from_row, time_text, to_row
from promisecheck.store.session import Session

_IS_PAGE = "error = '' AND status BETWEEN 200 AND 299"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """Hold what is kept of a page: its text is read again from the snapshot when it is needed."""

    company_id: str
    url: str
    fetched_at: datetime
    language: str
    title: str
    snapshot: str
    text_sha256: str
    blocks: int


class SiteRows(Session):
    """Save and load companies, snapshots and pages."""

    def save_company(self, company: Company) -> None:
        """Save a company, or what changed of it."""
        self.put("companies", [to_row(company)])

    def load_company(self, company_id: str) -> Company | None:
        """Return the company, or None where it is not known."""
        rows = self.select("SELECT * FROM companies WHERE id = ?", (company_id,))
        return next((from_row(Company, row) for row in rows), None)

    def load_companies(self) -> list[Company]:
        """Return every company, by name."""
        return [from_row(Company, row) for row in self.select("SELECT * FROM companies ORDER BY name, id")]

    def save_fetched(self, fetched: Fetched) -> str:
        """Save what the server sent and return the hash of its body ("" where nothing came).

        The same body under the same URL adds no row: only its `last_fetched_at` moves.
        """
        sha256 = _hash_of(fetched)
        row = to_row(replace(fetched, sha256=sha256))
        del row["body"]
        row["last_fetched_at"] = row["fetched_at"]
        with self.writing():
            first = self._first_fetched(fetched, sha256)
            if first:
                row["fetched_at"] = min(first, row["fetched_at"])
                row["last_fetched_at"] = max(first, row["last_fetched_at"])
            self.put("snapshots", [row])
            if fetched.body:
                self._save_body(sha256, fetched.body)
        return sha256

    def load_fetched(self, sha256: str, url: str | None = None) -> Fetched | None:
        """Return what was sent under this hash, at `url` where one is named.

        Raises StoreError where the stored bytes no longer have their hash.
        """
        where, given = ("", (sha256,)) if url is None else (" AND url = ?", (sha256, url))
        sql = f"SELECT * FROM snapshots WHERE sha256 = ?{where} ORDER BY fetched_at LIMIT 1"
        return next((self._fetched(row) for row in self.select(sql, given)), None)

    def newest_fetched(self, company_id: str, url: str) -> Fetched | None:
        """Return the page a URL last brought, for its validators and to compare with; None where none did.

        An answer that is no page (an outage, a page that is gone) does not hide the page before it.
        """
        sql = (
            f"SELECT * FROM snapshots WHERE company_id = ? AND url = ? AND {_IS_PAGE} "
            "ORDER BY last_fetched_at DESC LIMIT 1"
        )
        return next((self._fetched(row) for row in self.select(sql, (company_id, url))), None)

    def touch_fetched(self, company_id: str, url: str, *, at: datetime) -> bool:
        """Note that the newest snapshot of a URL still stood at `at`; return whether there is one."""
        sql = (
            "UPDATE snapshots SET last_fetched_at = max(last_fetched_at, ?) WHERE rowid = (SELECT rowid FROM "
            f"snapshots WHERE company_id = ? AND url = ? AND {_IS_PAGE} ORDER BY last_fetched_at DESC LIMIT 1)"
        )
        with self.writing():
            return self.run(sql, (time_text(at), company_id, url)) > 0

    def iter_fetched(self, company_id: str, *, bodies: bool = True) -> Iterator[Fetched]:
        """Yield the newest page of each URL of a company, by URL; without `bodies` only what names it."""
        sql = (
            f"SELECT *, max(last_fetched_at) FROM snapshots WHERE company_id = ? AND {_IS_PAGE} "
            "GROUP BY url ORDER BY url"
        )
        for row in self.select(sql, (company_id,)):
            yield self._fetched(row) if bodies else from_row(Fetched, {**row, "body": b""})

    def vacated_urls(self, company_id: str) -> set[str]:
        """Return the addresses that hold no page any more: gone (404, 410), or leading to another one."""
        sql = (
            "SELECT url FROM (SELECT url, status, max(last_fetched_at) FROM snapshots WHERE company_id = :id "
            "AND error = '' GROUP BY url) WHERE status IN (404, 410) UNION "
            "SELECT url FROM frontier WHERE company_id = :id AND state = 'skipped' AND url IN "
            f"(SELECT url FROM snapshots WHERE company_id = :id AND {_IS_PAGE})"
        )
        return {row["url"] for row in self.select(sql, {"id": company_id})}

    def save_page(self, page: Page) -> bool:
        """Save what is kept of a page and return whether its text is new or changed."""
        return self.save_pages([page]) == 1

    def save_pages(self, pages: Iterable[Page]) -> int:
        """Save pages in one transaction and return how many texts are new or changed."""
        changed = 0
        with self.writing():
            for page in pages:
                row = _page_row(page)
                changed += self.text_hash(page.company_id, page.url) != row["text_sha256"]
                self.put("pages", [row])
        return changed

    def text_hash(self, company_id: str, url: str) -> str:
        """Return the hash of the page's text when it was last read, or ""."""
        sql = "SELECT text_sha256 FROM pages WHERE company_id = ? AND url = ?"
        return next((str(row["text_sha256"]) for row in self.select(sql, (company_id, url))), "")

    def load_pages(self, company_id: str) -> list[PageRecord]:
        """Return what is kept of a company's pages, by URL."""
        rows = self.select("SELECT * FROM pages WHERE company_id = ? ORDER BY url", (company_id,))
        return [from_row(PageRecord, row) for row in rows]

    def load_body(self, sha256: str) -> bytes:
        """Return the stored bytes; raises StoreError where they are missing or altered."""
        row = next(self.select("SELECT body FROM bodies WHERE sha256 = ?", (sha256,)), None)
        if row is None:
            raise StoreError(f"holds no body {sha256}", where=str(self.path), do="crawl the site again")
        try:
            body = zlib.decompress(row["body"])
        except zlib.error as error:
            raise StoreError(
                f"body {sha256} is damaged", where=str(self.path), do="restore a backup"
            ) from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StoreError(f"body {sha256} was altered", where=str(self.path), do="restore a backup")
        return body

    def _first_fetched(self, fetched: Fetched, sha256: str) -> str:
        sql = "SELECT fetched_at FROM snapshots WHERE company_id = ? AND url = ? AND sha256 = ?"
        rows = self.select(sql, (fetched.company_id, fetched.url, sha256))
        return next((str(row["fetched_at"]) for row in rows), "")

    def _save_body(self, sha256: str, body: bytes) -> None:
        known = next(self.select("SELECT 1 FROM bodies WHERE sha256 = ?", (sha256,)), None)
        if known is None:
            self.add("bodies", [{"sha256": sha256, "size": len(body), "body": zlib.compress(body, 6)}])

    def _fetched(self, row: Row) -> Fetched:
        body = self.load_body(row["sha256"]) if row["sha256"] else b""
        return from_row(Fetched, {**row, "body": body})


def _hash_of(fetched: Fetched) -> str:
    return hashlib.sha256(fetched.body).hexdigest() if fetched.body else ""


def _page_row(page: Page) -> Row:
    return {
        "company_id": page.company_id,
        "url": page.url,
        "fetched_at": time_text(page.fetched_at),
        "language": page.language,
        "title": page.title,
        "snapshot": page.snapshot,
        "text_sha256": hashlib.sha256(page.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "blocks": len(page.blocks),
    }
