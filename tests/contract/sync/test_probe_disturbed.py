"""What goes wrong while a server is probed is never taken for what the server does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import SERVERS, Behaviour, HospitalDouble
from workstation.kernel.clock import ManualClock, SystemClock
from workstation.kernel.errors import Unavailable
from workstation.sync.capabilities import Capabilities, claims
from workstation.sync.client import FhirClient
from workstation.sync.probe import probe

KINDS = ("ours", "like-medplum", "gzip-500")


def asked(double: HospitalDouble) -> Capabilities:
    client = FhirClient(DirectTransport(double), SystemClock())
    return probe(client, claims(client))


def gateway(status: int) -> Callable[[HospitalDouble], None]:
    return lambda double: double.throttle(1, status=status)


ACCIDENTS: dict[str, Callable[[HospitalDouble], None]] = {
    "request lost": lambda double: double.lose_requests(1),
    "answer lost": lambda double: double.lose_answers(1),
    "log-in page": lambda double: double.answer_html(1),
    "signed out": lambda double: double.sign_out(1),
    "429": gateway(429),
    "502": gateway(502),
    "503": gateway(503),
}


def probes(double: HospitalDouble) -> list[str]:
    return [name for name in double.resources() if name.startswith("Basic/")]


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_accident_at_any_request_teaches_nothing(kind: str, accident: str) -> None:
    behaviour: Callable[[], Behaviour] = SERVERS[kind]
    calm = HospitalDouble(behaviour())
    right = asked(calm)
    requests = len(calm.seen)
    calm.close()
    for number in range(requests):
        double = HospitalDouble(behaviour())
        client = FhirClient(DirectTransport(double), SystemClock())
        count = iter(range(requests + 100))

        def at_its_turn(_request: object, count=count, number=number) -> bool:
            return next(count) == number

        ACCIDENTS[accident](double)
        _, answer = double._once.pop()
        double.when(at_its_turn, answer)
        with pytest.raises(Unavailable):
            probe(client, claims(client))
        assert asked(double) == right, number
        assert probes(double) == [], number
        double.close()


def test_only_a_server_that_tells_of_deletions_is_believed_to() -> None:
    double = HospitalDouble()
    assert asked(double).tells_deletions
    double.close()
    assert not Capabilities.decoded('{"client_ids": true}').tells_deletions


def test_a_time_that_looks_like_the_decimal_is_not_taken_for_it() -> None:
    moment = datetime(2026, 11, 20, 7, 0, 1, 103_000, tzinfo=UTC)
    double = HospitalDouble(SERVERS["like-medplum"](), clock=ManualClock(moment))
    assert not asked(double).keeps_decimals
    double.close()
