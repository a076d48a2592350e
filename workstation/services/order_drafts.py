"""Orders that a doctor has put together and not yet signed; they stay on this terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import Item, OrderKind, Request
from workstation.fhir import drug_order
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services.desk import Desk
from workstation.store import drafts

KIND: Final = "orders"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line that waits to be signed.

    Attributes:
        item: What is ordered.
        ticked: Whether it will be signed.
        replaces: ``Type/id`` of the order that it changes or, with `again`, that goes on.
        state: State of that order when it was read.
        reason: Why it is changed.
        again: Whether it is an order of the day before: ticked it goes on, unticked it ends.
    """

    item: Item
    ticked: bool = True
    replaces: str = ""
    state: str = ""
    reason: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What one person has put together for one patient.

    Attributes:
        lines: What waits to be signed.
        form: What is typed in the form, by the name of each field.
        saved_at: When it was last kept (aware); None for a new one.
    """

    lines: tuple[BasketLine, ...] = ()
    form: Mapping[str, str] | None = None
    saved_at: datetime | None = None

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.lines or any((self.form or {}).values()))


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has for one patient."""
    return name_uuid(KIND, desk.person.id, patient)


def keep(desk: Desk, patient: PatientId, draft: OrderDraft) -> Changes:
    """Keep it; an empty one is forgotten. A draft is not part of the record: no changes."""
    own = draft_id(desk, patient)
    with desk.store.write(desk.author) as unit:
        if draft:
            body = dump({"lines": list(map(_written, draft.lines)), "form": dict(draft.form or {})})
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, KIND, body, desk.now()))
        else:
            drafts.discard(unit, own)
    return Changes()


def read(desk: Desk, patient: PatientId) -> OrderDraft:
    """What the person at a desk has put together; empty when there is nothing."""
    own = draft_id(desk, patient)
    with desk.store.read() as view:
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    found = next((each for each in kept if each.id == own), None)
    if found is None:
        return OrderDraft()
    body = parse(found.body)
    return OrderDraft(tuple(map(_read, body["lines"])), body["form"], found.saved_at)


def _written(line: BasketLine) -> dict[str, Any]:
    names = ("ticked", "replaces", "state", "reason", "again")
    return {"item": _item(line.item), **{name: getattr(line, name) for name in names}}


def _read(body: Mapping[str, Any]) -> BasketLine:
    return BasketLine(**{**body, "item": _item_of(body["item"])})


def _item(item: Item) -> dict[str, Any]:
    if isinstance(item, Prescription):
        nobody = Entry(own="", patient="", encounter=None, author={}, at=datetime.min)  # noqa: DTZ901
        return drug_order.write(nobody, item)
    return {
        "kind": item.kind.value,
        "words": item.words,
        "codes": [list(pair) for pair in item.codes],
        "remark": item.remark,
        "indication": item.indication,
        "urgent": item.urgent,
        "at": item.at.isoformat() if item.at else None,
    }


def _item_of(body: Mapping[str, Any]) -> Item:
    if body.get("resourceType") == "MedicationRequest":
        return drug_order.read(body).prescription
    at = body["at"]
    return Request(
        **{
            **body,
            "kind": OrderKind(body["kind"]),
            "codes": tuple((system, code) for system, code in body["codes"]),
            "at": datetime.fromisoformat(at) if at else None,
        }
    )
