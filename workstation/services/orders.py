"""Orders: sign, change, hold, resume, stop, complete; acknowledge; order again for another day.

A change is a new order that ends the old one in the same unit of work: doses keep the order under
which they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import Item, OrderKind, most_in_a_day, refuse_impossible
from workstation.fhir import acknowledgement, reorder
from workstation.fhir import order as mapping
from workstation.fhir import stays as stay_versions
from workstation.fhir.order import Order
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.security.people import Person
from workstation.security.rights import require
from workstation.services import charting, order_safety, stays
from workstation.services.desk import Desk
from workstation.services.order_safety import Alert, Checked, Proposed
from workstation.services.order_timing import taken_over
from workstation.services.seldom_doses import refuse_daily_by_form
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, View, drafts

_AUDIT: Final = {
    "MedicationRequest": "order-drug",
    "ServiceRequest": "order-service",
    "NutritionOrder": "order-diet",
}


NOT_AGAIN: Final = "Không chỉ định tiếp"
"""Why an order ended that was left out when the day's orders were signed; words of the record."""
Seen = tuple[str, str]
"""``Type/id`` and state of an order as it was read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to an alert.

    Attributes:
        alert: As it was shown.
        reason: Why it is ordered all the same.
        second: Who answers for it too; None unless the alert asks for one.
    """

    alert: Alert
    reason: str
    second: Person | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One order to sign.

    Attributes:
        item: What is ordered.
        replaces: ``Type/id`` of the order that it changes; empty for a new one.
        state: State of that order when it was read.
        reason: Why it is changed.
        answers: To the alerts about it.
    """

    item: Item
    replaces: str = ""
    state: str = ""
    reason: str = ""
    answers: tuple[Answer, ...] = ()


def sign(
    desk: Desk,
    patient: PatientId,
    lines: Sequence[Line],
    *,
    again: Sequence[Seen] = (),
    ended: Sequence[Seen] = (),
    draft: str = "",
) -> Changes:
    """Make all lines orders that hold, or none of them.

    Args:
        desk: Who orders.
        patient: For whom.
        lines: What is new or changed.
        again: Orders that go on for another day.
        ended: Orders that do not: they are stopped.
        draft: Id of the draft that they were, which is then gone.

    Raises:
        Refused: ``not-permitted``; ``nothing-to-sign``; ``not-admitted``; ``alert-unanswered``, or
            what `refuse_impossible` and `refuse_daily_by_form` refuse, with the ``line``; what
            `stop` refuses of an old one.
    """
    require(desk.person, "order")
    if not (lines or again or ended):
        raise Refused("nothing-to-sign")
    lines = _answered(desk, patient, lines)
    with desk.store.write(desk.author) as unit:
        for line in lines:
            _create(desk, unit, patient, _in_place(desk, unit, line) if line.replaces else line)
        for reference, state in ended:
            _end(desk, unit, reference, NOT_AGAIN, state)
        if again:
            _again(desk, unit, patient, again)
        if draft:
            drafts.discard(unit, draft)
        return unit.changes


def order_drug(desk: Desk, patient: PatientId, prescription: Prescription) -> Changes:
    """Order one drug, see `sign`."""
    return sign(desk, patient, [Line(prescription)])


def hold(desk: Desk, reference: str, *, reason: str, state: str = "") -> Changes:
    """Let an order rest: nothing is done on it until it goes on.

    Args:
        desk: Who decides.
        reference: ``Type/id``.
        reason: Why, in the person's words.
        state: State of the order as it was read; empty to decide whatever it is.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``; ``not-active``; ``stale-edit``.
    """
    require(desk.person, "order")
    why = _why(reason)
    with desk.store.write(desk.author) as unit:
        seen = _open(unit, reference, state, ("active",))
        _set_status(desk, unit, seen, "on-hold", why)
        return unit.changes


def resume(desk: Desk, reference: str, *, state: str = "") -> Changes:
    """Let an order that rests go on. Raises as `hold`, without a reason."""
    require(desk.person, "order")
    with desk.store.write(desk.author) as unit:
        seen = _open(unit, reference, state, ("on-hold",))
        _set_status(desk, unit, seen, "active", "")
        return unit.changes


def stop(desk: Desk, reference: str, *, reason: str, state: str = "") -> Changes:
    """Stop an order for good; nothing is done on it from now on. Raises as `hold`.

    Args:
        desk: Who decides.
        reference: ``Type/id``, or the id of a MedicationRequest.
        reason: Why, in the person's words.
        state: State of the order as it was read; empty to decide whatever it is.
    """
    require(desk.person, "order")
    why = _why(reason)
    with desk.store.write(desk.author) as unit:
        _end(desk, unit, reference, why, state)
        return unit.changes


def complete(desk: Desk, reference: str, *, state: str = "") -> Changes:
    """Say that an order is carried out; raises as `hold`.

    Who charts may say so of what is done once; what goes on day by day ends by a doctor's word.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        seen = _open(unit, reference, state, ("active", "on-hold"))
        if _read(seen).goes_on:
            require(desk.person, "order")
        _set_status(desk, unit, seen, "completed", "")
        return unit.changes


