from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from promisecheck.errors import IncidentFileError, UsageError
from promisecheck.incidents import IncidentFile, count_problems, incidents_from_rows, open_incidents
from promisecheck.model import Incident

HEADER = "Sagsnr.;Oprettet;Afsluttet;Kanal;Afdeling;Beskrivelse;Ventetid (min.);Opkrævet beløb"
ROWS = (
    '1;24.11.2026 14:05;25.11.2026 10:05;Telefon;Nord;"Jeg ventede ""længe"",\nog blev så; stillet om";1,5;1.299,50 kr.',
    "2;24-11-2026;;Mail;Syd;Regningen var forkert på øre;3;99",
    "3;24. nov. 2026 kl. 14.05;;Chat;Øst;Tak for hurtig hjælp;;",
)
TEXT = "\n".join((HEADER, *ROWS)) + "\n"
ZONE = ZoneInfo("Europe/Copenhagen")
EXPECTED = Incident(
    company_id="eksempel",
    source="sager.csv",
    external_id="1",
    occurred_at=datetime(2026, 11, 24, 14, 5, tzinfo=ZONE),
    closed_at=datetime(2026, 11, 25, 10, 5, tzinfo=ZONE),
    channel="Telefon",
    party="Nord",
    details='Jeg ventede "længe",\nog blev så; stillet om',
    facts={
        "ended_at": "2026-11-25T10:05:00+01:00",
        "resolution_hours": 20.0,
        "queue_minutes": 1.5,
        "price_charged": 1299.5,
        "open": False,
    },
)


def write(folder: Path, content: str | bytes, name: str = "sager.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def opened(folder: Path, content: str | bytes, name: str = "sager.csv", **options: object) -> IncidentFile:
    path = write(folder, content, name)
    return open_incidents(path, company_id="eksempel", source="sager.csv", **options)  # type: ignore[arg-type]


def test_a_danish_csv(tmp_path: Path) -> None:
    file = opened(tmp_path, TEXT)
    assert file.columns == tuple(HEADER.split(";"))
    assert file.mapping == {
        "Sagsnr.": "external_id",
        "Oprettet": "occurred_at",
        "Afsluttet": "closed_at",
        "Kanal": "channel",
        "Afdeling": "party",
        "Beskrivelse": "details",
        "Ventetid (min.)": "queue_minutes",
        "Opkrævet beløb": "price_charged",
    }
    incidents = list(file)
    assert incidents[0] == EXPECTED
    assert [item.facts["open"] for item in incidents] == [False, True, True]
    assert (file.problems, file.duplicates, file.count) == ([], 0, 3)
    assert "Oprettet: day before month, as 24.11.2026 shows" in file.decisions


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        b"sep=;\r\n" + TEXT.encode(),
        TEXT.encode().replace("øre".encode(), "øre".encode("cp1252")),
        ("\n\n" + TEXT + "\n;;;;;;;\n").encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "crlf", "sep-line", "mixed", "empty-lines"],
)
def test_however_it_was_saved_it_reads_the_same(tmp_path: Path, content: bytes) -> None:
    incidents = list(opened(tmp_path, content))
    assert len(incidents) == 3
    assert incidents[0] == EXPECTED
    assert incidents[1].details == "Regningen var forkert på øre"
    assert incidents[2].party == "Øst"


@pytest.mark.parametrize("separator", [",", "\t", "|", ";"])
def test_separators(tmp_path: Path, separator: str) -> None:
    content = (
        separator.join(("id", "created", "text")) + "\n" + separator.join(("7", "2026-11-24", '"a, b; c"'))
    )
    assert [item.details for item in opened(tmp_path, content)] == ["a, b; c"]


def test_a_broken_row_loses_no_other(tmp_path: Path) -> None:
    broken = (
        'id;dato;tekst\n1;24.11.2026;god\n2;"24.11.2026;åben citation\n3;25.11.2026;stadig her\n'
        "4;25.11.2026;for;mange;celler\nløs tekst\n5;31.02.2026;uden dato\n6;26.11.2026;sidst\n"
    )
    file = opened(tmp_path, broken)
    assert [item.external_id for item in file] == ["1", "3", "5", "6"]
    assert [(problem.line, problem.what) for problem in file.problems] == [
        (3, "a quotation mark is opened and not closed"),
        (5, "the row has 5 cells where the header has 3"),
        (6, "the row has 1 cell where the header has 3"),
        (7, "dato: “31.02.2026” cannot be read"),
    ]
    assert all(problem.do for problem in file.problems)
    assert sum(count_problems(file.problems).values()) == 4


