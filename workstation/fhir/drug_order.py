"""Drug orders as MedicationRequest: name, dose, unit, route, frequency, in this order (ISMP)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.seldom import Rhythm
from workstation.fhir import dosage as dosages
from workstation.fhir import dosage_words, elements, rhythm
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

OrderStatus = Literal["draft", "active", "on-hold", "completed"]
CURRENT: Final = ("active", "on-hold")
"""Statuses of an order that still counts, unless it forbids."""
_NOT: Final = "KHÔNG DÙNG {}"
"""What an order says that forbids a drug; words of the record."""
_NO_ORDERS: Final = ("proposal", "plan", "option")
NOT_TO_GIVE: Final = "not-to-give"
"""Status of an active record by which nothing is given: it forbids a drug, or only proposes it."""
_ELSEWHERE: Final = frozenset({"outpatient", "community", "discharge"})
"""Categories of FHIR's `medicationrequest-category`."""
_STOPPED: Final = ("stopped", "cancelled", "entered-in-error")


@dataclass(frozen=True, slots=True)
class DrugOrder:
    """One MedicationRequest.

    Attributes:
        id: Its id.
        name: Drug, never shortened.
        dose: Amount for one time; None when the record says it only in words.
        unit: Unit of the dose.
        route: In words.
        times: How often in `period`; None when not said.
        period: Length of the period, in `period_unit`.
        period_unit: UCUM unit of time: ``h``, ``d``, ``wk``.
        as_needed: Whether it is given only when needed.
        instruction: The order in the words of the record, else in words made of its parts.
        since: When it was ordered (aware).
        status: FHIR status.
        prescriber: As shown.
        patient: Id of the Patient.
        codes: ``system|code`` of the drug.
        stopped_at: When it was stopped, as far as the record says; None unless it was.
        timing: When it is given, as the record says; `schedule` is what doses are due by.
        rate: How fast, of an infusion.
        indication: What for, in words.
        remark: How it is prepared or given, in words.
        priority: FHIR priority: ``routine``, ``urgent``, ``asap``, ``stat``.
        version_of: Id of the order that this one replaced; None for a new one.
        reason: Why it was held or stopped.
        elsewhere: Whether it is for another place, as at home or after the discharge: nothing of
            it is due on the ward.
        in_words: Whether `instruction` alone says when it is given, see `dosage_words`.
        rhythm: How seldom, of what is given less often than daily; None for any other.
    """

    id: str
    name: str
    dose: Decimal | None
    unit: str
    route: str
    times: int | None
    period: Decimal | None
    period_unit: str
    as_needed: bool
    instruction: str
    since: datetime | None
    status: str
    prescriber: str
    patient: str | None
    codes: frozenset[str]
    stopped_at: datetime | None
    timing: Timing
    rate: Rate | None
    indication: str
    remark: str
    priority: str
    version_of: str | None
    reason: str
    elsewhere: bool = False
    in_words: bool = False
    rhythm: Rhythm | None = None

    @property
    def current(self) -> bool:
        """Whether it still counts."""
        return self.status in CURRENT

    @property
    def amount(self) -> Amount | None:
        """Dose and unit together; None when either is missing."""
        return Amount(self.dose, self.unit) if self.dose is not None and self.unit else None

    @property
    def schedule(self) -> Timing:
        """The timing with its ends: from when it was ordered, until it was stopped."""
        start = self.timing.starts_at or self.since
        end = self.stopped_at or self.timing.ends_at
        return replace(self.timing, starts_at=start, ends_at=end)

    @property
    def continuous(self) -> bool:
        """Whether it runs without pause: it has a rate, and says nothing of times."""
        timed = self.timing.scheduled or self.as_needed or self.in_words
        return self.rate is not None and not timed

    @property
    def prescription(self) -> Prescription:
        """What was ordered, as a plain value; what only words say is its remark."""
        said = (self.instruction if self.in_words else "", self.remark)
        pairs = (code.rpartition("|") for code in sorted(self.codes))
        return Prescription(
            drug=self.name,
            codes=tuple((system, code) for system, _, code in pairs),
            amount=self.amount,
            route=self.route,
            timing=self.timing,
            rate=None if self.in_words else self.rate,
            indication=self.indication,
            remark=", ".join(part for part in said if part),
            urgent=self.priority not in ("", "routine"),
        )

    @property
    def line(self) -> str:
        """Name, dose, unit, route, frequency or rate: all that is given, in one line."""
        said = in_full(self.amount, self.rate, self.route, self.instruction)
        return ", ".join(filter(None, (self.name, said)))

    @property
    def interval_hours(self) -> Decimal | None:
        """Time between two doses, of some days of the week on each; None if not regular or said."""
        if self.timing.weekdays:
            return Decimal(24) / (self.timing.times_a_day or 1)
        times = 1 if self.times is None else self.times
        hours = dosages.HOURS.get(self.period_unit)
        if hours is None or times < 1 or self.period is None or self.period <= 0:
            return None
        return self.period * hours / times


