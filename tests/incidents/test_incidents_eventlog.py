from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promisecheck.errors import IncidentFileError
from promisecheck.incidents import EventLog, holds_events, open_event_log

CSV = """case:concept:name,concept:name,time:timestamp,org:group,case:startdate,case:enddate,case:deadline,case:channel,case:department
s1,Modtag,2026-11-02T08:00:00Z,Nord,2026-11-01T08:00:00Z,2026-11-10T08:00:00Z,2026-11-09T08:00:00Z,Web,Miljø
s1,Vurder,2026-11-05T08:00:00Z,Syd,2026-11-01T08:00:00Z,2026-11-10T08:00:00Z,2026-11-09T08:00:00Z,Web,Miljø
s1,Svar,2026-11-04T08:00:00Z,Nord,2026-11-01T08:00:00Z,2026-11-10T08:00:00Z,2026-11-09T08:00:00Z,Web,Miljø
s2,Modtag,2026-11-03T08:00:00Z,Nord,2026-11-03T08:00:00Z,,2026-11-04T08:00:00Z,Post,Byg
s3,Modtag,2026-11-12T08:00:00Z,Nord,2026-11-12T08:00:00Z,,2026-12-12T08:00:00Z,Post,Byg
,Modtag,2026-11-12T08:00:00Z,Nord,,,,,
s4,Modtag,i går,Nord,,,,,
"""


def opened(folder: Path, content: str | bytes, name: str = "log.csv", **options: object) -> EventLog:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_event_log(path, company_id="c", timezone=UTC, **options)  # type: ignore[arg-type]


def test_a_csv_log_becomes_one_incident_a_case(tmp_path: Path) -> None:
    log = opened(tmp_path, CSV)
    late, overdue, waiting = log
    assert (late.external_id, late.channel, late.party, late.summary) == ("s1", "Web", "Miljø", "Vurder")
    assert late.occurred_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert late.facts == {
        "open": False,
        "events": 3,
        "transfers": 1,
        "deadline": "2026-11-09T08:00:00+00:00",
        "ended_at": "2026-11-10T08:00:00+00:00",
        "resolution_hours": 216.0,
    }
    assert overdue.closed_at is None
    assert overdue.facts["log_until"] == waiting.facts["log_until"] == "2026-11-12T08:00:00+00:00"
    assert log.last_event_at == datetime(2026, 11, 12, 8, tzinfo=UTC)
    assert [(problem.line, problem.what) for problem in log.problems] == [
        (7, "the event names no case"),
        (8, "the event has no time"),
    ]
    assert log.decisions[-1] == "a case ends as case:enddate says, and is open where that is empty"


PLAIN = """sagsnr;hændelse;tidspunkt;medarbejder
1;Oprettet;01.11.2026 08:00;A
1;Besvaret;02.11.2026 08:00;B
1;Lukket;03.11.2026 08:00;B
1;Genoptaget;04.11.2026 08:00;C
1;Lukket;05.11.2026 08:00;C
2;Oprettet;01.11.2026 08:00;A
"""


def test_ends_and_replies_by_activity(tmp_path: Path) -> None:
    log = opened(tmp_path, PLAIN, end_activities=["Lukket"], reply_activities=["Besvaret"])
    closed, still_open = log
    assert closed.facts == {
        "open": False,
        "events": 5,
        "transfers": 2,
        "ended_at": "2026-11-05T08:00:00+00:00",
        "resolution_hours": 96.0,
        "first_reply_hours": 24.0,
        "reopened": True,
    }
    assert still_open.facts["open"] is True
    assert log.decisions[-1] == "a case ends with Lukket"


def test_without_an_end_the_last_event_is_the_end_and_it_says_so(tmp_path: Path) -> None:
    log = opened(tmp_path, PLAIN)
    assert [item.facts["open"] for item in log] == [False, False]
    assert log.decisions[-1] == "no end is recorded: a case ends with its last event"


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="x"/></global>
  <trace>
    <string key="concept:name" value="sag 1"/>
    <date key="deadline" value="2026-11-09T08:00:00+00:00"/>
    <event><string key="concept:name" value="Modtag"/><string key="org:group" value="Nord"/>
      <date key="time:timestamp" value="2026-11-02T08:00:00.000+00:00"/></event>
    <event><string key="concept:name" value="Luk"/><string key="org:group" value="Syd"/>
      <date key="time:timestamp" value="2026-11-03T08:00:00.000+00:00"/></event>
  </trace>
</log>
"""


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_xes(tmp_path: Path, name: str) -> None:
    content = gzip.compress(XES.encode()) if name.endswith("gz") else XES.encode()
    log = opened(tmp_path, content, name)
    (case,) = log
    assert log.mapping["case:deadline"] == "deadline"
    assert case.external_id == "sag 1"
    assert case.facts == {
        "open": False,
        "events": 2,
        "transfers": 1,
        "deadline": "2026-11-09T08:00:00+00:00",
        "ended_at": "2026-11-03T08:00:00+00:00",
        "resolution_hours": 24.0,
    }


BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log>&b;</log>'


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("log.xes", BOMB, "declares a document type"),
        ("log.xes", XES[:-40], "is not a whole XES log"),
        ("log.xes", "<log></log>", "holds no events"),
        ("log.csv", "a;b\n1;2\n", "no column tells case or activity or timestamp"),
        ("log.csv", "case;activity;timestamp\n", "holds no events"),
        ("log.csv", "", "the file is empty"),
    ],
)
def test_a_log_that_cannot_be_used(tmp_path: Path, name: str, content: str, what: str) -> None:
    with pytest.raises(IncidentFileError) as caught:
        list(opened(tmp_path, content, name))
    assert what in caught.value.what
    assert caught.value.do


def test_an_event_log_is_known_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "sager.csv").write_text("id;tekst\n1;sen\n", encoding="utf-8")
    names = ("log.csv", "sager.csv", "log.xes.gz")
    assert [holds_events(tmp_path / name) for name in names] == [True, False, True]


def test_a_mapping_by_hand(tmp_path: Path) -> None:
    content = "a;b;c\n1;Modtag;2026-11-02\n"
    mapping = {"a": "case", "b": "activity", "c": "timestamp"}
    assert [item.external_id for item in opened(tmp_path, content, mapping=mapping)] == ["1"]
    with pytest.raises(IncidentFileError, match="has no column x"):
        opened(tmp_path, content, mapping={"x": "case"})
    with pytest.raises(IncidentFileError, match="there is no field sag"):
        opened(tmp_path, content, mapping={"a": "sag"})


LOG = Path(os.environ.get("PROMISECHECK_DATA", "data")) / "process" / "receipt_events.csv"


@pytest.mark.skipif(not LOG.exists(), reason="the public permit log is not here (set PROMISECHECK_DATA)")
def test_the_public_permit_log_counts_exactly() -> None:
    log = open_event_log(LOG, company_id="c")
    cases = list(log)
    ended = [case for case in cases if not case.facts["open"]]
    late = [case for case in ended if _moment(case.facts["ended_at"]) > _moment(case.facts["deadline"])]
    still_open = [case for case in cases if case.facts["open"]]
    overdue = [
        case for case in still_open if _moment(case.facts["deadline"]) < _moment(case.facts["log_until"])
    ]
    assert [len(some) for some in (ended, late, still_open, overdue)] == [1329, 377, 105, 39]


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
