"""What people do at a terminal during a drill, each through the same services as the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.names import PersonName
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.fhir.conflict import Choice
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import EncounterId, PatientId
from workstation.services import (
    conflicts,
    contact_details,
    medication,
    notes,
    orders,
    stays,
    vital_signs,
)
from workstation.services.desk import Desk
from workstation.services.notes import NoteDraft, NoteText
from workstation.services.registration import Registrant
from workstation.services.stays import Admission

Act = Callable[..., Changes]

_ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    """Make a function known to the story under a name."""

    def register(function: Act) -> Act:
        _ACTS[name] = function
        return function

    return register


def perform(desk: Desk, name: str, arguments: Mapping[str, Any]) -> Changes:
    """Do one of the acts.

    Raises:
        Refused: ``unknown-act``, or whatever the service refuses.
    """
    try:
        function = _ACTS[name]
    except KeyError:
        raise Refused("unknown-act", act=name) from None
    return function(desk, **arguments)


@act("vital-signs")
def _vital_signs(
    desk: Desk, *, patient: str, minutes_ago: float, values: Mapping[str, str]
) -> Changes:
    measured: dict[str, Any] = {
        name: Consciousness(value) if name == Sign.CONSCIOUSNESS else Decimal(value)
        for name, value in values.items()
    }
    at = desk.now() - timedelta(seconds=round(minutes_ago * 60))
    vitals = replace(VitalSigns(at=at), **measured)
    return vital_signs.record(desk, PatientId(patient), vitals, confirmed=set(Sign))


@act("note")
def _note(desk: Desk, *, patient: str, kind: str, course: str, orders: str = "") -> Changes:
    draft = NoteDraft(
        id=uuid7(),
        kind="doctor" if kind == "doctor" else "nurse",
        text=NoteText(course, orders),
        saved_at=desk.now(),
    )
    notes.keep_draft(desk, PatientId(patient), draft)
    return notes.sign(desk, PatientId(patient), draft)


@act("amend-last-note")
def _amend_last_note(desk: Desk, *, patient: str, addition: str, reason: str) -> Changes:
    written = notes.notes(desk, PatientId(patient))
    latest = next(each for each in written if each.kind in ("doctor", "nurse"))
    text = replace(latest.text, course=f"{latest.text.course}\n{addition}".strip())
    return notes.amend(desk, latest, text, reason=reason)


@act("care-level")
def _care_level(desk: Desk, *, stay: str, level: str) -> Changes:
    return stays.set_care_level(desk, EncounterId(stay), CareLevel(level))


@act("move")
def _move(desk: Desk, *, stay: str, bed: str) -> Changes:
    return stays.move(desk, EncounterId(stay), bed)


@act("phone")
def _phone(desk: Desk, *, patient: str, number: str) -> Changes:
    return contact_details.set_phone(desk, PatientId(patient), number)


@act("address")
def _address(desk: Desk, *, patient: str, address: str) -> Changes:
    return contact_details.set_address(desk, PatientId(patient), address)


@act("order")
def _order(desk: Desk, *, patient: str, drug: str, milligrams: str, times_a_day: int) -> Changes:
    prescription = Prescription(
        drug=drug,
        amount=Amount(Decimal(milligrams), "mg"),
        route="Uống",
        timing=Timing(times_a_day=times_a_day),
    )
    return orders.order_drug(desk, PatientId(patient), prescription)


@act("give")
def _give(desk: Desk, *, order: str) -> Changes:
    return medication.give(desk, order)


@act("admit-newcomer")
def _admit_newcomer(desk: Desk, *, national_id: str, born: str, name: str, bed: str) -> Changes:
    """Register somebody who comes through the door, and put them to bed."""
    person = Registrant(
        name=PersonName.from_text(name),
        sex="male",
        birth_date=date.fromisoformat(born),
        national_id=national_id,
    )
    return stays.admit_new(desk, person, Admission(bed, "Theo dõi đau ngực"))


@act("decide")
def _decide(desk: Desk, *, conflict: str, side: str, reason: str) -> Changes:
    detail = conflicts.detail(desk, conflict)
    choice: Choice = "mine" if side == "mine" else "theirs"
    return conflicts.decide(desk, conflict, [choice for _ in detail.questions], reason)
