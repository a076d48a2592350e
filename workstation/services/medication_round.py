"""The medication round: every drug that is due on the ward, by bed and time, with its patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.scanning import same_code
from workstation.kernel.folding import natural
from workstation.kernel.ids import PatientId
from workstation.services import inpatients, medication_due
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.medication_due import DueDose
from workstation.store import ward_board

_AHEAD: Final = timedelta(hours=1, minutes=1)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One thing to do about a drug, and for whom."""

    who: Inpatient
    due: DueDose


@dataclass(frozen=True, slots=True)
class MedicationRound:
    """What is due on a ward.

    Attributes:
        ward: Its name.
        as_of: When it was read.
        people: Everybody on the ward, by bed, for their wristbands.
        lines: By bed, then by time.
    """

    ward: str
    as_of: datetime
    people: tuple[Inpatient, ...]
    lines: tuple[RoundLine, ...]

    def person(self, scanned: str) -> Inpatient | None:
        """Whose wristband was scanned."""
        for who in self.people:
            if who.record_number and same_code(scanned, who.record_number):
                return who
        return None


def read(desk: Desk) -> MedicationRound:
    """What is due on the ward of a desk."""
    now = desk.now()
    with desk.store.read() as view:
        ward = ward_board.read(view, desk.ward, results_since=now)
        beds = {bed.id: bed.name for bed in ward.beds}
        people = inpatients.of_ward(ward.occupants, beds, now)
        due = medication_due.due(view, [who.patient for who in people], now, ahead=_AHEAD)
    by_bed = sorted(people, key=lambda who: (natural(who.bed_name), who.patient))
    found: dict[PatientId, list[DueDose]] = {who.patient: [] for who in by_bed}
    for line in due:
        found[line.patient].append(line)
    lines = (RoundLine(who, line) for who in by_bed for line in found[who.patient])
    return MedicationRound(ward.name or "", now, tuple(by_bed), tuple(lines))


def is_drug(line: RoundLine, scanned: str) -> bool:
    """Whether the drug of a line was scanned."""
    return any(same_code(scanned, code.rpartition("|")[2]) for code in line.due.codes)
