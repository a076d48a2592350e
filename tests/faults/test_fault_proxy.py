"""The fault proxy does to HTTP what it says, and the transport never mistakes or outwaits it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hospital.wire import Request as Asked
from hospital.wire import Response
from tests.kit.fault_proxy import HTML, Fault, FaultProxy, Line, boundaries
from tests.kit.web_thread import serving
from workstation.kernel.errors import Unavailable
from workstation.sync.patience import Pace, Patience
from workstation.sync.transport import HttpTransport, Limits, Request

pytestmark = pytest.mark.fault

BODY = b'{"resourceType":"Patient","id":"p1"}'
WRITE = Request("PUT", "Patient/p1", BODY)
READ = Request("GET", "Patient/p1")


class Server:
    """Answers everything with `BODY`, and remembers each whole request it got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, bytes]] = []

    def handle(self, request: Asked) -> Response:
        self.got.append((request.method, request.path, request.body))
        return Response(200, {"Content-Type": "application/fhir+json"}, BODY)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    with serving(server) as base:
        yield base


@pytest.fixture
def proxy(address: str) -> Iterator[FaultProxy]:
    with FaultProxy(address, seed=1) as between:
        yield between


@pytest.fixture
def transport(proxy: FaultProxy) -> Iterator[HttpTransport]:
    made = HttpTransport(proxy.base)
    yield made
    made.close()


def code(transport: HttpTransport, request: Request = WRITE) -> str:
    with pytest.raises(Unavailable) as caught:
        transport.send(request)
    return caught.value.code


def test_what_it_lets_pass_passes_unchanged_on_one_connection(
    proxy: FaultProxy, transport: HttpTransport, server: Server
) -> None:
    for request in (READ, WRITE, READ):
        assert transport.send(request).body == BODY
    read, write = ("GET", "/fhir/Patient/p1", b""), ("PUT", "/fhir/Patient/p1", BODY)
    assert server.got == [read, write, read]
    one = proxy.exchanges[1]
    assert (one.method, one.path, one.body) == ("PUT", "/fhir/Patient/p1", BODY)
    assert one.answer.endswith(BODY)


def test_a_request_cut_at_any_byte_never_counts_and_never_succeeds(
    proxy: FaultProxy, transport: HttpTransport, server: Server
) -> None:
    transport.send(WRITE)
    whole = len(proxy.exchanges[0].request)
    for size in sorted({*range(0, whole, 17), whole - 1, whole}):
        server.got.clear()
        proxy.next(Fault(cut_up=size))
        assert code(transport) in ("offline", "cut"), size
        assert len(server.got) == (size >= whole), size


def test_an_answer_cut_at_any_byte_but_the_last_is_no_answer(
    proxy: FaultProxy, transport: HttpTransport, server: Server
) -> None:
    transport.send(WRITE)
    whole = len(proxy.exchanges[0].answer)
    for size in range(whole):
        server.got.clear()
        proxy.next(Fault(cut_down=size))
        assert code(transport) in ("offline", "cut", "not-fhir"), size
        assert len(server.got) == 1
    proxy.next(Fault(cut_down=whole))
    assert transport.send(WRITE).body == BODY
    time.sleep(0.05)
    assert transport.send(WRITE).body == BODY, "and the next connection is a new one"


def test_a_reset_is_offline_or_cut(proxy: FaultProxy, transport: HttpTransport) -> None:
    proxy.next(Fault(cut_up=3, reset=True))
    assert code(transport) == "offline"


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_duplicate_arrives_twice_and_is_answered_once(
    proxy: FaultProxy, transport: HttpTransport, server: Server, which: str
) -> None:
    proxy.next(Fault(duplicate=which))
    assert transport.send(WRITE).body == BODY
    assert len(server.got) == 2
    assert transport.send(READ).body == BODY


def test_nobody_listens_while_it_refuses(proxy: FaultProxy, transport: HttpTransport) -> None:
    transport.send(READ)
    with proxy.refusing():
        assert code(transport) == "offline"
    assert transport.send(READ).body == BODY


def test_a_log_in_page_answers_with_200(proxy: FaultProxy, transport: HttpTransport) -> None:
    proxy.line = Line(html=1.0)
    assert code(transport) == "not-fhir"
    proxy.calm()
    assert transport.send(READ).body == BODY


