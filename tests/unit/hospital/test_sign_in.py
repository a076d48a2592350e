"""Who may ask: devices by signed assertions, people by password, nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hospital.auth.people import FREE_FAILURES, hashed
from hospital.auth.scopes import Principal, granted, is_scope
from hospital.auth.smart import check_keys
from hospital.service import Hospital
from hospital.store.accounts import Accounts, Device, Person
from hospital.wire import Request, Response
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused

TOKEN_URL = "http://hospital.test/auth/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
PATIENT = {"resourceType": "Patient", "id": "an"}


class Terminal:
    """A device with its key."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP384R1())
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        self.jwks = json.dumps({"keys": [{**public, "kid": "k1"}]})

    def assertion(self, now: datetime, **changes: Any) -> str:
        claims = {
            "iss": "terminal-1",
            "sub": "terminal-1",
            "aud": TOKEN_URL,
            "exp": int((now + timedelta(minutes=4)).timestamp()),
            "jti": "once",
        }
        kid = changes.pop("kid", "k1")
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(claims, self.key, algorithm="ES384", headers={"kid": kid})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=["sqlite", "postgres"])
def hospital(clock: ManualClock, request: pytest.FixtureRequest) -> Iterator[Hospital]:
    url = "sqlite://"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create()
    made = Hospital(url, clock=clock)
    yield made
    made.close()


@pytest.fixture
def terminal(hospital: Hospital) -> Terminal:
    made = Terminal()
    Accounts(hospital.database).add_device(
        Device("terminal-1", "Khoa Nội", made.jwks, "system/*.cruds")
    )
    return made


def ask_token(hospital: Hospital, assertion: str, **changes: str) -> Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
        "scope": "system/*.rs",
    }
    body = urlencode(form | changes).encode()
    return hospital.handle(Request("POST", "/auth/token", "", {}, body))


def ask(
    hospital: Hospital, method: str, path: str, token: str = "", content: Any = None
) -> Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    body = dump_bytes(content) if content else b""
    return hospital.handle(Request(method, f"/fhir/{path}".rstrip("/"), "", headers, body))


def log_in(hospital: Hospital, login: str = "hoa", password: str = "135790") -> Response:
    body = dump_bytes({"login": login, "password": password})
    return hospital.handle(Request("POST", "/auth/login", "", {}, body))


@pytest.fixture
def hoa(hospital: Hospital) -> Person:
    made = Person("hoa", "p-hoa", "Trần Thị Hoa", "nurse", hashed("135790"))
    Accounts(hospital.database).add_person(made)
    return made


def test_nobody_reads_or_writes_without_a_token(hospital: Hospital):
    for method, path in [("GET", "Patient"), ("PUT", "Patient/an"), ("POST", ""), ("GET", "x/y")]:
        answer = ask(hospital, method, path, content=PATIENT if method != "GET" else None)
        assert answer.status == 401
        assert parse(answer.body)["resourceType"] == "OperationOutcome"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert ask(hospital, "GET", "metadata").status == 200
    assert ask(hospital, "GET", ".well-known/smart-configuration").status == 200


def test_a_made_up_token_is_refused_even_in_the_demo():
    demo = Hospital("sqlite://", demo=True)
    assert ask(demo, "GET", "Patient").status == 200
    assert ask(demo, "GET", "Patient", "made-up").status == 401


def test_a_device_gets_a_short_token_for_what_it_asked(
    hospital: Hospital, terminal: Terminal, clock: ManualClock
):
    answer = ask_token(hospital, terminal.assertion(START))
    given = parse(answer.body)
    assert (answer.status, given["scope"], given["expires_in"]) == (200, "system/*.rs", 300)
    assert answer.headers["Cache-Control"] == "no-store"
    token = given["access_token"]
    assert ask(hospital, "GET", "Patient", token).status == 200
    refused = ask(hospital, "PUT", "Patient/an", token, PATIENT)
    assert refused.status == 403
    assert parse(refused.body)["issue"][0]["code"] == "forbidden"
    clock.advance(timedelta(seconds=301))
    assert ask(hospital, "GET", "Patient", token).status == 401


def test_an_assertion_works_once(hospital: Hospital, terminal: Terminal):
    assertion = terminal.assertion(START)
    assert ask_token(hospital, assertion).status == 200
    again = ask_token(hospital, assertion)
    assert (again.status, parse(again.body)["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "http://elsewhere/token"},
        {"iss": "terminal-2"},
        {"sub": "terminal-2"},
        {"jti": None},
        {"exp": None},
        {"exp": int(START.timestamp()) - 120},
        {"exp": int(START.timestamp()) + 3600},
        {"exp": "soon"},
        {"kid": "k2"},
    ],
)
def test_an_assertion_that_is_not_right(hospital: Hospital, terminal: Terminal, changes: dict):
    answer = ask_token(hospital, terminal.assertion(START, **changes))
    assert (answer.status, parse(answer.body)["error"]) == (401, "invalid_client")


