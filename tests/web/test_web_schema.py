"""The API keeps what its own description says, whatever is sent to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk_values import BASE, READER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

schemathesis = pytest.importorskip("schemathesis")


@pytest.mark.slow
def test_api_answers_as_described(open_desk: Callable[..., TestClient]) -> None:
    desk = open_desk()
    desk.get(f"/enter?token={READER}")
    described = schemathesis.openapi.from_dict(desk.get("/api/openapi.json").json())
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) == 7

    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of([operation.as_strategy() for operation in operations]))
    def answers(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=BASE)
        answer = desk.request(
            sent["method"], sent["url"], params=sent.get("params"), headers=dict(sent.get("headers") or {})
        )
        case.validate_response(schemathesis.Response.from_any(answer))

    answers()
