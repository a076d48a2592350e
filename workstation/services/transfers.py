"""Between wards: ask for a transfer, accept it with a bed, refuse it; who is expected may not come.

The asking ward keeps the patient until the other has given a bed (`docs/adr/0070`, point 3).
"""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.stays import Step
from workstation.fhir import encounter as mapping
from workstation.fhir import stays as versions
from workstation.fhir.stay_facts import Remark
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId, WardId
from workstation.security.rights import require
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.stays import MOVE_RIGHT, free_bed, open_stay, step_time
from workstation.store import Stored, Unit, stays


def request(desk: Desk, stay: EncounterId, ward: WardId) -> Changes:
    """Ask another ward to take a patient; a request that waits already is replaced.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``on-leave``; ``no-such-ward`` (field
            ``ward``), also for the own.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.REQUEST_TRANSFER)
        names = stays.wards(unit)
        if ward not in names or ward == desk.ward:
            raise Refused("no-such-ward", field="ward")
        asked = versions.transfer_requested(
            seen.resource(), ward, display=names[ward], at=desk.now()
        )
        unit.update(asked, seen=seen)
        desk.audit(unit, "request-transfer", f"Encounter/{stay}")
        return unit.changes


def withdraw(desk: Desk, stay: EncounterId) -> Changes:
    """The asking ward keeps the patient after all.

    Raises:
        Refused: ``not-permitted``; ``stay-over``; ``no-transfer``.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.REFUSE_TRANSFER)
        if not mapping.read(seen.resource()).planned_places:
            raise Refused("no-transfer")
        unit.update(versions.transfer_withdrawn(seen.resource()), seen=seen)
        desk.audit(unit, "withdraw-transfer", f"Encounter/{stay}")
        return unit.changes


def accept(desk: Desk, stay: EncounterId, bed: str, *, at: datetime | None = None) -> Changes:
    """Give a bed of this ward to a patient whom another ward asked to take.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``on-leave``; ``no-transfer``; ``no-such-bed``,
            ``bed-closed``, ``bed-occupied``; ``in-future`` and the like.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = _to_here(desk, unit, open_stay(unit, stay, Step.ACCEPT_TRANSFER))
        place = free_bed(unit, bed, ward=desk.ward)
        when = step_time(desk, seen.resource(), at)
        taken = versions.transfer_accepted(seen.resource(), bed, display=place.name, at=when)
        unit.update(taken, seen=seen)
        desk.audit(unit, "accept-transfer", f"Encounter/{stay}")
        return unit.changes


def refuse(desk: Desk, stay: EncounterId, reason: str) -> Changes:
    """Say why this ward does not take a patient; the asking ward sees it.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``stay-over``; ``no-transfer``.
    """
    require(desk.person, MOVE_RIGHT)
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        seen = _to_here(desk, unit, open_stay(unit, stay, Step.REFUSE_TRANSFER))
        ward = stays.wards(unit).get(desk.ward, "")
        remark = Remark(why, desk.person.name, desk.now(), ward)
        unit.update(versions.transfer_refused(seen.resource(), remark), seen=seen)
        desk.audit(unit, "refuse-transfer", f"Encounter/{stay}")
        return unit.changes


def cancel_expected(desk: Desk, stay: EncounterId, reason: str) -> Changes:
    """Somebody expected does not come.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``already-admitted``, ``stay-over``.
    """
    require(desk.person, MOVE_RIGHT)
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.CANCEL)
        remark = Remark(why, desk.person.name, desk.now(), Step.CANCEL)
        gone = versions.cancelled(seen.resource(), at=desk.now())
        unit.update(versions.with_taken_back(gone, remark), seen=seen)
        desk.audit(unit, "cancel-expected", f"Encounter/{stay}")
        return unit.changes


def _to_here(desk: Desk, unit: Unit, seen: Stored) -> Stored:
    """A stay whose transfer to this ward is asked for."""
    here = {desk.ward, *stays.beds_of(unit, desk.ward)}
    if here.isdisjoint(mapping.read(seen.resource()).planned_places):
        raise Refused("no-transfer")
    return seen
