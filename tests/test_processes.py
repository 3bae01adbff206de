"""Work shared out over processes: deaths, errors, an early end, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from multiprocessing import active_children
from pathlib import Path

import pytest

from promisecheck.errors import InputError
from promisecheck.processes import Died, share_out


def work(item: int) -> int:
    if item < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 0:
        raise InputError("nothing", where="item 0", do="give one")
    time.sleep(item / 100)
    return 2 * item


@pytest.mark.parametrize("workers", [1, 3])
def test_every_item_is_done_once(workers: int) -> None:
    assert sorted(share_out(work, deque([1, 2, 3, 4, 5]), workers)) == [
        (1, 2),
        (2, 4),
        (3, 6),
        (4, 8),
        (5, 10),
    ]
    assert active_children() == []


def test_a_process_that_dies_costs_what_it_held() -> None:
    done = dict(share_out(work, deque([1, -1, 2, -2, 3, 4, -3]), 2))
    assert {item for item, answer in done.items() if isinstance(answer, Died)} == {-1, -2, -3}
    assert (done[1], done[2], done[3], done[4]) == (2, 4, 6, 8)
    assert done[-1] == Died(code=-signal.SIGKILL)
    assert active_children() == []


def test_what_comes_later_is_done_too() -> None:
    waiting = deque([-1, 1])
    seen: list[int] = []
    for item, answer in share_out(work, waiting, 2):
        seen.append(item)
        if isinstance(answer, Died):
            waiting.append(7)
    assert sorted(seen) == [-1, 1, 7]


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(InputError, match="nothing") as raised:
        list(share_out(work, deque([0, 500]), 2))
    assert (raised.value.where, raised.value.do) == ("item 0", "give one")
    assert active_children() == []


def test_an_early_end_leaves_no_process() -> None:
    for _ in share_out(work, deque([1, 6000, 6000]), 3):
        break
    assert active_children() == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_processes_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from collections import deque\n"
        "from promisecheck.processes import share_out\n"
        "def work(item):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(item)\n"
        "if __name__ == '__main__':\n"
        "    list(share_out(work, deque([0.3, 60]), 1))\n",
        encoding="utf-8",
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()
    parent.stdout.close()
