"""F06: the answer is lost after the server applied the change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hospital.wire import Request
from tests.kit.hospital_double import HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse

pytestmark = pytest.mark.fault


def observations(hospital: HospitalDouble) -> list[str]:
    return [name for name in hospital.resources() if name.startswith("Observation/")]


def until_synced(terminal: Terminal, rounds: int = 40) -> int:
    for number in range(1, rounds + 1):
        terminal.try_sync()
        if terminal.status.unsent == 0:
            return number
    raise AssertionError("it never drained")


def test_every_answer_is_lost_once(hospital: HospitalDouble, terminal: Terminal) -> None:
    answered: set[bytes] = set()

    def is_new(request: Request) -> bool:
        sent = request.method.encode() + request.path.encode() + request.body
        if request.method == "GET" or sent in answered:
            return False
        answered.add(sent)
        return True

    hospital.lose_answers(200, is_new)
    for number in range(25):
        terminal.create(pulse("patient-1", value=60 + number))
    assert until_synced(terminal) > 1
    assert len(observations(hospital)) == 25


@pytest.mark.parametrize("how", ["lose_answers", "cut_in_headers", "cut_in_body"])
def test_one_create_whose_answer_is_lost_stands_once(
    hospital: HospitalDouble, terminal: Terminal, how: str
) -> None:
    name = terminal.create(pulse("patient-1"))
    kill_next_write(hospital, how)
    assert not terminal.try_sync().complete
    assert terminal.status.unsent == 1
    assert name in hospital.resources()
    terminal.sync()
    assert terminal.status.unsent == 0
    assert len(hospital.versions(name)) == 1


def test_an_update_whose_answer_is_lost_makes_one_version(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    terminal.edit("Patient/patient-1", birthDate="1950-01-02")
    kill_next_write(hospital, "lose_answers")
    assert terminal.try_sync().outcome == "cut"
    terminal.sync()
    assert terminal.status.unsent == 0
    assert len(hospital.versions("Patient/patient-1")) == 2


def test_a_colleague_edits_on_top_of_an_update_whose_answer_was_lost(
    hospital: HospitalDouble, terminal: Terminal, terminals: Callable[..., Terminal]
) -> None:
    other = terminals(2)
    other.sync()
    terminal.edit("Patient/patient-1", birthDate="1950-01-02")
    kill_next_write(hospital, "lose_answers")
    terminal.try_sync()
    other.sync()
    other.edit("Patient/patient-1", birthDate="1950-02-01")
    other.sync()
    terminal.sync()
    assert terminal.status.conflicts == 0
    assert terminal.status.unsent == 0
    assert terminal.get("Patient/patient-1")["birthDate"] == "1950-02-01"
    assert [v["birthDate"] for v in hospital.versions("Patient/patient-1")][:2] == [
        "1950-02-01",
        "1950-01-02",
    ]


def test_a_delete_whose_answer_is_lost_is_done(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    name = terminal.create(pulse("patient-1"))
    terminal.sync()
    type_, _, id_ = name.partition("/")
    with terminal.store.write(terminal.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)
    hospital.lose_answers(1, lambda request: request.method == "DELETE")
    assert terminal.try_sync().outcome == "cut"
    terminal.sync()
    assert terminal.status.unsent == 0
    assert name not in hospital.resources()
    assert not terminal.has(name)


def kill_next_write(hospital: HospitalDouble, how: str) -> None:
    """Let the next write be done and its answer spoilt."""

    def is_write(request: Request) -> bool:
        return request.method in ("PUT", "DELETE") or (
            request.method == "POST" and b'"method":"PUT"' in plain(request)
        )

    def spoilt(request: Request) -> object:
        getattr(hospital, how)()
        return hospital.handle(request)

    hospital.when(is_write, spoilt)  # type: ignore[arg-type]


def plain(request: Request) -> bytes:
    import gzip

    zipped = request.headers.get("content-encoding") == "gzip"
    return gzip.decompress(request.body) if zipped else request.body
