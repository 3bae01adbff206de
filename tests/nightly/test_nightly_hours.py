"""The clock of the verdicts is the configured one: in a night, a check by hand, a judgement anew and a sweep."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from nightly_site import Site

from promisecheck.check import CheckSettings, rejudge_company
from promisecheck.cli.app import run
from promisecheck.cli.options import verdict_policy
from promisecheck.promises import open_reader
from promisecheck.store import Store

# Asked on Friday afternoons, answered on Monday mornings: days by the wall clock, two or three hours while open.
WEEKENDS = """Sagsnr;Oprettet;Første svar;Kanal;Beskrivelse
A-1;04-09-2026 16:00;07-09-2026 10:00;Mail;Spørgsmål om en lampe.
A-2;11-09-2026 15:00;14-09-2026 10:00;Mail;Spørgsmål om en skærm.
A-3;18-09-2026 16:30;21-09-2026 09:30;Mail;Spørgsmål om en pære.
"""
OPENING = '[verdict]\nhours = "opening"\n'
SATURDAYS = '[verdict]\nhours = "opening"\nopening = ["mon-sun 00:00-24:00"]\n'
VERDICTS = [("", 3), ('[verdict]\nhours = "wall"\n', 3), (OPENING, 0), (SATURDAYS, 3)]


def broken(database: Path) -> int:
    """Return how many cases broke the promised 24 hours."""
    with Store.open(database) as store:
        (promise,) = [one for one in store.load_promises() if "24 timer" in one.quote]
        (finding,) = [one for one in store.load_findings() if one.promise_id == promise.id]
        assert finding.broken + finding.kept == 3
        return finding.broken


@pytest.mark.parametrize(("verdict", "expected"), VERDICTS)
def test_hours_run_as_configured_in_a_night(verdict: str, expected: int, nights) -> None:
    nights.log.write_text(WEEKENDS, encoding="utf-8")
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + verdict, encoding="utf-8")
    nights.run()
    assert broken(nights.database) == expected


@pytest.mark.parametrize(("verdict", "expected"), VERDICTS[1:])
def test_hours_run_as_configured_in_every_other_verb(verdict: str, expected: int, nights, site: Site) -> None:
    nights.log.write_text(WEEKENDS, encoding="utf-8")
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + verdict, encoding="utf-8")
    config, url, folder = ["--config", str(nights.config)], f"http://{site.address}/", nights.folder
    check = ["check", url, "--incidents", str(nights.log), "--db", str(folder / "c.db"), "--no-semantic"]
    run([*check, *config])
    assert broken(folder / "c.db") == expected

    (folder / "list.csv").write_text(f"name,url,country,incidents\nA,{url},DK,log.csv\n", encoding="utf-8")
    sweep = [
        "sweep",
        str(folder / "list.csv"),
        "--out",
        str(folder / "out"),
        "--workers",
        "1",
        "--no-semantic",
    ]
    run([*sweep, *config])
    assert broken(folder / "out" / "sweep.db") == expected

    with Store.open(folder / "c.db") as store:
        (company,) = store.load_companies()
        rejudge_company(store, company.id, open_reader(semantic=False), now=datetime.now(UTC))
    assert broken(folder / "c.db") == 3
    with Store.open(folder / "c.db") as store:
        settings = CheckSettings(policy=verdict_policy(nights.config, company.id))
        rejudge_company(store, company.id, open_reader(semantic=False), settings, now=datetime.now(UTC))
    assert broken(folder / "c.db") == expected


def test_a_company_s_own_opening_hours_come_first(nights) -> None:
    nights.log.write_text(WEEKENDS, encoding="utf-8")
    text = nights.config.read_text(encoding="utf-8") + 'opening = ["mon-sun 0-24"]\n'
    nights.config.write_text(text + OPENING, encoding="utf-8")
    nights.run()
    assert broken(nights.database) == 3


def test_reasons_give_the_time_by_the_clock_that_counts(nights) -> None:
    nights.log.write_text(WEEKENDS, encoding="utf-8")
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + OPENING, encoding="utf-8")
    nights.run()
    with Store.open(nights.database) as store:
        reasons = {reason for one in store.load_matches("huset") for reason in one.reasons}
    assert "It took 2.0 hours of opening hours; 24 hours was promised." in reasons


def test_another_clock_judges_anew(nights) -> None:
    nights.log.write_text(WEEKENDS, encoding="utf-8")
    nights.run()
    assert broken(nights.database) == 3
    nights.config.write_text(nights.config.read_text(encoding="utf-8") + OPENING, encoding="utf-8")
    nights.run()
    assert broken(nights.database) == 0
