"""How quick the review desk and the report are at scale: synthetic findings and incidents, each page's time, memory.

Usage: python bench/desk.py [FINDINGS] [INCIDENTS]   (default 10000 100000)
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from starlette.testclient import TestClient

from promisecheck.dossier import load_view
from promisecheck.model import (
    THEMES,
    VERDICTS,
    Company,
    Finding,
    Incident,
    Match,
    Measure,
    PartyShare,
    Promise,
    Signal,
)
from promisecheck.report import write_report
from promisecheck.store import Store
from promisecheck.web import DeskSettings, create_app

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WORDS = [
    "vi",
    "svarer",
    "hurtigt",
    "inden",
    "levering",
    "pris",
    "kunde",
    "altid",
    "garanti",
    "nemt",
    "telefon",
    "mail",
    "dage",
    "service",
    "kvalitet",
    "tryg",
]
COMPANIES, CASES = 20, 20
FORMATS = ("html", "csv", "xlsx", "json", "markdown")
TOKEN = "bench-token"


def build(path: Path, findings: int, incidents: int) -> None:
    """Fill a database: in each company one promise is measured by its whole log, the others by twenty cases."""
    chance = random.Random(1)
    with Store.open(path) as store:
        for n in range(COMPANIES):
            company = Company(id=f"c{n}", name=f"Company {n}", home_url=f"https://c{n}.example/")
            store.save_company(company)
            promises = [_promise(company.id, m, chance) for m in range(findings // COMPANIES)]
            log = [_incident(company.id, m, chance) for m in range(incidents // COMPANIES)]
            store.save_promises(company.id, "run", promises, at=NOW - timedelta(days=60))
            store.save_incidents(log)
            told = [(p, log if m == 0 else chance.sample(log, CASES)) for m, p in enumerate(promises)]
            store.save_matches(company.id, [_match(p, i, k) for p, some in told for k, i in enumerate(some)])
            store.save_findings("run", [_finding(p, some, chance) for p, some in told], at=NOW)


def _promise(company: str, n: int, chance: random.Random) -> Promise:
    quote = f"{' '.join(chance.choices(WORDS, k=9))} {n} timer."
    return Promise(
        company_id=company,
        theme=chance.choice(THEMES),
        kind="quantified",
        url=f"https://{company}.example/{n % 40}",
        language="da",
        quote=quote,
        start=0,
        end=len(quote),
        metric="first-reply",
        measure=Measure(kind="duration", compare="at-most", value=24, unit="hour"),
    )


def _incident(company: str, n: int, chance: random.Random) -> Incident:
    return Incident(
        company_id=company,
        source="log.csv",
        external_id=f"{company}-{n}",
        language="da",
        party=f"Team {n % 9}",
        occurred_at=NOW - timedelta(hours=chance.randint(1, 4000)),
        details=" ".join(chance.choices(WORDS, k=30)),
    )


def _match(promise: Promise, incident: Incident, n: int) -> Match:
    broken = n % 4 == 0
    said = Signal(
        theme="speed",
        status="broken",
        code="no-reply",
        quote=incident.details[:10],
        start=0,
        end=10,
        score=0.9,
    )
    return Match(
        promise_id=promise.id,
        evidence_id=incident.id,
        evidence_kind="fact",
        score=1.0,
        outcome="breaks" if broken else "keeps",
        signals=(said,) if broken else (),
        reasons=("It took 52 hours; 24 hours was promised.",),
    )


def _finding(promise: Promise, cases: list[Incident], chance: random.Random) -> Finding:
    n = len(cases)
    broken = -(-n // 4)
    return Finding(
        company_id=promise.company_id,
        promise_id=promise.id,
        verdict=chance.choice(VERDICTS[:4]),
        severity=chance.random() * 50,
        broken=broken,
        kept=n - broken,
        relevant=n,
        rate=1 - broken / n,
        low=0.5,
        high=0.9,
        evidence=tuple(item.id for item in cases[:200]),
        by_party=tuple(
            PartyShare(dimension="party", name=f"Team {k}", broken=1, relevant=2) for k in range(9)
        ),
    )


def main() -> None:
    if sys.argv[1:2] == ["export"]:
        export(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
        return
    findings, incidents = (int(value) for value in (sys.argv[1:] or ["10000", "100000"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        build(path, findings, incidents)
        print(f"{findings} findings, {incidents} incidents, {path.stat().st_size >> 20} MiB", flush=True)
        pages(path)
        sys.stdout.flush()
        exports(path, Path(folder))


def pages(path: Path) -> None:
    """Print the best of three times for each page."""
    desk = TestClient(
        create_app(path, settings=DeskSettings(reviewer_token=TOKEN)), base_url="http://127.0.0.1:8080"
    )
    desk.get(f"/enter?token={TOKEN}", follow_redirects=False)
    began = perf_counter()
    rows = desk.get("/api/v1/findings?company=c0&limit=500").json()["findings"]
    print(f"first read {perf_counter() - began:.1f} s")
    big = max(rows, key=lambda row: row["relevant"])["id"]
    for page in (
        "/",
        "/?company=c3",
        "/findings",
        "/findings?page=200",
        "/findings?q=hurtigt",
        "/findings?cause=no-reply",
        f"/findings/{rows[0]['id']}",
        f"/findings/{big}",
        "/search?q=svarer+hurtigt",
        "/import",
        "/reports",
        "/checks",
    ):
        times = []
        for _ in range(3):
            wall, cpu = perf_counter(), process_time()
            desk.get(page)
            times.append((perf_counter() - wall, process_time() - cpu))
        print(f"{page:40} {min(times)[0] * 1000:6.0f} ms, of which {min(times)[1] * 1000:6.0f} ms CPU")
    print(f"memory {peak()} MiB")


def exports(path: Path, folder: Path) -> None:
    """Write each format in a process of its own, so that building the view and the peak of memory are its own."""
    for name in FORMATS:
        subprocess.run([sys.executable, __file__, "export", str(path), str(folder), name], check=True)


def export(path: Path, folder: Path, name: str) -> None:
    """Print how long one format takes, with reading everything from the database, and what it takes of memory."""
    began, cpu = perf_counter(), process_time()
    with Store.open(path) as store:
        files = write_report(load_view(store, language="da", now=NOW), name, folder / f"report.{name}")
    size = sum(file.stat().st_size for file in files) / 1e6
    print(
        f"{name:9} {perf_counter() - began:5.1f} s wall {process_time() - cpu:5.1f} s CPU {peak():4} MiB peak"
        f" {size:6.1f} MB in {len(files)} file{'s' if len(files) > 1 else ''}"
    )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    main()
