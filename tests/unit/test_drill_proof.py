"""The proof must find each kind of loss, or it proves nothing."""

from __future__ import annotations

from workstation.drill.proof import Proof, Saved, ServerRecord, prove
from workstation.fhir import systems

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1950-01-01", "gender": "female"}
CHANGED = PATIENT | {"birthDate": "1951-01-01"}
OTHER = PATIENT | {"birthDate": "1952-01-01"}


def judge(*saves: dict, server=None, aside=(), shown=None, everything=()) -> Proof:
    return prove(
        [Saved("A", number, "Patient/p", body) for number, body in enumerate(saves)],
        {"A": shown or {}},
        {"Patient/p": server} if server else {},
        {"Patient/p": aside},
        everything,
    )


def test_a_record_that_is_current_is_safe() -> None:
    proof = judge(CHANGED, server=ServerRecord(CHANGED), shown={"Patient/p": CHANGED})
    assert proof.holds
    assert proof.acknowledged_writes == 1


def test_a_record_the_server_never_got_is_lost() -> None:
    assert judge(CHANGED).lost == ("Patient/p",)


def test_a_value_that_vanished_is_silently_overwritten() -> None:
    proof = judge(CHANGED, server=ServerRecord(OTHER, (PATIENT,)))
    assert proof.silently_overwritten == ("Patient/p",)
    assert not proof.holds


def test_a_value_in_the_history_is_safe() -> None:
    assert judge(CHANGED, server=ServerRecord(OTHER, (PATIENT, CHANGED))).holds


def test_a_value_in_a_conflict_is_safe() -> None:
    assert judge(CHANGED, server=ServerRecord(OTHER), aside=(CHANGED,)).holds


def test_a_value_that_its_own_terminal_replaced_is_safe() -> None:
    assert judge(CHANGED, OTHER, server=ServerRecord(OTHER)).holds


def test_a_record_stored_twice_is_found() -> None:
    ours = {"resourceType": "Observation", "identifier": [{"system": systems.OWN_ID, "value": "u"}]}
    assert judge(everything=[ours, ours]).duplicated == ("Observation u",)


def test_a_terminal_that_shows_something_else_has_not_converged() -> None:
    proof = judge(CHANGED, server=ServerRecord(CHANGED), shown={"Patient/p": PATIENT})
    assert proof.differing == ("A: Patient/p",)
    assert not proof.converged
