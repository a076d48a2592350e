"""A server that no drill can be played on is told by its address and by what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.canned_server import CannedServer
from workstation.drill.server_side import ServerSide
from workstation.drill.survey import survey
from workstation.kernel import words
from workstation.kernel.errors import Refused
from workstation.ui.toolkit.messages import explain

STATEMENT = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "software": {"name": "Theirs", "version": "7"},
}
NOBODY = {"resourceType": "Bundle", "type": "searchset"}
DOOR = {"resource": {"resourceType": "Location", "id": "w", "name": "Ward", "status": "active"}}
WARD_TYPE = "http://terminology.hl7.org/CodeSystem/location-physical-type"
WARD = {
    "resource": DOOR["resource"]
    | {"physicalType": {"coding": [{"system": WARD_TYPE, "code": "wa"}]}}
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    words.use("en")
    yield
    words.use("vi")


def answer(body: object, status: str = "200 OK", kind: str = "application/fhir+json") -> bytes:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + content


def places(*entries: dict[str, Any]) -> bytes:
    return answer(NOBODY | {"entry": list(entries)})


def refusal(base: str, folder: Path) -> tuple[str, str]:
    """The code and the words of a refused server."""
    with pytest.raises(Refused) as caught:
        survey(ServerSide(base, folder, seed=1))
    return caught.value.code, explain(caught.value).line


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [
        ([answer("<h1>Portal</h1>", kind="text/html")] * 3, "drill-not-fhir", "end in /fhir"),
        ([answer("<h1>No</h1>", "404 Not Found", "text/html")], "drill-not-fhir", "HTTP 404"),
        ([answer(NOBODY)], "drill-not-fhir", "end in /fhir"),
        ([answer(STATEMENT | {"fhirVersion": "5.0.0"})], "drill-not-fhir", "FHIR 5.0.0"),
        ([answer({}, "401 Unauthorized")], "drill-sign-in", "wants a sign-in"),
        ([answer(STATEMENT), answer({}, "403 Forbidden")], "drill-sign-in", "docs/servers.md"),
        ([answer(STATEMENT), answer({}, "400 Bad Request")], "drill-search", "HTTP 400"),
        (
            [answer(STATEMENT), places(DOOR), answer(NOBODY), answer(NOBODY)],
            "drill-no-ward",
            "physicalType wa",
        ),
    ],
    ids=["portal", "nothing", "other", "R5", "closed", "forbidden", "no-search", "no-ward"],
)
def test_a_wrong_server_is_told(answers: list[bytes], code: str, told: str, tmp_path: Path) -> None:
    with CannedServer(answers) as server:
        base = server.base
        found, line = refusal(base, tmp_path)
    assert found == code, line
    assert base in line
    assert told in line


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, line = refusal("http://127.0.0.1:9/fhir", tmp_path)
    assert code == "drill-unreachable"
    assert "http://127.0.0.1:9/fhir" in line
    assert "offline" in line


@pytest.mark.parametrize("address", ["ftp://here/fhir", "http://his.example/fhir"])
def test_an_address_that_no_drill_uses_is_told(address: str, tmp_path: Path) -> None:
    code, line = refusal(address, tmp_path)
    assert code == "drill-address"
    assert address in line


def test_a_fitting_server_is_told_by_its_software_and_fullest_ward(tmp_path: Path) -> None:
    answers = [answer(STATEMENT), places(WARD), answer(NOBODY), answer(NOBODY)]
    with CannedServer(answers) as server:
        found = survey(ServerSide(server.base, tmp_path, seed=1))
    assert found.software == "Theirs 7"
    assert found.ward.name == "Ward"