def acknowledge(desk: Desk, seen: Sequence[Seen]) -> Changes:
    """Take note of orders as they stand.

    Args:
        desk: Who takes note.
        seen: ``Type/id`` and state of each order, as they were read.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``stale-edit``: an order was changed meanwhile.
    """
    require(desk.person, "acknowledge")
    with desk.store.write(desk.author) as unit:
        for reference, state in seen:
            order = read_order(unit, reference)
            if order.state != state:
                raise Refused("stale-edit", reference=reference)
            entry = desk.entry(order.patient, order.encounter or None)
            unit.create(acknowledgement.write(entry, "acknowledge-order", reference, value=state))
            desk.audit(unit, "acknowledge-order", reference)
        return unit.changes


def take_back(desk: Desk, tasks: Sequence[str]) -> Changes:
    """Take one's own acknowledgements back, as after a slip of the key.

    Raises:
        Refused: ``gone``; ``not-own``: it is somebody else's.
    """
    require(desk.person, "acknowledge")
    with desk.store.write(desk.author) as unit:
        for own in tasks:
            seen = still_there(unit, f"Task/{own}")
            resource = seen.resource()
            if acknowledgement.read(resource).person != desk.reference:
                raise Refused("not-own", reference=f"Task/{own}")
            unit.update(acknowledgement.taken_back(resource, desk.now()), seen=seen)
            desk.audit(unit, "take-back-acknowledgement", f"Task/{own}")
        return unit.changes


def proposed(line: Line) -> Proposed | None:
    """What is checked about an order before it is signed; None where nothing is."""
    item = line.item
    before = line.replaces.partition("/")[2]
    if not isinstance(item, Prescription):
        if item.kind is not OrderKind.LABORATORY:
            return None
        code = next((code for system, code in item.codes), "")
        return Proposed(test=code, test_words=item.words, replaces=before, at=item.at)
    amount, unit, rate = item.amount, item.amount.unit if item.amount else "", item.rate
    return Proposed(
        drug=item.drug,
        codes=frozenset(f"{system}|{code}" for system, code in item.codes),
        amount=None if amount is None else amount.value,
        unit=unit,
        route=item.route,
        times_a_day=most_in_a_day(item.timing),
        once=item.timing.once,
        rate_per_hour=_per_hour(rate.value, rate.unit) if rate else None,
        rate_unit=rate.unit.partition("/")[0] if rate else "",
        replaces=before,
    )


def check(desk: Desk, patient: PatientId, lines: Sequence[Line]) -> tuple[Checked, ...]:
    """What speaks against each of some orders that are to be signed together."""
    asked = [proposed(line) for line in lines]
    found = order_safety.check_all(desk, patient, [each for each in asked if each is not None])
    answers = iter(found)
    return tuple(Checked() if each is None else next(answers) for each in asked)


def read_order(view: View, reference: str) -> Order:
    """One order.

    Raises:
        Refused: ``gone``: it is not known, or no order.
    """
    return _read(_stored(view, reference))


def _per_hour(value: Decimal, unit: str) -> Decimal | None:
    return value if unit.partition("/")[2] in ("h", "giờ") else None


