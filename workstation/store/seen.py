"""What a person has seen of a patient, and what came here since: kept on this terminal only.

A mark says up to when a person has seen something. An arrival says when the newest version of a
record came here from the hospital: it, not the time on the record, decides what is news, because a
sample of the morning is reported in the evening, and after an outage everything comes late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from workstation.fhir.json import Resource, parse
from workstation.fhir.laboratory import is_result, read
from workstation.kernel.ids import PatientId
from workstation.store.record import Unit, View
from workstation.store.rows import listed
from workstation.store.tables import from_milliseconds, to_milliseconds

_MARK: Final = (
    "INSERT INTO seen (person, patient, what, at) SELECT :person, :patient, :what, :at"
    " WHERE EXISTS (SELECT 1 FROM resource WHERE patient = :patient)"
    " OR EXISTS (SELECT 1 FROM pending WHERE patient = :patient)"
    " ON CONFLICT (person, patient, what) DO UPDATE SET at = max(at, excluded.at)"
)
_SINCE: Final = "SELECT at FROM seen WHERE person = ? AND patient = ? AND what = ?"
_LATEST: Final = "SELECT patient FROM seen WHERE person = ? AND what = ? ORDER BY at DESC LIMIT ?"
_ARRIVED: Final = (
    "INSERT INTO arrival (type, id, patient, at, before) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (type, id) DO UPDATE SET patient = excluded.patient, at = excluded.at,"
    " before = coalesce(excluded.before, before)"
)
_OLD: Final = (
    "SELECT id, body FROM resource WHERE type = 'Observation' AND NOT deleted"
    " AND id IN (SELECT value FROM json_each(?))"
)
_BEFORE: Final = (
    "SELECT id, before FROM arrival WHERE patient = ? AND type = 'Observation'"
    " AND before IS NOT NULL"
)
_ARRIVED_SINCE: Final = (
    "SELECT type, id, at FROM arrival WHERE patient = ? AND at > ? ORDER BY at, type, id"
)
_NO_NEWS: Final = frozenset({"Provenance", "Patient"})


def mark(unit: Unit, person: str, patient: PatientId, what: str, at: datetime) -> None:
    """Note that a person has seen something of a patient up to a moment; never moves back.

    Of a patient whose copy was taken off this terminal meanwhile nothing is noted: a chart may
    still be open then, and its mark would stay for good.

    Args:
        unit: A writing transaction.
        person: Id of the person.
        patient: Whose record.
        what: A short name, such as ``results``; features do not share one.
        at: Up to when (aware): when that which was shown was read.
    """
    noted = {"person": person, "patient": patient, "what": what, "at": to_milliseconds(at)}
    unit.connection.exec_driver_sql(_MARK, noted)


def since(view: View, person: str, patient: PatientId, what: str) -> datetime | None:
    """Up to when a person has seen something of a patient (aware); None if never."""
    found = view.connection.exec_driver_sql(_SINCE, (person, patient, what)).scalar()
    return None if found is None else from_milliseconds(found)


def latest(view: View, person: str, what: str, limit: int) -> tuple[PatientId, ...]:
    """At whose records a person looked last, the newest first."""
    rows = view.connection.exec_driver_sql(_LATEST, (person, what, limit))
    return tuple(PatientId(row[0]) for row in rows)


def note_arrivals(
    unit: Unit, came: Iterable[tuple[str | None, Resource | None]], known: Collection[str] = ()
) -> None:
    """Note that new versions came from the hospital now; call it before they are stored.

    Vital signs are left out, whose own time is that of their arrival or nearly so, and of which a
    ward has more than of everything else.

    Args:
        unit: A writing transaction.
        came: Patient and resource; what belongs to nobody or is deleted is passed over.
        known: Ids of Observations that are here in an earlier version.
    """
    at = to_milliseconds(unit.now())
    news = [
        (patient, resource)
        for patient, resource in came
        if patient and resource is not None and _is_news(resource)
    ]
    before = _corrected(unit, [resource for _, resource in news if resource["id"] in known])
    rows = [
        (resource["resourceType"], resource["id"], patient, at, before.get(resource["id"]))
        for patient, resource in news
    ]
    if rows:
        unit.connection.exec_driver_sql(_ARRIVED, rows)


def before_correction(view: View, patient: PatientId) -> dict[str, Resource]:
    """Of each result of a patient whose value was corrected, what it said before."""
    rows = view.connection.exec_driver_sql(_BEFORE, (patient,))
    return {row[0]: parse(row[1]) for row in rows}


def _corrected(unit: Unit, again: list[Resource]) -> dict[str, str]:
    """Earlier bodies of the results whose value is another one now."""
    new = {each["id"]: read(each) for each in again if each["resourceType"] == "Observation"}
    if not new:
        return {}
    found = {}
    for id_, body in unit.connection.exec_driver_sql(_OLD, (listed(new),)):
        old, now = read(parse(body)), new[id_]
        if (old.value, old.words, old.unit) != (now.value, now.words, now.unit):
            found[id_] = body
    return found


def arrived_since(
    view: View, patient: PatientId, moment: datetime
) -> tuple[tuple[str, str, datetime], ...]:
    """Type, id and time of what came here of a patient after a moment, oldest first."""
    rows = view.connection.exec_driver_sql(_ARRIVED_SINCE, (patient, to_milliseconds(moment)))
    return tuple((row[0], row[1], from_milliseconds(row[2])) for row in rows)


def _is_news(resource: Resource) -> bool:
    if resource["resourceType"] == "Observation":
        return is_result(resource)
    return resource["resourceType"] not in _NO_NEWS
