"""When a person was last at a chart: what is new to them is new since then. Kept here only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import Unit, View
from workstation.store import seen as marks

ONE_VISIT: Final = timedelta(minutes=15)
"""Who comes back to a chart within this time is still on the same visit."""
FIRST_LOOK: Final = timedelta(hours=24)
"""How far back news goes for somebody who was never here."""
_NOW: Final = "visit"
_BEFORE: Final = "visit-before"


def note(unit: Unit, desk: Desk, patient: PatientId) -> None:
    """Note that the person at the desk looks at a chart now."""
    now, person = desk.now(), desk.person.id
    last = marks.since(unit, person, patient, _NOW)
    if last is not None and now - last > ONE_VISIT:
        marks.mark(unit, person, patient, _BEFORE, last)
    marks.mark(unit, person, patient, _NOW, now)


def before(view: View, desk: Desk, patient: PatientId) -> datetime:
    """When the visit before the one that goes on was (aware)."""
    found = marks.since(view, desk.person.id, patient, _BEFORE)
    return found or desk.now() - FIRST_LOOK


def last(view: View, desk: Desk, patient: PatientId) -> datetime | None:
    """When the person at the desk last looked at a chart (aware); None if never."""
    return marks.since(view, desk.person.id, patient, _NOW)


def recent(view: View, desk: Desk, most: int) -> tuple[PatientId, ...]:
    """Whose charts the person at the desk opened last, the newest first."""
    return marks.latest(view, desk.person.id, _NOW, most)
