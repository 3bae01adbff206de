"""Connections to companies: certificates are checked, addresses are read as they stand, a pool is shared by no two hosts."""

import datetime
import http.server
import ipaddress
import ssl
import sys
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from promisecheck.crawl import Client, connections
from promisecheck.crawl.addresses import Network
from promisecheck.errors import FetchError


@pytest.fixture
def client():
    made = Client(Network(("127.0.0.1", "localhost")), "test")
    yield made
    made.close()


@pytest.fixture
def certificate(tmp_path):
    """Write a certificate for 127.0.0.1 that nobody else has signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "promisecheck test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(encoding)
        + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def port(certificate):
    """Serve one page over TLS and return the port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def do_GET(self):
            body = self.path.encode() * 10_000
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def trusting(monkeypatch, certificate):
    """Trust the test's own certificate in place of the published ones."""
    monkeypatch.setattr(connections.certifi, "where", lambda: str(certificate))
    connections._trusted.cache_clear()
    yield
    connections._trusted.cache_clear()


def test_a_certificate_that_nobody_signed_is_refused(client, port):
    for _ in range(2):
        with pytest.raises(FetchError, match="certificate is not valid"):
            client.get(f"https://127.0.0.1:{port}/a", deadline=5)


def test_a_certificate_that_is_trusted_is_taken_again_and_again(client, port, trusting):
    for path in ("/a", "/b", "/a"):
        assert client.get(f"https://127.0.0.1:{port}{path}", deadline=5).body == path.encode() * 10_000


def test_a_certificate_for_another_host_is_refused(client, port, trusting):
    with pytest.raises(FetchError, match="certificate is not valid"):
        client.get(f"https://localhost:{port}/a", deadline=5)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/a b", "/a%20b"),
        ("/vilkår?sprog=dansk å", "/vilk%C3%A5r?sprog=dansk%20%C3%A5"),
        ("/a#here", "/a"),
        ("", "/"),
        ("?q=1", "/?q=1"),
        ("/a/../b/./c", "/b/c"),
        ("/a%2fb%41", "/a%2Fb%41"),
    ],
)
def test_an_address_is_asked_for_as_it_stands(client, serve, path, asked):
    site = serve({})
    assert client.get(site.url + path).status == 404
    assert site.paths == [asked]


def test_a_password_in_an_address_is_not_sent(client, serve):
    site = serve({"/": "fine"})
    assert client.get(site.url.replace("//", "//anna:secret@")).body == b"fine"
    assert "Authorization" not in site.asked[0][2]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ('"a"', '"a"'),
        ('"å"', '"å"'),
        ('"a"\r\nX-Evil: 1', None),
        ('"a"\r\n b', None),
        ('"ś"', None),
        ("\0", None),
    ],
)
def test_a_validator_that_cannot_be_sent_is_left_out(client, serve, value, sent):
    site = serve({"/": "fine"})
    assert client.get(site.url, headers={"If-None-Match": value}).body == b"fine"
    assert site.asked[0][2].get("If-None-Match") == sent
    assert "X-Evil" not in site.asked[0][2]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize(("limit", "kept"), [(1_024, 512), (256, 128), (1, 1), (-1, sys.maxsize)])
def test_half_of_the_files_that_may_be_open_are_connections(monkeypatch, limit, kept):
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda which: (limit, limit))
    assert connections._most_kept() == kept