def test_a_quote_left_open_at_the_end_gives_up_one_line(tmp_path: Path) -> None:
    content = "id;tekst\n" + '1;"åben\n' + "".join(f"{n};tekst {n}\n" for n in range(2, 3000))
    file = opened(tmp_path, content)
    assert len(list(file)) == 2998
    assert len(file.problems) == 1


def test_an_inch_mark_opens_no_quotation(tmp_path: Path) -> None:
    content = 'id;tekst;kanal\n1;Mit 55" tv kom ikke;mail\n2;Skærm 27";chat\n3;"Han sagde ""nej""";mail\n'
    file = opened(tmp_path, content)
    assert [item.details for item in file] == ['Mit 55" tv kom ikke', 'Skærm 27"', 'Han sagde "nej"']
    assert file.problems == []


def test_a_date_against_the_column_is_a_problem_not_a_guess(tmp_path: Path) -> None:
    file = opened(tmp_path, "id;dato;tekst\n1;24/11/2026;a\n2;11/24/2026;b\n3;01/02/2026;c\n")
    incidents = list(file)
    assert [item.occurred_at and item.occurred_at.month for item in incidents] == [11, None, 2]
    assert len(file.problems) == 1


def test_american_dates_where_the_column_shows_it(tmp_path: Path) -> None:
    file = opened(tmp_path, "id,created,text\n1,01/02/2026,a\n2,11/24/2026,b\n")
    assert [item.occurred_at.month for item in file if item.occurred_at] == [1, 11]
    assert file.decisions[-1] == "created: month before day, as 11/24/2026 shows"


def test_the_last_row_of_an_id_wins_and_the_others_are_counted(tmp_path: Path) -> None:
    file = opened(tmp_path, "id;dato;tekst\n1;24.11.2026;først\n2;24.11.2026;to\n1;25.11.2026;sidst\n")
    assert [(item.external_id, item.details) for item in file] == [("2", "to"), ("1", "sidst")]
    assert file.duplicates == 1


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    file = opened(tmp_path, TEXT)
    assert list(file) == list(file)
    assert file.count == 3


def test_what_is_stored_is_redacted_unless_told_otherwise(tmp_path: Path) -> None:
    content = "id;tekst;afdeling\na@b.dk;Ring til mig på 22 33 44 55;Lars Hansen\n"
    redacted = next(iter(opened(tmp_path, content)))
    assert (redacted.details, redacted.party) == ("Ring til mig på [phone]", "[name]")
    assert "@" not in redacted.external_id
    plain = next(iter(opened(tmp_path, content, redact=False)))
    assert (plain.details, plain.external_id) == ("Ring til mig på 22 33 44 55", "a@b.dk")


def test_facts_are_derived_from_moments(tmp_path: Path) -> None:
    content = (
        "id;oprettet;første svar;afsluttet;ordredato;leveret;venter på kunde (timer);frist;tekst\n"
        "1;2026-11-20 16:30;2026-11-23 09:00;2026-11-24 16:30;2026-11-20;2026-11-24;24;2026-11-25;x\n"
        "2;2026-11-20 16:30;2026-11-19 09:00;;;;;;x\n"
    )

    class EveryDay:
        def working_days_between(self, start: datetime, end: datetime) -> float:
            return float((end.date() - start.date()).days - 2)

    mapping = {"venter på kunde (timer)": "paused_hours"}
    first, second = opened(tmp_path, content, mapping=mapping, calendar=EveryDay(), timezone=UTC)
    assert first.facts == {
        "first_reply_at": "2026-11-23T09:00:00+00:00",
        "ordered_at": "2026-11-20T00:00:00+00:00",
        "delivered_at": "2026-11-24T00:00:00+00:00",
        "deadline": "2026-11-25T00:00:00+00:00",
        "ended_at": "2026-11-24T16:30:00+00:00",
        "first_reply_hours": 64.5,
        "resolution_hours": 72.0,
        "paused_hours": 24.0,
        "delivery_days": 4.0,
        "delivery_working_days": 2.0,
        "open": False,
    }
    assert "first_reply_hours" not in second.facts
    assert second.facts["open"] is True


