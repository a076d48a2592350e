"""The reference server answers whatever is made from its own description, and never with 500."""

from __future__ import annotations

import contextlib
import gzip
import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event

from hospital.interactions.call import Limits
from hospital.schema.r4 import resource_types
from hospital.service import Hospital
from hospital.wire import Request, Response
from tests.contract.fhir_server.people import patient, pulse
from tests.kit.rest_requests import requests
from workstation.fhir.json import dump_bytes, parse

pytestmark = [pytest.mark.fault, pytest.mark.timeout(0 if os.environ.get("WARD_LONG") else 250)]

LONG = bool(os.environ.get("WARD_LONG"))
BOUNDED = settings(
    max_examples=100_000 if LONG else 250,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LIMITS = Limits(body=1_000_000, unpacked=4_000_000, entries=50, page=200)


MOST_STATEMENTS = 20 * LIMITS.entries
"""Of one request, to the database: some for each entry of the largest Bundle."""
MOST_PARAMETERS = 2_000
"""Of one statement; PostgreSQL takes 65,535, some builds of SQLite 32,766."""
MOST_BYTES = 64_000_000
"""Of one answer: each entry of a batch may ask for the largest record, as one of these does."""


@pytest.fixture(scope="module")
def hospital() -> Iterator[Hospital]:
    made = Hospital("sqlite://", demo=True, limits=LIMITS)
    for known in (patient("an"), patient("binh"), {**pulse(patient("an")), "id": "o-1"}):
        name = f"{known['resourceType']}/{known['id']}"
        assert made.handle(Request("PUT", f"/fhir/{name}", "", {}, dump_bytes(known))).ok
    yield made
    made.close()


@contextlib.contextmanager
def counted(hospital: Hospital) -> Iterator[list[int]]:
    """How many parameters each statement had that the database was told in the block."""
    parameters: list[int] = []

    def note(
        _connection: Any, _cursor: Any, _statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        parameters.append(sum(map(len, given)) if many else len(given))

    event.listen(hospital.database.engine, "before_cursor_execute", note)
    try:
        yield parameters
    finally:
        event.remove(hospital.database.engine, "before_cursor_execute", note)


def answered(hospital: Hospital, request: Request) -> Response:
    """An answer that a client can use: no 500, JSON, a refusal with its reason, at bounded cost."""
    with counted(hospital) as statements:
        response = hospital.handle(request)
    assert response.status < 500, (request, response.body)
    assert len(statements) <= MOST_STATEMENTS, f"{len(statements)} statements"
    assert max(statements, default=0) <= MOST_PARAMETERS, f"{max(statements)} parameters"
    assert len(response.body) <= MOST_BYTES, f"{len(response.body)} bytes"
    kind = response.headers.get("Content-Type", "")
    if response.body and kind.startswith("application/fhir+json"):
        told = parse(response.body)
        assert told["resourceType"] in resource_types()
        if response.status >= 400:
            assert told["resourceType"] == "OperationOutcome"
            assert told["issue"][0]["severity"] in ("error", "fatal")
        for entry in told.get("entry", []) if told["resourceType"] == "Bundle" else ():
            status = entry.get("response", {}).get("status", "200")
            assert not status.startswith("5"), (request, entry)
    return response


@BOUNDED
@given(request=requests())
def test_whatever_the_description_allows_is_answered(hospital: Hospital, request: Request) -> None:
    answered(hospital, request)


MANY = 40_000
FORM = {"content-type": "application/x-www-form-urlencoded"}
ZIPPED = {"content-encoding": "gzip"}
AN = dump_bytes(patient("an"))


def found(query: str, where: str = "Observation") -> Request:
    return Request("GET", f"/fhir/{where}", query)


def put(body: bytes, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("PUT", "/fhir/Patient/an", "", named, body)


def post(body: bytes, headers: dict[str, str] | None = None, where: str = "") -> Request:
    return Request("POST", f"/fhir{where}", "", headers or {}, body)


def batch(*entries: Any) -> Request:
    return post(dump_bytes({"resourceType": "Bundle", "type": "batch", "entry": entries}))


def listed(values: Iterable[object]) -> str:
    return ",".join(map(str, values))


NESTED = b'[{"url":"x","extension":' * 300 + b"[]" + b"}]" * 300
WIDE_SEARCH = {"method": "GET", "url": "Observation?_include=Observation:*&_count=200"}
HUGE: dict[str, Request] = {
    "ids": found(f"_id={listed(range(MANY))}", "Patient"),
    "codes": found(f"code={listed(range(MANY))}"),
    "references": found(f"subject={listed(f'Patient/{n}' for n in range(MANY))}"),
    "open references": found(f"target={listed(range(900))}", "Provenance"),
    "names": found(f"name={listed(['a'] * MANY)}", "Patient"),
    "dates": found(f"date={listed(['2026'] * MANY)}"),
    "not": found(f"status:not={listed(['final'] * MANY)}"),
    "times": found(f"_lastUpdated={listed(['ge2026'] * MANY)}"),
    "groups": found("&".join(f"code={n}" for n in range(3000))),
    "missing": found("&".join(["code:missing=true"] * 3000)),
    "sorts": found(f"_sort={listed(['date', '-code', 'status'] * 100)}"),
    "includes": found("&".join(["_include=Observation:*"] * 3000)),
    "reverse": found("&".join(["_revinclude=Observation:*"] * 3000), "Patient"),
    "types": found(f"_type={listed(['Observation'] * MANY)}", "Patient/an/$everything"),
    "elements": found(f"_elements={listed(['name'] * MANY)}", "Patient"),
    "only commas": found("code=" + "," * MANY),
    "a comma": found("status:not=,&_tag=%2C"),
    "a long word": found("name:contains=" + "%25" * 300_000, "Patient"),
    "a long place": found("_after=" + "W" * 500_000, "Patient"),
    "a place beyond": found("_after=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTld", "Patient"),
    "a text as place": found("_after=WyJhIl0", "Patient"),
    "a step beyond": found("_after=" + "9" * 30, "_history"),
    "steps": found("", "a/" * 50_000),
    "an id": found("", "Patient/" + "a" * 500_000),
    "a condition": put(AN, if_match="W/" * 100_000),
    "If-None-Exist": post(AN, {"if-none-exist": "&".join(["identifier=a|b"] * 3000)}, "/Patient"),
    "nothing but brackets": post(b"[" * 900_000),
    "depth": put(b'{"resourceType":"Patient","id":"an","extension":' + NESTED + b"}"),
    "depth beyond JSON": put(b'{"a":' * 100_000),
    "a wide resource": put(dump_bytes({**patient("an"), "name": [{"family": "a"}] * 50_000})),
    "one long string": put(dump_bytes({**patient("an"), "name": [{"family": "a" * 900_000}]})),
    "keys twice": put(
        b'{"resourceType":"Patient","id":"an","id":"an","gender":"male","gender":"x"}'
    ),
    "entries": batch(*[{}] * 5_000),
    "searches in a batch": batch(*[{"request": WIDE_SEARCH}] * 50),
    "a bomb": post(gzip.compress(b" " * 200_000_000, 9), ZIPPED),
    "half a gzip": post(gzip.compress(b"{}" * 9)[:12], ZIPPED),
    "too much": post(b" " * 1_000_001),
    "a long form": post(b"name=a&" * 140_000, FORM, "/Patient/_search"),
    "a password": Request(
        "POST", "/auth/login", "", {}, dump_bytes({"login": "a", "password": "x" * 900_000})
    ),
}
"""Requests that ask for more than anybody needs."""


@pytest.mark.parametrize("what", HUGE)
def test_the_huge_is_answered_at_bounded_cost(hospital: Hospital, what: str) -> None:
    answered(hospital, HUGE[what])
    assert hospital.handle(Request("GET", "/fhir/Patient/binh")).status == 200
