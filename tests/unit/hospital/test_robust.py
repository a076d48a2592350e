"""Whatever arrives, the hospital answers, and never with 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital.loading import load
from hospital.service import Hospital
from hospital.wire import Request
from tests.contract.fhir_server.people import patient, pulse
from workstation.fhir.json import dump_bytes, parse

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

words = st.one_of(
    st.sampled_from(
        ["Patient", "Observation", "_history", "_search", "$everything", "metadata", "1", ""]
    ),
    st.text(max_size=8),
)
names = st.one_of(
    st.sampled_from(
        [
            "_count",
            "_sort",
            "_include",
            "_revinclude",
            "_since",
            "_after",
            "_elements",
            "_id",
            "_lastUpdated",
            "_summary",
            "_total",
            "name",
            "birthdate",
            "identifier",
            "date",
            "code:missing",
            "patient",
            "subject:Patient",
            "status:not",
            "_type",
        ]
    ),
    st.text(max_size=8),
)
values = st.one_of(
    st.sampled_from(
        [
            "1",
            "-1",
            "ge2026",
            "2026-13",
            "9999-12-31",
            "0000",
            "a|b",
            "|",
            ",",
            "\\",
            "Patient:*",
            "Patient:link",
            "-_lastUpdated",
            "W10",
            "Patient/1",
            "true",
            "count",
            "WzFd",
            "\x00",
        ]
    ),
    st.text(max_size=12),
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=10)
)
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hospital(request: pytest.FixtureRequest) -> Iterator[Hospital]:
    url = "sqlite://"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create()
    made = Hospital(url, demo=True)
    for known in (patient("an"), {**pulse(patient("an")), "id": "pulse"}):
        name = f"{known['resourceType']}/{known['id']}"
        body = dump_bytes(known)
        assert made.handle(Request("PUT", f"/fhir/{name}", "", {}, body)).status == 201
    yield made
    made.close()


def answered(hospital: Hospital, request: Request) -> int:
    response = hospital.handle(request)
    assert response.status < 500, (request, response)
    if response.status >= 400:
        assert parse(response.body)["resourceType"] == "OperationOutcome"
    return int(response.status)


@BOUNDED
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]),
    path=st.lists(words, max_size=5),
    body=st.binary(max_size=40),
)
def test_any_address(hospital: Hospital, method: str, path: list[str], body: bytes):
    hospital.handle(Request(method, "/fhir/" + "/".join(path), "", {}, body))
    response = hospital.handle(Request(method, "/" + "/".join(path), "", {}, body))
    assert response.status < 500


@BOUNDED
@given(
    where=st.sampled_from(["Patient", "Observation", "Patient/_history", "Patient/an/$everything"]),
    pairs=st.lists(st.tuples(names, values), max_size=4),
)
def test_any_query(hospital: Hospital, where: str, pairs: list[tuple[str, str]]):
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    answered(hospital, Request("GET", f"/fhir/{where}", query))


@BOUNDED
@given(place=st.sampled_from(sorted(pulse(patient("an")))), value=anything)
def test_any_element(hospital: Hospital, place: str, value: Any):
    sent = {**pulse(patient("an")), "id": "pulse", place: value}
    answered(hospital, Request("PUT", "/fhir/Observation/pulse", "", {}, dump_bytes(sent)))


@BOUNDED
@given(kind=st.sampled_from(["batch", "transaction"]), entries=st.lists(anything, max_size=3))
def test_any_bundle(hospital: Hospital, kind: str, entries: list[Any]):
    sent = {"resourceType": "Bundle", "type": kind, "entry": entries}
    answered(hospital, Request("POST", "/fhir", "", {}, dump_bytes(sent)))


@BOUNDED
@given(
    kind=st.sampled_from(["batch", "transaction"]),
    request=st.fixed_dictionaries(
        {"method": st.sampled_from(["GET", "POST", "PUT", "DELETE"])},
        optional={
            "url": st.one_of(values, st.sampled_from(["Patient/an", "Patient?name=a", "Patient"])),
            "ifMatch": values,
            "ifNoneExist": values,
            "ifNoneMatch": values,
        },
    ),
    resource=st.one_of(st.just(patient("an")), anything),
    full_url=st.one_of(values, st.just("urn:uuid:1")),
)
def test_any_entry(hospital: Hospital, kind: str, request: dict, resource: Any, full_url: str):
    entry = {"fullUrl": full_url, "resource": resource, "request": request}
    sent = {"resourceType": "Bundle", "type": kind, "entry": [entry, entry]}
    answered(hospital, Request("POST", "/fhir", "", {}, dump_bytes(sent)))


@BOUNDED
@given(
    header=st.sampled_from(
        [
            "if-match",
            "if-none-match",
            "if-none-exist",
            "prefer",
            "content-type",
            "accept",
            "content-encoding",
            "authorization",
        ]
    ),
    value=st.text(max_size=20),
)
def test_any_header(hospital: Hospital, header: str, value: str):
    body = dump_bytes(patient("an"))
    answered(hospital, Request("PUT", "/fhir/Patient/an", "", {header: value}, body))
    answered(hospital, Request("GET", "/fhir/Patient/an", "", {header: value}))


@pytest.mark.parametrize(
    "target",
    [
        "Observation?code=%00",
        "Observation?code=a%00b|c",
        "Patient?name=%00",
        "Patient?identifier=%00|%00",
        "Patient?_id=%00",
        "Observation?patient=%00",
        "Observation?patient=an&_sort=code&_after=WzFd",
        "Observation?patient=an&_sort=date&_after=WyJhIiwiYiJd",
        "Observation?patient=an&_after=WyJhIl0",
        "Observation?patient=an&_after=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTld",
        "Observation?patient=an&_sort=code&_after=WyJcdTAwMDAiLDFd",
        "Patient/an/_history/99999999999999999",
        "_history?_count=0&_after=999999999999999",
        "Patient/%00",
        "Patient/%00/$everything",
        "Patient/an/$everything?_type=%00",
        "%00?name=a",
    ],
)
def test_what_only_some_databases_can_hold(hospital: Hospital, target: str):
    path, _, query = target.partition("?")
    answered(hospital, Request("GET", f"/fhir/{unquote(path)}", query))


@pytest.mark.parametrize("place", ["language", "implicitRules", "status"])
def test_a_character_that_some_databases_cannot_hold_is_refused(hospital: Hospital, place: str):
    sent = {**pulse(patient("an")), "id": "pulse", place: "a\x00b"}
    request = Request("PUT", "/fhir/Observation/pulse", "", {}, dump_bytes(sent))
    assert answered(hospital, request) == 422


def test_what_was_loaded_with_such_a_character_is_kept_and_found(hospital: Hospital):
    flawed = {**pulse(patient("an")), "id": "nul", "status": "fi\x00nal", "language": "\x00"}
    assert load(hospital.database, [flawed]).stored == 1
    response = hospital.handle(Request("GET", "/fhir/Observation", "patient=an&_id=nul"))
    kept = parse(response.body)["entry"][0]["resource"]
    assert kept["status"] == "fi\x00nal"


def test_a_bug_of_ours_is_500_with_a_mark_and_without_data(monkeypatch: pytest.MonkeyPatch, caplog):
    hospital = Hospital("sqlite://", demo=True)
    hospital.database.engine.dispose()
    hospital.gate = None  # type: ignore[assignment]
    response = hospital.handle(Request("GET", "/fhir/Patient", "name=Bưởi"))
    assert response.status == 500
    assert b"mark" in response.body
    assert "Bưởi" not in caplog.text
