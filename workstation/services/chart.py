"""The summary of a chart: diagnosis and stay, score, signs, alerts, drugs, results, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.clinical.monitoring import Due
from workstation.clinical.scores.warning import EarlyWarning
from workstation.fhir import drug_order, elements
from workstation.fhir.drug_order import DrugOrder
from workstation.fhir.encounter import Stay
from workstation.kernel.ids import PatientId
from workstation.services import (
    escalation,
    flowsheet,
    monitoring_orders,
    notes,
    patient_record,
    results,
)
from workstation.services.desk import Desk
from workstation.services.escalation import Call
from workstation.services.flowsheet import Flowsheet
from workstation.services.notes import Note
from workstation.services.patient_record import Banner
from workstation.services.results import Test
from workstation.store import View, medication

__all__ = ["Banner", "Diagnosis", "DrugOrder", "Stay", "Summary", "diagnosis_line", "summary"]

RESULTS = 12
TREND = 16
"""Values of each sign in the summary."""
NOTES = 4
_VOID = ("entered-in-error", "refuted")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One diagnosis; `code` is ICD-10 or empty."""

    words: str
    code: str
    main: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person wants to know first.

    Attributes:
        banner: Who it is.
        stay: The stay that counts; None when there never was one.
        day: Day of that stay, 1 on admission; None when it is over or unknown.
        diagnoses: The main one first.
        signs: Vital signs with score and curves, the newest `TREND` of each.
        previous: Score of the set before the newest; None when there is none.
        due: When the next set of vital signs is due and why; None when they were never measured,
            or the patient is not here.
        call: The newest call for help of this stay; None when there was none.
        drugs: Current orders.
        tests: The tests with the newest results, each with the last of its results at least.
        notes: Newest notes.
        as_of: When this was read (aware).
    """

    banner: Banner
    stay: Stay | None
    day: int | None
    diagnoses: tuple[Diagnosis, ...]
    signs: Flowsheet
    previous: EarlyWarning | None
    due: Due | None
    call: Call | None
    drugs: tuple[DrugOrder, ...]
    tests: tuple[Test, ...]
    notes: tuple[Note, ...]
    as_of: datetime


def summary(desk: Desk, patient: PatientId) -> Summary:
    """Read the summary of a chart.

    Raises:
        Refused: ``gone``: this terminal has no such patient.
    """
    now = desk.now()
    with desk.store.read() as view:
        stay = patient_record.latest_stay(view, patient)
        signs = flowsheet.read_flowsheet(view, patient, now, newest=TREND)
        return Summary(
            banner=patient_record.read_banner(view, patient, now),
            stay=stay,
            day=stay.day(now, now.tzinfo) if stay and stay.present and now.tzinfo else None,
            diagnoses=_diagnoses(view, patient, stay),
            signs=signs,
            previous=signs.columns[-2].score if len(signs.columns) > 1 else None,
            due=monitoring_orders.due_of(desk, view, patient, stay, signs.now),
            call=_newest_call(view, patient, stay),
            drugs=_drugs(view, patient),
            tests=results.read_results(view, patient, newest=RESULTS),
            notes=notes.newest(view, patient, NOTES),
            as_of=now,
        )


def diagnosis_line(view: View, patient: PatientId, stay: Stay | None) -> str:
    """All diagnoses of a stay in one line, the main one first; empty when there is none."""
    return "; ".join(
        f"{found.code} {found.words}".strip() for found in _diagnoses(view, patient, stay)
    )


def _diagnoses(view: View, patient: PatientId, stay: Stay | None) -> tuple[Diagnosis, ...]:
    """Those that the stay names, else those that name the stay, else its reason."""
    if stay is None:
        return ()
    own = set(stay.conditions)
    found: dict[str, Diagnosis] = {}
    for condition in patient_record.resources(view, "Condition", patient):
        id = elements.text(condition.get("id")) or ""
        belongs = elements.reference_id(condition.get("encounter"), "Encounter") == stay.id
        category = {code for _, code in elements.codings(condition.get("category"))}
        if id in own or (belongs and "encounter-diagnosis" in category):
            status = elements.any_code(condition.get("verificationStatus"))
            if status not in _VOID:
                found[id] = _diagnosis(condition, main=id == next(iter(stay.conditions), id))
    order = {id: place for place, id in enumerate(stay.conditions)}
    ranked = [found[id] for id in sorted(found, key=lambda id: (order.get(id, len(order)), id))]
    if not ranked and stay.diagnosis:
        ranked = [Diagnosis(stay.diagnosis, stay.diagnosis_code or "", main=True)]
    return tuple(ranked)


def _newest_call(view: View, patient: PatientId, stay: Stay | None) -> Call | None:
    made = escalation.calls(view, patient)
    began = stay.started_at if stay else None
    return next((c for c in made if began is None or (c.called_at or began) >= began), None)


def _diagnosis(condition: dict[str, object], *, main: bool) -> Diagnosis:
    codes = elements.codings(condition.get("code"))
    icd = next((code for system, code in codes if system and "icd-10" in system), "")
    return Diagnosis(elements.concept_text(condition.get("code")) or "?", icd, main)


def _drugs(view: View, patient: PatientId) -> tuple[DrugOrder, ...]:
    running = medication.orders(view, [patient], drug_order.CURRENT)
    orders = (drug_order.read(stored.resource()) for stored in running)
    current = [order for order in orders if order.current]
    return tuple(sorted(current, key=lambda o: (o.as_needed, o.name.casefold(), o.id)))
