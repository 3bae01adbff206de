"""Units that run the nightly check: systemd, cron, GitHub Actions and a container, ready to be saved."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from promisecheck.errors import UsageError

SERVICE = """\
# Save as /etc/systemd/system/promisecheck.service
[Unit]
Description=Check the service promises that are due
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
@USER@WorkingDirectory=@FOLDER@
ExecStart=@COMMAND@
# 1: a promise is newly contradicted, which the message tells; 75: another run is at it.
SuccessExitStatus=1 75
Nice=10
NoNewPrivileges=true
"""
TIMER = """\
# Save as /etc/systemd/system/promisecheck.timer, then: systemctl enable --now promisecheck.timer
[Unit]
Description=Run promisecheck every night

[Timer]
OnCalendar=*-*-* @TIME@:00
RandomizedDelaySec=@SPREAD@
# A night that was missed, because the machine was off, is made up for.
Persistent=true
Unit=promisecheck.service

[Install]
WantedBy=timers.target
"""
WORKFLOW = """\
# Save as .github/workflows/promisecheck.yml beside @CONFIG@ in a private repository.
# The last step wants code scanning; leave it out where the repository has none.
name: promisecheck
on:
  schedule:
    - cron: "@CRON@ * * *"
  workflow_dispatch:
permissions:
  contents: read
  security-events: write
concurrency:
  group: promisecheck
  cancel-in-progress: false
jobs:
  nightly:
    runs-on: ubuntu-latest
    timeout-minutes: 300
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "promisecheck[notify]"
      - uses: actions/cache/restore@v4
        with:
          path: @DATABASE@
          key: promisecheck-${{ github.run_id }}
          restore-keys: promisecheck-
      - run: >-
          promisecheck nightly --config @CONFIG@ --random-delay @SPREAD@
          --sarif promisecheck.sarif --junit promisecheck.xml --log-json promisecheck.jsonl
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: @DATABASE@
          key: promisecheck-${{ github.run_id }}
      - uses: github/codeql-action/upload-sarif@v4
        if: always()
        with:
          sarif_file: promisecheck.sarif
          category: promisecheck
"""
COMPOSE = """\
# Save as compose.yaml, then: docker compose up --detach
# It looks every hour what is due: a night that was missed is made up for.
services:
  promisecheck:
    build:
      dockerfile_inline: |
        FROM python:3.12-slim
        RUN pip install --no-cache-dir "promisecheck[notify]"
        WORKDIR /data
    # Who owns the folder: what the container writes is theirs.
    user: "@OWNER@"
    environment:
      HOME: /tmp
    restart: unless-stopped
    init: true
    read_only: true
    tmpfs: [/tmp]
    volumes:
      - type: bind
        source: @FOLDER@
        target: /data
    command:
      - sh
      - -c
      - |
        while true; do
          promisecheck nightly --config /data/@CONFIG@ --random-delay @SPREAD@
          sleep 3600
        done
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Say what is run, on which config, and when; `spread` seconds are added at random.

    `user` owns the files (nobody in particular where empty), `owner` is their number and group's, `database`
    is what the config names.
    """

    program: Path
    config: Path
    hour: int = 2
    minute: int = 17
    spread: int = 1800
    user: str = ""
    owner: str = "1000:1000"
    database: str = "promisecheck.db"


def print_schedule(kind: str, schedule: Schedule) -> dict[str, str]:
    """Return the files of a kind of scheduler by name, each with its contents."""
    for path in (schedule.program, schedule.config):
        if any(sign in str(path) for sign in "\n\r"):
            raise UsageError(
                "a path with a line break cannot be scheduled", where=repr(str(path)), do="rename it"
            )
    return PRINTERS[kind](schedule)


def _systemd(schedule: Schedule) -> dict[str, str]:
    folder = _unit_text(str(schedule.config.parent))
    command = " ".join(
        _unit_word(str(word)) for word in (schedule.program, "nightly", "--config", schedule.config)
    )
    # As root it would leave files that their owner cannot write to.
    user = f"User={_unit_text(schedule.user)}\n" if schedule.user else ""
    service = _fill(SERVICE, folder=folder, command=command, user=user)
    time = f"{schedule.hour:02d}:{schedule.minute:02d}"
    timer = _fill(TIMER, time=time, spread=schedule.spread)
    return {"promisecheck.service": service, "promisecheck.timer": timer}


def _cron(schedule: Schedule) -> dict[str, str]:
    folder = _cron_text(shlex.quote(str(schedule.config.parent)))
    words = [schedule.program, "nightly", "--config", schedule.config, "--random-delay", schedule.spread]
    command = _cron_text(shlex.join(str(word) for word in words))
    text = f"""\
# Add with: crontab -e. What changed is printed, and cron mails it; a second run at the same time ends at once.
# A machine that was off at night runs it at the next start; what is not due is not asked again.
{schedule.minute} {schedule.hour} * * * cd {folder} && {command}
@reboot cd {folder} && {command}
"""
    return {"promisecheck.cron": text}


def _actions(schedule: Schedule) -> dict[str, str]:
    text = _fill(
        WORKFLOW, config=schedule.config.name, cron=f"{schedule.minute} {schedule.hour}",
        spread=min(schedule.spread, 300), database=_yaml_text(schedule.database),
    )  # fmt: skip
    return {"promisecheck.yml": text}


def _docker(schedule: Schedule) -> dict[str, str]:
    folder = str(schedule.config.parent).replace("$", "$$")
    config = shlex.quote(schedule.config.name).replace("$", "$$")
    text = _fill(
        COMPOSE, folder=_yaml_text(folder), config=config, spread=schedule.spread, owner=schedule.owner
    )
    return {"compose.yaml": text}


def _fill(text: str, **values: object) -> str:
    """Put values where a text names them between @ signs; braces and dollars are the other programs' own."""
    for name, value in values.items():
        text = text.replace(f"@{name.upper()}@", str(value))
    return text


def _unit_word(word: str) -> str:
    """Quote a word of a command line of a unit."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(sign in word for sign in " \t\"'\\;") else escaped


def _unit_text(text: str) -> str:
    return text.replace("%", "%%")


def _cron_text(text: str) -> str:
    """Keep cron from taking a per cent sign for a line break."""
    return text.replace("%", "\\%")


def _yaml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


PRINTERS: Mapping[str, Callable[[Schedule], dict[str, str]]] = {
    "systemd": _systemd, "cron": _cron, "actions": _actions, "docker": _docker,
}  # fmt: skip
