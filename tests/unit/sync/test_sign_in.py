"""How a device proves itself: SMART Backend Services against a token endpoint of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.kit.canned_server import CannedServer, answer
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused, Unavailable, WorkstationError
from workstation.security.device import DeviceKey
from workstation.sync.sign_in import BackendServices, Device, SignedIn, WhenAsked, log_in
from workstation.sync.transport import HttpTransport, Request, Response

URL = "https://his.example/token"
PRIVATE = ec.generate_private_key(ec.SECP384R1())
DEVICE = Device("ward-7-terminal-2", DeviceKey("key-1", PRIVATE))
NOW = datetime.now(UTC)
AT_ANY_TIME = {"verify_exp": False, "verify_iat": False}
"""The test's clock stands still; the checker's does not."""


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
    assert BackendServices(URL, DEVICE, ManualClock(NOW)).header(endpoint) == "Bearer t1"
    assertion = endpoint.forms[0]["client_assertion"]
    claims = jwt.decode(
        assertion, PRIVATE.public_key(), ["ES384"], audience=URL, options=AT_ANY_TIME
    )
    assert claims["iss"] == claims["sub"] == "ward-7-terminal-2"
    assert claims["exp"] - claims["iat"] <= 300
    assert jwt.get_unverified_header(assertion)["kid"] == "key-1"


def test_a_token_is_kept_while_it_lasts_and_renewed_before_it_ends() -> None:
    clock = ManualClock(NOW)
    endpoint = Endpoint(token("t1", 300), token("t2", 300))
    service = BackendServices(URL, DEVICE, clock)
    service.header(endpoint)
    clock.advance(timedelta(seconds=200))
    assert service.header(endpoint) == "Bearer t1"
    clock.advance(timedelta(seconds=60))
    assert service.header(endpoint) == "Bearer t2"


def test_a_clock_a_day_off_signs_with_the_servers_time() -> None:
    clock = ManualClock(NOW + timedelta(days=1))
    refused = Response(400, {"date": format_datetime(NOW, usegmt=True)}, b"{}")
    endpoint = Endpoint(refused, token("t1"))
    assert BackendServices(URL, DEVICE, clock).header(endpoint) == "Bearer t1"
    jwt.decode(
        endpoint.forms[1]["client_assertion"],
        PRIVATE.public_key(),
        ["ES384"],
        audience=URL,
        options=AT_ANY_TIME,
    )


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
        BackendServices(URL, DEVICE, ManualClock(NOW)).header(Endpoint(reply))
    assert caught.value.code == code


def test_a_token_that_the_server_refuses_is_renewed_once() -> None:
    refusal = answer(b"{}", status="401 Unauthorized", kind="application/json")
    first = answer(b'{"access_token":"t1"}', kind="application/json")
    second = answer(b'{"access_token":"t2"}', kind="application/json")
    patient = answer(b'{"resourceType":"Patient"}')
    with CannedServer([first, refusal, second, patient]) as server:
        service = BackendServices(server.base + "/token", DEVICE, ManualClock(NOW))
        response = HttpTransport(server.base, service).send(Request("GET", "Patient/p1"))
    assert response.status == 200
    assert b"bearer t2" in server.seen[3].lower()


def test_without_a_token_a_second_refusal_is_final() -> None:
    service = WhenAsked(DEVICE, ManualClock(NOW), lambda _request: Response(404, {}, b""))
    assert service.header(Endpoint()) == ""
    assert service.forget()
    assert not service.forget()


def test_nothing_to_forget_before_the_first_token() -> None:
    assert not BackendServices(URL, DEVICE, ManualClock(NOW)).forget()


def connected(base: str, clock: ManualClock) -> HttpTransport:
    transport = HttpTransport(base)
    transport.credentials = WhenAsked(DEVICE, clock, transport.send_openly)
    return transport


def authorised(request: bytes) -> bool:
    return b"\r\nauthorization:" in request.lower()


REFUSAL = answer(b"{}", status="401 Unauthorized", kind="application/json")
PATIENT = answer(b'{"resourceType":"Patient"}')


def test_a_server_that_asks_nobody_is_given_nothing() -> None:
    with CannedServer([PATIENT, PATIENT]) as server:
        transport = connected(server.base, ManualClock(NOW))
        for _ in range(2):
            assert transport.send(Request("GET", "Patient/p1")).status == 200
    assert not any(authorised(request) for request in server.seen)


def token_beside(base: str) -> bytes:
    body = json.dumps({"token_endpoint": f"{base}/token"}).encode()
    return answer(body, kind="application/json")


def test_a_server_that_asks_is_told_who_comes_from_then_on() -> None:
    given = answer(b'{"access_token":"t1"}', kind="application/json")
    server = CannedServer(())
    server.answers += [REFUSAL, token_beside(server.base), given, PATIENT, PATIENT]
    with server:
        transport = connected(server.base, ManualClock(NOW))
        for _ in range(2):
            assert transport.send(Request("GET", "Patient/p1")).status == 200
    assert [authorised(request) for request in server.seen] == [False, False, False, True, True]


@pytest.mark.parametrize(
    "configuration",
    [answer(b"{}", status="404 Not Found"), answer(b"{}", kind="application/json")],
)
def test_a_server_that_does_not_say_where_to_sign_in_needs_a_person(configuration: bytes) -> None:
    with CannedServer([REFUSAL, configuration]) as server, pytest.raises(Unavailable) as caught:
        connected(server.base, ManualClock(NOW)).send(Request("GET", "Patient/p1"))
    assert caught.value.code == "sign-in"


def test_a_terminal_is_let_in_as_soon_as_it_is_enrolled() -> None:
    given = answer(b'{"access_token":"t1"}', kind="application/json")
    server = CannedServer(())
    where = token_beside(server.base)
    server.answers += [REFUSAL, where, REFUSAL, where, given, PATIENT]
    with server:
        transport = connected(server.base, ManualClock(NOW))
        with pytest.raises(Unavailable, match="sign-in"):
            transport.send(Request("GET", "Patient/p1"))
        assert transport.send(Request("GET", "Patient/p1")).status == 200


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
