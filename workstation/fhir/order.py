"""Orders of every kind: MedicationRequest, ServiceRequest, NutritionOrder as one kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from zlib import crc32

from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import Item, OrderKind, Request
from workstation.fhir import decision, drug_order, elements, monitoring_order, systems
from workstation.fhir.compartment import encounter_of, patient_of
from workstation.fhir.decision import Decision
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

Status = Literal["active", "on-hold", "stopped", "completed"]
TYPES: Final = ("MedicationRequest", "ServiceRequest", "NutritionOrder")
_EVERY_DAY: Final = frozenset(
    {OrderKind.DRUG, OrderKind.OXYGEN, OrderKind.MONITORING, OrderKind.DIET}
)
_REVOKED: Final = "revoked"
"""What ServiceRequest and NutritionOrder call stopped."""
_ENDED: Final = {_REVOKED: "stopped", "cancelled": "stopped"}
_KINDS: Final[Mapping[str, OrderKind]] = {
    **{kind.value: kind for kind in OrderKind},
    "108252007": OrderKind.LABORATORY,
    "LAB": OrderKind.LABORATORY,
    "363679005": OrderKind.IMAGING,
    "RAD": OrderKind.IMAGING,
    "imaging": OrderKind.IMAGING,
    "387713003": OrderKind.PROCEDURE,
}
"""Ours, those of SNOMED CT in FHIR's example of categories, and those of HL7 v2 table 0074."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order.

    Attributes:
        reference: ``Type/id``.
        item: What is ordered.
        status: ``draft``, ``active``, ``on-hold``, ``stopped``, ``completed``,
            ``entered-in-error``, or as the record says.
        since: When it was ordered (aware).
        prescriber: As shown.
        patient: Id of the Patient; empty if it does not say.
        encounter: Id of the stay; empty if it does not say.
        version_of: ``Type/id`` of the order that it replaced; empty for a new one.
        decided: The last decision about it; None when it stands as written.
        state: Names its state, see `decision.state`, and what it says: other programs change an
            order without a new decision, and whoever took note of the old words did not of these.
        words: The dosage in the words of the record, for a drug that others ordered.
        drug: The drug order in full; None for any other.
    """

    reference: str
    item: Item
    status: str
    since: datetime | None
    prescriber: str
    patient: str
    encounter: str
    version_of: str
    decided: Decision | None
    state: str
    words: str = ""
    drug: drug_order.DrugOrder | None = None

    @property
    def kind(self) -> OrderKind:
        """Of what kind it is."""
        return OrderKind.DRUG if isinstance(self.item, Prescription) else self.item.kind

    @property
    def current(self) -> bool:
        """Whether it is to be carried out, now or once it goes on."""
        return self.status in ("active", "on-hold")

    @property
    def goes_on(self) -> bool:
        """Whether it goes on until it is stopped, so that it is ordered again day by day."""
        once = isinstance(self.item, Prescription) and self.item.timing.once
        return self.kind in _EVERY_DAY and not once

    @property
    def id(self) -> str:
        """Id of the resource."""
        return self.reference.partition("/")[2]


def read(resource: Mapping[str, Any]) -> Order | None:
    """Read an order of one of `TYPES`; None for a plan or a proposal, or another type."""
    type_ = resource.get("resourceType")
    intent = resource.get("intent")
    if type_ not in TYPES or intent in ("plan", "proposal", "option"):
        return None
    status = elements.text(resource.get("status")) or "unknown"
    drug = drug_order.read(resource) if type_ == "MedicationRequest" else None
    person = resource.get("requester") or resource.get("orderer")
    since = resource.get("authoredOn") or resource.get("dateTime")
    return Order(
        reference=f"{type_}/{elements.text(resource.get('id')) or ''}",
        item=drug.prescription if drug else _request(resource),
        status=_ENDED.get(status, status),
        since=elements.instant(since),
        prescriber=elements.display(person) or elements.reference(person) or "",
        patient=patient_of(resource) or "",
        encounter=encounter_of(resource) or "",
        version_of=_version_of(resource, str(type_), drug),
        decided=decision.read(resource),
        state=f"{decision.state(resource)}#{_said(resource, drug)}",
        words=drug.instruction if drug else "",
        drug=drug,
    )


def words(order: Order) -> str:
    """Name and the rest of an order, as the record has it."""
    item = order.item
    if isinstance(item, Prescription):
        return ", ".join(filter(None, (item.drug, order.words)))
    return ", ".join(filter(None, (item.words, item.remark)))


def write(entry: Entry, item: Item, *, version_of: str = "") -> Resource:
    """Make an order that holds.

    Args:
        entry: Whose, by which doctor, when.
        item: What is ordered; a care level is no resource of its own.
        version_of: ``Type/id`` of the order that it replaces.
    """
    if isinstance(item, Prescription):
        return drug_order.write(entry, item, version_of=version_of.partition("/")[2] or None)
    resource = _diet(entry, item) if item.kind is OrderKind.DIET else _service(entry, item)
    before = {"reference": version_of}
    if version_of and item.kind is OrderKind.DIET:
        resource["extension"] = [{"url": systems.REPLACES, "valueReference": before}]
    elif version_of:
        resource["replaces"] = [before]
    return resource


def with_status(
    resource: Resource, status: Status, *, by: Mapping[str, str], at: datetime, reason: str = ""
) -> Resource:
    """A new version of an order with another status, and who decided so, when and why.

    Args:
        resource: The stored order; it is not touched.
        status: The new one.
        by: Reference to the person, with a display.
        at: When (aware).
        reason: In the person's words.
    """
    if resource.get("resourceType") == "MedicationRequest":
        if status == "stopped":
            patched = drug_order.stopped(resource, at=at, reason=reason)
        else:
            patched = drug_order.with_status(resource, status, reason=reason)
    else:
        patched = deepcopy(resource)
        patched["status"] = _REVOKED if status == "stopped" else status
    return decision.decided(patched, by=by, at=at, reason=reason)


def _said(resource: Mapping[str, Any], drug: drug_order.DrugOrder | None) -> str:
    """Names what an order says; the same on each terminal, however a server writes numbers."""
    if drug is None:
        asked = _request(resource)
        said: list[object] = [asked.words, asked.remark, asked.at and asked.at.timestamp()]
    else:
        timing, rate = drug.timing, drug.rate
        bounds = [each and each.timestamp() for each in (timing.starts_at, timing.ends_at)]
        said = [drug.name, _number(drug.dose), drug.unit, drug.route, drug.instruction, drug.remark]
        said += [timing.times_a_day, _number(timing.every_hours), timing.once, timing.as_needed]
        said += [*map(str, timing.at), *bounds, rate and _number(rate.value), rate and rate.unit]
    return f"{crc32(repr(said).encode()):08x}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _request(resource: Mapping[str, Any]) -> Request:
    if resource.get("resourceType") == "NutritionOrder":
        diet = elements.mapping(resource.get("oralDiet"))
        return Request(
            kind=OrderKind.DIET,
            words=elements.concept_text(diet.get("type")) or "?",
            codes=_codes(elements.first(diet.get("type"))),
            remark=elements.text(diet.get("instruction")) or "",
        )
    found = (_KINDS.get(code) for _, code in elements.codings(resource.get("category")))
    return Request(
        kind=next(filter(None, found), OrderKind.PROCEDURE),
        words=elements.concept_text(resource.get("code")) or "?",
        codes=_codes(resource.get("code")),
        remark=elements.concept_text(resource.get("orderDetail")) or "",
        indication=elements.concept_text(resource.get("reasonCode")) or "",
        urgent=elements.text(resource.get("priority")) not in (None, "routine"),
        at=_at(resource),
    )


def _at(resource: Mapping[str, Any]) -> datetime | None:
    repeat = elements.mapping(elements.mapping(resource.get("occurrenceTiming")).get("repeat"))
    start = elements.mapping(repeat.get("boundsPeriod")).get("start")
    return elements.instant(resource.get("occurrenceDateTime") or start)


def _version_of(resource: Mapping[str, Any], type_: str, drug: drug_order.DrugOrder | None) -> str:
    if drug is not None:
        return f"{type_}/{drug.version_of}" if drug.version_of else ""
    before = elements.extension(resource, systems.REPLACES).get("valueReference")
    return elements.reference(before or elements.first(resource.get("replaces"))) or ""


def _service(entry: Entry, item: Request) -> Resource:
    category = {"coding": [{"system": systems.ORDER_KIND, "code": item.kind.value}]}
    resource: Resource = {
        **entry.head("ServiceRequest"),
        "status": "active",
        "intent": "order",
        "category": [category],
        **({"priority": "urgent"} if item.urgent else {}),
        "code": _concept(item),
    }
    if item.remark:
        resource["orderDetail"] = [{"text": item.remark}]
    resource |= {"subject": entry.subject, **entry.stay()}
    often = monitoring_order.timing(item) if item.kind is OrderKind.MONITORING else None
    if often is not None:
        resource["occurrenceTiming"] = often
    elif item.at is not None:
        resource["occurrenceDateTime"] = item.at.isoformat(timespec="seconds")
    resource |= {"authoredOn": entry.time, "requester": dict(entry.author)}
    if item.indication:
        resource["reasonCode"] = [{"text": item.indication}]
    return resource


def _diet(entry: Entry, item: Request) -> Resource:
    instruction = {"instruction": item.remark} if item.remark else {}
    return {
        **entry.head("NutritionOrder"),
        "status": "active",
        "intent": "order",
        "patient": entry.subject,
        **entry.stay(),
        "dateTime": entry.time,
        "orderer": dict(entry.author),
        "oralDiet": {"type": [_concept(item)], **instruction},
    }


def _concept(item: Request) -> Resource:
    codings = [{"system": system, "code": code} for system, code in item.codes]
    return {**({"coding": codings} if codings else {}), "text": item.words}


def _codes(concept: Any) -> tuple[tuple[str, str], ...]:
    return tuple((system or "", code) for system, code in elements.codings(concept))
