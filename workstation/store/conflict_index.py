"""The table ``conflict``: finds the Tasks in which conflicts travel; derived from them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from workstation.fhir import conflict as fhir
from workstation.fhir import elements
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource
from workstation.kernel.errors import Refused
from workstation.store.index_rows import milliseconds


def refresh(connection: Connection, rows: Mapping[str, Resource | None]) -> None:
    """Bring the index of conflicts up to date with some Tasks, by id."""
    ids = [(id_,) for id_ in rows]
    connection.exec_driver_sql("DELETE FROM conflict WHERE id = ?", ids)
    found = [_row(task) for task in rows.values() if fhir.is_conflict(task) and task]
    if found:
        connection.exec_driver_sql(
            "INSERT INTO conflict (id, type, resource_id, patient, state, opened_at, opened_by,"
            " decided_at, decided_by) VALUES (?,?,?,?,?,?,?,?,?)",
            found,
        )


def _row(task: Resource) -> tuple[object, ...]:
    focus = elements.text(elements.mapping(task.get("focus")).get("reference")) or "/"
    type_, _, id_ = focus.rpartition("/")
    decision = _last_decision(task)
    requester = elements.mapping(task.get("requester"))
    return (
        *(task["id"], type_, id_, patient_of(task)),
        "open" if task.get("status") == fhir.OPEN else "decided",
        milliseconds(elements.instant(task.get("authoredOn"))) or 0,
        elements.text(requester.get("display")) or elements.text(requester.get("reference")),
        milliseconds(elements.instant(decision.at)) if decision else None,
        elements.text(decision.display) if decision else None,
    )


def _last_decision(task: Resource) -> fhir.Decision | None:
    """The newest decision; none in a Task that somebody else has mangled."""
    try:
        decisions = fhir.from_task(task).decisions
    except Refused:
        return None
    return decisions[-1] if decisions else None
