"""F19: twenty terminals reconnect at once. All drain; 429 and 503 are honoured.

Nobody has synced before: each brings what was charted offline, and probes, fills and pushes while
the server asks everybody to come later.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.kit.fault_proxy import Exchange, Fault, FaultProxy, throttled
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.ward_terminal import pulse
from workstation.sync.status import SyncStatus

pytestmark = pytest.mark.fault

TERMINALS = 20
CHARTED = 5
ASKED_S = 1
WAYS = (
    throttled(f"Retry-After: {ASKED_S}\r\n"),
    throttled(f"Retry-After: {ASKED_S}\r\n", "503 Service Unavailable"),
    throttled(f'RateLimit: "default";r=0;t={ASKED_S}\r\n'),
)
LIMIT_S = 120.0


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HospitalProcess]:
    with running(tmp_path_factory.mktemp("hospital"), "--demo") as process:
        Ledger(process).furnish(2)
        yield process


@pytest.fixture
def proxy(hospital: HospitalProcess) -> Iterator[FaultProxy]:
    with FaultProxy(hospital.base, seed=19) as between:
        yield between


@pytest.fixture
def everybody(proxy: FaultProxy, tmp_path: Path) -> Iterator[list[LineTerminal]]:
    made = [
        LineTerminal(tmp_path / f"terminal-{number}", proxy.base, number)
        for number in range(1, TERMINALS + 1)
    ]
    yield made
    for each in made:
        each.close()


def until_drained(everybody: list[LineTerminal]) -> None:
    end = time.monotonic() + LIMIT_S
    while not all(done(each.status) for each in everybody):
        left = [each.status for each in everybody if not done(each.status)]
        assert time.monotonic() < end, f"{len(left)} never drained, such as {left[0]}"
        time.sleep(0.1)


def done(status: SyncStatus) -> bool:
    return status.synced and status.link == "online"


def asked_to_wait(proxy: FaultProxy) -> list[tuple[Exchange, Exchange]]:
    """Each refusal, and what the same connection asked next."""
    by_peer: dict[int, list[Exchange]] = defaultdict(list)
    for each in proxy.exchanges:
        by_peer[each.peer].append(each)
    return [
        (refused, after)
        for line in by_peer.values()
        for refused, after in pairwise(line)
        if refused.fault.instead in WAYS
    ]


def test_twenty_terminals_come_back_at_once(
    hospital: HospitalProcess, proxy: FaultProxy, everybody: list[LineTerminal]
) -> None:
    ledger = Ledger(hospital)
    with proxy.refusing():
        names = [
            terminal.create(pulse(f"patient-{1 + n % 2}", f"stay-{1 + n % 2}", 60 + n))
            for terminal in everybody
            for n in range(CHARTED)
        ]
        for terminal in everybody:
            assert terminal.try_sync().outcome == "offline"
            assert terminal.status.unsent == CHARTED
    for way in WAYS:
        proxy.next(Fault(instead=way), times=10)
    for terminal in everybody:
        terminal.engine.start()
    for terminal in everybody:
        terminal.engine.sync_now()  # and nobody's saving or asking hurries a server that refused
    until_drained(everybody)
    waits = asked_to_wait(proxy)
    print(f"{len(proxy.exchanges)} requests, {len(waits)} were told to wait")
    assert proxy.waiting == 0
    assert len(waits) >= len(WAYS) * 5
    assert all(after.at - refused.at >= ASKED_S for refused, after in waits)
    for terminal in everybody:
        terminal.engine.stop()
        terminal.sync()
    assert set(names) == ledger.ids("Observation")
    for name in names:
        assert len(ledger.versions(name)) == 1, "P4"
    first = everybody[0].content("Observation", "Patient", "Encounter")
    assert set(names) <= first.keys()
    for terminal in everybody[1:]:
        assert terminal.content("Observation", "Patient", "Encounter") == first, "P6"


def test_asking_again_does_not_hurry_a_server_that_asked_for_a_rest(
    proxy: FaultProxy, tmp_path: Path
) -> None:
    one = LineTerminal(tmp_path, proxy.base)
    one.sync()
    proxy.exchanges.clear()
    proxy.next(Fault(instead=WAYS[0]))
    one.engine.start()
    while not proxy.exchanges:
        time.sleep(0.01)
    for _ in range(20):
        one.engine.sync_now()
        time.sleep(0.01)
    until_drained([one])
    ((refused, after),) = asked_to_wait(proxy)
    assert after.at - refused.at >= ASKED_S
    one.close()
