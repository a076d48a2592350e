"""Contract: whatever is sent, the answer is an OperationOutcome and never 500."""

from __future__ import annotations

import gzip

import pytest

from tests.contract.fhir_server.conftest import Client
from tests.contract.fhir_server.people import patient, pulse


@pytest.mark.parametrize(
    ("change", "expression"),
    [
        ({"gender": "unheard-of"}, "Patient.gender"),
        ({"shoeSize": 43}, "Patient.shoeSize"),
        ({"birthDate": "1958-02-30"}, "Patient.birthDate"),
        ({"birthDate": "21/03/1958"}, "Patient.birthDate"),
        ({"name": {"family": "Đặng"}}, "Patient.name"),
        ({"name": []}, "Patient.name"),
        ({"active": "yes"}, "Patient.active"),
        ({"deceasedBoolean": False, "deceasedDateTime": "2026"}, "Patient.deceased[x]"),
        ({"name": [{"given": [1]}]}, "Patient.name[0].given[0]"),
        ({"link": [{"type": "refer"}]}, "Patient.link[0].other"),
        ({"extension": [{"valueString": "x"}]}, "Patient.extension[0].url"),
        (
            {"managingOrganization": {"reference": "Unheard/1"}},
            "Patient.managingOrganization.reference",
        ),
        ({"contained": [{"resourceType": "Unheard"}]}, "Patient.contained[0]"),
        ({"identifier": [{"value": ""}]}, "Patient.identifier[0].value"),
    ],
)
def test_what_is_not_r4_is_refused_with_its_place(client: Client, change: dict, expression: str):
    answer = client.put(patient(**change))
    assert answer.status == 422
    assert [issue["expression"] for issue in answer.json["issue"]] == [[expression]]


def test_every_problem_is_told_at_once(client: Client):
    answer = client.put({**pulse(patient()), "status": "?", "shoeSize": 1, "code": {}})
    places = {issue["expression"][0] for issue in answer.json["issue"]}
    assert places == {"Observation.status", "Observation.shoeSize", "Observation.code"}


def test_primitive_extensions_are_kept(client: Client):
    reason = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason"}
    unknown = {"extension": [{**reason, "valueCode": "unknown"}]}
    sent = patient(_birthDate=unknown, name=[{"given": ["A", None], "_given": [None, unknown]}])
    del sent["birthDate"]
    assert client.put(sent).status == 201
    stored = client.get(f"Patient/{sent['id']}").json
    assert stored["_birthDate"] == unknown
    assert stored["name"] == sent["name"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b"{}",
        b'{"resourceType":1}',
        b'{"resourceType":"Observation"}',
        b"\xff\xfe{}",
        b'{"resourceType":"Patient","id":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"resourceType":"Patient","id":"x","extension":' + b'[{"url":"u","extension":' * 5000,
    ],
)
def test_nonsense_is_a_bad_request(client: Client, body: bytes):
    answer = client.ask("PUT", "Patient/x", body)
    assert answer.status == 400
    assert answer.json["resourceType"] == "OperationOutcome"


def test_nesting_without_end_is_refused(client: Client, new: str):
    inner: dict = {"url": "u", "valueString": "x"}
    for _ in range(200):
        inner = {"url": "u", "extension": [inner]}
    answer = client.put(patient(new, extension=[inner]))
    assert answer.status in (400, 422)  # not read at all, or read and found too deep
    assert client.get(f"Patient/{new}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "Unheard", 404),
        ("GET", "Unheard/1", 404),
        ("GET", "Patient/1/2/3/4/5", 404),
        ("GET", "Patient/$unheard", 404),
        ("GET", "Patient/nobody", 404),
        ("PATCH", "Patient/1", 405),
        ("OPTIONS", "Patient", 405),
        ("DELETE", "Patient", 405),
        ("DELETE", "Patient?name=a", 405),
        ("POST", "Patient/1", 405),
        ("PUT", "Patient", 405),
    ],
)
def test_what_is_not_done_here(client: Client, method: str, path: str, status: int):
    content = patient() if method in ("POST", "PUT") else None
    answer = client.ask(method, path, content)
    assert answer.status == status
    assert answer.json["resourceType"] == "OperationOutcome"


def test_the_address_and_the_body_agree(client: Client, new: str):
    assert client.ask("PUT", f"Patient/{new}", patient("other")).status == 400
    assert client.ask("PUT", f"Observation/{new}", patient(new)).status == 400
    assert client.ask("PUT", "Patient/under_score", patient("under_score")).status == 400


def test_other_formats_are_refused(client: Client, new: str):
    body = b"<Patient/>"
    answer = client.ask("PUT", f"Patient/{new}", body, content_type="application/fhir+xml")
    assert answer.status == 415


def test_a_damaged_or_exploding_body_is_refused(client: Client, new: str):
    path = f"Patient/{new}"
    assert client.ask("PUT", path, b"no gzip", content_encoding="gzip").status == 400
    cut = gzip.compress(b" " * 1000)[:-12]
    assert client.ask("PUT", path, cut, content_encoding="gzip").status == 400
    bomb = gzip.compress(b" " * (65 * 1024 * 1024))
    assert client.ask("PUT", path, bomb, content_encoding="gzip").status == 413
    assert client.ask("PUT", path, b"x", content_encoding="br").status == 415


def test_a_body_without_end_is_refused(client: Client, new: str):
    answer = client.ask("PUT", f"Patient/{new}", b" " * (17 * 1024 * 1024))
    assert answer.status == 413
    assert answer.json["issue"][0]["code"] == "too-long"
    assert client.get(f"Patient/{new}").status == 404


def test_head_has_no_body(client: Client, new: str):
    client.put(patient(new))
    answer = client.ask("HEAD", f"Patient/{new}")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["ETag"] == 'W/"1"'
