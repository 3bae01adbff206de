"""The read-only JSON API: what it returns, and that it only reads."""

from __future__ import annotations

import pytest
from desk_values import OWN
from starlette.testclient import TestClient


def test_findings_can_be_paged_and_filtered(reader: TestClient) -> None:
    data = reader.get("/api/v1/findings?limit=1&offset=1").json()
    assert (data["schema_version"], data["total"], len(data["findings"])) == (1, 3, 1)
    data = reader.get("/api/v1/findings?verdict=contradicted").json()
    assert data["findings"][0]["quote"] == "Vi svarer inden for 24 timer."


def test_one_finding_with_its_evidence(reader: TestClient) -> None:
    key = reader.get("/api/v1/findings").json()["findings"][0]["id"]
    finding = reader.get(f"/api/v1/findings/{key}", headers={"accept-language": "da"}).json()["finding"]
    assert finding["broken"] == sum(case["outcome"] == "breaks" for case in finding["cases"]) == 3
    assert finding["headline"].startswith("Brudt: 3 af 7 kunder")
    promise = reader.get(f"/api/v1/promises/{finding['promise_id']}").json()
    assert promise["places"][0]["url"].startswith("https://fyrby.example/")
    case = reader.get(f"/api/v1/incidents/{finding['cases'][0]['evidence_id']}").json()
    assert case["incident"]["external_id"] in ("S-1", "S-2", "S-3")


def test_companies_overview_and_runs(reader: TestClient) -> None:
    companies = reader.get("/api/v1/companies").json()["companies"]
    assert [item["verdicts"] for item in companies] == [{"contradicted": 1, "at-risk": 1}, {"no-evidence": 1}]
    tiles = reader.get("/api/v1/overview?company=fyrby").json()["overview"]["tiles"]
    assert {tile["key"]: tile["count"] for tile in tiles}["promises"] == 2
    assert reader.get("/api/v1/runs").json()["runs"][0]["id"] == "run-1"


@pytest.mark.parametrize("path", ["findings/x", "promises/x", "incidents/x"])
def test_what_is_not_there(reader: TestClient, path: str) -> None:
    assert reader.get(f"/api/v1/{path}").status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "limit=x", "offset=99999999999"])
def test_limits_are_checked(reader: TestClient, query: str) -> None:
    assert reader.get(f"/api/v1/findings?{query}").status_code == 422


def test_it_is_described_and_only_reads(reader: TestClient) -> None:
    described = reader.get("/api/openapi.json").json()
    assert len(described["paths"]) == 7
    assert {method for path in described["paths"].values() for method in path} == {"get"}


def test_it_does_not_write(reviewer: TestClient) -> None:
    for path in ("findings", "companies", "runs"):
        assert reviewer.post(f"/api/v1/{path}", headers=OWN).status_code == 405
