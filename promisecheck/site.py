"""One site's answers → what it states; a page that has not changed is not read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from promisecheck import __version__
from promisecheck.crawl import Coverage, key_of
from promisecheck.errors import IncompleteError
from promisecheck.match import Statement
from promisecheck.model import LANGUAGES, Fetched, Page, Promise, content_id
from promisecheck.packs import packs_hash
from promisecheck.pages import read_page
from promisecheck.promises import Reader, read_page_promises
from promisecheck.store import OTHER_LANGUAGE, PageRecord, Store

Progress = Callable[[str, int], None]
GONE = "holds no page any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """Hold what was read from one page; it holds as long as `sha256`, or else `text`, and `version` do."""

    sha256: str
    text: str
    version: str
    url: str
    promises: tuple[Promise, ...] = ()
    sentences: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStatements:
    """Hold the sentences of one page, kept apart: they are only asked for where something is judged anew."""

    statements: tuple[Statement, ...]


class SiteStatements(Sequence[Statement]):
    """Give the sentences of a site, loaded when the first is asked for; `digest` stands for them all."""

    def __init__(self, store: Store, company_id: str, pages: Sequence[KeptPage]) -> None:
        self._store = store
        # What an alias says stands on the page it is an alias of, and is told from there.
        self._alias_of = {page.url: target.url for page, target in _aliases(pages)}
        pages = sorted(pages, key=lambda page: page.url in self._alias_of)
        self._keys = [_key_of(company_id, page.url) for page in pages]
        self.digest = content_id("statements", sorted({(page.url, page.text) for page in pages}))

    def __getitem__(self, n: Any) -> Any:
        return self._all[n]

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> tuple[Statement, ...]:
        kept = self._store.get_values("", "said", self._keys, KeptStatements)
        found = [one for key in self._keys if key in kept for one in kept[key].statements]
        places: dict[tuple[str, str], Statement] = {}
        for one in found:
            places.setdefault((self._alias_of.get(one.url, one.url), one.text), one)
        return tuple(places.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """Hold what a site states: promises once for each place, other statements, and what was read."""

    promises: tuple[Promise, ...]
    statements: SiteStatements
    pages_read: frozenset[str]
    coverage: Coverage
    sentences: int
    left_out: Mapping[str, int]


def read_site(
    fetched: Iterable[Fetched], coverage: Coverage, reader: Reader, store: Store, *, progress: Progress
) -> SiteReading:
    """Read the promises of fetched pages; a page that has not changed is not read again.

    A page that cannot be read is counted, not forgotten.
    """
    answers = list(fetched)
    shelf = _Shelf(store, reader, answers)
    pages: list[KeptPage] = []
    read = store.vacated_urls(coverage.company_id)
    coverage = _without_vacated(coverage, read)
    left_out: Counter[str] = Counter()
    for n, answer in enumerate(answers, 1):
        progress("read", n)
        try:
            page = shelf.page(answer)
        except IncompleteError as error:
            left_out[error.what] += 1
            continue
        pages.append(page)
        read |= {page.url, answer.url}
        left_out.update(page.left_out)
    if not pages:
        # Where a whole site is gone, it is the server that is wrong: its promises are not seen, and not withdrawn.
        read = set()
    statements = SiteStatements(store, coverage.company_id, [*pages, *_unread(store, coverage, read)])
    return SiteReading(
        promises=tuple(promise for page in _without_echoes(pages) for promise in page.promises),
        statements=statements, pages_read=frozenset(read), coverage=coverage,
        sentences=sum(page.sentences for page in pages), left_out=dict(left_out),
    )  # fmt: skip


def addresses_of(site: SiteReading, store: Store) -> dict[str, list[tuple[str, str]]]:
    """Return what became of each address of a crawl and why, by state, so that each number of its coverage re-counts.

    Under "other-language" are pages that were read and are in no language that is known here.
    """
    company_id, failed = site.coverage.company_id, {failure.url for failure in site.coverage.failed}
    lists: dict[str, list[tuple[str, str]]] = {}
    for url, state, why in store.met_addresses(company_id):
        if state == "failed" and url not in failed:
            state, why = "skipped", GONE
        lists.setdefault(state, []).append((url, why))
    foreign = [(page.url, "") for page in store.load_pages(company_id) if _is_foreign(page, site)]
    return {**lists, OTHER_LANGUAGE: foreign} if foreign else lists


def _is_foreign(page: PageRecord, site: SiteReading) -> bool:
    return page.language not in LANGUAGES and page.url in site.pages_read


def _aliases(pages: Iterable[KeptPage]) -> Iterable[tuple[KeptPage, KeptPage]]:
    """Yield the pages that name another page that was read as their own address, each with that one."""
    by_key = {key_of(page.url): page for page in pages}
    named = {page.url: by_key.get(key_of(page.canonical)) for page in by_key.values() if page.canonical}
    for page in by_key.values():
        target = named.get(page.url)
        # Two pages that name each other name nobody.
        if target is not None and target is not page and named.get(target.url, target) in (target, None):
            yield page, target


def _without_echoes(pages: Sequence[KeptPage]) -> list[KeptPage]:
    """Drop from aliases what the page they are an alias of promises, too.

    The rest stays: many sites name their home page as the address of every page.
    """
    said = {page.url: {promise.id for promise in target.promises} for page, target in _aliases(pages)}
    return [
        replace(page, promises=tuple(one for one in page.promises if one.id not in said[page.url]))
        if page.url in said else page
        for page in pages
    ]  # fmt: skip


def _unread(store: Store, coverage: Coverage, read: Collection[str]) -> Iterable[KeptPage]:
    """Return what was last read of pages that stand but did not answer: they take back nothing they said."""
    if not (coverage.failed or coverage.partial or coverage.blocked_by_robots):
        return []
    missed = [page for page in store.iter_fetched(coverage.company_id, bodies=False) if page.url not in read]
    return store.get_values("", "page", [_page_key(page) for page in missed], KeptPage).values()


def _without_vacated(coverage: Coverage, vacated: Collection[str]) -> Coverage:
    """Count addresses that hold no page any more as skipped: a page that is gone was not missed."""
    gone = [failure for failure in coverage.failed if failure.url in vacated]
    if not gone:
        return coverage
    return replace(
        coverage, failed=tuple(one for one in coverage.failed if one not in gone),
        skipped={**coverage.skipped, GONE: len(gone)},
    )  # fmt: skip


class _Shelf:
    """Read pages, or take what was read from the same bytes or the same text before."""

    def __init__(self, store: Store, reader: Reader, answers: Sequence[Fetched]) -> None:
        self._store, self._reader = store, reader
        self._version = content_id(
            __version__, packs_hash(reader.packs), reader.readings.version, reader.thresholds
        )
        keys = [_page_key(answer) for answer in answers]
        self._kept = store.get_values("", "page", keys, KeptPage)

    def page(self, answer: Fetched) -> KeptPage:
        """Return what a page states; raises IncompleteError where the answer holds no page."""
        kept = self._kept.get(_page_key(answer))
        current = kept is not None and kept.version == self._version
        if kept is not None and current and kept.sha256 == answer.sha256 and _is_page(answer):
            return kept
        page = read_page(self._whole(answer))
        text, key = _text_key(page), _page_key(answer)
        said: dict[str, KeptStatements] = {}
        if kept is not None and current and kept.text == text:
            made = replace(
                kept, sha256=page.snapshot, canonical=page.canonical,
                promises=tuple(replace(promise, snapshot=page.snapshot) for promise in kept.promises),
            )  # fmt: skip
        else:
            made = self._read(page, text)
            said[key] = KeptStatements(statements=tuple(_statements(page)))
        # One transaction a page: each waits for the disk.
        with self._store.writing():
            self._store.save_page(page)
            self._store.put_readings("", "said", said)
            self._store.put_readings("", "page", {key: made})
        return made

    def _read(self, page: Page, text: str) -> KeptPage:
        reading = read_page_promises(page, self._reader)
        # When it was seen is the run's to say: what is kept must not depend on the time of day.
        promises = [replace(promise, first_seen=None, last_seen=None) for promise in reading.promises]
        return KeptPage(
            sha256=page.snapshot, text=text, version=self._version, url=page.url, promises=tuple(promises),
            sentences=reading.sentences, left_out=reading.left_out, canonical=page.canonical,
        )  # fmt: skip

    def _whole(self, answer: Fetched) -> Fetched:
        if answer.status != 304:
            return answer
        stands = self._store.newest_fetched(answer.company_id, answer.url)
        return replace(stands, fetched_at=answer.fetched_at) if stands else answer


def _is_page(answer: Fetched) -> bool:
    return not answer.error and (answer.status == 304 or 200 <= answer.status < 300)


def _page_key(answer: Fetched) -> str:
    return _key_of(answer.company_id, answer.final_url or answer.url)


def _key_of(company_id: str, url: str) -> str:
    return content_id("page", company_id, url)


def _text_key(page: Page) -> str:
    blocks = [(block.role, block.tag, block.headings, block.text) for block in page.blocks]
    return content_id("text", page.url, page.language, page.title, blocks)


def _statements(page: Page) -> Iterable[Statement]:
    from promisecheck.text import split_sentences

    for block in page.blocks:
        if block.role in ("nav", "button", "consent"):
            continue
        for start, end in split_sentences(block.text, page.language):
            yield Statement(
                text=block.text[start:end], language=page.language, url=page.url, start=block.start + start
            )
