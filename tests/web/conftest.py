"""A desk over a small database of literal values, and someone who is let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_values import BASE, READER, REVIEWER, build, settings
from starlette.testclient import TestClient

from promisecheck.web import create_app


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return a database of three findings in two companies."""
    path = tmp_path / "desk.db"
    build(path)
    return path


@pytest.fixture
def open_desk(database: Path) -> Iterator[Callable[..., TestClient]]:
    """Return a function that opens the desk with other settings; nobody has been let in."""
    opened: list[TestClient] = []

    def open_(**given: Any) -> TestClient:
        client = TestClient(create_app(database, settings=settings(**given)), base_url=BASE)
        opened.append(client.__enter__())
        return client

    yield open_
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def stranger(open_desk: Callable[..., TestClient]) -> TestClient:
    """Return a client without a cookie."""
    return open_desk()


@pytest.fixture
def reviewer(stranger: TestClient) -> TestClient:
    """Return a client that may decide."""
    assert stranger.get(f"/enter?token={REVIEWER}").status_code == 200
    return stranger


@pytest.fixture
def reader(stranger: TestClient) -> TestClient:
    """Return a client that may only look."""
    assert stranger.get(f"/enter?token={READER}").status_code == 200
    return stranger
