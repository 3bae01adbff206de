"""A timestamp of the anchor by an authority of our own (openssl ts), asked for over loopback and checked again offline."""

import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from promisecheck.cli.app import run
from promisecheck.errors import UsageError
from promisecheck.evidence import TimestampError, export_evidence, timestamp_evidence, verify_evidence
from promisecheck.evidence.timestamp import ask_for_timestamp, check_timestamp
from promisecheck.model import Fetched

pytest.importorskip("rfc3161_client")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

STEP = 13
CONFIG = """[ req ]
distinguished_name = name
[ name ]
[ tsa ]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[ stamp ]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Make a root, a signer below it, and return their folder."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "ca.cnf").write_text(CONFIG.format(folder=folder), encoding="ascii")
    (folder / "serial").write_text("01\n", encoding="ascii")
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "root.key", "-out",
             folder / "root.pem", "-subj", "/CN=Root of the test", "-days", "2")  # fmt: skip
    _openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr",
             "-subj", "/CN=Stamper of the test")  # fmt: skip
    _openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.pem", "-CAkey", folder / "root.key",
             "-CAcreateserial", "-out", folder / "tsa.pem", "-days", "2", "-extfile", folder / "ca.cnf",
             "-extensions", "tsa")  # fmt: skip
    return folder


def _stamp(folder: Path, request: bytes) -> bytes:
    (folder / "q.tsq").write_bytes(request)
    _openssl("ts", "-reply", "-config", folder / "ca.cnf", "-section", "stamp", "-queryfile", folder / "q.tsq",
             "-signer", folder / "tsa.pem", "-inkey", folder / "tsa.key", "-out", folder / "r.tsr")  # fmt: skip
    return (folder / "r.tsr").read_bytes()


@pytest.fixture
def url(authority):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            body = _stamp(authority, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path):
    body = b"Vi svarer inden for 24 timer."
    page = Fetched(
        company_id="c", url="http://a.test/", final_url="http://a.test/", fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
        status=200, headers={"content-type": "text/plain"}, body=body, sha256=sha256(body).hexdigest(),
    )  # fmt: skip
    export_evidence(tmp_path / "evidence", [page], [])
    return tmp_path / "evidence"


def _problems(folder, roots=b""):
    return [str(one) for one in verify_evidence(folder, lambda one: "", roots=roots).problems]


def test_the_verbs_stamp_and_check(folder, authority, url, capsys):
    assert run(["evidence", "timestamp", str(folder), "--tsa", url]) == 0
    roots = ["--tsa-roots", str(authority / "root.pem")]
    assert run(["evidence", "verify", str(folder), *roots]) == 0
    assert "signed by a trusted authority" in capsys.readouterr().out
    assert run(["evidence", "verify", str(folder)]) == 0
    assert "signature not checked" in capsys.readouterr().out
    (folder / "anchor.tsr").write_bytes(b"nothing")
    assert run(["evidence", "verify", str(folder), *roots]) == 3


def test_the_time_is_now_and_the_first_stamp_is_kept(folder, url):
    stamp = timestamp_evidence(folder, url)
    assert abs(datetime.now(UTC) - stamp.at) < timedelta(minutes=5)
    with pytest.raises(UsageError, match="already"):
        timestamp_evidence(folder, url)


def test_another_anchor_another_authority_and_no_stamp_are_named(folder, authority, url, tmp_path):
    roots = (authority / "root.pem").read_bytes()
    assert _problems(folder, roots) == ["anchor.tsr: is not there"]
    timestamp_evidence(folder, url)
    assert _problems(folder, roots) == []
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "k", "-out", tmp_path / "c",
             "-subj", "/CN=Somebody else")  # fmt: skip
    assert "signature does not hold" in _problems(folder, (tmp_path / "c").read_bytes())[0]
    assert "holds none" in _problems(folder, b"no certificate")[0]
    (folder / "anchor.txt").write_text("1 " + "0" * 64 + "\n", encoding="ascii")
    assert "anchor.tsr: the timestamp is for another anchor" in _problems(folder, roots)


def test_a_flipped_bit_never_moves_the_time_that_is_believed(authority):
    roots, anchor = (authority / "root.pem").read_bytes(), b"3 abc\n"
    answer = ask_for_timestamp(anchor, "", post=lambda url, request: _stamp(authority, request))
    believed = check_timestamp(anchor, answer, roots)
    found = 0
    for at in range(0, 8 * len(answer), STEP):
        altered = bytearray(answer)
        altered[at // 8] ^= 1 << at % 8
        try:
            assert check_timestamp(anchor, bytes(altered), roots) == believed, at
        except TimestampError:
            found += 1
    # A few bits of the wrapping say nothing of the time: of two spellings of one thing both are right.
    assert found > 0.97 * (8 * len(answer) // STEP)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"0\x03\x02\x01\x00", b"0\x05\x30\x03\x02\x01\x02"])
def test_what_is_no_timestamp_is_refused(answer):
    with pytest.raises(TimestampError):
        ask_for_timestamp(b"1 a\n", "http://a.test/", post=lambda url, request: answer)


def test_a_stamp_for_another_request_is_refused(authority):
    other = []
    ask_for_timestamp(b"1 a\n", "", post=lambda url, sent: other.append(_stamp(authority, sent)) or other[0])
    with pytest.raises(TimestampError, match="not for this request"):
        ask_for_timestamp(b"1 a\n", "", post=lambda url, sent: other[0])


def test_an_authority_that_does_not_answer_is_named(folder):
    with pytest.raises(TimestampError, match="does not answer"):
        timestamp_evidence(folder, "http://127.0.0.1:9/")
    assert not (folder / "anchor.tsr").exists()
