"""The list of everything that is to be done on a ward, by time, with what is half written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.ward_tasks import DueItem, State, in_order
from workstation.kernel.changes import Changes
from workstation.kernel.folding import natural
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services import ward_board
from workstation.services.assignment import Nurse
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.store import drafts

AHEAD: Final = timedelta(hours=12)
"""How far the list looks ahead: to the end of the longest shift."""
_DRAFT: Final = "ward-task"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list.

    Attributes:
        who: The patient.
        item: What is due.
        state: Whether it is late, due or to come, as of the reading.
        nurses: Who cares for the patient now.
        never: Whether vital signs were never measured, so that no interval says when.
    """

    who: Inpatient
    item: DueItem
    state: State
    nurses: tuple[Nurse, ...]
    never: bool = False

    @property
    def own_task(self) -> str:
        """Id of the Task that a person wrote; empty for what is charted elsewhere."""
        kind, _, own = self.item.record.partition("/")
        return own if self.item.kind == "task" and kind == "Task" else ""


@dataclass(frozen=True, slots=True)
class TaskList:
    """The list as it was at `as_of`.

    Attributes:
        ward: Name of the ward.
        as_of: When it was read (aware).
        lines: Escalations first, then by time.
        people: Everybody on the ward, by bed.
        mine: Those of them who are assigned to the person at the desk.
    """

    ward: str
    as_of: datetime
    lines: tuple[Line, ...]
    people: tuple[Inpatient, ...]
    mine: frozenset[PatientId]


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task that is not written down yet.

    Attributes:
        words: What is to be done.
        due: When, as typed.
    """

    words: str
    due: str


def read(desk: Desk) -> TaskList:
    """Everything that is due or will be, on the ward of a desk."""
    board = ward_board.board(desk)
    people = [bed.occupant for bed in board.beds if bed.occupant is not None]
    of_patient = {each.who.patient: each for each in people}
    items = [
        item for each in people for item in each.tasks if item.at <= board.as_of + AHEAD
    ]  # fmt: skip
    lines = []
    for item in in_order(items, board.as_of):
        each = of_patient[PatientId(item.patient)]
        never = item.kind == "vital-signs" and each.due_at is None
        lines.append(Line(each.who, item, item.state(board.as_of), each.nurses, never))
    by_bed = sorted((each.who for each in people), key=lambda who: natural(who.bed_name))
    mine = frozenset(each.who.patient for each in people if each.belongs_to(desk.person.id))
    return TaskList(board.ward, board.as_of, tuple(lines), tuple(by_bed), mine)


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has of a task for one patient."""
    return name_uuid(_DRAFT, desk.person.id, patient)


def draft(desk: Desk, patient: PatientId) -> TaskDraft | None:
    """What the person at the desk has typed for a patient and not written down yet."""
    with desk.store.read() as view:
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    found = next((json.loads(each.body) for each in kept if each.kind == _DRAFT), None)
    return TaskDraft(found["words"], found["due"]) if found else None


def keep_draft(desk: Desk, patient: PatientId, typed: TaskDraft) -> Changes:
    """Keep what is typed so far; forget it when there are no words."""
    own = draft_id(desk, patient)
    with desk.store.write(desk.author) as unit:
        if typed.words.strip():
            body = json.dumps({"words": typed.words, "due": typed.due}, ensure_ascii=False)
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, _DRAFT, body, desk.now()))
        else:
            drafts.discard(unit, own)
    return Changes()
