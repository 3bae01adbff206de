from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import store_values as values
from store_values import COMPANY, DAY, FETCHED, HOME, NOW

from promisecheck.errors import StoreError
from promisecheck.model import Block, Page
from promisecheck.store import Saved, Store


def page(text: str = "Vi svarer") -> Page:
    block = Block(n=0, start=0, end=len(text), role="text", tag="p", text=text)
    return Page(
        company_id="eksempel", url=HOME, fetched_at=NOW, language="da", title="Forside", text=text,
        blocks=(block,), snapshot="abc",
    )  # fmt: skip


def check(store: Store, at: int) -> list[str]:
    """Do what one check does, `at` days later, and return every id."""
    moment = NOW + at * DAY
    store.save_company(COMPANY)
    store.save_fetched(FETCHED)
    store.save_page(page())
    promises = [values.promise(), values.promise(url=HOME + "kontakt", start=90)]
    store.save_promises("eksempel", f"r{at}", promises, at=moment, pages_read=[HOME, HOME + "kontakt"])
    store.save_incidents([values.incident(), values.incident("2")])
    store.save_signals(values.incident().id, [values.SIGNAL])
    store.save_matches("eksempel", [values.match()])
    store.save_findings(f"r{at}", [values.finding()], at=moment)
    store.save_review(values.REVIEW)
    store.put_readings("v1", "sentence", {"k": {"promise": 0.9}})
    return [
        *(item.id for item in store.load_promises()),
        *(item.id for item in store.load_incidents()),
        *(item.id for item in store.load_findings()),
    ]


def test_the_same_check_again_adds_no_rows_and_keeps_the_ids(store: Store) -> None:
    first = check(store, 0)
    before = {table.name: table.count for table in store.db.tables}
    assert [check(store, n) for n in range(1, 10)] == [first] * 9
    assert {table.name: table.count for table in store.db.tables} == before
    seen = store.load_seen("eksempel")[values.finding().id]
    assert (seen.first_seen, seen.last_seen, seen.run_id) == (NOW, NOW + 9 * DAY, "r9")
    kept = store.load_promises("eksempel")[0]
    assert (kept.first_seen, kept.last_seen) == (NOW, NOW + 9 * DAY)


def test_companies(store: Store) -> None:
    store.save_company(COMPANY)
    assert store.load_company("eksempel") == COMPANY
    assert store.load_company("ukendt") is None
    assert store.load_companies() == [COMPANY]


def test_a_body_is_kept_once_and_packed(store: Store) -> None:
    sha256 = store.save_fetched(FETCHED)
    store.save_fetched(values.Fetched(**{**_plain(FETCHED), "url": HOME + "kopi"}))
    assert sha256 == hashlib.sha256(FETCHED.body).hexdigest()
    assert (store.db["bodies"].count, store.db["snapshots"].count) == (1, 2)
    row = next(iter(store.db["bodies"].rows))
    assert (row["size"], len(row["body"]) < 100) == (len(FETCHED.body), True)
    loaded = store.load_fetched(sha256, HOME)
    assert loaded == values.Fetched(**{**_plain(FETCHED), "sha256": sha256})


def test_the_same_answer_later_moves_only_its_last_time(store: Store) -> None:
    later = values.Fetched(**{**_plain(FETCHED), "fetched_at": NOW + DAY})
    sha256 = store.save_fetched(FETCHED)
    store.save_fetched(later)
    row = next(store.select("SELECT fetched_at, last_fetched_at FROM snapshots"))
    assert [value[:10] for value in row.values()] == ["2026-11-24", "2026-11-25"]
    loaded = store.load_fetched(sha256)
    assert loaded is not None
    assert loaded.fetched_at == NOW


def test_the_newest_answer_is_found_and_touched(store: Store) -> None:
    other = values.Fetched(**{**_plain(FETCHED), "body": b"ny", "fetched_at": NOW + DAY})
    store.save_fetched(FETCHED)
    store.save_fetched(other)
    newest = store.newest_fetched("eksempel", HOME)
    assert newest is not None
    assert newest.body == b"ny"
    assert store.touch_fetched("eksempel", HOME, at=NOW + 3 * DAY)
    assert not store.touch_fetched("eksempel", HOME + "x", at=NOW)
    assert [item.body for item in store.iter_fetched("eksempel")] == [b"ny"]


