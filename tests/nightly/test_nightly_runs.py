"""Nights as an operator meets them: the lock, what is due, telling, pipelines, suppression, logs, exit codes."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from nightly_site import Site

from promisecheck.cli.app import run
from promisecheck.model import Review
from promisecheck.nightly.lock import hold_lock, left_behind
from promisecheck.store import Store

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@contextmanager
def listener() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Give an address and what was sent to it."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", 0)))))
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def configure(nights, text: str) -> None:
    old = nights.config.read_text(encoding="utf-8")
    nights.config.write_text(old.replace("[[company]]", f"{text}\n[[company]]", 1), encoding="utf-8")


def test_second_run_exits_75_and_names_the_holder(nights) -> None:
    with hold_lock(nights.database, now=NOW) as holder:
        nights.run()
    assert nights.code == 75
    assert f"process {holder.pid} on {holder.host}, since 2026-11-24T02:00:00" in nights.err


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from promisecheck.nightly.lock import hold_lock\n"
        "with hold_lock(Path(sys.argv[1]), now=datetime.now(UTC)): os.kill(os.getpid(), 9)"
    )
    database = tmp_path / "n.db"
    subprocess.run([sys.executable, "-c", code, str(database)], check=False)
    assert left_behind(database) is not None
    with hold_lock(database, now=NOW):
        assert left_behind(database) is None
    assert left_behind(database) is None


def test_what_is_not_due_is_not_asked_and_a_missed_night_is_caught_up(nights, site: Site) -> None:
    command = ["nightly", "--config", str(nights.config), "--no-semantic"]
    assert run(command) == 1
    site.asked = 0
    assert run(command) == 0
    assert site.asked == 0
    with Store.open(nights.database) as store:
        for one in store.load_runs():
            store.save_run(replace(one, started_at=one.started_at - timedelta(days=3)))
    assert run(command) == 0
    assert site.asked > 0


def test_one_message_when_something_changed_and_none_when_not(nights, site: Site) -> None:
    with listener() as (address, got):
        configure(nights, f'[notify]\nurls = ["json://{address}/hook"]\nping = "http://{address}/ping"\n')
        nights.run()
        nights.run()
        site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
        nights.run()
    told = [json.loads(body) for path, body in got if path.startswith("/hook")]
    assert [one["title"] for one in told] == [
        "promisecheck: Prøvehuset: 1 brudt, 2 nye løfter", "promisecheck: Prøvehuset: 1 omskrevet",
    ]  # fmt: skip
    assert "Lovede 24 timer indtil" in told[1]["message"]
    pings = [path for path, _ in got if path.startswith("/ping")]
    assert pings == ["/ping/start", "/ping/1", "/ping/start", "/ping/0", "/ping/start", "/ping/1"]


def test_message_that_was_not_delivered_is_told_again(nights) -> None:
    configure(nights, '[notify]\nurls = ["json://127.0.0.1:9/hook"]\nping = "http://127.0.0.1:9/"\n')
    assert len(nights.run("--fail-on", "never")) == 3
    assert nights.code == 3
    assert "could not be delivered" in nights.err
    assert len(nights.run()) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[notify]\nurls = ["nosuch://user:secret@x"]\n', "channel 1 is no address"),
        ('[notify]\non = ["nwe"]\n', "did you mean 'new'"),
        ('[notify]\nurl = ["x"]\n', "did you mean 'urls'"),
    ],
)
def test_wrong_channels_exit_2_before_anything_is_asked(text: str, says: str, nights, site: Site) -> None:
    configure(nights, text)
    nights.run()
    assert nights.code == 2
    assert says in nights.err
    assert "secret" not in nights.err
    assert site.asked == 0


def test_a_config_without_a_company_is_a_mistake_and_no_quiet_night(nights) -> None:
    nights.config.write_text('database = "n.db"\n', encoding="utf-8")
    nights.run()
    assert nights.code == 2
    assert "names no company" in nights.err and "[[company]]" in nights.err


def test_all_fine_is_told_where_wanted(nights) -> None:
    configure(nights, "[notify]\nall_fine = true\nlanguage = 'da'\n")
    nights.text()
    assert nights.text() == "1 virksomhed blev tjekket; intet er ændret.\n"


@pytest.mark.parametrize(("fail_on", "first", "second"), [("new", 1, 0), ("any", 1, 1), ("never", 0, 0)])
def test_fail_on(fail_on: str, first: int, second: int, nights) -> None:
    nights.run("--fail-on", fail_on)
    assert nights.code == first
    nights.run("--fail-on", fail_on)
    assert nights.code == second


def accept(nights, until: datetime, decision: str = "accepted-until") -> None:
    with Store.open(nights.database) as store:
        (broken,) = store.load_findings(verdicts=["contradicted"])
        store.save_review(Review(
            finding_id=broken.id, decision=decision, reason="new staff from May", reviewer="anna",  # type: ignore[arg-type]
            decided_at=datetime.now(UTC) - timedelta(days=2), expires_at=until,
        ))  # fmt: skip


def test_accepted_finding_is_silent_and_reopens_by_itself(nights) -> None:
    nights.run()
    accept(nights, datetime.now(UTC) + timedelta(seconds=1.5))
    sarif = nights.folder / "out.sarif"
    assert nights.run("--fail-on", "any", "--sarif", str(sarif)) == []
    assert nights.code == 0
    (result,) = json.loads(sarif.read_text())["runs"][0]["results"]
    assert "new staff from May (until " in result["suppressions"][0]["justification"]
    time.sleep(1.6)
    (told,) = nights.run("--fail-on", "any")
    assert told["change"] == "came-back"
    assert told["until"] is not None
    assert nights.code == 1
    assert nights.run() == []


def test_pipelines_get_sarif_and_junit(nights, site: Site) -> None:
    sarif, junit = nights.folder / "out.sarif", nights.folder / "out.xml"
    files = ("--sarif", str(sarif), "--junit", str(junit))
    states = []
    nights.run(*files)
    states.append(json.loads(sarif.read_text())["runs"][0]["results"])
    root = ET.parse(junit).getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "0")
    nights.run(*files)
    states.append(json.loads(sarif.read_text())["runs"][0]["results"])
    assert [[one["baselineState"] for one in results] for results in states] == [["new"], ["unchanged"]]
    (result,) = states[0]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"].endswith("24 timer.")
    assert states[0][0]["partialFingerprints"] == states[1][0]["partialFingerprints"]
    text = sarif.read_text() + junit.read_text()
    assert "Jeg ventede" not in text


def test_log_and_metrics_hold_counts_and_no_incident_text(nights) -> None:
    log, prom = nights.folder / "run.jsonl", nights.folder / "run.prom"
    nights.run("--log-json", str(log), "--metrics", str(prom))
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {line["run"] for line in lines} == {lines[0]["run"]}
    stages = [line["stage"] for line in lines if line["event"] == "stage"]
    assert stages == ["import", "crawl", "read", "judge"]
    assert {line["company"] for line in lines if "company" in line} == {"huset"}
    metrics = prom.read_text(encoding="utf-8")
    assert 'promisecheck_findings{company="huset",verdict="contradicted"} 1' in metrics
    assert 'promisecheck_news{change="new"} 3' in metrics
    samples = [line for line in metrics.splitlines() if not line.startswith("#")]
    assert all(
        re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z-]+="[^"]*")*\})? [0-9.]+', line) for line in samples
    )
    for text in (metrics, log.read_text(encoding="utf-8")):
        assert "ventede" not in text and "dage" not in text


def test_a_company_that_cannot_be_checked_stops_no_other(nights) -> None:
    more = '\n[[company]]\nname = "Uden log"\nurl = "http://127.0.0.1:9/"\nincidents = ["nothing*.csv"]\n'
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + more, encoding="utf-8")
    news = nights.run()
    failed = [one for one in news if one["change"] == "failed"]
    assert "no file matches 'nothing*.csv'" in failed[0]["reason"]
    assert len(news) == 4
    assert nights.code == 1
    assert nights.run() == []
    assert nights.code == 3


def test_a_bug_at_one_company_is_told_and_exits_4(nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(nights.folder))

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("promisecheck.nightly.work.check_company", broken)
    nights.run()
    assert nights.code == 4
    assert "bug.log" in nights.err


def test_interrupt_exits_130_and_ends_the_check(nights, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("promisecheck.nightly.work.wait", interrupted)
    nights.run()
    assert nights.code == 130


def test_daily_exports_of_one_source_are_one_log(nights) -> None:
    nights.run()
    rows = nights.log.read_text(encoding="utf-8")
    (nights.folder / "log-2.csv").write_text(
        rows + "A-5;05-09-2026 09:00;09-09-2026 09:00;Mail;Svar efter fire dage.\n", encoding="utf-8"
    )
    nights.run()
    with Store.open(nights.database) as store:
        assert len(store.load_incidents("huset")) == 5


def test_incidents_by_query(nights) -> None:
    with sqlite3.connect(nights.folder / "crm.db") as db:
        db.execute("CREATE TABLE cases (Sagsnr, Oprettet, besked, intern)")
        db.execute("INSERT INTO cases VALUES ('Q-1', '2026-09-01 09:00', 'Jeg fik aldrig svar.', 0)")
        db.execute("INSERT INTO cases VALUES ('Q-2', '2026-09-01 09:00', 'Intern note.', 1)")
    source = (
        '[[company.source]]\nname = "crm"\ndatabase = "crm.db"\n'
        'query = "SELECT Sagsnr, Oprettet, besked AS Beskrivelse FROM cases WHERE intern = 0"\n'
    )
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + source, encoding="utf-8")
    nights.run()
    with Store.open(nights.database) as store:
        assert {one.external_id for one in store.load_incidents("huset") if one.source == "crm"} == {"Q-1"}


def test_old_incidents_are_forgotten_and_stay_so(nights) -> None:
    nights.run()
    configured = nights.config.read_text(encoding="utf-8")
    nights.config.write_text(f"retention_days = 1\n{configured}", encoding="utf-8")
    nights.run()
    nights.log.write_text(nights.log.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    nights.run()
    with Store.open(nights.database) as store:
        assert store.load_incidents("huset") == []


def test_report_is_written_where_configured(nights) -> None:
    text = nights.config.read_text(encoding="utf-8")
    nights.config.write_text(f'report = "out.html"\n{text}', encoding="utf-8")
    nights.run()
    assert "24 timer" in (nights.folder / "out.html").read_text(encoding="utf-8")


def test_old_snapshots_go_and_what_is_needed_stays(nights, site: Site) -> None:
    for n in range(3):
        site.pages["/"] = site.pages["/"].replace("</head>", f"<meta name=n content={n}></head>")
        nights.run()
    with Store.open(nights.database) as store:
        bodies = store.db["bodies"].count
        assert store.forget_snapshots_before(datetime.now(UTC) + timedelta(days=1)) == 2
        assert store.db["bodies"].count == bodies - 2
        assert store.doctor(now=datetime.now(UTC)) == []
    assert nights.run() == []


def test_news_that_new_rules_may_have_made_says_so(nights, site: Site) -> None:
    nights.run()
    with Store.open(nights.database) as store:
        for one in store.load_runs(kind="night"):
            store.save_run(replace(one, packs_hash="older"))
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    assert "Regler eller vægte er opdateret siden sidste besked" in nights.text()


def test_what_is_incomplete_is_explained_where_asked(nights, capsys: pytest.CaptureFixture[str]) -> None:
    row = "A-6;99-99-2026;;Mail;Ingen dato\n"
    nights.log.write_text(nights.log.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert run(["-v", "nightly", "--config", str(nights.config), "--no-semantic"]) == 1
    err = capsys.readouterr().err
    assert "1 of 1 companies were due" in err
    assert "log.csv, line 6" in err
    assert run(["-v", "nightly", "--config", str(nights.config), "--no-semantic"]) == 0
    assert "0 of 1 companies were due" in capsys.readouterr().err