def test_the_same_seed_drops_the_same_exchanges(address: str) -> None:
    def fate(seed: int) -> list[bool]:
        with FaultProxy(address, seed=seed) as proxy:
            proxy.line = Line(drops=0.5, life=4)
            transport = HttpTransport(proxy.base, limits=Limits(read_again=0))
            for _ in range(40):
                try:
                    transport.send(WRITE)
                except Unavailable:
                    continue
            transport.close()
            return [each.fault != Fault() for each in proxy.exchanges][:20]

    assert fate(3) == fate(3)
    assert 2 < sum(fate(3)) < 18


def test_what_only_reads_is_asked_again_when_it_broke_off(
    proxy: FaultProxy, transport: HttpTransport, server: Server
) -> None:
    for fault in (Fault(cut_up=3), Fault(cut_down=-1), Fault(instead=HTML), Fault(cut_up=0)):
        proxy.next(fault, times=2)
        assert transport.send(READ).body == BODY
        proxy.next(fault, times=2)
        assert transport.send(Request("POST", "", b"[]", only_reads=True)).body == BODY
        proxy.next(fault)
        server.got.clear()
        assert code(transport) in ("offline", "cut", "not-fhir")
        assert len(server.got) <= 1, "what writes is never repeated blindly"
    proxy.next(Fault(cut_up=3), times=3)
    assert code(transport, READ) == "offline"


def test_a_slow_line_takes_its_time_and_is_waited_for(
    proxy: FaultProxy, transport: HttpTransport
) -> None:
    proxy.line = Line(latency_s=0.02, bytes_per_second=20_000)
    began = time.monotonic()
    transport.send(Request("PUT", "Patient/p1", BODY + b" " * 4000))
    assert time.monotonic() - began > 0.2


# What the transport makes of a server that never ends.


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_dribbles_does_not_hold_a_request_for_ever(
    proxy: FaultProxy, where: str
) -> None:
    """Each byte comes well within the time for one; only the whole takes too long."""
    pace = Pace(stall_s=10.0, grace_s=0.3, slowest=10_000.0)
    transport = HttpTransport(proxy.base, limits=Limits(pace=pace))
    transport.send(READ)
    head = len(proxy.exchanges[0].answer) - len(BODY)
    proxy.next(Fault(dribble_s=0.02, dribble_from=head if where == "body" else 0))
    assert code(transport) == "timeout"
    assert transport.send(READ).body == BODY, "the next request has its own patience"
    transport.close()


def test_silence_after_the_request_is_a_timeout(proxy: FaultProxy) -> None:
    transport = HttpTransport(proxy.base, limits=Limits(pace=Pace(stall_s=0.1)))
    proxy.next(Fault(stall_s=float("inf")))
    assert code(transport) == "timeout"
    transport.close()


def test_patience_grows_with_what_travels_and_has_an_end() -> None:
    now = [0.0]
    pace = Pace(stall_s=30.0, grace_s=60.0, slowest=1000.0, longest_s=100.0)
    patience = Patience(pace, lambda: now[0])
    assert patience.wait() == 30.0
    patience.sent(20_000)
    assert patience.wait() == 50.0, "20 kB may still lie in our own buffers"
    patience.came(1)
    assert patience.wait() == 30.0
    now[0] = 60.5
    assert patience.wait() == pytest.approx(19.501)
    patience.came(1_000_000)
    now[0] = 99.0
    assert patience.wait() == pytest.approx(1.0)
    now[0] = 100.0
    with pytest.raises(TimeoutError):
        patience.wait()
    assert patience.ran_out


def test_boundaries_are_within_the_message_and_tell_its_parts_apart() -> None:
    message = b"PUT /fhir/Patient/p1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    found = boundaries(message)
    assert message[: found["after first line"]].endswith(b"HTTP/1.1\r\n")
    assert message[: found["after header 1"]].endswith(b"Host: a\r\n")
    assert message[: found["between headers and body"]].endswith(b"\r\n\r\n")
    assert message[: found["before the last byte of the body"]].endswith(b"ab")
    assert found["after everything"] == len(message)
    assert max(found.values()) == len(message)