def test_an_answer_that_never_came_is_kept_too(store: Store) -> None:
    failed = values.Fetched(
        company_id="eksempel", url=HOME, final_url=HOME, fetched_at=NOW, status=0, error="timed out"
    )
    assert store.save_fetched(failed) == ""
    assert store.load_fetched("", HOME) == failed
    assert store.newest_fetched("eksempel", HOME) is None


def test_an_altered_body_is_refused(store: Store) -> None:
    sha256 = store.save_fetched(FETCHED)
    store.run("UPDATE bodies SET body = ?", (b"x",))
    with pytest.raises(StoreError, match="damaged"):
        store.load_fetched(sha256)


def test_pages_tell_whether_their_text_changed(store: Store) -> None:
    assert store.save_page(page()) is True
    assert store.save_page(page()) is False
    assert store.save_page(page("Vi svarer straks")) is True
    record = store.load_pages("eksempel")[0]
    assert (record.url, record.title, record.blocks) == (HOME, "Forside", 1)


def test_incidents_are_counted_as_new_updated_unchanged(store: Store) -> None:
    many = [values.incident(str(n)) for n in range(1200)]
    assert store.save_incidents(many) == Saved(new=1200)
    assert store.save_incidents(many) == Saved(unchanged=1200)
    changed = [values.incident("7", details="andet"), values.incident("ny")]
    assert store.save_incidents(changed) == Saved(new=1, updated=1)
    assert store.load_incident(changed[0].id) == changed[0]


def test_incidents_by_time(store: Store) -> None:
    dated = [values.incident(str(n), occurred_at=NOW + timedelta(days=n)) for n in range(5)]
    store.save_incidents([*dated, values.incident("uden", occurred_at=None)])
    assert [item.external_id for item in store.load_incidents("eksempel")] == ["uden", *"01234"]
    some = store.load_incidents("eksempel", since=NOW + DAY, until=NOW + 3 * DAY)
    assert [item.external_id for item in some] == ["1", "2"]
    assert store.load_incidents("anden") == []
    assert set(store.load_incidents_by_id([dated[0].id, "x"])) == {dated[0].id}


def test_signals_are_replaced(store: Store) -> None:
    store.save_signals("i", [values.SIGNAL, values.SIGNAL])
    store.save_signals("i", [values.SIGNAL])
    assert store.load_signals("i") == [values.SIGNAL]


def test_mappings_are_remembered(store: Store) -> None:
    store.save_mapping("eksempel", "a.csv", {"Oprettet": "occurred_at"}, at=NOW)
    assert store.load_mapping("eksempel", "a.csv") == {"Oprettet": "occurred_at"}
    assert store.load_mapping("eksempel", "b.csv") == {}


def test_matches_not_given_any_more_go(store: Store) -> None:
    other = values.match(evidence_id="i2")
    foreign = values.match(promise_id="p9")
    assert store.save_matches("eksempel", [values.match(), other]) == 2
    store.save_matches("anden", [foreign])
    assert store.save_matches("eksempel", [other]) == 1
    assert store.load_matches("eksempel") == [other]
    assert store.load_matches("anden") == [foreign]
    store.save_matches("eksempel", [values.match()], replace=False)
    assert len(store.load_matches(promise_id=values.promise().id)) == 2


def test_findings_are_filtered(store: Store) -> None:
    price = values.promise("Ingen gebyrer", theme="price")
    store.save_promises("eksempel", "r1", [values.promise(), price], at=NOW)
    bad = values.finding()
    mild = values.finding(promise_id=price.id, verdict="at-risk", severity=1.0, by_party=())
    store.save_findings("r1", [mild, bad], at=NOW)
    assert store.load_findings() == [bad, mild]
    assert store.load_findings(verdicts=["at-risk", "kept"]) == [mild]
    assert store.load_findings(themes=["speed"]) == [bad]
    assert store.load_findings(party="Nord") == [bad]
    assert store.load_findings(min_severity=2) == [bad]
    assert store.load_findings(new_since=NOW + DAY) == []
    assert store.load_findings(order="company", limit=1, offset=1) == [mild]
    assert store.load_findings("anden") == []
    assert store.load_finding(bad.id) == bad
    with pytest.raises(KeyError):
        store.load_findings(order="severity; DROP TABLE findings")  # type: ignore[arg-type]


