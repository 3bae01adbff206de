"""Schedules: parsed as their programs parse them, and given to the system's own checkers where they are here."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from promisecheck.cli.app import run
from promisecheck.nightly.schedule import Schedule, print_schedule

# The build has both: there a missing one fails.
CI = bool(os.environ.get("PROMISECHECK_CI"))
FOLDERS = ["/srv/promisecheck", "/srv/my checks 100%", '/srv/a"b', "/srv/$HOME"]


def schedule(folder: str = FOLDERS[0]) -> Schedule:
    return Schedule(program=Path("/bin/true"), config=Path(folder) / "promisecheck.toml")


def unit(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_systemd_units_are_persistent_delayed_and_complete() -> None:
    files = print_schedule("systemd", schedule())
    timer, service = unit(files["promisecheck.timer"]), unit(files["promisecheck.service"])
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["RandomizedDelaySec"] == "1800"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:17:00"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert service["Service"]["ExecStart"] == "/bin/true nightly --config /srv/promisecheck/promisecheck.toml"
    assert service["Service"]["SuccessExitStatus"] == "1 75"


def test_units_run_as_who_owns_the_files() -> None:
    service = unit(print_schedule("systemd", schedule())["promisecheck.service"])
    assert "User" not in service["Service"]
    own = Schedule(program=Path("/bin/true"), config=Path("/home/anna/promisecheck.toml"), user="anna")
    assert unit(print_schedule("systemd", own)["promisecheck.service"])["Service"]["User"] == "anna"


@pytest.mark.skipif(not (CI or shutil.which("systemd-analyze")), reason="no systemd here")
@pytest.mark.parametrize("folder", FOLDERS)
def test_systemd_takes_the_units(folder: str, tmp_path: Path) -> None:
    for name, text in print_schedule("systemd", schedule(folder)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    units = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "promisecheck." in line]
    assert complaints == []
    calendar = subprocess.run(
        ["systemd-analyze", "calendar", "*-*-* 02:17:00"], capture_output=True, text=True, check=False
    )
    assert calendar.returncode == 0


def cron_lines(text: str) -> list[tuple[str, str]]:
    """Return (when, command) as cron reads them: an escaped per cent sign is one, a bare one ends the command."""
    found = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        parts = 1 if line.startswith("@") else 5
        *when, command = line.split(maxsplit=parts)
        assert "%" not in command.replace("\\%", "")
        found.append((" ".join(when), command.replace("\\%", "%")))
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_cron_lines_run_what_is_meant(folder: str) -> None:
    (text,) = print_schedule("cron", schedule(folder)).values()
    (nightly, command), (reboot, _) = cron_lines(text)
    assert (nightly, reboot) == ("17 2 * * *", "@reboot")
    words = shlex.split(command)
    assert words[:3] == ["cd", folder, "&&"]
    assert words[3:] == [
        "/bin/true",
        "nightly",
        "--config",
        f"{folder}/promisecheck.toml",
        "--random-delay",
        "1800",
    ]


def cron_says(path: Path) -> tuple[int, str]:
    """Let cron itself read a table: `-n` of Debian's, `-T` of cronie's; neither installs it."""
    for flag in ("-n", "-T"):
        done = subprocess.run(["crontab", flag, str(path)], capture_output=True, text=True, check=False)
        if "option" not in done.stderr:
            return done.returncode, done.stderr
    pytest.skip("this crontab checks no files")


@pytest.mark.skipif(not (CI or shutil.which("crontab")), reason="no cron here")
@pytest.mark.parametrize("folder", FOLDERS)
def test_cron_takes_the_lines(folder: str, tmp_path: Path) -> None:
    path = tmp_path / "tab"
    text = next(iter(print_schedule("cron", schedule(folder)).values()))
    path.write_text(text, encoding="utf-8")
    assert cron_says(path)[0] == 0
    path.write_text(text.replace("17 2 *", "77 2 *"), encoding="utf-8")
    assert cron_says(path)[0] != 0


def test_actions_keep_the_database_and_upload_sarif() -> None:
    (text,) = print_schedule("actions", schedule()).values()
    workflow: dict[Any, Any] = yaml.safe_load(text)
    # YAML 1.1 reads the key "on" as true.
    assert workflow[True]["schedule"] == [{"cron": "17 2 * * *"}]
    assert workflow["concurrency"]["cancel-in-progress"] is False
    steps = workflow["jobs"]["nightly"]["steps"]
    used = [step.get("uses", "").split("@")[0] for step in steps]
    assert "actions/cache/restore" in used and "actions/cache/save" in used
    assert "github/codeql-action/upload-sarif" in used
    command = next(step["run"] for step in steps if "promisecheck nightly" in step.get("run", ""))
    assert "--sarif promisecheck.sarif" in command and "\n" not in command.strip()


@pytest.mark.parametrize("folder", FOLDERS)
def test_compose_file_mounts_the_folder_and_loops(folder: str) -> None:
    (text,) = print_schedule("docker", schedule(folder)).values()
    service = yaml.safe_load(text)["services"]["promisecheck"]
    (volume,) = service["volumes"]
    assert volume["source"].replace("$$", "$") == folder
    shell, flag, script = service["command"]
    assert (shell, flag) == ("sh", "-c")
    assert subprocess.run(["sh", "-n", "-c", script.replace("$$", "$")], check=False).returncode == 0
    assert service["restart"] == "unless-stopped"


def test_container_runs_as_who_owns_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "promisecheck.toml").write_text("", encoding="utf-8")
    assert run(["schedule", "print", "docker", "--config", str(tmp_path / "promisecheck.toml")]) == 0
    service = yaml.safe_load(capsys.readouterr().out)["services"]["promisecheck"]
    owner = tmp_path.stat()
    assert service["user"] == f"{owner.st_uid}:{owner.st_gid}"


def test_actions_keep_the_database_that_the_config_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "promisecheck.toml"
    config.write_text('database = "data/n.db"\n', encoding="utf-8")
    assert run(["schedule", "print", "actions", "--config", str(config)]) == 0
    steps = yaml.safe_load(capsys.readouterr().out)["jobs"]["nightly"]["steps"]
    assert [step["with"]["path"] for step in steps if "cache" in step.get("uses", "")] == ["data/n.db"] * 2


def command_of(text: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    return shlex.split(line.removeprefix("ExecStart="))


def test_printed_command_works_as_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "promisecheck.toml"
    config.write_text(
        'database = "n.db"\n[[company]]\nname = "Nobody"\nurl = "http://127.0.0.1:9"\n', encoding="utf-8"
    )
    assert run(["schedule", "print", "systemd", "--config", str(config), "--at", "3:05"]) == 0
    out = capsys.readouterr().out
    assert "OnCalendar=*-*-* 03:05:00" in out
    words = command_of(out)
    program = (
        words
        if Path(words[0]).name == "promisecheck"
        else [sys.executable, "-m", "promisecheck.cli", *words[1:]]
    )
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 3, done.stderr
    assert (tmp_path / "n.db").exists()


def test_files_are_written_where_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schedule", "print", "systemd", "--out", str(tmp_path / "units")]) == 0
    assert sorted(path.name for path in (tmp_path / "units").iterdir()) == [
        "promisecheck.service",
        "promisecheck.timer",
    ]
    assert run(["schedule", "print", "systemd", "--at", "25:00"]) == 2
    assert "no time of day" in capsys.readouterr().err
    assert run(["schedule", "print", "launchd"]) == 2
