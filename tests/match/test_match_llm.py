"""The optional judge, against a stub of an OpenAI-compatible endpoint on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from promisecheck.match.llm import LlmJudge

PROMISE = "Vi ringer altid tilbage."
INCIDENT = "Jeg lagde en besked, og telefonen forblev tavs. Mit nummer er 12 34 56 78."


class Stub(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = ""
        self.status = 200
        self.seen: list[dict[str, object]] = []


class Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        said = json.dumps({"choices": [{"message": {"content": self.server.answer}}]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def judge_at(stub: Stub) -> LlmJudge:
    return LlmJudge(
        url=f"http://127.0.0.1:{stub.server_port}/v1",
        model="small",
        key="s3cret",
        redact=lambda text: text.replace("12 34 56 78", "[phone]"),
    )


def test_a_judgement_with_a_true_quote_counts(stub: Stub) -> None:
    stub.answer = '```json\n{"outcome": "breaks", "quote": "telefonen forblev tavs", "reason": "Nobody called back."}\n```'
    judgement = judge_at(stub).judge(PROMISE, INCIDENT)
    assert judgement is not None
    assert judgement.outcome == "breaks"
    (signal,) = judgement.signals
    assert INCIDENT[signal.start : signal.end] == signal.quote == "telefonen forblev tavs"
    assert "Nobody called back." in judgement.reasons[0]


def test_what_is_sent_is_redacted_and_keyed(stub: Stub) -> None:
    stub.answer = '{"outcome": "silent"}'
    judge_at(stub).judge(PROMISE, INCIDENT)
    (sent,) = stub.seen
    assert sent["path"] == "/v1/chat/completions"
    assert sent["key"] == "Bearer s3cret"
    assert "12 34 56 78" not in json.dumps(sent)
    assert "[phone]" in json.dumps(sent)


@pytest.mark.parametrize(
    "answer",
    [
        '{"outcome": "breaks", "quote": "de ringede aldrig tilbage", "reason": "made up"}',
        '{"outcome": "breaks", "quote": "", "reason": "no quote"}',
        '{"outcome": "certainly", "quote": "telefonen"}',
        "The promise was broken.",
        '{"outcome": ["breaks"]',
        "[]",
    ],
)
def test_what_cannot_be_quoted_or_read_is_dropped(stub: Stub, answer: str) -> None:
    stub.answer = answer
    judge = judge_at(stub)
    assert judge.judge(PROMISE, INCIDENT) is None
    assert judge.dropped == 1


def test_an_answer_is_asked_for_once(stub: Stub) -> None:
    stub.answer = '{"outcome": "silent"}'
    judge = judge_at(stub)
    assert judge.judge(PROMISE, INCIDENT) == judge.judge(PROMISE, INCIDENT)
    assert judge.asked == len(stub.seen) == 1


def test_a_failing_endpoint_is_given_up(stub: Stub) -> None:
    stub.status = 500
    judge = judge_at(stub)
    assert [judge.judge(PROMISE, f"{INCIDENT} {n}") for n in range(5)] == [None] * 5
    assert len(stub.seen) == judge.failed == 3
