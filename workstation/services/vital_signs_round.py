"""What the vital-signs round needs to know before it starts: who, where, and the values before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.clinical.monitoring import Due, overdue_minutes
from workstation.clinical.scores.warning import EarlyWarning, Reading
from workstation.clinical.vital_signs import Sign
from workstation.kernel.changes import Changes
from workstation.kernel.folding import natural
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services import assignment, inpatients, monitoring_orders
from workstation.services.assignment import Nurse
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.monitoring_orders import Watch
from workstation.services.ward_board import score_of
from workstation.store import drafts, ward_board

DRAFT: Final = "vital-signs-round"


@dataclass(frozen=True, slots=True)
class RoundPatient:
    """One person of the round.

    Attributes:
        who: The person and the bed.
        previous: The newest value of each sign.
        previous_score: The score of those values.
        due: When the next set is due and why; none when nothing was measured yet.
        overdue_minutes: Minutes since then.
        draft: What was typed and not saved, as the round wrote it.
        now: The time at which this was read, with the terminal's offset.
    """

    who: Inpatient
    previous: Mapping[Sign, Reading]
    previous_score: EarlyWarning | None
    due: Due | None
    overdue_minutes: int
    draft: str | None
    now: datetime

    @property
    def due_at(self) -> datetime | None:
        """When the next set is due; none when nothing was measured yet."""
        return self.due.at if self.due else None


@dataclass(frozen=True, slots=True)
class Round:
    """A whole ward, ready to be measured, by bed."""

    ward: str
    as_of: datetime
    patients: tuple[RoundPatient, ...]


def read(desk: Desk, *, mine: bool = False) -> Round:
    """Everybody on the ward of a desk, by bed, with the drafts of who is logged in.

    Args:
        desk: Who goes round.
        mine: Only the patients of that person in this shift, if there are any.
    """
    now = desk.now()
    with desk.store.read() as view:
        ward = ward_board.read(view, desk.ward, results_since=now)
        kept = {
            draft.patient: draft.body
            for draft in drafts.of_person(view, desk.person.id)
            if draft.kind == DRAFT
        }
        nurses = assignment.carers(view, [row.encounter for row in ward.occupants], now)
        patients = [row.identity.patient for row in ward.occupants]
        watch = monitoring_orders.watch(desk, view, patients, now)
    people = inpatients.of_ward(ward.occupants, {bed.id: bed.name for bed in ward.beds}, now)
    found = [
        _patient(row, who, kept.get(who.patient), now, watch)
        for row, who in zip(ward.occupants, people, strict=True)
        if not who.on_leave
    ]
    own = [each for each in found if _cares(desk, nurses.get(each.who.encounter, ()))]
    by_bed = sorted(
        own if mine and own else found,
        key=lambda each: (natural(each.who.bed_name), each.who.patient),
    )
    return Round(ward.name or "", now, tuple(by_bed))


def _cares(desk: Desk, nurses: tuple[Nurse, ...]) -> bool:
    return any(nurse.id == desk.person.id for nurse in nurses)


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has for one person's row."""
    return name_uuid(DRAFT, desk.person.id, patient)


def keep_draft(desk: Desk, patient: PatientId, body: str) -> Changes:
    """Keep what was typed for one person and is not saved yet; forget it when `body` is empty."""
    with desk.store.write() as unit:
        own = draft_id(desk, patient)
        if body:
            drafts.keep(
                unit, drafts.Draft(own, desk.person.id, patient, DRAFT, body, desk.clock.now())
            )
        else:
            drafts.discard(unit, own)
        return unit.changes


def _patient(
    row: ward_board.Occupant, who: Inpatient, draft: str | None, now: datetime, watch: Watch
) -> RoundPatient:
    score = score_of(row.vitals, who, now)
    due = watch.due(score, who)
    return RoundPatient(
        who=who,
        previous={each.sign: Reading(each.value, each.at) for each in row.vitals},
        previous_score=score,
        due=due,
        overdue_minutes=overdue_minutes(due.at if due else None, now),
        draft=draft,
        now=now,
    )