def test_the_steps_of_a_finding(store: Store) -> None:
    store.save_findings("r1", [values.finding()], at=NOW)
    store.save_findings("r2", [values.finding()], at=NOW + DAY)
    saved = store.save_findings("r3", [values.finding(verdict="at-risk", broken=1, kept=3)], at=NOW + 2 * DAY)
    steps = store.load_steps(values.finding().id)
    assert saved == Saved(updated=1)
    assert [(step.run_id, step.verdict, step.broken) for step in steps] == [
        ("r1", "contradicted", 3),
        ("r3", "at-risk", 1),
    ]


def test_a_review_can_be_undone_and_stays_on_record(store: Store) -> None:
    store.save_review(values.REVIEW)
    store.save_review(values.REVIEW)
    assert store.load_reviews(values.REVIEW.finding_id) == [values.REVIEW]
    assert store.undo_review(values.REVIEW.finding_id, by="mette", at=NOW + DAY) == values.REVIEW
    assert store.undo_review(values.REVIEW.finding_id, by="mette", at=NOW + DAY) is None
    assert store.load_reviews() == []
    assert store.load_reviews(withdrawn=True) == [values.REVIEW]


def test_runs(store: Store) -> None:
    begun = values.Run(id="r1", kind="check", started_at=NOW)
    store.save_run(begun)
    assert store.load_run("r1") == begun
    store.save_run(values.RUN)
    assert store.load_runs() == [values.RUN]
    assert store.load_runs(kind="nightly") == []
    assert store.load_run("r2") is None


def test_readings_are_kept_by_version_and_kind(store: Store) -> None:
    many = {str(n): [n, 0.5] for n in range(1200)}
    store.put_readings("v1", "sentence", many)
    assert store.get_readings("v1", "sentence", many) == many
    assert store.get_readings("v2", "sentence", many) == {}
    assert store.get_readings("v1", "pair", ["1"]) == {}
    assert store.drop_readings(keep_version="v2") == 1200


def test_nothing_typed_becomes_sql(store: Store, tmp_path: Path) -> None:
    evil = "x'; DROP TABLE incidents; --"
    store.save_incidents([values.incident(evil, company_id=evil, party=evil)])
    assert store.load_incidents(evil)[0].party == evil
    assert store.load_findings(evil, party=evil, themes=[evil], verdicts=[evil]) == []


def _plain(fetched: values.Fetched) -> dict[str, object]:
    return {name: getattr(fetched, name) for name in fetched.__slots__}


def test_matches_are_saved_as_they_pass(store: Store) -> None:
    one, other = values.match(), values.match(evidence_id="another")
    assert list(store.saving_matches("eksempel", iter([one, other]))) == [one, other]
    assert len(store.load_matches("eksempel")) == 2
    assert list(store.saving_matches("eksempel", [other])) == [other]
    assert store.load_matches("eksempel") == [other]


def test_one_comparison_is_saved_for_each_promise_that_claims_alike(store: Store) -> None:
    one = values.match()
    same = [replace(one, promise_id=f"p{n}") for n in range(3)]
    changed = replace(one, promise_id="p3", score=0.1)
    list(store.saving_matches("eksempel", [*same, changed]))
    assert store.load_matches("eksempel") == [*same, changed]


def test_readings_that_nobody_asked_for_are_dropped(store: Store) -> None:
    store.put_readings("eksempel", "compared", {"a": 1, "b": 2})
    store.put_readings("anden", "compared", {"a": 3})
    assert store.keep_readings("eksempel", "compared", ["b", "c"]) == 1
    assert store.get_readings("eksempel", "compared", ["a", "b"]) == {"b": 2}
    assert store.get_readings("anden", "compared", ["a"]) == {"a": 3}