def test_another_key_of_the_same_name_is_no_key(hospital: Hospital, terminal: Terminal):
    assert ask_token(hospital, Terminal().assertion(START)).status == 401
    assert ask_token(hospital, "no.token.atall").status == 401
    unsigned = jwt.encode({"iss": "terminal-1"}, None, algorithm="none", headers={"kid": "k1"})
    assert ask_token(hospital, unsigned).status == 401


def test_other_grants_and_scopes_are_refused(hospital: Hospital, terminal: Terminal):
    assertion = terminal.assertion(START)
    assert ask_token(hospital, assertion, grant_type="password").status == 400
    assert ask_token(hospital, assertion, client_assertion_type="x").status == 400
    none = ask_token(hospital, assertion, scope="launch/patient")
    assert parse(none.body)["error"] == "invalid_scope"


def test_a_barred_device_is_out_at_once(hospital: Hospital, terminal: Terminal):
    token = parse(ask_token(hospital, terminal.assertion(START)).body)["access_token"]
    Accounts(hospital.database).remove_device("terminal-1")
    assert ask(hospital, "GET", "Patient", token).status == 401
    assert ask_token(hospital, terminal.assertion(START, jti="two")).status == 401


def test_scopes_count_inside_a_batch(hospital: Hospital):
    accounts = Accounts(hospital.database)
    token = accounts.give("Device/x", "system/Patient.cruds", 60)
    other = {"resourceType": "Basic", "id": "b", "code": {"text": "x"}}
    entries = [
        {
            "resource": each,
            "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"},
        }
        for each in (PATIENT, other)
    ]
    batch = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = parse(ask(hospital, "POST", "", token, batch).body)
    assert [entry["response"]["status"][:3] for entry in answer["entry"]] == ["201", "403"]
    assert ask(hospital, "GET", "_history", token).status == 403
    assert ask(hospital, "GET", "Patient/an/$everything", token).status == 200


def test_a_person_logs_in_and_works(hospital: Hospital, hoa: Person):
    given = parse(log_in(hospital).body)
    assert given["practitioner"] == "Practitioner/p-hoa"
    assert (given["name"], given["role"]) == ("Trần Thị Hoa", "nurse")
    assert ask(hospital, "PUT", "Patient/an", given["access_token"], PATIENT).status == 201


def test_wrong_names_and_passwords_look_alike(hospital: Hospital, hoa: Person):
    wrong, unknown = log_in(hospital, password="1"), log_in(hospital, login="nobody")
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body)
    assert wrong.status == 401


def test_guessing_is_slowed_down_and_forgiven(hospital: Hospital, hoa: Person, clock: ManualClock):
    for _ in range(FREE_FAILURES):
        assert log_in(hospital, password="1").status == 401
    held = log_in(hospital)
    assert held.status == 429
    clock.advance(timedelta(seconds=int(held.headers["Retry-After"])))
    assert log_in(hospital).status == 200
    assert log_in(hospital, password="1").status == 401
    assert log_in(hospital).status == 200


def test_guessing_many_at_once_is_no_quicker(hospital: Hospital, hoa: Person):
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: log_in(hospital, password=str(n)).status, range(12)))
    assert answers.count(401) == FREE_FAILURES
    assert answers.count(429) == 12 - FREE_FAILURES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"login":1,"password":"x"}',
        b'{"login":"","password":"x"}',
        b'{"login":"a\\u0000b","password":"x"}',
    ],
)
def test_a_log_in_without_sense(hospital: Hospital, body: bytes):
    assert hospital.handle(Request("POST", "/auth/login", "", {}, body)).status == 400
    assert hospital.handle(Request("GET", "/auth/login")).status == 405


@pytest.mark.parametrize(
    ("scope", "type_", "action", "allowed"),
    [
        ("system/*.read", "Patient", "r", True),
        ("system/*.read", "Patient", "u", False),
        ("user/Patient.write", "Patient", "c", True),
        ("user/Patient.write", "Patient", "r", False),
        ("system/Observation.rs system/Patient.u", "Patient", "u", True),
        ("system/Observation.*", "Patient", "r", False),
        ("nonsense", "Patient", "r", False),
        ("", "Patient", "r", False),
    ],
)
def test_what_a_scope_allows(scope: str, type_: str, action: str, allowed: bool):
    assert Principal("x", scope).may(type_, action) is allowed


def test_no_more_is_granted_than_registered():
    assert granted("system/*.cruds", "system/*.rs") == ""
    assert granted("system/Patient.r system/Patient.u", "system/*.rs") == "system/Patient.r"
    assert granted("", "system/*.rs") == "system/*.rs"
    assert is_scope("system/*.rs user/Patient.read")
    assert not is_scope("")
    assert not is_scope("system/*.rs openid")


def test_only_public_keys_are_registered():
    terminal = Terminal()
    check_keys(terminal.jwks)
    private = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(terminal.key))
    for bad in ("", "[]", "{}", '{"keys":[]}', json.dumps({"keys": [{**private, "kid": "k"}]})):
        with pytest.raises(Refused, match="bad-keys"):
            check_keys(bad)
