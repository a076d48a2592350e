"""How a device proves itself: SMART Backend Services against a token endpoint of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.kit.canned_server import CannedServer, answer
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused, Unavailable, WorkstationError
from workstation.sync.sign_in import BackendServices, DeviceKey, SignedIn, log_in, token_endpoint
from workstation.sync.transport import HttpTransport, Request, Response

URL = "https://his.example/token"
PRIVATE = ec.generate_private_key(ec.SECP384R1())
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
KEY = DeviceKey("ward-7-terminal-2", "key-1", PEM)
NOW = datetime.now(UTC)


class Endpoint:
    def __init__(self, *answers: Response) -> None:
        self.forms: list[Mapping[str, str]] = []
        self.answers = list(answers)

    def __call__(self, url: str, form: Mapping[str, str]) -> Response:
        assert url == URL
        self.forms.append(form)
        return self.answers.pop(0)


def token(text: str, life: int = 300) -> Response:
    body = json.dumps({"access_token": text, "expires_in": life}).encode()
    return Response(200, {"content-type": "application/json"}, body)


def test_the_assertion_is_signed_short_lived_and_for_this_endpoint() -> None:
    endpoint = Endpoint(token("t1"))
    assert BackendServices(URL, KEY, ManualClock(NOW)).header(endpoint) == "Bearer t1"
    assertion = endpoint.forms[0]["client_assertion"]
    claims = jwt.decode(assertion, PRIVATE.public_key(), ["ES384"], audience=URL)
    assert claims["iss"] == claims["sub"] == "ward-7-terminal-2"
    assert claims["exp"] - claims["iat"] <= 300
    assert jwt.get_unverified_header(assertion)["kid"] == "key-1"


def test_a_token_is_kept_while_it_lasts_and_renewed_before_it_ends() -> None:
    clock = ManualClock(NOW)
    endpoint = Endpoint(token("t1", 300), token("t2", 300))
    service = BackendServices(URL, KEY, clock)
    service.header(endpoint)
    clock.advance(timedelta(seconds=200))
    assert service.header(endpoint) == "Bearer t1"
    clock.advance(timedelta(seconds=60))
    assert service.header(endpoint) == "Bearer t2"


def test_a_clock_a_day_off_signs_with_the_servers_time() -> None:
    clock = ManualClock(NOW + timedelta(days=1))
    refused = Response(400, {"date": format_datetime(NOW, usegmt=True)}, b"{}")
    endpoint = Endpoint(refused, token("t1"))
    assert BackendServices(URL, KEY, clock).header(endpoint) == "Bearer t1"
    jwt.decode(endpoint.forms[1]["client_assertion"], PRIVATE.public_key(), ["ES384"], audience=URL)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Response(401, {}, b"{}"), "sign-in"),
        (Response(400, {}, b"{}"), "sign-in"),
        (Response(502, {}, b""), "server-error"),
        (Response(200, {}, b"<html>"), "not-fhir"),
        (Response(200, {}, b"{}"), "not-fhir"),
    ],
)
def test_a_refused_device_has_to_sign_in(reply: Response, code: str) -> None:
    with pytest.raises(Unavailable) as caught:
        BackendServices(URL, KEY, ManualClock(NOW)).header(Endpoint(reply))
    assert caught.value.code == code


def test_a_token_that_the_server_refuses_is_renewed_once() -> None:
    refusal = answer(b"{}", status="401 Unauthorized", kind="application/json")
    first = answer(b'{"access_token":"t1"}', kind="application/json")
    second = answer(b'{"access_token":"t2"}', kind="application/json")
    patient = answer(b'{"resourceType":"Patient"}')
    with CannedServer([first, refusal, second, patient]) as server:
        service = BackendServices(server.base + "/token", KEY, ManualClock(NOW))
        response = HttpTransport(server.base, service).send(Request("GET", "Patient/p1"))
    assert response.status == 200
    assert b"bearer t2" in server.seen[3].lower()


def test_nothing_to_forget_before_the_first_token() -> None:
    assert not BackendServices(URL, KEY, ManualClock(NOW)).forget()


def test_the_token_endpoint_is_found_in_the_smart_configuration() -> None:
    found = answer(b'{"token_endpoint":"https://his.example/token"}', kind="application/json")
    missing = answer(b"{}", status="404 Not Found")
    odd = answer(b"{}", kind="application/json")
    with CannedServer([found, missing, odd]) as server:
        transport = HttpTransport(server.base)
        assert [token_endpoint(transport) for _ in range(3)] == [URL, None, None]


def test_a_person_logs_in_beside_the_fhir_base() -> None:
    said = b'{"access_token":"t","practitioner":"Practitioner/n1","name":"Hoa","role":"nurse"}'
    with CannedServer([answer(said, kind="application/json")]) as server:
        person = log_in(HttpTransport(server.base).post_json, server.base, "hoa", "bi mat")
    assert person == SignedIn("t", "Practitioner/n1", "Hoa", "nurse")
    head, _, body = server.seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /auth/login ")
    assert json.loads(body) == {"login": "hoa", "password": "bi mat"}


@pytest.mark.parametrize(
    ("status", "family", "code"),
    [
        ("401 Unauthorized", Refused, "wrong-pin"),
        ("429 Too Many Requests", Unavailable, "throttled"),
        ("502 Bad Gateway", Unavailable, "server-error"),
    ],
)
def test_a_refused_log_in_says_why(status: str, family: type[WorkstationError], code: str) -> None:
    with CannedServer([answer(b"{}", status=status)]) as server, pytest.raises(family) as caught:
        log_in(HttpTransport(server.base).post_json, server.base, "hoa", "sai")
    assert caught.value.code == code
    assert "sai" not in str(caught.value)
