"""Taking a patient's copy off this terminal, some time after they left its scope.

What the server has accepted is safe there and may go. What it has not accepted, and every draft,
keeps the whole patient here (P2): nothing unsent is ever deleted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.store import index
from workstation.store.record import Unit, View
from workstation.store.tables import to_milliseconds

READABLE_FOR: Final = timedelta(hours=24)
"""How long a patient who left the scope stays readable."""

_EXPIRED: Final = """
SELECT patient FROM scope_member GROUP BY patient
HAVING sum(left_at IS NULL) = 0 AND max(left_at) <= ? ORDER BY patient
"""

_UNSENT: Final = """
SELECT (SELECT count(*) FROM pending p WHERE p.patient = :patient OR EXISTS (
    SELECT 1 FROM resource r WHERE r.patient = :patient AND r.type = p.type AND r.id = p.id))
  + (SELECT count(*) FROM change WHERE patient = :patient AND answered_at IS NULL),
  (SELECT count(*) FROM draft WHERE patient = :patient)
"""


def expired(view: View, now: datetime) -> tuple[PatientId, ...]:
    """The patients who left every scope of this terminal long enough ago."""
    rows = view.connection.exec_driver_sql(_EXPIRED, (to_milliseconds(now - READABLE_FOR),))
    return tuple(PatientId(row[0]) for row in rows)


def purge(unit: Unit, patient: PatientId) -> Changes:
    """Take everything about a patient off this terminal.

    Args:
        unit: A writing transaction.
        patient: Whose record.

    Returns:
        What is gone, for the screens.

    Raises:
        Refused: ``unsent-changes`` with ``unsent`` and ``drafts``; nothing was touched.
    """
    run = unit.connection.exec_driver_sql
    unsent, drafts = run(_UNSENT, {"patient": patient}).one()
    if unsent or drafts:
        raise Refused("unsent-changes", unsent=unsent, drafts=drafts)
    keys = run("SELECT type, id FROM resource WHERE patient = ?", (patient,)).all()
    index.refresh(unit.connection, [index.IndexRow(key[0], key[1], None) for key in keys])
    for table in ("resource", "change", "unreadable", "scope_member", "seen", "arrival"):
        run(f"DELETE FROM {table} WHERE patient = ?", (patient,))
    return Changes(
        types=frozenset(key[0] for key in keys),
        references=frozenset(f"{key[0]}/{key[1]}" for key in keys),
        patients=frozenset({patient}),
        ward=True,
    )
