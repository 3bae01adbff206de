"""The desk is closed to everyone without a session, to other hosts and to other sites."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_values import BASE, OWN, REVIEWER
from fastapi.routing import APIRoute
from starlette.routing import Route
from starlette.testclient import TestClient

from promisecheck.errors import StoreError, UsageError
from promisecheck.web import DeskSettings, address, create_app
from promisecheck.web.guard import READS


def routes(client: TestClient) -> list[tuple[str, str]]:
    found = []
    pending = list(client.app.routes)  # type: ignore[attr-defined]
    while pending:
        route = pending.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            pending += inner.routes
        elif isinstance(route, APIRoute | Route):
            path = re.sub(r"\{[^}]+\}", "x", route.path)
            found += [(method, path) for method in route.methods or ()]
    return found


def test_every_route_answers_401_without_a_token(stranger: TestClient) -> None:
    walked = routes(stranger)
    assert len(walked) >= 25
    for method, path in walked:
        assert stranger.request(method, path, headers=OWN).status_code == 401, (method, path)
    assert stranger.get("/nowhere").status_code == 401


def test_token_opens_once_and_becomes_a_cookie(stranger: TestClient) -> None:
    answer = stranger.get(f"/enter?token={REVIEWER}", follow_redirects=False)
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(f"/enter?token={REVIEWER}").status_code == 401


@pytest.mark.parametrize("token", ["", "wrong", REVIEWER[:-1], f"{REVIEWER} ", "æøå", "\u0000"])
def test_other_tokens_open_nothing(stranger: TestClient, token: str) -> None:
    assert stranger.get("/enter", params={"token": token}).status_code == 401
    assert stranger.post("/enter", data={"token": token}, headers=OWN).status_code == 401
    assert stranger.get("/").status_code == 401


def test_leaving_ends_the_session(reviewer: TestClient) -> None:
    kept = dict(reviewer.cookies)
    reviewer.post("/leave", headers=OWN)
    reviewer.cookies.update(kept)
    assert reviewer.get("/").status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8080", "127.0.0.1.evil.example:8080", "127.0.0.1:8081", "127.0.0.1",
        "localhost.evil.example", "0.0.0.0:8080", "[::1]:1", "127.0.0.1:8080.evil.example", "127.1:8080",
        "2130706433:8080", "",
    ],
)  # fmt: skip
def test_foreign_hosts_are_refused(reviewer: TestClient, host: str) -> None:
    assert reviewer.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "LOCALHOST:8080"])
def test_own_hosts_are_answered(stranger: TestClient, host: str) -> None:
    assert stranger.get("/", headers={"host": host}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8081"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://localhost:8080"},
        {"origin": "http://127.0.0.1:8080.evil.example"},
        {"origin": "http://127.0.0.1:8080@evil.example"},
        {"origin": "http://evil.example/127.0.0.1:8080"},
        {"origin": "javascript://127.0.0.1:8080"},
        {"origin": "http://["},
        {"referer": "https://evil.example/"},
        {"referer": "https://evil.example/?http://127.0.0.1:8080/"},
        {"sec-fetch-site": "cross-site", "origin": BASE},
        {"sec-fetch-site": "same-site", "origin": BASE},
        {"sec-fetch-site": "none", "origin": BASE},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
)
def test_writes_from_other_sites_are_refused(reviewer: TestClient, headers: dict[str, str]) -> None:
    for path in ("/findings/x/decide", "/findings/x/undo", "/import", "/language", "/leave"):
        assert reviewer.post(path, headers=headers).status_code == 403, path


def test_readers_look_and_do_not_decide(reader: TestClient) -> None:
    assert reader.get("/findings").status_code == 200
    for method, path in routes(reader):
        if method in READS or path in ("/enter", "/leave", "/language"):
            continue
        assert reader.request(method, path, headers=OWN).status_code == 403, path


def test_too_much_is_refused(open_desk: Callable[..., TestClient]) -> None:
    desk = open_desk(most_bytes=1000)
    desk.get(f"/enter?token={REVIEWER}")
    assert desk.post("/import", headers=OWN, content=b"x" * 1001).status_code == 413
    form = {**OWN, "content-type": "multipart/form-data; boundary=b"}
    chunks = iter([b"x" * 600, b"x" * 600])
    assert desk.post("/import", headers=form, content=chunks).status_code in (400, 413)
    assert desk.post("/import", headers={**OWN, "content-length": "-1"}).status_code in (400, 413)


def test_answers_carry_a_strict_policy(reviewer: TestClient) -> None:
    for path in ("/", "/findings", "/reports/html", "/api/v1/runs", "/nowhere"):
        headers = reviewer.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_no_documentation_from_a_content_network(reviewer: TestClient) -> None:
    assert reviewer.get("/docs").status_code == 404
    assert reviewer.get("/redoc").status_code == 404


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"host": "0.0.0.0"}, "without a password"),
        ({"host": "0.0.0.0", "password": "short"}, "without a password"),
        ({"host": "192.0.2.7", "password": "long enough to use"}, "without TLS"),
    ],
)
def test_not_open_to_others_by_accident(database: Path, given: dict[str, str], missing: str) -> None:
    with pytest.raises(UsageError, match=missing):
        create_app(database, settings=DeskSettings(**given))  # type: ignore[arg-type]


def test_open_to_others_with_password_behind_a_proxy(open_desk: Callable[..., TestClient]) -> None:
    desk = open_desk(host="0.0.0.0", hosts=("desk.example",), password="correct horse", behind_proxy=True)
    theirs = {"host": "desk.example", "origin": "https://desk.example"}
    answer = desk.post("/enter", data={"token": "correct horse"}, headers=theirs, follow_redirects=False)
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]


def test_database_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        create_app(tmp_path / "none.db", settings=DeskSettings())


def test_address_that_opens_the_desk() -> None:
    assert address(DeskSettings(port=9), "t") == "http://127.0.0.1:9/enter?token=t"


def test_guessing_ends(stranger: TestClient) -> None:
    for n in range(60):
        stranger.get(f"/enter?token=guess{n}")
    assert stranger.get(f"/enter?token={REVIEWER}").status_code == 401
