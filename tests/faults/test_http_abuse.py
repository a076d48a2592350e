"""Who trickles, lies about lengths, smuggles or never reads is cut off; all others are served."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import urllib.parse
from collections.abc import Iterator

import pytest

from hospital.connection import Bounds
from hospital.service import Hospital
from hospital.wire import Request, Response
from tests.contract.fhir_server.people import patient
from tests.kit.web_thread import serving
from workstation.fhir.json import dump_bytes, parse

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]

MIB = 1024 * 1024
BOUNDS = Bounds(head=0.4, body=0.6, unread=0.4, head_bytes=64 * 1024, pipelined=8, bodies=2 * MIB)
PATIENT_WAIT = 30.0
"""Seconds after which a test gives up on a server that never closes; nothing is measured by it."""
AN = dump_bytes(patient("an"))


class Front:
    """The hospital, behind two addresses of this test: one answers big, one only when let."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital
        self.asked: list[str] = []
        self.go = threading.Event()

    def handle(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path}")
        if request.path == "/big":
            return Response(200, {}, b"x" * (32 * MIB))
        if request.path == "/wait":
            assert self.go.wait(PATIENT_WAIT)
            return Response(200, {}, b"waited")
        return self._hospital.handle(request)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Front, tuple[str, int]]]:
    hospital = Hospital("sqlite://", demo=True)
    assert hospital.handle(Request("PUT", "/fhir/Patient/an", "", {}, AN)).ok
    front = Front(hospital)
    with contextlib.closing(hospital), serving(front, BOUNDS) as base:
        split = urllib.parse.urlsplit(base)
        yield front, (split.hostname or "", split.port or 0)


@pytest.fixture
def front(server: tuple[Front, tuple[str, int]]) -> Front:
    """What was asked is counted from here on."""
    server[0].asked.clear()
    server[0].go.clear()
    return server[0]


@pytest.fixture
def address(server: tuple[Front, tuple[str, int]]) -> tuple[str, int]:
    return server[1]


@contextlib.contextmanager
def connected(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, PATIENT_WAIT) as made:
        yield made


def served(address: tuple[str, int]) -> None:
    """Somebody else reads and writes a record."""
    connection = http.client.HTTPConnection(*address, timeout=PATIENT_WAIT)
    with contextlib.closing(connection):
        for method, body in (("GET", None), ("PUT", AN)):
            connection.request(method, "/fhir/Patient/an", body)
            answer = connection.getresponse()
            assert answer.status == 200
            answer.read()


