"""Doses as MedicationAdministration: given, in part, withheld, refused, not in stock; corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import NOT_GIVEN, DoseFact, Outcome
from workstation.fhir import dosage as dosages
from workstation.fhir import drug_order, elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

Scanned = Literal["", "patient", "drug", "patient-and-drug"]
"""What was checked by its barcode."""

_WITNESSES: Final = ("witness", "verifier")
_STATUS: Final = {Outcome.GIVEN: "completed", Outcome.PARTIAL: "stopped"}
_PLAIN: Final = {
    "completed": Outcome.GIVEN,
    "in-progress": Outcome.RUNNING,
    "on-hold": Outcome.RUNNING,
    "stopped": Outcome.PARTIAL,
    "entered-in-error": Outcome.ERROR,
}


@dataclass(frozen=True, slots=True)
class Dose:
    """One MedicationAdministration.

    Attributes:
        id: Id of the MedicationAdministration.
        patient: Id of the Patient.
        order: Id of the MedicationRequest it fulfils.
        drug: As the record says.
        codes: ``system|code`` of the drug.
        amount: What was given.
        status: FHIR status; ``not-done`` is withheld or refused.
        at: When it was given (aware).
        giver: As shown.
        reason: Why it was not given or not wholly, in words.
        outcome: What happened, out of status and reason.
        scheduled_at: The slot that it fulfils (aware).
        timing_reason: Why it was early or late.
        witness: Who stood by it, as shown.
        scanned: What was checked by its barcode.
        recorded_at: When it was written down, if that was later (aware).
        part_of: Id of the infusion of which it is a step.
        ended_at: When an infusion ended (aware).
        corrected: The newest remark, such as the reason of a correction.
        giver_reference: ``Practitioner/<id>``.
    """

    id: str
    patient: str | None
    order: str | None
    drug: str
    codes: frozenset[str]
    amount: Amount | None
    status: str
    at: datetime | None
    giver: str | None
    reason: str | None
    outcome: Outcome = Outcome.UNKNOWN
    scheduled_at: datetime | None = None
    timing_reason: str = ""
    witness: str = ""
    scanned: str = ""
    recorded_at: datetime | None = None
    part_of: str | None = None
    ended_at: datetime | None = None
    corrected: str = ""
    giver_reference: str | None = None

    @property
    def fact(self) -> DoseFact:
        """As the rules of the medication record see it."""
        return DoseFact(self.id, self.order, self.outcome, self.at, self.scheduled_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What else a dose record says.

    Attributes:
        slot: The slot that it fulfils (aware).
        timing_reason: Why it was early or late.
        witness: Reference to who stood by it, with ``display``.
        scanned: What was checked by its barcode.
        recorded_at: When it was written down (aware).
    """

    slot: datetime | None = None
    timing_reason: str = ""
    witness: Mapping[str, str] | None = None
    scanned: Scanned = ""
    recorded_at: datetime | None = None


NOTHING_ELSE: Final = Circumstances()


def read(resource: Mapping[str, Any]) -> Dose:
    """Read a MedicationAdministration."""
    drug, codes = drug_order.drug_of(resource)
    period = elements.mapping(resource.get("effectivePeriod"))
    giver, witness = _performers(resource)
    note = (elements.objects(resource.get("note")) or [{}])[-1]
    return Dose(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        order=elements.reference_id(resource.get("request"), "MedicationRequest"),
        drug=drug,
        codes=codes,
        amount=dosages.amount_of(elements.mapping(resource.get("dosage")).get("dose")),
        status=elements.text(resource.get("status")) or "unknown",
        at=elements.instant(resource.get("effectiveDateTime"))
        or elements.instant(period.get("start")),
        giver=elements.display(giver.get("actor")),
        reason=_words(resource.get("statusReason")),
        outcome=_outcome(resource),
        scheduled_at=elements.instant(_extension(resource, systems.SCHEDULED_AT, "valueDateTime")),
        timing_reason=elements.text(_extension(resource, systems.TIMING_REASON, "valueString"))
        or "",
        witness=elements.display(witness.get("actor")) or "",
        scanned=elements.text(_extension(resource, systems.SCANNED, "valueCode")) or "",
        recorded_at=elements.instant(_extension(resource, systems.RECORDED_AT, "valueDateTime")),
        part_of=parent_of(resource),
        ended_at=elements.instant(period.get("end")),
        corrected=elements.text(note.get("text")) or "",
        giver_reference=elements.reference(giver.get("actor")),
    )


