"""What may be believed of an answer on a real socket."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest

from tests.kit.canned_server import CannedServer, answer
from workstation.kernel.errors import Refused, Unavailable
from workstation.sync.patience import Pace
from workstation.sync.sign_in import FixedToken
from workstation.sync.transport import (
    HttpTransport,
    Limits,
    Request,
    Response,
    Tls,
    checked_address,
)

PATIENT = b'{"resourceType":"Patient","id":"p1"}'
READ = Request("GET", "Patient/p1")


def send(reply: bytes | None, request: Request = READ, **options: object) -> Response:
    with CannedServer([reply] * 3) as server:
        transport = HttpTransport(server.base, **options)  # type: ignore[arg-type]
        try:
            return transport.send(request)
        finally:
            transport.close()


def code_of(reply: bytes | None, request: Request = READ, **options: object) -> str:
    with pytest.raises(Unavailable) as caught:
        send(reply, request, **options)
    return caught.value.code


def test_a_whole_fhir_answer_is_taken() -> None:
    response = send(answer(PATIENT, headers='ETag: W/"7"\r\n'))
    assert (response.status, response.body) == (200, PATIENT)
    assert response.headers["etag"] == 'W/"7"'


def test_html_with_200_is_not_the_server() -> None:
    page = b"<html>Please log in to the guest network</html>"
    assert code_of(answer(page, kind="text/html")) == "not-fhir"


def test_a_reply_cut_inside_its_headers_is_no_success() -> None:
    assert code_of(b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n") == "not-fhir"


def test_a_body_shorter_than_announced_is_cut() -> None:
    assert code_of(answer(PATIENT, length=500)) == "cut"


def test_a_chunked_body_that_ends_early_is_cut() -> None:
    reply = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n24\r\n" + PATIENT + b"\r\n"
    )
    assert code_of(reply) == "cut"


def test_a_body_of_unannounced_length_is_not_believed() -> None:
    reply = b"HTTP/1.0 200 OK\r\nContent-Type: application/fhir+json\r\n\r\n" + PATIENT
    assert code_of(reply) == "cut"


def test_broken_compression_is_cut() -> None:
    reply = answer(b"\x1f\x8bnot gzip at all", headers="Content-Encoding: gzip\r\n")
    assert code_of(reply) == "cut"


def test_a_compressed_answer_is_read() -> None:
    reply = answer(gzip.compress(PATIENT), headers="Content-Encoding: gzip\r\n")
    assert send(reply).body == PATIENT


def test_an_endless_answer_is_bounded() -> None:
    reply = answer(b" " * 200_000)
    assert code_of(reply, limits=Limits(body_bytes=100_000)) == "too-large"


def test_silence_is_a_timeout() -> None:
    assert code_of(None, limits=Limits(pace=Pace(stall_s=0.05))) == "timeout"


def test_nobody_listening_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    transport = HttpTransport(f"http://127.0.0.1:{port}/fhir")
    with pytest.raises(Unavailable) as caught:
        transport.send(READ)
    assert caught.value.code == "offline"


def test_a_redirect_is_not_followed() -> None:
    reply = answer(b"", status="302 Found", headers="Location: http://elsewhere.example/\r\n")
    assert send(reply).status == 302


def test_the_environment_cannot_change_whom_we_trust(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "theirs.pem"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert send(answer(PATIENT)).body == PATIENT


def test_a_proxy_that_is_away_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unavailable) as caught:
        HttpTransport(
            "https://his.example/fhir", proxies={"https": f"http://127.0.0.1:{port}"}
        ).send(READ)
    assert caught.value.code == "offline"


def test_a_server_without_tls_is_not_trusted() -> None:
    with CannedServer([answer(PATIENT)] * 2) as server:
        secure = server.base.replace("http://", "https://")
        for fingerprint in (None, "00" * 32):
            with pytest.raises(Unavailable) as caught:
                HttpTransport(secure, tls=Tls(fingerprint=fingerprint)).send(READ)
            assert caught.value.code == "untrusted-server"


def test_bodies_travel_compressed_when_the_server_can() -> None:
    body = PATIENT + b" " * 2000
    with CannedServer([answer(PATIENT)]) as server:
        HttpTransport(server.base).send(Request("PUT", "Patient/p1", body, compress=True))
    head, _, sent = server.seen[0].partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert gzip.decompress(sent) == body


def test_the_base_itself_has_no_trailing_slash() -> None:
    with CannedServer([answer(PATIENT)]) as server:
        HttpTransport(server.base + "/").send(Request("POST", "", PATIENT))
    assert server.seen[0].startswith(b"POST /fhir HTTP/1.1")


def test_a_fixed_token_is_sent_and_not_renewed() -> None:
    refusal = answer(b"{}", status="401 Unauthorized")
    with CannedServer([refusal]) as server:
        response = HttpTransport(server.base, FixedToken("abc")).send(READ)
    assert response.status == 401
    assert b"authorization: bearer abc" in server.seen[0].lower()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("his.example/fhir", "bad-address"),
        ("ftp://his.example", "bad-address"),
        ("http://", "bad-address"),
        ("http://h:99999999/fhir", "bad-address"),
        ("https://someone:secret@his.example/fhir", "bad-address"),
        ("https://his.example/fhir?x=1", "bad-address"),
        ("http://his.example/fhir", "insecure-address"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(address: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_address(address, allow_plain=False)
    assert (caught.value.code, caught.value.field) == (code, "server")


def test_good_addresses_lose_only_their_slash() -> None:
    assert checked_address(" https://his.example/fhir/ ", allow_plain=False) == (
        "https://his.example/fhir"
    )
    assert checked_address("http://127.0.0.1:8080/fhir", allow_plain=False)
    assert checked_address("http://his.example/fhir", allow_plain=True)
