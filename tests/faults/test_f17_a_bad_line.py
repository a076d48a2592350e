"""F17: the link is slow, drops connections, cuts bodies in half, and a proxy answers HTML.

It finishes, resumes where it was, and marks nothing as sent that was not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.fault_proxy import Fault, FaultProxy, Line
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.ward_terminal import pulse
from workstation.fhir.json import canonical
from workstation.store import sync_state
from workstation.sync.patience import Pace
from workstation.sync.transport import Limits

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(0 if os.environ.get("WARD_LONG") else 300),
]

SEED = int(os.environ.get("WARD_SEED", "17"))
BEDS = 4
ISDN = 8_000.0
"""64 kbit/s, in bytes a second."""
BAD = Line(latency_s=0.002, drops=0.3, life=6, halves=0.05, html=0.05)
MOST_ROUNDS = 60


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HospitalProcess]:
    with running(tmp_path_factory.mktemp("hospital"), "--demo") as process:
        Ledger(process).furnish(BEDS)
        yield process


def lacking(ledger: Ledger, terminal: LineTerminal, names: list[str]) -> list[str]:
    """What was saved here and the server does not hold as it was saved."""
    held = {name: ledger.resource(name) for name in names}
    return [name for name in names if not (one := held[name]) or not same(one, terminal, name)]


def same(held: dict[str, object], terminal: LineTerminal, name: str) -> bool:
    return _meaning(held) == _meaning(terminal.get(name))


def _meaning(resource: dict[str, object]) -> str:
    return canonical({key: value for key, value in resource.items() if key != "meta"})


def patients_filled(terminal: LineTerminal) -> set[str]:
    with terminal.store.read() as view:
        return set(sync_state.members(view, "ward-a"))


def chart(terminal: LineTerminal, count: int, year: int = 0) -> list[str]:
    names = [
        terminal.create(pulse(f"patient-{n % BEDS + 1}", f"stay-{n % BEDS + 1}", 50 + n))
        for n in range(count)
    ]
    for number in range(1, BEDS + 1):
        terminal.edit(f"Patient/patient-{number}", birthDate=f"{1930 + year}-02-0{number}")
    return [*names, *(f"Patient/patient-{n}" for n in range(1, BEDS + 1))]


@pytest.mark.long
def test_on_a_line_that_breaks_cuts_and_lies_it_finishes_and_claims_nothing(
    hospital: HospitalProcess, tmp_path: Path
) -> None:
    ledger = Ledger(hospital)
    seeds = range(SEED, SEED + (25 if os.environ.get("WARD_LONG") else 2))
    struck = 0
    for seed in seeds:
        folder = tmp_path / f"terminal-{seed}"
        with (
            FaultProxy(hospital.base, seed=seed) as proxy,
            LineTerminal(folder, proxy.base) as terminal,
        ):
            print(f"seed {seed}: WARD_SEED={seed} repeats it")
            proxy.line = BAD
            first = settled(terminal, ledger, proxy, [])
            before = {f"Patient/patient-{n}": versions(ledger, n) for n in range(1, BEDS + 1)}
            names = chart(terminal, 60, seed)
            terminal.engine._client.most_entries = 8
            rounds = settled(terminal, ledger, proxy, names)
            broken = sum(each.fault != Fault() for each in proxy.exchanges)
            print(f"  {first} and {rounds} rounds, {broken} of {len(proxy.exchanges)} broken")
            struck += broken
            for name in names:
                assert len(ledger.versions(name)) == before.get(name, 0) + 1, "P4"
    assert struck > 3 * len(seeds)


def versions(ledger: Ledger, number: int) -> int:
    return len(ledger.versions(f"Patient/patient-{number}"))


def settled(terminal: LineTerminal, ledger: Ledger, proxy: FaultProxy, names: list[str]) -> int:
    """Rounds until everything is there, each of which claims only what is so."""
    for number in range(1, MOST_ROUNDS + 1):
        filled, passed = patients_filled(terminal), len(proxy.exchanges)
        report = terminal.try_sync()
        again = [
            each.path
            for each in proxy.exchanges[passed:]
            if "$everything" in each.path and each.path.split("/")[3] in filled
        ]
        assert again == [], "resumes where it was: who is here whole is not fetched again"
        status = terminal.status
        assert status.parked == status.conflicts == 0
        assert status.unsent >= len(lacking(ledger, terminal, names)), "P7"
        assert report.complete == (status.problem is None)
        if report.complete and status.unsent == 0:
            return number
    raise AssertionError(f"not done after {MOST_ROUNDS} rounds: {terminal.status}")


def test_at_64_kbit_a_shifts_charting_goes_through_in_one_round(
    hospital: HospitalProcess, tmp_path: Path
) -> None:
    ledger = Ledger(hospital)
    with (
        FaultProxy(hospital.base) as proxy,
        LineTerminal(tmp_path / "terminal", proxy.base) as terminal,
    ):
        terminal.sync()
        names = chart(terminal, 40, 1)
        proxy.exchanges.clear()
        proxy.line = Line(latency_s=0.05, bytes_per_second=ISDN)
        assert terminal.try_sync().complete
        travelled = sum(len(each.request) + len(each.answer) for each in proxy.exchanges)
        print(f"{travelled} bytes in {len(proxy.exchanges)} requests")
        assert terminal.status.unsent == 0
        assert lacking(ledger, terminal, names) == []


def test_a_body_that_outlasts_the_patience_for_a_byte_still_arrives(
    hospital: HospitalProcess, tmp_path: Path
) -> None:
    """A large batch lies in this machine's buffers while no byte comes back: it is not silence."""
    pace = Pace(stall_s=0.4, grace_s=5.0, slowest=2_000.0)
    with (
        FaultProxy(hospital.base) as proxy,
        LineTerminal(tmp_path / "terminal", proxy.base, limits=Limits(pace=pace)) as terminal,
    ):
        terminal.sync()
        chart(terminal, 100, 2)
        proxy.exchanges.clear()
        proxy.line = Line(bytes_per_second=ISDN)
        assert terminal.try_sync().complete
        longest = max(len(each.request) for each in proxy.exchanges)
        assert longest / ISDN > pace.stall_s
        assert terminal.status.unsent == 0