@pytest.mark.parametrize(
    ("header", "cell", "facts"),
    [
        ("Ventetid (sekunder)", "90", {"queue_minutes": 1.5}),
        ("Forsinkelse, min.", "4", {"delay_minutes": 4.0}),
        ("Svartid i timer", "4", {"first_reply_hours": 4.0}),
        ("Kötid", "12", {"queue_minutes": 12.0}),
        ("Svartid (dage)", "2", {"first_reply_hours": 48.0}),
        ("Behandlingstid", "2 t 30 min", {"resolution_hours": 2.5}),
        ("Omstillinger", "2", {"transfers": 2.0}),
        ("Antal henvendelser", "3", {"contacts": 3.0}),
        ("Genåbnet", "ja", {"reopened": True}),
        ("Aftalt pris", "1.299 kr.", {"price_promised": 1299.0}),
        ("Oppetid", "99,2 %", {"uptime": 99.2}),
        ("Leveringstid hverdage", "4", {"delivery_working_days": 4.0}),
        ("Status", "Lukket", {"open": False}),
        ("Status", "Under behandling", {"open": True}),
        ("Status", "eskaleret", {}),
    ],
)
def test_facts_from_columns(tmp_path: Path, header: str, cell: str, facts: dict[str, object]) -> None:
    assert next(iter(opened(tmp_path, f"id;{header};tekst\n1;{cell};x\n"))).facts == facts


def test_a_category_is_a_theme_only_where_it_is_one_of_ours(tmp_path: Path) -> None:
    own, other = opened(tmp_path, "id;kategori;tekst\n1;Price;x\n2;Faktura;x\n")
    assert (own.theme, own.facts) == ("price", {})
    assert (other.theme, other.facts) == ("", {"category": "Faktura"})


def test_a_delay_is_what_lies_between_plan_and_arrival(tmp_path: Path) -> None:
    content = "id;rutetid ankomst;faktisk ankomst;tekst\n1;24.11.2026 08:00;24.11.2026 08:07;x\n"
    assert next(iter(opened(tmp_path, content))).facts["delay_minutes"] == 7.0


def test_a_fact_of_ones_own(tmp_path: Path) -> None:
    mapping = {"Score": "fact:csat", "Segment": "fact:segment"}
    file = opened(tmp_path, "id;Score;Segment;tekst\n1;4,5;privat;x\n", mapping=mapping)
    assert next(iter(file)).facts == {"csat": 4.5, "segment": "privat"}


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\n\n", "holds no rows"),
        ("a.csv", b"id;tekst\n", "holds no incidents"),
        ("a.csv", b"abc\0\1\2" * 50, "is not a text file"),
        ("a.csv", b"x;y\n1;2\n", "no column tells what it holds"),
        ("a.csv", b"SQLite format 3\0" + b"x" * 100, "is a SQLite database"),
        ("a.xes", b"<log/>", "is an event log"),
        ("a.xls", b"<html><table>", "is XML or HTML"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "is an old .xls file"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "cannot be read as XLSX"),
        ("a.jsonl", b"\n", "holds no JSON objects"),
        ("a.jsonl", b"1\n2\n", "holds no JSON objects"),
        ("a.json", b"[1, 2]", "holds no JSON objects"),
        ("a.json", b"[1, 2", "is not JSON"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00broken", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_in_one_line(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    path = write(tmp_path, content, name)
    with pytest.raises(IncidentFileError) as caught:
        list(open_incidents(path, company_id="c"))
    assert what in caught.value.what
    assert caught.value.where == str(path)
    assert caught.value.do
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_file_an_unknown_encoding_and_zone(tmp_path: Path) -> None:
    with pytest.raises(IncidentFileError, match="no such file"):
        open_incidents(tmp_path / "a.csv", company_id="c")
    with pytest.raises(IncidentFileError, match="cannot be read as utf-99"):
        opened(tmp_path, TEXT, encoding="utf-99")
    with pytest.raises(IncidentFileError, match="cannot be read as ascii"):
        opened(tmp_path, TEXT, encoding="ascii")
    with pytest.raises(UsageError, match="no time zone Europe/Kobenhavn"):
        opened(tmp_path, TEXT, timezone="Europe/Kobenhavn")


def test_an_unknown_column_in_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(IncidentFileError, match="did you mean Beskrivelse"):
        opened(tmp_path, TEXT, mapping={"Beskrivlse": "details"})


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps(
            {"id": 1, "created_at": "2026-11-24T14:05:00+01:00", "text": "sen", "agent": {"team": "Nord"}}
        ),
        "{broken",
        "",
        json.dumps({"id": 2, "text": ["første", "anden"], "extra": None}),
        "[]",
    ]
    file = opened(tmp_path, "\n".join(lines), "a.jsonl", mapping={"agent.team": "party"})
    first, second = file
    assert (first.external_id, first.party, first.occurred_at) == (
        "1",
        "Nord",
        datetime(2026, 11, 24, 13, 5, tzinfo=UTC),
    )
    assert second.details == "første\nanden"
    assert [problem.line for problem in file.problems] == [2, 5]


