"""The desk as it is really served: a process, a port, an address, an end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from promisecheck.errors import UsageError
from promisecheck.web import DeskSettings, serve

PROGRAM = """
import sys
from promisecheck.web import DeskSettings, serve
serve(sys.argv[1], settings=DeskSettings(port=0), ready=lambda decide, read: print(decide, read, flush=True))
print("ended")
"""


@pytest.mark.slow
def test_desk_is_served_until_it_is_stopped(database: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(database)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        decide, read = running.stdout.readline().split()
        for address in (decide, read):
            visitor = build_opener(HTTPCookieProcessor())
            assert b"Fyrby" in visitor.open(address, timeout=20).read()
        with pytest.raises(HTTPError, match="401"):
            build_opener().open(decide, timeout=20)
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=20)[0] == "ended\n"
        assert running.returncode == 0
    finally:
        running.kill()


def test_port_that_is_taken(database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="cannot listen there"):
            serve(database, settings=DeskSettings(port=port))
