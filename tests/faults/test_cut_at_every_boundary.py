"""P2, P3, P4, P7 and P6, with the line cut at each byte of a request and answer that matters.

The boundaries are those of a real request and its real answer, recorded in an undisturbed round.
By default some of them are tried, ``WARD_LONG=1`` tries all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hospital.cli import main as hospital_command
from tests.kit.fault_proxy import Exchange, Fault, FaultProxy, boundaries
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.ward import patient, places, stay
from tests.kit.ward_terminal import pulse
from workstation.fhir.json import canonical
from workstation.kernel.clock import SystemClock
from workstation.kernel.identity import uuid7
from workstation.security.device import DeviceKey
from workstation.store import sync_state
from workstation.sync.sign_in import BackendServices, Device
from workstation.sync.transport import HttpTransport, Limits

pytestmark = [pytest.mark.fault, pytest.mark.timeout(0 if os.environ.get("WARD_LONG") else 300)]

LONG = bool(os.environ.get("WARD_LONG"))
FEW = (
    "nothing",
    "inside first line",
    "after header 3",
    "between headers and body",
    "after the first byte of the body",
    "in the middle of the body",
    "before the last byte of the body",
    "after everything",
)
ONCE = Limits(read_again=0)
"""Nothing is asked again within a round, so that each cut counts."""
SIDES = ("cut_up", "cut_down")


@dataclass
class Scene:
    """A terminal, the line, and what the server really holds."""

    ledger: Ledger
    proxy: FaultProxy
    terminal: LineTerminal
    folder: Path
    made: int = 0

    def value(self) -> int:
        """Another heart rate each time."""
        self.made += 1
        return 40 + self.made % 100


@dataclass
class Work:
    """What was done before a round.

    Attributes:
        versions: How many versions of each ``Type/id`` the server has in the end.
        saved: What somebody saved here, by ``Type/id``; None for a deletion.
    """

    versions: dict[str, int] = field(default_factory=dict)
    saved: dict[str, str | None] = field(default_factory=dict)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("line")
    with running(folder, "--demo") as hospital, FaultProxy(hospital.base) as proxy:
        ledger = Ledger(hospital)
        ledger.furnish(2)
        terminal = LineTerminal(folder / "terminal", proxy.base, limits=ONCE)
        terminal.sync()
        yield Scene(ledger, proxy, terminal, folder)
        terminal.close()


def meaning(resource: dict[str, Any]) -> str:
    """A resource as canonical JSON, `meta` aside."""
    return canonical({key: value for key, value in resource.items() if key != "meta"})


def saved_here(scene: Scene, name: str) -> str:
    return meaning(scene.terminal.get(name))


# What is done before the round, and which exchange is cut.


def a_create(scene: Scene) -> Work:
    name = scene.terminal.create(pulse("patient-1", value=scene.value()))
    return Work({name: 1}, {name: saved_here(scene, name)})


def an_update(scene: Scene) -> Work:
    return _edited(scene, "Patient/patient-1")


def a_batch(scene: Scene) -> Work:
    work = _edited(scene, "Patient/patient-2")
    for _ in range(3):
        one = a_create(scene)
        work.versions |= one.versions
        work.saved |= one.saved
    return work


def a_delete(scene: Scene) -> Work:
    name = scene.terminal.create(pulse("patient-1", value=scene.value()))
    scene.terminal.sync()
    type_, _, id_ = name.partition("/")
    with scene.terminal.store.write(scene.terminal.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)
    return Work({name: 2}, {name: None})


def a_pull(scene: Scene) -> Work:
    theirs = pulse("patient-1", value=scene.value())
    scene.ledger.put(theirs)
    return Work({f"Observation/{theirs['id']}": 1})


def _edited(scene: Scene, name: str) -> Work:
    before = len(scene.ledger.versions(name))
    scene.terminal.edit(
        name, birthDate=f"1950-01-{scene.value() % 28 + 1:02d}", active=bool(before % 2)
    )
    return Work({name: before + 1}, {name: saved_here(scene, name)})


def _puts(path: str) -> Callable[[Exchange], bool]:
    return lambda each: each.method == "PUT" and path in each.path


KINDS: dict[str, tuple[Callable[[Scene], Work], Callable[[Exchange], bool]]] = {
    "create": (a_create, _puts("/Observation/")),
    "update": (an_update, _puts("/Patient/")),
    "batch": (a_batch, lambda each: each.method == "POST" and b'"method":"PUT"' in each.body),
    "delete": (a_delete, lambda each: each.method == "DELETE"),
    "pull": (a_pull, lambda each: b"Observation/_history" in each.body),
}


# What holds whatever happens.


def nothing_is_claimed_that_is_not_so(scene: Scene, work: Work, where: str) -> None:
    """P2 and P7 right after the disturbed round; P4 at any time."""
    status = scene.terminal.status
    for name, saved in work.saved.items():
        if saved is None:
            assert not scene.terminal.has(name), where
        else:
            assert saved_here(scene, name) == saved, f"P2: {where}"
    there = {name: scene.ledger.resource(name) for name in work.saved}
    if status.unsent == 0:
        for name, saved in work.saved.items():
            held = there[name]
            assert (meaning(held) if held else None) == saved, f"P7: {where}"
    for name, most in work.versions.items():
        assert len(scene.ledger.versions(name)) <= most, f"P4: {where}"


def it_converges(scene: Scene, work: Work, where: str) -> None:
    """P3, P4 and P6 after undisturbed rounds."""
    terminal = scene.terminal
    scene.proxy.calm()
    for _ in range(3):
        if terminal.try_sync().complete and terminal.status.unsent == 0:
            break
    status = terminal.status
    assert (status.link, status.unsent, status.parked, status.conflicts) == ("online", 0, 0, 0), (
        where
    )
    for name, versions in work.versions.items():
        assert len(scene.ledger.versions(name)) == versions, f"P4: {where}"
        held = scene.ledger.resource(name)
        if work.saved.get(name, "") is None:
            assert held is None, f"P3: {where}"
            assert not terminal.has(name), where
            continue
        assert held is not None, f"P3: {where}"
        assert meaning(held) == saved_here(scene, name), f"P6: {where}"
        assert work.saved.get(name) in (None, meaning(held)), f"P3: {where}"


def recorded(scene: Scene, kind: str) -> Exchange:
    """The exchange of an undisturbed round."""
    act, where = KINDS[kind]
    work = act(scene)
    scene.proxy.exchanges.clear()
    scene.terminal.sync()
    it_converges(scene, work, "undisturbed")
    return next(each for each in scene.proxy.exchanges if where(each))


def cuts(message: bytes) -> list[str]:
    """The boundaries of a message that are tried."""
    found = boundaries(message)
    head = message.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    lengths = [n for n, line in enumerate(head) if line.startswith(b"content-length")]
    few = {*FEW, *(f"inside header {number}" for number in lengths)}
    return [name for name in found if LONG or name in few]


def disturbed(scene: Scene, kind: str, fault: Fault, where: str) -> None:
    act, applies = KINDS[kind]
    work = act(scene)
    before = scene.terminal.status.data_as_of
    scene.proxy.next(fault, where=applies)
    report = scene.terminal.try_sync()
    assert scene.proxy.waiting == 0, f"never struck: {where}"
    nothing_is_claimed_that_is_not_so(scene, work, where)
    status = scene.terminal.status
    if not report.complete:
        assert (status.link, status.problem) == ("offline", report.outcome), where
        assert status.data_as_of == before, f"P7: {where}"
    it_converges(scene, work, where)


@pytest.mark.long
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("kind", KINDS)
def test_cut_anywhere_nothing_is_lost_doubled_or_claimed(
    scene: Scene, kind: str, side: str
) -> None:
    example = recorded(scene, kind)
    message = example.request if side == "cut_up" else example.answer
    places = cuts(message)
    print(f"{kind} {side}: {len(places)} of {len(boundaries(message))} boundaries")
    assert len(places) >= 4
    for place in places:
        disturbed(scene, kind, Fault(**{side: place}), f"{kind}, {side} {place}")


@pytest.mark.parametrize("answer", ["first", "second"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_request_that_arrives_twice_counts_once(scene: Scene, kind: str, answer: str) -> None:
    disturbed(scene, kind, Fault(duplicate=answer), f"{kind}, twice, the {answer} answer")


def test_a_request_that_arrives_twice_and_whose_answer_is_lost_counts_once(scene: Scene) -> None:
    for kind in KINDS:
        fault = Fault(duplicate="second", cut_down="in the middle of the body")
        if kind == "delete":
            fault = Fault(duplicate="second", cut_down="inside first line")
        disturbed(scene, kind, fault, f"{kind}, twice, and cut")


# The probe: a new terminal each time.


def newcomer(scene: Scene) -> LineTerminal:
    return LineTerminal(scene.folder / f"newcomer-{uuid7()}", scene.proxy.base, limits=ONCE)


def learnt(terminal: LineTerminal) -> str:
    with terminal.store.read() as view:
        found = sync_state.remembered(view, terminal.line.base)
    assert found is not None
    return found.probe


def is_probe(exchange: Exchange) -> bool:
    return "/Basic" in exchange.path or b"Basic/" in exchange.body or "metadata" in exchange.path


def probes_left(scene: Scene) -> set[str]:
    return scene.ledger.ids("Basic")


@pytest.mark.long
@pytest.mark.parametrize("side", SIDES)
def test_a_probe_cut_anywhere_learns_nothing_wrong(scene: Scene, side: str) -> None:
    scene.proxy.calm()
    scene.proxy.exchanges.clear()
    first = newcomer(scene)
    first.sync()
    right = learnt(first)
    first.close()
    asked = [each for each in scene.proxy.exchanges if is_probe(each)]
    assert len(asked) > 10
    tried = 0
    for number, exchange in list(enumerate(asked))[:: 1 if LONG else 2]:
        message = exchange.request if side == "cut_up" else exchange.answer
        places = cuts(message)
        for place in places if LONG else [places[number % len(places)]]:
            tried += 1
            where = f"probe {number} ({exchange.first_line}), {side} {place}"
            passed = iter(range(len(asked)))
            scene.proxy.next(
                Fault(**{side: place}),
                where=lambda each, at=number, passed=passed: (
                    is_probe(each) and next(passed, -1) == at
                ),
            )
            terminal = newcomer(scene)
            terminal.try_sync()
            assert scene.proxy.waiting == 0, f"never struck: {where}"
            terminal.try_sync()
            terminal.sync()
            assert learnt(terminal) == right, where
            terminal.close()
    print(f"probe {side}: {tried} cuts")


# Signing in: a server that asks who comes.


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HospitalProcess, Device]]:
    folder = tmp_path_factory.mktemp("guarded")
    process = HospitalProcess(folder, demo=False)
    record = folder / "ward.ndjson"
    ward = [*places(2), patient(1), patient(2), stay(1), stay(2)]
    record.write_text("\n".join(json.dumps(each, default=str) for each in ward), "utf-8")
    device = Device("terminal-1", DeviceKey("key-1", ec.generate_private_key(ec.SECP384R1())))
    keys = folder / "device.jwks.json"
    keys.write_text(json.dumps({"keys": [device.key.public_jwk()]}), "utf-8")
    database = ["--database", process.database]
    assert hospital_command(["load", *database, str(record)]) == 0
    command = ["device", "add", *database, "--id", device.client, "--name", "Khoa Nội"]
    assert hospital_command([*command, "--jwks", str(keys)]) == 0
    with process:
        yield process, device


def is_sign_in(exchange: Exchange) -> bool:
    return b"client_assertion" in exchange.body


@pytest.mark.long
@pytest.mark.parametrize("side", [*SIDES, "duplicate"])
def test_a_sign_in_cut_anywhere_loses_nothing_and_is_done_again(
    guarded: tuple[HospitalProcess, Device], tmp_path: Path, side: str
) -> None:
    hospital, device = guarded
    with FaultProxy(hospital.base) as proxy:
        own = HttpTransport(hospital.base)
        service = BackendServices(proxy.base.replace("/fhir", "/auth/token"), device, SystemClock())
        ledger = Ledger(hospital, authorization=service.header(own.post_form))
        own.close()
        terminal = LineTerminal(tmp_path / "terminal", proxy.base, credentials=service, limits=ONCE)
        scene = Scene(ledger, proxy, terminal, tmp_path)
        terminal.sync()
        service.forget()
        proxy.exchanges.clear()
        terminal.sync()
        example = next(each for each in proxy.exchanges if is_sign_in(each))
        places = {
            "cut_up": lambda: cuts(example.request),
            "cut_down": lambda: cuts(example.answer),
            "duplicate": lambda: ["first", "second"],
        }[side]()
        for place in places:
            where = f"sign-in, {side} {place}"
            work = a_create(scene)
            service.forget()
            proxy.next(Fault(**{side: place}), where=is_sign_in)
            terminal.try_sync()
            assert proxy.waiting == 0, f"never struck: {where}"
            nothing_is_claimed_that_is_not_so(scene, work, where)
            it_converges(scene, work, where)
        terminal.close()