def until_closed(abuser: socket.socket) -> bytes:
    """What the server still says until it closes; fails when it never does."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while more := abuser.recv(65536):
            said += more
    return said


def statuses(said: bytes) -> list[int]:
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


def put(length: int, path: str = "/fhir/Patient/an", more: str = "") -> bytes:
    return f"PUT {path} HTTP/1.1\r\nHost: h\r\n{more}Content-Length: {length}\r\n\r\n".encode()


GET = b"GET /fhir/Patient/an HTTP/1.1\r\nHost: h\r\n\r\n"
CHUNKED = b"PUT /fhir/Patient/an HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = GET[:-2] + b"Connection: close\r\n\r\n"
SLOW = {
    "the line": (b"", b"GET /fhir/Patient/an" + b"n" * 9_000),
    "the headers": (GET[:-2], b"X: " + b"y" * 9_000),
    "many headers": (GET[:-2], b"X: y\r\n" * 9_000),
    "a body": (put(9_000), b" " * 9_000),
    "chunks": (CHUNKED, b"1\r\n \r\n" * 9_000),
    "a chunk": (CHUNKED + b"ffff\r\n", b" " * 9_000),
    "the next request": (GET, GET[:-4] + b"y" * 9_000),
    "blank lines": (b"", b"\r\n" * 9_000),
}
HALF = {
    "a line": GET[:9],
    "headers": GET[:-2],
    "no body": put(len(AN)),
    "half a body": put(len(AN)) + AN[: len(AN) // 2],
    "a length too great": put(len(AN) + 1) + AN,
    "no last chunk": CHUNKED + b"2\r\n{}\r\n",
    "a promise": put(len(AN), more="Expect: 100-continue\r\n"),
}


@pytest.mark.parametrize("what", SLOW)
def test_who_trickles_is_closed_while_others_are_served(
    what: str, address: tuple[str, int]
) -> None:
    at_once, trickle = SLOW[what]
    with connected(address) as abuser:
        abuser.sendall(at_once)
        with contextlib.suppress(ConnectionError):
            for byte in trickle:  # ends when the server has closed; 9000 bytes would be minutes
                abuser.sendall(bytes([byte]))
                served(address)
                time.sleep(0.02)
            pytest.fail("it was never closed")
        with contextlib.suppress(ConnectionError):
            said = statuses(until_closed(abuser))
            assert said in ([], [408], [200], [200, 408])  # a reset may take the answer away


@pytest.mark.parametrize("what", HALF)
def test_half_a_request_is_timed_out(what: str, front: Front, address: tuple[str, int]) -> None:
    with connected(address) as abuser:
        abuser.sendall(HALF[what])
        served(address)
        said = until_closed(abuser).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert statuses(said) == [408]
    assert parse(said.partition(b"\r\n\r\n")[2])["issue"][0]["code"] == "timeout"
    assert front.asked == ["GET /fhir/Patient/an", "PUT /fhir/Patient/an"]  # the others'


def test_who_connects_and_says_nothing_is_closed(address: tuple[str, int]) -> None:
    with connected(address) as silent:
        served(address)
        assert statuses(until_closed(silent)) == [408]


@pytest.mark.parametrize("begin", [b"GET /", GET[:-2] + b"X: ", GET[:-2] + b"X"])
def test_headers_without_end_are_refused(begin: bytes, address: tuple[str, int]) -> None:
    with connected(address) as abuser:
        sent = 0
        abuser.sendall(begin)
        with contextlib.suppress(ConnectionError):
            while sent < 16 * MIB:
                sent += abuser.send(b"y" * 65536)
        assert sent < 16 * MIB
        assert statuses(until_closed(abuser)) in ([431], [])
    served(address)


def test_bodies_share_a_bound_and_small_ones_always_get_in(address: tuple[str, int]) -> None:
    answers: list[int] = []
    with contextlib.ExitStack() as stack:
        hoarders = [stack.enter_context(connected(address)) for _ in range(4)]
        for hoarder in hoarders:
            hoarder.sendall(put(MIB) + b" " * (MIB - 1))
            served(address)
        for hoarder in hoarders:
            said = until_closed(hoarder)
            answers += statuses(said)[:1]
            assert (b"retry-after: 5" in said) == (statuses(said)[0] == 503)
    assert sorted(set(answers)) == [408, 503]
    with connected(address) as honest:  # the room was given back
        honest.sendall(put(len(AN) + MIB) + AN + b" " * MIB)
        assert statuses(honest.recv(65536)) == [200]


def test_too_large_a_body_is_refused_and_costs_no_memory(address: tuple[str, int]) -> None:
    alone = Bounds(body=PATIENT_WAIT)
    hospital = Hospital("sqlite://", demo=True)
    with contextlib.closing(hospital), serving(hospital, alone) as base:
        split = urllib.parse.urlsplit(base)
        with connected((split.hostname or "", split.port or 0)) as abuser:
            abuser.sendall(put(40 * MIB))
            for _ in range(40):
                abuser.sendall(b" " * MIB)
            assert statuses(abuser.recv(65536)) == [413]
    served(address)


SMUGGLED = b"GET /fhir/Patient/smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
ZERO = b"0\r\n\r\n" + SMUGGLED


def shape(*headers: bytes, line: bytes = b"POST /fhir/Patient/_search HTTP/1.1") -> bytes:
    return b"\r\n".join([line, b"Host: h", *headers, b"", b""])


TE, CL = b"Transfer-Encoding: chunked", b"Content-Length: %d" % len(ZERO)
SHAPES = {
    "length and chunked": shape(CL, TE) + ZERO,
    "chunked and length": shape(TE, CL) + ZERO,
    "two lengths": shape(b"Content-Length: 0", CL) + ZERO,
    "two equal lengths": shape(CL, CL) + ZERO,
    "a list of lengths": shape(b"Content-Length: 5, 5") + ZERO,
    "a signed length": shape(b"Content-Length: +5") + ZERO,
    "a negative length": shape(b"Content-Length: -1") + ZERO,
    "a hexadecimal length": shape(b"Content-Length: 0x5") + ZERO,
    "a length beyond": shape(b"Content-Length: 99999999999999999999999") + ZERO,
    "a space before the colon": shape(b"Content-Length : 5") + ZERO,
    "a space before chunked's colon": shape(CL, b"Transfer-Encoding : chunked") + ZERO,
    "an unknown coding": shape(b"Transfer-Encoding: xchunked") + ZERO,
    "chunked not last": shape(b"Transfer-Encoding: chunked, identity") + ZERO,
    "chunked with a tab": shape(CL, b"Transfer-Encoding:\tchunked") + ZERO,
    "a folded header": shape(CL, b"X: y\r\n Transfer-Encoding: chunked", TE) + ZERO,
    "a bare line feed": shape(b"X: y\nTransfer-Encoding: chunked", CL) + ZERO,
    "a bare carriage return": shape(b"X: y\rTransfer-Encoding: chunked", CL) + ZERO,
    "a zero byte": shape(b"X: \0", CL) + ZERO,
    "a chunk without a size": shape(TE) + b"\r\n\r\n" + SMUGGLED,
    "a signed chunk": shape(TE) + b"-1\r\n\r\n" + SMUGGLED,
    "a chunk beyond": shape(TE) + b"fffffffffffffffff\r\n" + SMUGGLED,
    "a chunk that is longer": shape(TE) + b"1\r\nxx\r\n" + ZERO,
    "no version": shape(CL, line=b"POST /fhir/Patient/_search") + ZERO,
    "a strange version": shape(CL, line=b"POST /fhir/Patient/_search HTTP/9.9") + ZERO,
    "two spaces": shape(CL, TE, line=b"POST  /fhir/Patient/_search HTTP/1.1") + ZERO,
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + ZERO,
}


@pytest.mark.parametrize("what", SHAPES)
def test_ambiguous_framing_is_refused_whole(
    what: str, front: Front, address: tuple[str, int]
) -> None:
    with connected(address) as abuser:
        abuser.sendall(SHAPES[what])
        assert statuses(until_closed(abuser)) == [400]
    assert front.asked == []
    served(address)


UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
ODD = {
    "a web socket": GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/2": GET[:-2] + UPGRADE + b"\r\n",
    "a tunnel": b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n",
    "a whole address": b"GET http://h/fhir/Patient/an HTTP/1.1\r\nHost: h\r\n\r\n",
    "an empty address": b"GET ? HTTP/1.1\r\nHost: h\r\n\r\n",
    "a raw address": b"GET /\xff\xfe HTTP/1.1\r\nHost: h\r\n\r\n",
    "a zero in the address": b"GET /fhir/Patient/%00 HTTP/1.1\r\nHost: h\r\n\r\n",
    "no host": b"GET /fhir/Patient/an HTTP/1.1\r\n\r\n",
    "two hosts": GET[:-2] + b"Host: i\r\n\r\n",
}


@pytest.mark.parametrize("what", ODD)
def test_odd_requests_are_answered(what: str, address: tuple[str, int]) -> None:
    with connected(address) as odd:
        odd.sendall(ODD[what])
        answer = http.client.HTTPResponse(odd)
        answer.begin()
        assert answer.status < 500
    served(address)


def test_pipelined_requests_are_answered_in_order(address: tuple[str, int]) -> None:
    second = GET.replace(b"Patient/an", b"Patient/nobody")
    with connected(address) as client:
        client.sendall(GET + put(len(AN)) + AN + second + LAST)
        assert statuses(until_closed(client)) == [200, 200, 404, 200]


def test_a_length_too_small_spoils_no_answer_but_its_own_rest(
    front: Front, address: tuple[str, int]
) -> None:
    with connected(address) as liar:
        liar.sendall(put(len(AN)) + AN + b'"the rest": 1}')
        assert statuses(until_closed(liar)) == [200]
    assert front.asked == ["PUT /fhir/Patient/an"]


@pytest.mark.parametrize("at_once", [True, False])
def test_no_more_than_some_requests_wait_on_one_connection(
    front: Front, address: tuple[str, int], *, at_once: bool
) -> None:
    many = 3000
    with connected(address) as abuser:
        abuser.sendall(GET.replace(b"/fhir/Patient/an", b"/wait"))
        with contextlib.suppress(ConnectionError):
            if at_once:
                abuser.sendall(GET * many)
            else:
                for _ in range(many // 10):
                    abuser.sendall(GET * 10)
        front.go.set()
        assert statuses(until_closed(abuser)) in ([200] * (BOUNDS.pipelined + 1), [])
    assert len(front.asked) <= BOUNDS.pipelined + 1
    served(address)


def test_who_does_not_read_the_answer_is_cut_off(address: tuple[str, int]) -> None:
    with connected(address) as abuser:
        abuser.sendall(b"GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
        for _ in range(4):
            served(address)
            time.sleep(BOUNDS.unread)
        assert len(until_closed(abuser)) < 32 * MIB
