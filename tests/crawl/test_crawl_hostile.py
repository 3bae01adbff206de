"""Servers that mean harm: bombs, drips, endless headers, cut and stacked answers."""

import gzip
import resource
import socket
import threading
import time
import zlib

import brotli
import pytest
from backports import zstd

from promisecheck.crawl import Client
from promisecheck.crawl.addresses import Network
from promisecheck.crawl.bodies import read_body
from promisecheck.errors import FetchError

MEGABYTE = 1_000_000


@pytest.fixture
def client():
    made = Client(Network(("127.0.0.1",)), "test")
    yield made
    made.close()


def _gigabyte() -> bytes:
    """Return a bare deflate stream of a gigabyte of zeros: one megabyte of it, a thousand times over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return chunk * 1_000


def _packed(packer, step, end):
    zeros = bytes(MEGABYTE)
    return b"".join([getattr(packer, step)(zeros) for _ in range(1_000)] + [getattr(packer, end)()])


GIGABYTE_RAW = _gigabyte()
GIGABYTE_GZIP = gzip.compress(b"", mtime=0)[:10] + GIGABYTE_RAW
GIGABYTE_DEFLATE = b"\x78\xda" + GIGABYTE_RAW
# Written in steps: a gigabyte of zeros at once would count as growth.
GIGABYTE_BROTLI = _packed(brotli.Compressor(quality=5), "process", "finish")
GIGABYTE_ZSTD = _packed(zstd.ZstdCompressor(level=3), "compress", "flush")
WIDE_ZSTD = _packed(
    zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27}), "compress", "flush"
)


@pytest.mark.parametrize(
    ("encoding", "body", "says"),
    [
        ("gzip", GIGABYTE_GZIP, "larger than"),
        ("deflate", GIGABYTE_DEFLATE, "larger than"),
        ("deflate", GIGABYTE_RAW, "larger than"),
        ("gzip", gzip.compress(b"x", mtime=0) * 40_000, "more parts"),
        ("gzip, gzip", gzip.compress(GIGABYTE_GZIP, mtime=0), "not asked for"),
        ("br", GIGABYTE_BROTLI, "larger than"),
        ("br", b"\x00" * 800, "damaged"),
        ("br", brotli.compress(b"hello" * 99)[:-9], "too early"),
        ("zstd", GIGABYTE_ZSTD, "larger than"),
        ("zstd", b"\x28\xb5\x2f\xfd", "too early"),
        ("zstd", b"not zstd at all", "damaged"),
        ("zstd", zstd.compress(b"x") * 4_000, "more parts"),
        ("zstd", WIDE_ZSTD, "damaged"),
        ("br, br", brotli.compress(GIGABYTE_BROTLI), "not asked for"),
        ("compress", b"\x1f\x9d", "not asked for"),
        ("gzip", b"not gzip at all", "damaged"),
        ("gzip", gzip.compress(b"hello" * 99, mtime=0)[:-9], "too early"),
    ],
)
@pytest.mark.parametrize("redirect", [False, True])
def test_bombs(client, serve, reply, encoding, body, says, redirect):
    status = 302 if redirect else 200
    site = serve({"/": reply(body, status, {"Content-Encoding": encoding, "Location": "/x"})})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if redirect:
        assert client.get(site.url, max_bytes=5 * MEGABYTE, deadline=5).body == b""
    else:
        with pytest.raises(FetchError, match=says):
            client.get(site.url, max_bytes=300_000, deadline=5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= 32 * 1024


def test_an_endless_body_is_cut(client, serve, reply):
    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(65_536))

    site = serve({"/": reply(pour)})
    with pytest.raises(FetchError, match="larger than"):
        client.get(site.url, max_bytes=MEGABYTE, deadline=5)
    assert len(client.get(site.url, max_bytes=MEGABYTE, deadline=5, truncate=True).body) == MEGABYTE


def _drip(handler, start: bytes, drop: bytes) -> None:
    handler.wfile.write(start)
    while True:
        handler.wfile.write(drop)
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1"),
    ],
)
def test_a_drip_ends_at_the_deadline(client, serve, reply, start, drop):
    site = serve({"/": reply(lambda handler: _drip(handler, start, drop))})
    began = time.monotonic()
    with pytest.raises(FetchError):
        client.get(site.url, deadline=0.6)
    assert time.monotonic() - began < 1.6


def test_silence_ends_at_the_deadline(client, serve, reply):
    site = serve({"/": reply(lambda handler: time.sleep(3))})
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0.5 s|timed out"):
        client.get(site.url, deadline=0.5)
    assert time.monotonic() - began < 1.5


def test_the_connection_of_a_cut_answer_is_not_used_again(client, serve, reply):
    site = serve({"/big": b"x" * 200_000, "/": "fine"})
    with pytest.raises(FetchError, match="larger than"):
        client.get(site.url + "/big", max_bytes=1_000)
    assert client.get(site.url + "/").body == b"fine"


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-%d: %s\r\n" % (n, b"y" * 60_000) for n in range(90)),
        b"".join(b"X-%d: y\r\n" % n for n in range(5_000)),
        b"X: " + b"y" * 1_000_000 + b"\r\n",
    ],
)
def test_header_bombs(client, serve, reply, head):
    site = serve({"/": reply(lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n"))})
    with pytest.raises(FetchError):
        client.get(site.url, deadline=5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/9.9 hello\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nContent-Length: 7\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x00" * 4_000,
    ],
)
def test_answers_that_are_none(client, serve, reply, answer):
    def write(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    site = serve({"/": reply(write)})
    with pytest.raises(FetchError):
        client.get(site.url, deadline=3)


def test_the_watchdog_leaves_other_requests_alone(client, serve, reply):
    site = serve({"/slow": reply(lambda h: _drip(h, b"HTTP/1.1 200 OK\r\n\r\n", b"x")), "/": "fine"})
    failures = []

    def slow():
        try:
            client.get(site.url + "/slow", deadline=0.4)
        except FetchError as error:
            failures.append(error.what)

    threads = [threading.Thread(target=slow) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in range(40):
        assert client.get(site.url + "/", deadline=5).body == b"fine"
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert failures == ["no complete answer within 0.4 s"] * 5


@pytest.mark.parametrize(
    ("pieces", "encoding", "body"),
    [
        ([gzip.compress(b"one", mtime=0), gzip.compress(b"two", mtime=0)], "gzip", b"onetwo"),
        ([gzip.compress(b"one", mtime=0) + b"\0\0"], "x-gzip", b"one"),
        ([zlib.compress(b"one")], "deflate", b"one"),
        ([zlib.compress(b"one")[2:-4]], "deflate", b"one"),
        ([b"one", b"two"], "identity", b"onetwo"),
    ],
)
def test_encodings(pieces, encoding, body):
    assert read_body(pieces, encoding, 100) == body


def test_a_tls_handshake_that_never_comes_ends_at_the_deadline(client):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(FetchError, match=r"within 0.5 s|timed out"):
            client.get(f"https://127.0.0.1:{silent.getsockname()[1]}/", deadline=0.5)
        assert time.monotonic() - began < 1.5


def test_plain_http_behind_an_https_address(client, serve):
    with pytest.raises(FetchError, match="SSL"):
        client.get(serve({"/": "x"}).url.replace("http://", "https://"), deadline=3)


@pytest.mark.parametrize("pack", [brotli.compress, zstd.compress, gzip.compress])
def test_a_packed_page_is_unpacked(client, serve, reply, pack):
    encoding = {brotli.compress: "br", zstd.compress: "zstd"}.get(pack, "gzip")
    text = b"<p>Vi svarer inden for 24 timer.</p>" * 20_000
    site = serve({"/": reply(pack(text), headers={"Content-Encoding": encoding})})
    assert client.get(site.url).body == text
    assert site.asked[0][2]["Accept-Encoding"] == "gzip, deflate, br, zstd"