def test_json_list_and_gzip(tmp_path: Path) -> None:
    content = json.dumps([{"id": "1", "text": "sen"}, {"id": "2", "text": "hurtig"}]).encode()
    assert [item.details for item in opened(tmp_path, content, "a.json")] == ["sen", "hurtig"]
    assert len(list(opened(tmp_path, gzip.compress(TEXT.encode()), "a.csv.gz"))) == 3


def workbook(folder: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Forside"
    sheet = book.create_sheet("Sager")
    for row in (
        (None, None, None, None),
        ("Sagsnr", "Oprettet", "Beskrivelse", "Opkrævet beløb"),
        (1001, datetime(2026, 11, 24, 14, 5), "Sen levering", 99.5),
        (None, None, None, None),
        (1002, 46350.5, "=1+1", "1.299,00"),
    ):
        sheet.append(row)
    path = folder / "sager.xlsx"
    book.save(path)
    return path


HEAD = ["Sagsnr", "Oprettet", "Beskrivelse"]


@pytest.mark.parametrize(
    ("above", "columns"),
    [
        ([], HEAD),
        ([["Klager 2026", "", ""]], HEAD),
        ([["Klager 2026", "", ""], ["", "", ""], ["Udtrukket", "20-11-2026", ""]], HEAD),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_title_above_the_columns_names_none(
    ending: str, above: list[list[str]], columns: list[str], tmp_path: Path
) -> None:
    rows = [*above, HEAD, ["1", "24-11-2026 09:00", "Jeg ventede."]]
    path = tmp_path / f"klager.{ending}"
    if ending == "csv":
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    else:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append([cell or None for cell in row])
        book.save(path)
    file = open_incidents(path, company_id="c")
    assert list(file.columns) == columns
    assert [one.details for one in file] == ["Jeg ventede."]


def test_a_workbook(tmp_path: Path) -> None:
    file = open_incidents(workbook(tmp_path), company_id="c")
    first, second = file
    assert (first.external_id, first.details, first.facts) == (
        "1001",
        "Sen levering",
        {"price_charged": 99.5},
    )
    assert first.occurred_at == datetime(2026, 11, 24, 14, 5, tzinfo=ZONE)
    assert second.occurred_at == datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
    assert second.facts == {"price_charged": 1299.0}
    assert file.decisions[0] == "sheet Sager"
    with pytest.raises(IncidentFileError, match="has no sheet Ark3"):
        open_incidents(workbook(tmp_path), company_id="c", sheet="Ark3")


def test_rows_from_elsewhere() -> None:
    rows = [
        {"id": 1, "oprettet": "24.11.2026", "tekst": "sen"},
        {"id": 2, "tekst": "hurtig", "oprettet": None},
    ]
    for given_rows in (rows, iter(rows)):
        file = incidents_from_rows(given_rows, company_id="c", source="helpdesk.db")
        assert [(item.external_id, item.details, item.source) for item in file] == [
            ("1", "sen", "helpdesk.db"),
            ("2", "hurtig", "helpdesk.db"),
        ]
    with pytest.raises(IncidentFileError, match="holds no rows"):
        incidents_from_rows([], company_id="c", source="helpdesk.db")


def test_ids_stay_when_rows_move(tmp_path: Path) -> None:
    moved = "\n".join((HEADER, *reversed(ROWS))) + "\n"
    assert {item.id for item in opened(tmp_path, TEXT)} == {item.id for item in opened(tmp_path, moved)}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
    deadline=timedelta(seconds=2),
)
@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_raise_anything_but_the_one_error(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, b"id;oprettet;tekst\n1;24.11.2026;god\n" + content)
    try:
        list(open_incidents(path, company_id="c"))
    except IncidentFileError as error:
        assert error.do


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
    deadline=timedelta(seconds=5),
)
@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"]), st.data())
def test_a_damaged_workbook_is_told_as_such(tmp_path: Path, part: str, data: st.DataObject) -> None:
    source, target = workbook(tmp_path), tmp_path / "skadet.xlsx"
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            if name == part:
                place = data.draw(st.integers(0, len(content) - 1))
                content = content[:place] + data.draw(st.binary(max_size=4)) + content[place + 3 :]
            damaged.writestr(name, content)
    try:
        list(open_incidents(target, company_id="c"))
    except IncidentFileError as error:
        assert "\n" not in str(error)
