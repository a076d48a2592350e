"""What is due on a ward, out of all features, and the tasks that people write for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.names import nfc, one_line
from workstation.clinical.ward_tasks import DueItem, gathered, in_order
from workstation.fhir import ward_task as mapping
from workstation.fhir.ward_task import WardTask
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import (
    assessments,
    care_due,
    charting,
    critical_results,
    escalation,
    medication_due,
    note_signatures,
    order_list,
    stays,
)
from workstation.services.desk import Desk
from workstation.store import Stored, Unit, View, drafts, open_tasks

LONGEST_WORDS: Final = 400
FARTHEST: Final = timedelta(days=30)
_GRACE: Final = timedelta(minutes=5)
"""A task that is due now was due a moment ago when its writer signs it."""

Source = Callable[[View, Sequence[PatientId], datetime], Iterable[DueItem]]
"""Gives what is due of some patients, in one snapshot, at a moment."""


def _own(view: View, patients: Sequence[PatientId], _now: datetime) -> Iterator[DueItem]:
    for stored in open_tasks.with_code(view, patients, mapping.CODE, mapping.OPEN):
        task = stored.read(mapping.read)
        if task.patient is not None and task.due is not None:
            yield DueItem("task", task.patient, task.due, task.words, f"Task/{task.id}")


SOURCES: Final[tuple[Source, ...]] = (
    _own,
    critical_results.due,
    escalation.due,
    assessments.due,
    care_due.due,
    medication_due.items,
    order_list.due,
    note_signatures.due,
)
"""Where it comes from, beside the vital signs, whose score the board has at hand."""


def due_items(
    view: View, patients: Sequence[PatientId], now: datetime, known: Iterable[DueItem] = ()
) -> dict[PatientId, tuple[DueItem, ...]]:
    """What is due or will be, of each of some patients, one line of a kind, in order.

    Args:
        view: One snapshot.
        patients: Whose.
        now: The present (aware).
        known: What the caller has already found.
    """
    items = list(known)
    for source in SOURCES:
        items += source(view, patients, now)
    found: dict[PatientId, list[DueItem]] = {patient: [] for patient in patients}
    for item in in_order(gathered(items, now), now):
        found.setdefault(PatientId(item.patient), []).append(item)
    return {patient: tuple(lines) for patient, lines in found.items()}


def add(
    desk: Desk, patient: PatientId, words: str, due: datetime, *, draft: str = ""
) -> Changes:  # fmt: skip
    """Write down what is to be done for a patient.

    Args:
        desk: Who asks for it.
        patient: For whom.
        words: What.
        due: When (aware).
        draft: Id of the draft that it was, which is then gone.

    Raises:
        Refused: ``not-permitted``; ``words-missing``, ``words-too-long`` (field ``words``);
            ``due-in-past``, ``due-too-far`` (field ``due``); ``not-admitted``.
    """
    require(desk.person, "chart")
    said = one_line(words)
    if not said:
        raise Refused("words-missing", field="words")
    if len(said) > LONGEST_WORDS:
        raise Refused("words-too-long", field="words", most=LONGEST_WORDS)
    now = desk.now()
    if due < now - _GRACE:
        raise Refused("due-in-past", field="due")
    if due > now + FARTHEST:
        raise Refused("due-too-far", field="due", days=FARTHEST.days)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient)
        entry = desk.entry(patient, stay.id, at=now)
        unit.create(mapping.write(entry, said, due))
        if draft:
            drafts.discard(unit, draft)
        desk.audit(unit, "write-task", f"Task/{entry.own}")
        return unit.changes


def done(desk: Desk, task: str) -> Changes:
    """Say that the person at the desk has done it.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``task-over`` (``by``) when somebody else did.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        seen = _open(unit, task)
        unit.update(mapping.done(seen.resource(), by=desk.performer, at=desk.now()), seen=seen)
        desk.audit(unit, "task-done", f"Task/{task}")
        return unit.changes


def cancel(desk: Desk, task: str, *, reason: str) -> Changes:
    """Say that it is not to be done any more, and why.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``; ``task-over``.
    """
    require(desk.person, "chart")
    why = charting.reason_given(nfc(reason))
    with desk.store.write(desk.author) as unit:
        seen = _open(unit, task)
        ended = mapping.cancelled(seen.resource(), by=desk.performer, at=desk.now(), reason=why)
        unit.update(ended, seen=seen)
        desk.audit(unit, "task-cancelled", f"Task/{task}")
        return unit.changes


def reopen(desk: Desk, task: str) -> Changes:
    """Take back that a task was done or cancelled; the earlier version stays in its history.

    Raises:
        Refused: ``not-permitted``; ``gone``.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        seen = _stored(unit, task)
        if not mapping.read(seen.resource()).open:
            unit.update(mapping.reopened(seen.resource()), seen=seen)
            desk.audit(unit, "task-reopened", f"Task/{task}")
        return unit.changes


def _open(unit: Unit, task: str) -> Stored:
    seen = _stored(unit, task)
    found: WardTask = mapping.read(seen.resource())
    if not found.open:
        raise Refused("task-over", by=found.done_by, status=found.status)
    return seen


def _stored(unit: Unit, task: str) -> Stored:
    seen = unit.get("Task", task)
    if seen is None or seen.deleted or not mapping.is_ward_task(seen.resource()):
        raise Refused("gone", reference=f"Task/{task}")
    return seen
