"""The read model of flowsheet and graph: values of one patient by code and time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final

from workstation.clinical.vital_signs import Sign
from workstation.kernel.ids import PatientId
from workstation.store.record import View
from workstation.store.rows import VOID, listed, moment
from workstation.store.tables import to_milliseconds
from workstation.store.ward_board import SIGN_OF


@dataclass(frozen=True, slots=True)
class Charted:
    """One value of one Observation.

    Attributes:
        observation: Id of the Observation; two values of a blood pressure share it.
        code: LOINC code; of a vital sign, the first of its codes.
        sign: The vital sign that the code names, if it is one.
        at: When it was measured (aware).
        value: For drawing; None when there is no number.
        digits: The number exactly as it was written, in `unit`.
        text: Words or code of a value that is not a number.
        status: FHIR status; what is entered in error is given too, to be shown struck through.
        flag: Code of the interpretation (``H``, ``L``, ``A`` …).
        unsent: Whether the hospital does not have it yet.
    """

    observation: str
    code: str
    sign: Sign | None
    at: datetime
    value: float | None
    digits: str | None
    unit: str | None
    text: str | None
    status: str | None
    category: str | None
    flag: str | None
    unsent: bool


_VALUES: Final = """
SELECT o.id, o.code, o.at, o.value, o.digits, o.unit, o.text, o.status, o.category, o.flag,
  EXISTS (SELECT 1 FROM pending p WHERE p.type = 'Observation' AND p.id = o.id)
FROM observation_index o
WHERE o.patient = ? AND o.code IN (SELECT value FROM json_each(?)) AND o.at >= ? AND o.at < ?
ORDER BY o.at, o.code, o.id
"""

_BY_CATEGORY: Final = """
SELECT o.id, o.code, o.at, o.value, o.digits, o.unit, o.text, o.status, o.category, o.flag,
  EXISTS (SELECT 1 FROM pending p WHERE p.type = 'Observation' AND p.id = o.id)
FROM record_index r JOIN observation_index o ON o.id = r.id
WHERE r.patient = ? AND r.at >= ? AND r.at < ? AND r.type = 'Observation' AND r.kind = ?
ORDER BY o.at, o.code, o.id
"""


def vital_signs(
    view: View,
    patient: PatientId,
    *,
    since: datetime,
    until: datetime,
    signs: Collection[Sign] = tuple(Sign),
) -> tuple[Charted, ...]:
    """The vital signs of a patient, oldest first.

    Args:
        view: One snapshot.
        patient: Whose.
        since: From this moment on (aware).
        until: Up to, but without, this moment (aware).
        signs: Only these.
    """
    codes = [code for code, sign in SIGN_OF.items() if sign in signs]
    return values(view, patient, codes, since=since, until=until)


def values(
    view: View, patient: PatientId, codes: Collection[str], *, since: datetime, until: datetime
) -> tuple[Charted, ...]:
    """The values of some codes, oldest first; the arguments are those of `vital_signs`."""
    return _charted(
        view,
        _VALUES,
        (patient, listed(codes), to_milliseconds(since), to_milliseconds(until)),
    )


def category(
    view: View, patient: PatientId, name: str, *, since: datetime, until: datetime
) -> tuple[Charted, ...]:
    """All values of a category, such as ``laboratory``, oldest first."""
    return _charted(
        view,
        _BY_CATEGORY,
        (patient, to_milliseconds(since), to_milliseconds(until), name),
    )


_NEWEST_SIGNS: Final = f"""
SELECT DISTINCT o.id FROM json_each(?) c CROSS JOIN observation_index o
WHERE o.patient = ? AND o.code = c.value AND o.at >= coalesce((
    SELECT DISTINCT v.at FROM observation_index v
    WHERE v.patient = o.patient AND v.code = c.value AND v.at IS NOT NULL
      AND coalesce(v.status, '') NOT IN {VOID}
    ORDER BY v.at DESC LIMIT 1 OFFSET ?), {-(2**62)})
  AND coalesce(o.status, '') NOT IN {VOID}
ORDER BY o.id
"""


def newest_signs(view: View, patient: PatientId, each: int) -> list[str]:
    """Ids of the Observations that hold the newest values of each vital sign of a patient.

    Args:
        view: One snapshot.
        patient: Whose.
        each: At how many times a sign was measured; two values of one time are both given.
    """
    rows = view.connection.exec_driver_sql(_NEWEST_SIGNS, (listed(SIGN_OF), patient, each - 1))
    return list(rows.scalars().all())


_RESULTS: Final = f"""
SELECT o.at, o.id, json_array(o.code, r.code, r.label)
FROM observation_index o INDEXED BY observation_index_results
LEFT JOIN record_index r ON r.type = 'Observation' AND r.id = o.id
WHERE o.patient = ? AND o.category = 'laboratory' AND coalesce(o.status, '') NOT IN {VOID}
ORDER BY o.at DESC
"""


def results(view: View, patient: PatientId) -> list[dict[str, set[str]]]:
    """The laboratory results of a patient, those of one moment together, newest first.

    What has no time comes last.

    Returns:
        By id, what tells the tests apart in it: results with the same are results of one test.
    """
    found = []
    rows = view.connection.exec_driver_sql(_RESULTS, (patient,)).all()
    for _, same in groupby(rows, key=itemgetter(0)):
        moment_: dict[str, set[str]] = {}
        for _, id_, test in same:
            moment_.setdefault(id_, set()).add(test)
        found.append(moment_)
    return found


def _charted(view: View, sql: str, arguments: tuple[object, ...]) -> tuple[Charted, ...]:
    found = []
    for row in view.connection.exec_driver_sql(sql, arguments).all():
        at = moment(row[2])
        if at is not None:
            fields = [*row[:2], SIGN_OF.get(row[1]), at, *row[3:10], bool(row[10])]
            found.append(Charted(*fields))
    return tuple(found)