def in_full(amount: Amount | None, rate: Rate | None, route: str, instruction: str) -> str:
    """Dose, unit and route, then the order as it was written, unless that says them already."""
    numbers = (f"{dosages.plain(each.value)} {each.unit}" for each in (amount, rate) if each)
    parts = [part for part in (*numbers, route) if part]
    if all(part.casefold() in instruction.casefold() for part in parts):
        return instruction
    return ", ".join(filter(None, (*parts, instruction)))


def read(resource: Mapping[str, Any]) -> DrugOrder:
    """Read a MedicationRequest; what is absent or odd is None or empty."""
    since = elements.instant(resource.get("authoredOn"))
    dosage, in_words = dosage_words.whole(resource.get("dosageInstruction"), since)
    quantity = elements.mapping(
        elements.first(dosage.get("doseAndRate")).get("doseQuantity") or dosage.get("doseQuantity")
    )
    repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
    times = elements.decimal(repeat.get("frequency"))
    name, codes = drug_of(resource)
    return DrugOrder(
        id=elements.text(resource.get("id")) or "",
        name=_NOT.format(name or "?") if resource.get("doNotPerform") is True else name or "?",
        dose=elements.decimal(quantity.get("value")),
        unit=elements.text(quantity.get("unit")) or elements.text(quantity.get("code")) or "",
        route=elements.concept_text(dosage.get("route")) or "",
        times=None if times is None else int(times),
        period=elements.decimal(repeat.get("period")),
        period_unit=elements.text(repeat.get("periodUnit")) or "",
        as_needed=bool(dosage.get("asNeededBoolean") or dosage.get("asNeededCodeableConcept")),
        instruction=dosage_words.words_of(dosage),
        since=since,
        status=_status(resource),
        prescriber=elements.display(resource.get("requester")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        codes=codes,
        stopped_at=_stopped_at(resource),
        timing=dosages.timing_of(dosage, since),
        rate=dosages.rate_of(dosage),
        indication=elements.concept_text(resource.get("reasonCode")) or "",
        remark=dosages.remark_of(dosage),
        priority=elements.text(resource.get("priority")) or "",
        version_of=elements.reference_id(resource.get("priorPrescription"), "MedicationRequest"),
        reason=elements.concept_text(resource.get("statusReason")) or "",
        elsewhere=_elsewhere(resource),
        in_words=in_words,
        rhythm=rhythm.read(resource.get("dosageInstruction")),
    )


def write(
    entry: Entry,
    prescription: Prescription,
    *,
    status: OrderStatus = "active",
    version_of: str | None = None,
) -> Resource:
    """Make a drug order.

    Args:
        entry: Whose, by which doctor, when.
        prescription: What is ordered.
        status: ``draft`` while it is not signed.
        version_of: Id of the order that it replaces, which keeps the doses given under it.
    """
    ordered = prescription
    concept: Resource = {"text": ordered.drug}
    if ordered.codes:
        codings = [{"system": system, "code": code} for system, code in ordered.codes]
        concept = {"coding": codings, **concept}
    resource: Resource = {
        **entry.head("MedicationRequest"),
        "status": status,
        "intent": "order",
        **({"priority": "urgent"} if ordered.urgent else {}),
        "medicationCodeableConcept": concept,
        "subject": entry.subject,
        **entry.stay(),
        "authoredOn": entry.time,
        "requester": dict(entry.author),
        "dosageInstruction": [dosages.write(ordered)],
    }
    if ordered.indication:
        resource["reasonCode"] = [{"text": ordered.indication}]
    if version_of is not None:
        resource["priorPrescription"] = {"reference": f"MedicationRequest/{version_of}"}
    return resource


def with_status(
    resource: Resource, status: OrderStatus, *, reason: str = "", signed_at: datetime | None = None
) -> Resource:
    """A new version with another status: signed, held, resumed or completed; all else stays.

    Args:
        resource: The stored MedicationRequest; it is not touched.
        status: The new one.
        reason: Why; without one, an older reason goes.
        signed_at: When a draft became an order (aware).
    """
    patched = deepcopy(resource)
    patched["status"] = status
    patched.pop("statusReason", None)
    if reason:
        patched["statusReason"] = {"text": reason}
    if signed_at is not None:
        patched["authoredOn"] = signed_at.isoformat(timespec="seconds")
    return patched


def stopped(resource: Resource, *, at: datetime, reason: str) -> Resource:
    """A new version of a drug order that is stopped; everything else stays.

    Args:
        resource: The stored MedicationRequest; it is not touched.
        at: From when on no dose is given (aware).
        reason: Why, in the person's words.
    """
    patched = deepcopy(resource)
    patched["status"] = "stopped"
    patched["statusReason"] = {"text": reason}
    for dosage in elements.objects(patched.get("dosageInstruction")):
        timing = elements.mapping(dosage.get("timing"))
        repeat = elements.mapping(timing.get("repeat"))
        bounds = elements.mapping(repeat.get("boundsPeriod"))
        end = {**bounds, "end": at.isoformat(timespec="seconds")}
        dosage["timing"] = {**timing, "repeat": {**repeat, "boundsPeriod": end}}
    return patched


def medication_of(resource: Mapping[str, Any]) -> Resource:
    """The drug of an order or a dose, to be said again in another record.

    What a record holds inside itself nothing else can refer to: it is said by its code there.
    """
    concept = resource.get("medicationCodeableConcept") or _contained(resource)
    if concept:
        return {"medicationCodeableConcept": deepcopy(concept)}
    reference = resource.get("medicationReference")
    return {"medicationReference": deepcopy(reference)} if reference else {}


def _contained(resource: Mapping[str, Any]) -> Any:
    """The code of the drug that a record holds inside itself; None when it holds none."""
    named = (
        elements.text(elements.mapping(resource.get("medicationReference")).get("reference")) or ""
    )
    for each in elements.objects(resource.get("contained")):
        if named.startswith("#") and each.get("id") == named[1:]:
            return each.get("code")
    return None


def drug_of(resource: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Name and ``system|code`` of the drug of an order or a dose; empty when not said."""
    concept = resource.get("medicationCodeableConcept") or _contained(resource)
    words = elements.concept_text(concept) or elements.display(resource.get("medicationReference"))
    codes = (f"{system or ''}|{code}" for system, code in elements.codings(concept))
    return words or "", frozenset(codes)


def _elsewhere(resource: Mapping[str, Any]) -> bool:
    codes = {code for _, code in elements.codings(resource.get("category"))}
    return bool(codes & _ELSEWHERE) and "inpatient" not in codes


def _status(resource: Mapping[str, Any]) -> str:
    said = elements.text(resource.get("status")) or "unknown"
    forbids = resource.get("doNotPerform") is True or resource.get("intent") in _NO_ORDERS
    return NOT_TO_GIVE if forbids and said in CURRENT else said


def _stopped_at(resource: Mapping[str, Any]) -> datetime | None:
    """When a stopped order ended: by its dosage, else when the record was changed last.

    A record that was not touched after it was written does not say when it was stopped.
    """
    if resource.get("status") not in _STOPPED:
        return None
    for dosage in elements.objects(resource.get("dosageInstruction")):
        repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
        bounds = elements.mapping(repeat.get("boundsPeriod"))
        end = elements.instant(bounds.get("end"))
        if end is not None:
            return end
    changed = elements.instant(elements.mapping(resource.get("meta")).get("lastUpdated"))
    ordered = elements.instant(resource.get("authoredOn"))
    return None if changed is None or (ordered and changed <= ordered) else changed