def _answered(desk: Desk, patient: PatientId, lines: Sequence[Line]) -> list[Line]:
    """The lines, each with the answers to its own alerts as they are now."""
    for place, line in enumerate(lines):
        try:
            refuse_impossible(line.item, desk.now())
            refuse_daily_by_form(line.item)
        except Refused as refused:
            refused.data["line"] = place
            raise
    answered = []
    for place, (line, found) in enumerate(zip(lines, check(desk, patient, lines), strict=True)):
        asked = {alert.key: alert for alert in found.asks}
        own = tuple(
            replace(each, alert=asked[each.alert.key])
            for each in line.answers
            if each.alert.key in asked and each.reason.strip()
        )
        if asked.keys() - {each.alert.key for each in own}:
            raise Refused("alert-unanswered", line=place)
        answered.append(replace(line, answers=own))
    return answered


def _create(desk: Desk, unit: Unit, patient: PatientId, line: Line) -> None:
    stay = stays.in_progress(unit, patient)
    entry, item = desk.entry(patient, stay.id), line.item
    if not isinstance(item, Prescription) and item.kind is OrderKind.CARE_LEVEL:
        level = next((found for _, code in item.codes if (found := CareLevel.of(code))), None)
        if level is None:
            raise Refused("order-empty", field="words")
        unit.update(stay_versions.with_care_level(stay.resource(), level), seen=stay)
        desk.audit(unit, "set-care-level", f"Encounter/{stay.id}")
        return
    resource = mapping.write(entry, item, version_of=line.replaces)
    reference = f"{resource['resourceType']}/{entry.own}"
    unit.create(resource)
    for answer in line.answers:
        order_safety.record_override(
            unit,
            desk,
            patient,
            reference,
            answer.alert,
            reason=answer.reason,
            second_person=answer.second,
        )
    desk.audit(unit, _AUDIT[resource["resourceType"]], reference)


def _again(desk: Desk, unit: Unit, patient: PatientId, again: Sequence[Seen]) -> None:
    for reference, state in again:
        _open(unit, reference, state, ("active", "on-hold"))
    entry = desk.entry(patient, stays.in_progress(unit, patient).id)
    unit.create(reorder.write(entry, [reference for reference, _ in again]))
    desk.audit(unit, "order-again", f"Task/{entry.own}")


def _in_place(desk: Desk, unit: Unit, line: Line) -> Line:
    """The line as it begins where the order that it changes ends."""
    item = taken_over(unit, line.item, line.replaces, desk.now())
    _end(desk, unit, line.replaces, _why(line.reason), line.state)
    return replace(line, item=item)


def _end(desk: Desk, unit: Unit, reference: str, why: str, state: str) -> None:
    seen = _open(unit, reference, state, ("active", "on-hold"))
    _set_status(desk, unit, seen, "stopped", why)


def _set_status(desk: Desk, unit: Unit, seen: Stored, status: mapping.Status, why: str) -> None:
    resource = mapping.with_status(
        seen.resource(), status, by=desk.performer, at=desk.now(), reason=why
    )
    unit.update(resource, seen=seen)
    desk.audit(unit, f"order-{status}", f"{seen.type}/{seen.id}")


def _open(unit: Unit, reference: str, state: str, statuses: tuple[str, ...]) -> Stored:
    seen = _stored(unit, reference)
    order = _read(seen)
    if state and order.state != state:
        raise Refused("stale-edit", reference=order.reference)
    if order.status not in statuses:
        raise Refused("not-active", reference=order.reference, status=order.status)
    return seen


def _stored(view: View, reference: str) -> Stored:
    type_, _, own = reference.rpartition("/")
    type_ = type_ or "MedicationRequest"
    if type_ not in mapping.TYPES:
        raise Refused("gone", reference=f"{type_}/{own}")
    return still_there(view, f"{type_}/{own}")


def _read(stored: Stored) -> Order:
    found = mapping.read(stored.resource())
    if found is None:
        raise Refused("gone", reference=f"{stored.type}/{stored.id}")
    return found


def _why(reason: str) -> str:
    return charting.reason_given(" ".join(reason.split()))
