"""Evidence written, checked again, and altered in every way: what was altered is named."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from promisecheck.errors import UsageError
from promisecheck.evidence import (
    Ledger,
    deep_link,
    export_evidence,
    quote_entry,
    read_warc,
    snapshot_entry,
    verify_evidence,
    verify_ledger,
)
from promisecheck.evidence.ledger import LedgerError
from promisecheck.model import Fetched, Promise

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def snapshot(path: str, text: str, status: int = 200) -> Fetched:
    body = text.encode()
    return Fetched(
        company_id="c", url=f"http://a.test{path}", final_url=f"http://a.test{path}", fetched_at=AT, status=status,
        headers={"content-type": "text/plain", "content-encoding": "gzip"}, body=body, sha256=sha256(body).hexdigest(),
    )  # fmt: skip


def read_text(fetched: Fetched) -> str:
    return fetched.body.decode()


def promise(of: Fetched, quote: str) -> Promise:
    start = read_text(of).index(quote)
    return Promise(
        company_id="c", theme="speed", kind="quantified", url=of.url, language="da", quote=quote, start=start,
        end=start + len(quote), snapshot=of.sha256,
    )  # fmt: skip


PAGES = [
    snapshot("/", "Velkommen. Vi svarer inden for 24 timer – altid. " * 3),
    snapshot("/fragt", "Fri fragt over 499 kr. Øl leveres på 1–2 hverdage."),
    snapshot("/gone", "", 404),
]
PROMISES = [
    promise(PAGES[0], "Vi svarer inden for 24 timer – altid."),
    promise(PAGES[1], "Fri fragt over 499 kr."),
]


@pytest.fixture
def folder(tmp_path):
    export_evidence(tmp_path / "evidence", PAGES, PROMISES)
    return tmp_path / "evidence"


def test_what_was_exported_holds(folder):
    found = verify_evidence(folder, read_text)
    assert found.problems == ()
    assert (found.entries, found.snapshots, found.quotes, found.sound) == (6, 3, 2, True)
    assert (folder / "anchor.txt").read_text() == found.anchor + "\n"


def test_the_same_evidence_gives_the_same_bytes(folder, tmp_path):
    anchor = export_evidence(tmp_path / "again", PAGES, PROMISES)
    for name in ("evidence.warc.gz", "ledger.jsonl", "anchor.txt"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert verify_evidence(folder, read_text, anchor=anchor).sound


def test_the_archive_is_warc(folder):
    from warcio.archiveiterator import ArchiveIterator

    with (folder / "evidence.warc.gz").open("rb") as stream:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.http_headers)
            for r in ArchiveIterator(stream)
        ]
    assert [(kind, uri) for kind, uri, _ in records] == [
        ("warcinfo", None), ("response", "http://a.test/"), ("response", "http://a.test/fragt"),
    ]  # fmt: skip
    assert records[1][2].get_header("content-encoding") is None
    with (folder / "evidence.warc.gz").open("rb") as stream:
        assert [body for _, body in read_warc(stream)] == [page.body for page in PAGES[:2]]


@pytest.mark.slow
def test_a_thousand_bit_flips_are_all_found(folder):
    dice = random.Random(5)
    files = [folder / name for name in ("evidence.warc.gz", "ledger.jsonl", "anchor.txt")]
    for _ in range(1_000):
        path = dice.choice(files)
        whole = path.read_bytes()
        at = dice.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << dice.randrange(8))]) + whole[at + 1 :])
        assert not verify_evidence(folder, read_text).sound, (path.name, at)
        path.write_bytes(whole)
    assert verify_evidence(folder, read_text).sound


def _edit(dice: random.Random, lines: list[bytes]) -> list[bytes]:
    lines = list(lines)
    at = dice.randrange(len(lines))
    kind = dice.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[dice.randrange(len(lines))])
    elif kind == 2:
        other = (at + 1 + dice.randrange(len(lines) - 1)) % len(lines)
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = lines[at].replace(b"2", b"3", 1)
    elif kind == 4:
        lines[at] = lines[at].replace(b",", b", ", 1)
    else:
        cut = dice.randrange(1, len(lines[at]))
        lines[at] = lines[at][:cut] + b"x" + lines[at][cut:]
    return lines


def test_three_hundred_edits_of_the_ledger_are_all_found(folder):
    dice = random.Random(6)
    path = folder / "ledger.jsonl"
    whole = path.read_bytes()
    for _ in range(300):
        edited = b"\n".join(_edit(dice, whole[:-1].split(b"\n"))) + b"\n"
        if edited != whole:
            path.write_bytes(edited)
            assert not verify_evidence(folder, read_text).sound


def test_a_ledger_written_anew_does_not_fit_the_anchor_kept_elsewhere(folder, tmp_path):
    anchor = (folder / "anchor.txt").read_text().strip()
    forged = [replace(PAGES[0], body=PAGES[0].body.replace(b"24", b"48")), *PAGES[1:]]
    export_evidence(tmp_path / "forged", forged, PROMISES[1:])
    assert verify_evidence(tmp_path / "forged", read_text).sound
    found = verify_evidence(tmp_path / "forged", read_text, anchor=anchor)
    assert [problem.where for problem in found.problems] == ["anchor"]


def _problems(records, bodies, tmp_path, read=read_text):
    path = tmp_path / "l.jsonl"
    Ledger.open(path).append(records)
    found = verify_ledger(path.read_bytes().splitlines(), bodies.get, read)
    return [str(problem) for problem in found.problems]


def test_what_was_altered_is_named(tmp_path):
    bodies = {page.sha256: page.body for page in PAGES if page.body}
    records = [snapshot_entry(PAGES[0]), quote_entry(PROMISES[0])]
    assert _problems(records, bodies, tmp_path) == []
    (tmp_path / "l.jsonl").unlink()
    altered = {PAGES[0].sha256: PAGES[0].body.replace(b"24", b"48")}
    assert _problems(records, altered, tmp_path) == [
        f"http://a.test/: its stored bytes were altered ({PAGES[0].sha256[:16]})",
        "http://a.test/ “Vi svarer inden for 24 timer – altid.”: does not stand on the page",
    ]
    (tmp_path / "l.jsonl").unlink()
    assert _problems(records, {}, tmp_path)[0] == "http://a.test/: its stored bytes are missing"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"start": 0, "end": 37}, "does not stand where the ledger says"),
        ({"quote": "Vi svarer inden for 12 timer – altid."}, "does not stand on the page"),
        ({"start": 0, "end": 37, "reader": "0.0.1"}, "stands elsewhere on the page: 0.0.1 read it, this is"),
        ({"snapshot": "0" * 64}, "the page it was quoted from cannot be read"),
        ({"start": "x"}, "lacks what an entry of its kind holds"),
    ],
)
def test_quotes_that_do_not_hold(tmp_path, change, says):
    kind, data = quote_entry(PROMISES[0])
    bodies = {page.sha256: page.body for page in PAGES}
    (problem,) = _problems([snapshot_entry(PAGES[0]), (kind, {**data, **change})], bodies, tmp_path)
    assert says in problem


def test_a_ledger_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "l.jsonl"
    Ledger.open(path).append([snapshot_entry(PAGES[0])])
    with path.open("ab") as file:
        file.write(b'{"cut short by a cra')
    ledger = Ledger.open(path)
    ledger.append([snapshot_entry(PAGES[1])])
    found = verify_ledger(path.read_bytes().splitlines(), {p.sha256: p.body for p in PAGES}.get, read_text)
    assert (found.entries, found.problems, found.anchor) == (2, (), ledger.anchor)


def test_a_ledger_that_is_none(tmp_path):
    (tmp_path / "l.jsonl").write_bytes(b"hello\n")
    with pytest.raises(LedgerError):
        Ledger.open(tmp_path / "l.jsonl")


def test_evidence_is_not_overwritten(folder):
    with pytest.raises(UsageError, match="already holds evidence"):
        export_evidence(folder, PAGES, PROMISES)
    with pytest.raises(UsageError, match=r"holds no evidence\.warc\.gz"):
        verify_evidence(folder.parent, read_text)


@pytest.mark.parametrize(
    ("url", "quote", "link"),
    [
        ("http://a.test/x", "Fri fragt", "http://a.test/x#:~:text=Fri%20fragt"),
        ("http://a.test/x#faq", "1-2 dage, altid", "http://a.test/x#faq:~:text=1%2D2%20dage%2C%20altid"),
        ("http://a.test/x#:~:text=gl", "Ø&å", "http://a.test/x#:~:text=%C3%98%26%C3%A5"),
        ("http://a.test/x", "  ", "http://a.test/x"),
        (
            "http://a.test/",
            "Vi svarer på alle henvendelser inden for fire timer på hverdage og inden for et døgn i weekenden",
            "http://a.test/#:~:text=Vi%20svarer%20p%C3%A5%20alle%20henvendelser,for%20et%20d%C3%B8gn%20i%20weekenden",
        ),
    ],
)
def test_deep_link(url, quote, link):
    assert deep_link(url, quote) == link
