from __future__ import annotations

from dataclasses import replace

import store_values as values
from store_values import DAY, HOME, NOW, promise

from promisecheck.model import Measure
from promisecheck.store import Saved, Store, absences

FAST = promise("Vi svarer inden for 24 timer")
SLOW = promise(
    "Vi svarer inden for 48 timer",
    measure=Measure(kind="duration", compare="at-most", value=48.0, unit="hour"),
)
OTHER = promise("Fri fragt over 499 kr.", metric="", theme="price")


def save(store: Store, day: int, *promises: values.Promise, read: list[str] | None = None) -> Saved:
    read = [HOME] if read is None else read
    return store.save_promises("eksempel", f"r{day}", promises, at=NOW + day * DAY, pages_read=read)


def events(store: Store) -> list[tuple[int, str, str]]:
    return [((step.at - NOW).days, step.event, step.quote) for step in store.load_history("eksempel")]


def test_a_number_that_changes_is_one_change(store: Store) -> None:
    save(store, 0, FAST, OTHER)
    assert save(store, 1, SLOW, OTHER) == Saved(new=1, unchanged=1)
    assert sorted(events(store)[2:]) == [(1, "changed", SLOW.quote), (1, "withdrawn", FAST.quote)]
    changed = store.load_history("eksempel", SLOW.id)[0]
    assert changed.previous_id == FAST.id
    assert changed.measure == SLOW.measure
    assert {item.quote for item in store.load_promises("eksempel")} == {SLOW.quote, OTHER.quote}
    save(store, 2, SLOW, OTHER)
    save(store, 3, SLOW, OTHER)
    assert len(events(store)) == 4


def test_a_promise_is_withdrawn_after_two_good_runs(store: Store) -> None:
    save(store, 0, FAST, OTHER)
    save(store, 1, FAST)
    assert len(events(store)) == 2
    save(store, 2, FAST)
    assert events(store)[2:] == [(2, "withdrawn", OTHER.quote)]
    save(store, 3, FAST)
    assert len(events(store)) == 3
    assert store.load_promises("eksempel") == [
        replace(FAST, first_seen=NOW, last_seen=NOW + 3 * DAY),
    ]
    assert len(store.load_promises("eksempel", withdrawn=True)) == 2


def test_a_page_that_could_not_be_read_withdraws_nothing(store: Store) -> None:
    save(store, 0, FAST)
    for day in range(1, 5):
        save(store, day, read=[HOME + "andet"])
        store.save_promises("eksempel", f"x{day}", [], at=NOW + day * DAY)
    assert [event for _, event, _ in events(store)] == ["stated"]


def test_a_bad_night_between_does_not_count(store: Store) -> None:
    save(store, 0, FAST)
    save(store, 1)
    save(store, 2, FAST)
    save(store, 3)
    assert [event for _, event, _ in events(store)] == ["stated"]


def test_what_comes_back_is_restated(store: Store) -> None:
    save(store, 0, FAST)
    save(store, 1)
    save(store, 2)
    save(store, 3, FAST)
    assert [event for _, event, _ in events(store)] == ["stated", "withdrawn", "restated"]
    assert store.load_promises("eksempel")[0].id == FAST.id


def test_a_moved_url_new_markup_and_another_order_are_no_news(store: Store) -> None:
    save(store, 0, FAST, OTHER)
    moved = replace(FAST, url=HOME + "ny", start=77, end=105)
    read = [HOME, HOME + "ny"]
    for day in (1, 2, 3):
        save(store, day, OTHER, moved, read=read)
    assert [event for _, event, _ in events(store)] == ["stated", "stated"]
    urls = [place.url for place in store.load_places(FAST.id)]
    assert urls == [HOME, HOME + "ny"]


def test_all_places_are_kept(store: Store) -> None:
    footer = replace(FAST, url=HOME + "om", start=900, end=928, role="footer")
    assert save(store, 0, FAST, footer) == Saved(new=1)
    places = store.load_places(FAST.id)
    assert [(place.url, place.role, place.headings) for place in places] == [
        (HOME, "text", ("Kontakt", "Mail")),
        (HOME + "om", "footer", ("Kontakt", "Mail")),
    ]
    save(store, 1, replace(FAST, start=10, end=38), footer)
    places = store.load_places(FAST.id)
    assert [(place.start, (place.last_seen - NOW).days) for place in places] == [(10, 1), (900, 1)]
    assert places[1].first_seen == NOW


def test_an_imported_history_widens_the_time_it_stood(store: Store) -> None:
    save(store, 0, replace(FAST, first_seen=NOW - 400 * DAY))
    save(store, 1, FAST)
    loaded = store.load_promise(FAST.id)
    assert loaded is not None
    assert (loaded.first_seen, loaded.last_seen) == (NOW - 400 * DAY, NOW + DAY)


def test_an_unlike_promise_on_the_page_is_new_and_not_a_change(store: Store) -> None:
    save(store, 0, FAST)
    unlike = promise("Ring, og du får en aftale med det samme")
    save(store, 1, unlike)
    assert [event for _, event, _ in events(store)] == ["stated", "stated"]


def test_absences_lie_between_withdrawn_and_restated(store: Store) -> None:
    for day, seen in enumerate([(FAST, OTHER), (OTHER,), (OTHER,), (OTHER,), (FAST, OTHER)]):
        save(store, day, *seen)
    assert absences(store.load_history("eksempel")) == {FAST.id: [(NOW + 2 * DAY, NOW + 4 * DAY)]}
    save(store, 5, OTHER)
    save(store, 6, OTHER)
    assert len(absences(store.load_history("eksempel"))[FAST.id]) == 1
