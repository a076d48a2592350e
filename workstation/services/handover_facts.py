"""Reads what a handover of one patient is written from, in one snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.care_plan import Evaluation
from workstation.clinical.care_site import day_in_place, gravest
from workstation.clinical.handover import Facts, Finding, Fluids, InPlace, OpenProblem
from workstation.clinical.order_safety import Words
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import drug_order, note, summary
from workstation.kernel.ids import PatientId
from workstation.services import (
    care_due,
    care_plans,
    changes_since,
    chart,
    flowsheet,
    fluid_balance_sheet,
    note_signatures,
    patient_record,
    results,
)
from workstation.services.changes_since import Change
from workstation.services.desk import Desk
from workstation.services.ward_board import Occupant
from workstation.store import View

_ABNORMAL: Final = 6
"""So many results are named; the chart has the others."""
_TESTS: Final = 20
_NEXT_SHIFT: Final = timedelta(hours=12)
"""What is due later is for whoever comes after the next person."""


def read(view: View, desk: Desk, occupant: Occupant, since: datetime, now: datetime) -> Facts:
    """Read one patient.

    Args:
        view: One snapshot.
        desk: Who hands over.
        occupant: The patient as the board has them.
        since: The last handover, or the beginning of the shift (aware).
        now: The present (aware).
    """
    who, patient = occupant.who, occupant.who.patient
    banner = patient_record.read_banner(view, patient, now)
    news = changes_since.read(view, desk, patient, since, own=True)
    return Facts(
        name=who.name.plain,
        bed=who.bed_name,
        sex=who.sex,
        age=who.age,
        day=who.day,
        diagnoses=_diagnoses(view, patient) or who.diagnosis or "",
        care_level=who.care_level,
        score=occupant.score,
        previous=occupant.previous_total,
        signs=_signs(view, patient, now),
        allergies=tuple(item.substance for item in banner.allergies.items),
        allergies_known=banner.allergies.state != "not-asked",
        alerts=tuple(alert.code or alert.words for alert in banner.alerts),
        drugs=_drugs(view, patient),
        in_place=_in_place(view, patient, now),
        problems=_problems(view, desk, patient, now),
        fluids=_fluids(view, patient, since, now),
        abnormal=_abnormal(view, patient, since),
        news=tuple(Counter(change.kind for change in news).most_common()),
        ended=tuple(dict.fromkeys(_ended(news))),
        due=tuple(item for item in occupant.tasks if item.at <= now + _NEXT_SHIFT),
        pending=_pending(view, patient),
        since=since,
        now=now,
        concluded=_concluded(view, patient, news),
    )


def _diagnoses(view: View, patient: PatientId) -> str:
    return chart.diagnosis_line(view, patient, patient_record.latest_stay(view, patient))


def _signs(view: View, patient: PatientId, now: datetime) -> VitalSigns | None:
    found = flowsheet.read_flowsheet(view, patient, now, newest=1)
    return found.columns[-1].vitals if found.columns else None


def _drugs(view: View, patient: PatientId) -> tuple[str, ...]:
    """Each current order in full: name, dose, unit, route, frequency, in this order (ISMP)."""
    orders = map(drug_order.read, patient_record.resources(view, "MedicationRequest", patient))
    current = [order for order in orders if order.current]
    current.sort(key=lambda order: (order.as_needed, order.name.casefold()))
    return tuple(order.line for order in current)


def _in_place(view: View, patient: PatientId, now: datetime) -> tuple[InPlace, ...]:
    """What lies in the patient, and wounds; a bad grade of the newest look is named."""
    found = []
    for row in care_due.in_place(view, [patient], now).get(patient, ()):
        site = row.record.site
        step = gravest(site.kind, row.last.record.look) if row.last else None
        finding = step.words if step is not None and step.shade else ""
        days = day_in_place(site, now)
        found.append(InPlace(site.kind.words, site.detail, site.place.words, days, finding))
    return tuple(found)


def _problems(view: View, desk: Desk, patient: PatientId, now: datetime) -> tuple[OpenProblem, ...]:
    """Nursing problems that go on, with the newest evaluation of each."""
    found = []
    for row in care_plans.read_rows(view, desk.knowledge, patient, "vi", since=now):
        if not row.going:
            continue
        plan, went = row.record.plan, row.evaluation
        what = went.record.what if went is not None else None
        outcome = what.outcome if isinstance(what, Evaluation) else None
        english = care_plans.problem_words(desk.knowledge, plan.code, plan.words, "en")
        words = Words(vi=row.words, en=english)
        remark = what.remark if what is not None else ""
        found.append(OpenProblem(words, plan.because, outcome, remark))
    return tuple(found)


def _fluids(view: View, patient: PatientId, since: datetime, now: datetime) -> Fluids | None:
    found = fluid_balance_sheet.read_totals(view, patient, since, now)
    if not found:
        return None
    return Fluids(since, found.intake_ml, found.output_ml, found.complete)


def _abnormal(view: View, patient: PatientId, since: datetime) -> tuple[Finding, ...]:
    """The newest result of each test, where it is abnormal and not older than the handover."""
    found = []
    for test in results.read_results(view, patient, newest=_TESTS):
        result = test.latest
        moment = result.issued or result.at
        if result.flag not in ("", "normal") and moment is not None and moment >= since:
            number = "" if result.value is None else f"{result.value:f} {result.unit}"
            found.append(Finding(result.name, number.strip() or result.words, result.at))
    return tuple(found[:_ABNORMAL])


def _concluded(
    view: View, patient: PatientId, news: Iterable[Change]
) -> tuple[tuple[str, bool], ...]:
    """What consultations came to, the newest first, and whether they wait for their chair."""
    ids = [each.id for each in news if each.kind == "consultation"]
    under = note_signatures.of_notes(view, patient, ids)
    found = []
    for stored in view.these("DocumentReference", ids):
        values = note.read(stored.resource())
        if values.consultation is not None and values.state != "entered-in-error":
            words = " ".join(values.consultation.conclusion.split())
            found.append((words, under[stored.id].state != "signed"))
    return tuple(found)


def _ended(news: Iterable[Change]) -> list[str]:
    """What was stopped; a signature taken back is none of it: the note says that it waits."""
    ended = (change for change in news if change.ended and change.kind != "signature")
    return [change.title for change in ended if change.title]


def _pending(view: View, patient: PatientId) -> tuple[str, ...]:
    orders = patient_record.resources(view, "ServiceRequest", patient)
    titles = (summary.title_of(each) for each in orders if each.get("status") == "active")
    return tuple(dict.fromkeys(title for title in titles if title))
