"""The company's own text: what contradicts, what qualifies, what has another scope."""

from __future__ import annotations

import pytest

from promisecheck.match.site import Statement, judge_statement, sense_of
from promisecheck.model import Measure, Promise, Scope

PAGE = "https://shop.example/delivery"


def promise(quote: str, **more: object) -> Promise:
    fields = {
        "company_id": "shop", "theme": "speed", "kind": "quantified", "url": PAGE, "language": "en", "quote": quote,
        "start": 100, "end": 100 + len(quote), "metric": "delivery",
        "measure": Measure(kind="duration", compare="at-most", value=2, unit="day"),
    }  # fmt: skip
    return Promise(**{**fields, **more})  # type: ignore[arg-type]


TWO_DAYS = promise("Delivery within two days")
FREE = promise("Free delivery on all orders", theme="price", metric="fee", measure=None, strength="absolute")
SURE = promise("Guaranteed delivery by Friday", measure=None, strength="absolute")
DANISH = promise(
    "Levering på 1-2 hverdage",
    language="da",
    measure=Measure(kind="duration", compare="between", value=1, high=2, unit="working-day"),
)

RELATIONS = [
    (TWO_DAYS, Statement(text="Delivery takes up to two weeks.", language="en", url="https://shop.example/terms"), "contradicts"),
    (TWO_DAYS, Statement(text="Delivery takes one day.", language="en", url="https://shop.example/terms"), "compatible"),
    (TWO_DAYS, Statement(text="We reply to emails within two weeks.", language="en", url="https://shop.example/terms"), "compatible"),
    (TWO_DAYS, Statement(text="Delivery takes up to two weeks for large items.", language="en", url=PAGE, start=140), "qualifies"),
    (TWO_DAYS, Statement(text="* Delivery of large items takes up to two weeks.", language="en", url=PAGE, start=140), "contradicts"),
    (TWO_DAYS, Statement(text="Delivery takes up to two weeks.", language="en", url=PAGE, start=9000), "contradicts"),
    (TWO_DAYS, Statement(text="Delivery to Norway takes up to two weeks.", language="en", url="https://shop.example/terms"), "different-scope"),
    (promise("Usually delivered within two days", strength="hedged"), Statement(text="Delivery takes up to two weeks.", language="en"), "qualifies"),
    (FREE, Statement(text="Free delivery on orders over £50.", language="en"), "contradicts"),
    (FREE, Statement(text="Free delivery does not apply to sofas.", language="en"), "contradicts"),
    (FREE, Statement(text="Opening hours do not apply on Sundays.", language="en"), "compatible"),
    (SURE, Statement(text="All delivery times are estimates.", language="en"), "contradicts"),
    (DANISH, Statement(text="Leveringstiden er 5-8 hverdage.", language="da"), "contradicts"),
    (DANISH, Statement(text="Levering på 1-2 hverdage", language="da"), "compatible"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "statement", "relation"), RELATIONS)
def test_relation(made: Promise, statement: Statement, relation: str) -> None:
    judged = judge_statement(made, sense_of(statement))
    assert judged.relation == relation, judged
    assert bool(judged.reason) == (relation != "compatible")


def test_a_promise_with_the_same_scope_is_taken_at_its_word() -> None:
    norwegian = promise("Delivery to Norway within two days", scope=Scope(area="NO"))
    statement = Statement(text="Delivery to Norway takes up to two weeks.", language="en")
    assert judge_statement(norwegian, sense_of(statement)).relation == "contradicts"
