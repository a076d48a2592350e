"""What a downtime pack says of each patient, read one at a time so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from workstation.documents.barcode import Label
from workstation.documents.downtime_pack import PackPatient
from workstation.documents.pack_census import CensusRow
from workstation.documents.page import PatientBox
from workstation.kernel.words import Language, say
from workstation.services import (
    chart,
    handover_facts,
    handover_words,
    medication_record,
    pack_medication,
    patient_record,
)
from workstation.services.assignment import Shift
from workstation.services.desk import Desk
from workstation.services.documents import patient_box
from workstation.services.inpatients import Inpatient
from workstation.services.ward_board import Occupant

_ALERTS: Final[Mapping[str, str]] = {
    "no-cpr": "No resuscitation",
    "isolation": "Isolation",
    "fall": "Fall risk",
    "spo2-scale-2": "SpO₂ scale 2",
    "maternity": "Maternity",
}
_HEADS: Final = {
    "situation": "S · Situation",
    "background": "B · Background",
    "assessment": "A · Assessment and changes",
    "recommendation": "R · To do and to watch",
}


def read(desk: Desk, occupant: Occupant, shift: Shift, tongue: Language) -> PackPatient:
    """Read one patient.

    Args:
        desk: Who makes the pack.
        occupant: The patient as the board has them.
        shift: What is told as changed is what changed since it began.
        tongue: Of the printed words.

    Raises:
        Refused: ``no-such-patient``: the patient has left the ward since the census was read.
    """
    who, now = occupant.who, desk.now()
    with desk.store.read() as view:
        banner = patient_record.read_banner(view, who.patient, now)
        stay = patient_record.latest_stay(view, who.patient)
        box = patient_box(banner, chart.diagnosis_line(view, who.patient, stay), tongue)
        facts = handover_facts.read(view, desk, occupant, shift.start, now)
        span = pack_medication.SPAN
        until = now + pack_medication.BEYOND
        drugs = medication_record.read_sheet(desk, view, who.patient, now - span, until)
    said = handover_words.written(facts, tongue)
    return PackPatient(
        patient=who.patient,
        box=box,
        label=_label(box, banner.ward, tongue),
        row=_row(occupant, box, now, tongue),
        facts=who.facts,
        medication=pack_medication.printed(drugs, tongue),
        summary=tuple(
            (say(tongue, head), said[section])  # type: ignore[index]
            for section, head in _HEADS.items()
        ),
    )


def _label(box: PatientBox, ward: str, tongue: Language) -> Label:
    born = f"{box.born:%d/%m/%Y}" if box.born else say(tongue, "Not known")
    return Label(
        name=box.name,
        facts=" · ".join(filter(None, (born, box.sex))),
        bed=" · ".join(filter(None, (box.bed, ward))),
        number=box.record_number,
        number_words=box.record_number or say(tongue, "No record number"),
    )


def _row(occupant: Occupant, box: PatientBox, now: datetime, tongue: Language) -> CensusRow:
    who = occupant.who
    born = f"{box.born:%d/%m/%Y} ({box.age})" if box.born else say(tongue, "Not known")
    return CensusRow(
        bed=who.bed_name,
        name=box.name,
        facts=" · ".join(filter(None, (born, box.sex))),
        number=box.record_number or say(tongue, "No record number"),
        diagnosis=box.diagnosis,
        care=" · ".join(_care(who, tongue)),
        allergies=f"{say(tongue, 'Allergies')}: {box.allergies}",
        allergic=who.allergy_state == "known",
        alerts=_alerts(who, tongue),
        score=_score(occupant, now, tongue),
        urgent=occupant.score is not None and occupant.score.calls,
        nurses=", ".join(nurse.name for nurse in occupant.nurses),
    )


def _care(who: Inpatient, tongue: Language) -> Iterator[str]:
    if who.care_level:
        yield say(tongue, "Care level {level}", level=who.care_level.value)
    if who.day:
        yield say(tongue, "day {day}", day=who.day)
    if who.on_leave:
        yield say(tongue, "On leave")


def _alerts(who: Inpatient, tongue: Language) -> str:
    return ", ".join(say(tongue, _ALERTS[code]) for code in _ALERTS if code in who.flags)


def _score(occupant: Occupant, now: datetime, tongue: Language) -> str:
    score = occupant.score
    if score is None or score.total is None or score.at is None:
        return say(tongue, "No vital signs yet")
    at = score.at.astimezone(now.tzinfo)
    star = "" if score.complete else "*"
    moment = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%H:%M %d/%m}"
    return f"{score.scale.value} {score.total}{star} · {moment}"
