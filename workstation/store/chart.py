"""The read model of a chart: the banner's facts, lists of records, and the timeline by pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import encounter
from workstation.kernel.ids import EncounterId, PatientId, WardId
from workstation.store.record import View
from workstation.store.rows import (
    IDENTITY,
    Allergies,
    Identity,
    Waiting,
    allergies_of,
    diagnoses_of,
    flags_of,
    listed,
    moment,
    waiting_of,
)
from workstation.store.tables import to_milliseconds


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay, with where the person lies."""

    id: EncounterId
    status: str | None
    ward: WardId | None
    ward_name: str | None
    bed: str | None
    bed_name: str | None
    started_at: datetime | None
    ended_at: datetime | None
    diagnosis: str | None
    care_level: str | None


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above a chart all the time.

    Attributes:
        stay: The stay in progress, else the last one.
    """

    identity: Identity
    stay: Stay | None
    allergies: Allergies
    flags: tuple[str, ...]
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list or in the timeline.

    Attributes:
        kind: What tells records of one type apart: category, LOINC code of a note, code of a flag.
        code: First code of what it is about.
        label: Words of what it is about.
    """

    type: str
    id: str
    at: datetime | None
    encounter: str | None
    kind: str | None
    code: str | None
    label: str | None
    status: str | None
    author: str | None
    unsent: bool
    parked: bool
    conflict: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the timeline ends, so that the next one can go on there."""

    at: datetime
    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of the timeline, newest first; ``next`` is None on the last page."""

    lines: tuple[Line, ...]
    next: Place | None


_PERSON: Final = f"""
SELECT {IDENTITY} FROM patient_index p WHERE p.id = ?
"""


def banner(view: View, patient: PatientId) -> Banner | None:
    """The facts above a chart, or None when the patient is not in this store."""
    person = view.connection.exec_driver_sql(_PERSON, (patient,)).one_or_none()
    if person is None:
        return None
    own = stays(view, patient)
    current = next((stay for stay in own if stay.status in encounter.PRESENT), None)
    return Banner(
        identity=Identity(*person),
        stay=current or (own[0] if own else None),
        allergies=allergies_of(view, [patient]).get(patient, Allergies()),
        flags=flags_of(view, [patient]).get(patient, ()),
        waiting=waiting_of(view, [patient]).get(patient, Waiting()),
    )


_STAYS: Final = """
SELECT e.id, e.status, e.ward, w.name, e.bed, b.name, e.started_at, e.ended_at, e.care_level
FROM encounter_index e
LEFT JOIN location_index w ON w.id = e.ward LEFT JOIN location_index b ON b.id = e.bed
WHERE e.patient = ? ORDER BY e.started_at DESC, e.id
"""


def stays(view: View, patient: PatientId) -> tuple[Stay, ...]:
    """All stays of a patient, the newest first."""
    rows = view.connection.exec_driver_sql(_STAYS, (patient,)).all()
    diagnoses = diagnoses_of(view, (row[0] for row in rows))
    return tuple(
        Stay(
            id=row[0],
            status=row[1],
            ward=row[2],
            ward_name=row[3],
            bed=row[4],
            bed_name=row[5],
            started_at=moment(row[6]),
            ended_at=moment(row[7]),
            diagnosis=diagnoses.get(row[0]),
            care_level=row[8],
        )
        for row in rows
    )


_LINE: Final = """
SELECT r.type, r.id, r.at, r.encounter, r.kind, r.code, r.label, r.status, r.author,
  p.state IS NOT NULL, p.state IS 'parked', EXISTS (SELECT 1 FROM conflict c
    WHERE c.type = r.type AND c.resource_id = r.id AND c.state = 'open')
FROM record_index r LEFT JOIN pending p ON p.type = r.type AND p.id = r.id
"""
_RECORDS: Final = f"""{_LINE}
WHERE r.patient = ? AND r.type = ? AND r.type <> 'Observation'
ORDER BY r.at DESC, r.id
"""


def records(view: View, patient: PatientId, type: str) -> tuple[Line, ...]:
    """All records of one type of a patient, the newest first; Observations are in `flowsheet`."""
    rows = view.connection.exec_driver_sql(_RECORDS, (patient, type))
    return tuple(_line(row) for row in rows)


_PAGE: Final = f"""{_LINE}
WHERE r.patient = ? AND r.at IS NOT NULL AND r.at <= ?
  AND (r.at < ? OR (r.type, r.id) > (?, ?))
  AND (? OR r.type IN (SELECT value FROM json_each(?)))
ORDER BY r.at DESC, r.type, r.id LIMIT ?
"""
_LATEST: Final = 2**62


def timeline(
    view: View,
    patient: PatientId,
    *,
    types: Collection[str] = (),
    after: Place | None = None,
    size: int = 100,
) -> Page:
    """One page of everything about a patient, the newest first.

    Args:
        view: One snapshot.
        patient: Whose.
        types: Only these FHIR types; none means all.
        after: Where the page before ended.
        size: At most so many lines.
    """
    start = to_milliseconds(after.at) if after else _LATEST
    place = (after.type, after.id) if after else ("", "")
    rows = view.connection.exec_driver_sql(
        _PAGE, (patient, start, start, *place, not types, listed(types), size + 1)
    ).all()
    lines = tuple(_line(row) for row in rows[:size])
    last = lines[-1] if len(rows) > size else None
    end = Place(last.at, last.type, last.id) if last is not None and last.at else None
    return Page(lines, end)


def _line(row: Sequence[Any]) -> Line:
    fields = [*row[:2], moment(row[2]), *row[3:9], *map(bool, row[9:12])]
    return Line(*fields)