def write(
    entry: Entry,
    order: Mapping[str, Any],
    *,
    amount: Amount | None = None,
    outcome: Outcome = Outcome.GIVEN,
    reason: str | None = None,
    beside: Circumstances = NOTHING_ELSE,
) -> Resource:
    """Make the record of a dose.

    Args:
        entry: Whose, by whom, when.
        order: The MedicationRequest.
        amount: What was given; without it, what was ordered.
        outcome: Given, in part, withheld, refused or not in stock.
        reason: Why not or not wholly, in words.
        beside: What else is known about it.
    """
    resource = {
        **head(entry, order, beside),
        "status": _STATUS.get(outcome, "not-done"),
        "effectiveDateTime": entry.time,
    }
    if outcome is not Outcome.GIVEN or reason is not None:
        resource["statusReason"] = [_reason(outcome, reason)]
    given = amount or drug_order.read(order).amount
    if given is not None and outcome not in NOT_GIVEN:
        resource["dosage"] = {"dose": dosages.quantity(given)}
    return resource


def head(entry: Entry, order: Mapping[str, Any], beside: Circumstances) -> Resource:
    """What every MedicationAdministration of an order says, but for status, time and dosage."""
    performers: list[Resource] = [{"actor": dict(entry.author)}]
    if beside.witness is not None:
        function = {"coding": [{"system": systems.PERFORM_FUNCTION, "code": "witness"}]}
        performers.append({"function": function, "actor": dict(beside.witness)})
    resource: Resource = {
        **entry.head("MedicationAdministration"),
        "status": "unknown",
        **drug_order.medication_of(order),
        "subject": entry.subject,
        **entry.stay("context"),
        "performer": performers,
        "request": {"reference": f"MedicationRequest/{order['id']}"},
    }
    extensions = [
        {"url": url, name: value}
        for url, name, value in (
            (systems.SCHEDULED_AT, "valueDateTime", _written(beside.slot)),
            (systems.TIMING_REASON, "valueString", beside.timing_reason),
            (systems.SCANNED, "valueCode", beside.scanned),
            (systems.RECORDED_AT, "valueDateTime", _written(beside.recorded_at)),
        )
        if value
    ]
    return {**resource, "extension": extensions} if extensions else resource


def corrected(
    resource: Resource,
    *,
    amount: Amount | None = None,
    at: datetime | None = None,
    why: Mapping[str, Any],
) -> Resource:
    """A new version of a dose that was charted wrongly; everything else stays.

    Args:
        resource: The stored MedicationAdministration; it is not touched.
        amount: What was really given; as it was when None.
        at: When it was really given (aware); as it was when None.
        why: ``reason``, ``author`` and ``at`` of the correction, as `annotated` takes them.
    """
    patched = annotated(resource, str(resource.get("status")), **why)
    if amount is not None:
        dosage = elements.mapping(patched.get("dosage"))
        patched["dosage"] = {**dosage, "dose": dosages.quantity(amount)}
    period = elements.mapping(patched.get("effectivePeriod"))
    if at is not None and period:
        patched["effectivePeriod"] = {**period, "start": _written(at)}
    elif at is not None:
        patched["effectiveDateTime"] = _written(at)
    return patched


def enter_in_error(resource: Resource, *, why: Mapping[str, Any]) -> Resource:
    """A new version of a dose that says that it never was true; what it said stays."""
    return annotated(resource, "entered-in-error", **why)


def parent_of(resource: Mapping[str, Any]) -> str | None:
    """Id of the infusion of which a MedicationAdministration is a step; None for any other."""
    for reference in elements.objects(resource.get("partOf")):
        found = elements.reference_id(reference, "MedicationAdministration")
        if found is not None:
            return found
    return None


def _outcome(resource: Mapping[str, Any]) -> Outcome:
    status = elements.text(resource.get("status")) or ""
    if status == "entered-in-error":
        return Outcome.ERROR
    if parent_of(resource) is not None:
        return Outcome.CHANGED
    if status != "not-done":
        return _PLAIN.get(status, Outcome.UNKNOWN)
    for reason in (resource.get("statusReason"), resource.get("reasonCode")):
        code = elements.code_of(reason, systems.DOSE_OUTCOME)
        if code in set(NOT_GIVEN):
            return Outcome(code)
    return Outcome.WITHHELD


def _reason(outcome: Outcome, words: str | None) -> Resource:
    concept: Resource = {}
    if outcome is not Outcome.GIVEN:
        concept["coding"] = [{"system": systems.DOSE_OUTCOME, "code": outcome.value}]
    if words:
        concept["text"] = words
    return concept


def _words(reason: Any) -> str | None:
    """Why, in words; our own code alone is none."""
    words = elements.concept_text(reason)
    return None if words == elements.code_of(reason, systems.DOSE_OUTCOME) else words


def _performers(resource: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Who gave it, and who stood by."""
    giver: dict[str, Any] = {}
    witness: dict[str, Any] = {}
    for each in elements.objects(resource.get("performer")):
        if elements.has_code(each.get("function"), systems.PERFORM_FUNCTION, *_WITNESSES):
            witness = witness or each
        else:
            giver = giver or each
    return giver, witness


def _extension(resource: Mapping[str, Any], url: str, name: str) -> Any:
    return elements.extension(resource, url).get(name)


def _written(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
