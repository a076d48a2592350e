"""Two versions of one record that contradict each other, as a sync would find them."""

from __future__ import annotations

from typing import Any

from tests.kit.store import NURSE, START
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, dump
from workstation.store import Author, Store, conflicts
from workstation.store.index import IndexRow, refresh
from workstation.sync.conflicts import open_conflict
from workstation.sync.merge import Clash, merge


def hear(store: Store, resource: Resource, version: str = "1") -> None:
    """Let the server have said a version of a resource."""
    type_, id_ = resource["resourceType"], resource["id"]
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO resource (type, id, version, body, deleted, patient)"
            " VALUES (?,?,?,?,0,?)",
            (type_, id_, version, dump(resource), patient_of(resource)),
        )
        refresh(unit.connection, [IndexRow(type_, id_, resource)])


def hear_of_deletion(store: Store, resource: Resource, version: str = "2") -> None:
    """Let the server have deleted a resource."""
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE resource SET deleted = 1, version = ? WHERE type = ? AND id = ?",
            (version, resource["resourceType"], resource["id"]),
        )


def contradict(store: Store, base: Resource, mine: Any, theirs: Any, author: Author = NURSE) -> str:
    """Change `base` into `mine` here, and into `theirs` on the server; None deletes.

    Returns:
        The id of the conflict.
    """
    type_, id_ = base["resourceType"], base["id"]
    hear(store, base)
    with store.write(author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        if mine is None:
            unit.delete(type_, id_, seen=seen)
        else:
            unit.update(mine, seen=seen)
    if theirs is None:
        hear_of_deletion(store, base)
    else:
        hear(store, theirs, "2")
    with store.write() as unit:
        pending = conflicts.candidate(unit, type_, id_)
        assert pending is not None
        clash = merge(pending.base, pending.body, theirs)
        assert isinstance(clash, Clash)
        return open_conflict(unit, f"{type_}/{id_}", theirs, clash, START)
