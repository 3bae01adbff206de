"""No address, name, redirect or second answer of a name server leads to a connection that is not public."""

import json
import socket
import time
from pathlib import Path

import pytest

from promisecheck.crawl import Client, Crawl, CrawlSettings
from promisecheck.crawl.addresses import BlockedAddressError, Network, is_public
from promisecheck.crawl.crawl import Crawl as CrawlOfRoom
from promisecheck.errors import FetchError
from promisecheck.model import Company

HOSTILE = json.loads((Path(__file__).parent / "hostile" / "ssrf_urls.json").read_text(encoding="utf-8"))


class World:
    """Answer names as the list says, an answer further each time, and note every connection."""

    def __init__(self) -> None:
        self.answers = {name: list(answers) for name, answers in HOSTILE["dns"].items()}
        self.connected: list[str] = []

    def resolve(self, host: str, port: int, timeout: float) -> list[str]:
        if host in self.answers:
            answers = self.answers[host]
            return answers.pop(0) if len(answers) > 1 else answers[0]
        # The system's own reading of odd literals (0x7f.1, 2130706433), without asking a name server.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [str(one[4][0]) for one in found]

    def connect(self, address, **options):
        self.connected.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")


NAMES = [f"http://{name}/" for name in HOSTILE["dns"]]


@pytest.mark.parametrize("url", HOSTILE["urls"] + NAMES)
def test_hostile_addresses_make_no_connection(url):
    world = World()
    client = Client(Network(resolve=world.resolve, connect=world.connect), "test")
    for _ in range(3):
        with pytest.raises(FetchError):
            client.get(url, deadline=5)
    client.close()
    assert [address for address in world.connected if not is_public(address)] == []


@pytest.mark.parametrize("url", HOSTILE["urls"] + NAMES)
def test_a_redirect_to_a_hostile_address_makes_no_connection(url, serve, reply):
    site = serve({"/": reply(b"", 302, {"Location": url.encode("ascii", "ignore").decode()})})
    seen = []
    own = int(site.url.rpartition(":")[2])

    def connect(address, **options):
        seen.append(address)
        return socket.create_connection(address, timeout=5)

    network = Network((f"127.0.0.1:{own}",), resolve=World().resolve, connect=connect)
    client = Client(network, "test")
    settings = CrawlSettings(delay=0, allow_private_networks=(f"127.0.0.1:{own}",), retries=0)
    list(CrawlOfRoom(Company(id="c", name="C", home_url=site.url), settings, client=client))
    client.close()
    assert set(seen) == {("127.0.0.1", own)}


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::5db8:d822", False),
        ("2002:5db8:d822::", False),
        ("2001::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("100.127.255.255", False),
        ("192.88.99.1", False),
        ("255.255.255.255", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_is_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("allow", "host", "port", "allowed"),
    [
        (("127.0.0.1",), "127.0.0.1", 8000, True),
        (("127.0.0.1:8000",), "127.0.0.1", 8000, True),
        (("127.0.0.1:8000",), "127.0.0.1", 8001, False),
        (("127.0.0.1",), "127.0.0.10", 80, False),
        (("Intra.Test",), "intra.test", 80, True),
        (("intra.test",), "x.intra.test", 80, False),
        (("::1",), "[::1]", 80, True),
        (("[::1]:80",), "::1", 80, True),
        ((), "localhost", 80, False),
    ],
)
def test_private_hosts_are_allowed_by_their_exact_name(allow, host, port, allowed):
    network = Network(allow, resolve=lambda host, port, timeout: ["127.0.0.1"])
    assert network.allows(host, port) is allowed
    if allowed:
        assert network.addresses(host, port) == ["127.0.0.1"]
    else:
        with pytest.raises(BlockedAddressError, match=r"no public address .*--allow-private-network"):
            network.addresses(host, port)


def test_a_name_server_that_keeps_silent_ends_at_the_deadline():
    def resolve(host, port, timeout):
        time.sleep(timeout)
        raise TimeoutError("no answer")

    client = Client(Network(resolve=resolve), "test")
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"timed out|within"):
        client.get("http://slow.test/", deadline=0.4)
    client.close()
    assert time.monotonic() - began < 1.4


def test_one_closed_address_among_open_ones_is_enough():
    network = Network(resolve=lambda host, port, timeout: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(BlockedAddressError):
        network.addresses("mixed.test", 80)


def test_the_environment_is_not_asked(serve, monkeypatch, tmp_path):
    site = serve({"/": "ok"})
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client = Client(Network(("127.0.0.1",)), "test")
    assert client.get(site.url + "/").status == 200
    client.close()
    assert "Authorization" not in site.asked[0][2]


def test_the_crawl_says_how_to_allow_a_private_host(serve):
    site = serve({"/": "ok"})
    settings = CrawlSettings(delay=0, contact="me@auditor.test")
    crawl = Crawl(Company(id="c", name="C", home_url=site.url), settings)
    (fetched,) = crawl
    assert "127.0.0.1 leads to 127.0.0.1, which is no public address" in fetched.error
    assert "--allow-private-network 127.0.0.1" in fetched.error
    assert site.asked == []
