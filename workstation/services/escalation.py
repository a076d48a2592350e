"""Calling for help: who was called about a score, when, what came of it, and who still waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.monitoring import answer_due
from workstation.clinical.names import one_line
from workstation.clinical.scores.warning import EarlyWarning, Risk
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import escalation as mapping
from workstation.fhir.escalation import Call
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services import charting, flowsheet, stays
from workstation.services.desk import Desk
from workstation.store import Stored, Unit, View, open_tasks

COVERS: Final = timedelta(hours=12)
"""How long a call stands for a score that has not become worse: about a shift."""
CALL_WITHIN: Final = timedelta(minutes=15)
"""How long after the measurement a call that was not made becomes late: NEWS2 chart 4 says
"immediately"; the nurse must have had time to make it and to write it down."""
LONGEST: Final = 400

__all__ = ["Call", "Situation"]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a patient stands.

    Attributes:
        patient: Who.
        score: Of the newest values.
        wanted: Whether the score asks for a call that nobody has written down.
        calls: Every call that counts, newest first.
    """

    patient: PatientId
    score: EarlyWarning
    wanted: bool
    calls: tuple[Call, ...]

    @property
    def open(self) -> Call | None:
        """The newest call that waits for its answer."""
        return next((each for each in self.calls if each.open), None)


def call(desk: Desk, patient: PatientId, score: EarlyWarning, whom: str, at: datetime) -> Changes:
    """Write down that somebody was called about a score.

    Args:
        desk: Who called.
        patient: For whom.
        score: What asked for it.
        whom: Who was called.
        at: When (aware).

    Raises:
        Refused: ``not-permitted``; ``whom-missing``, ``words-too-long`` (field ``whom``);
            ``in-future`` (field ``at``); ``not-admitted``.
    """
    require(desk.person, "chart")
    said = _words(whom, "whom-missing", "whom")
    charting.refuse_future(desk, at)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient)
        entry = desk.entry(patient, stay.id)
        resource = mapping.write(
            entry,
            said,
            scale=score.scale.value,
            total=score.total or 0,
            risk=score.risk or "",
            called_at=at,
            answer_by=answer_due(score, at),
        )
        unit.create(resource)
        desk.audit(unit, "call-for-help", f"Task/{entry.own}")
        return unit.changes


def answer(desk: Desk, task: str, words: str, at: datetime) -> Changes:
    """Write down what came of a call.

    Raises:
        Refused: ``not-permitted``; ``answer-empty``, ``words-too-long`` (field ``answer``);
            ``in-future``, ``answer-before-call`` (field ``at``); ``gone``; ``task-over`` (``by``)
            when somebody else has.
    """
    require(desk.person, "chart")
    said = _words(words, "answer-empty", "answer")
    charting.refuse_future(desk, at)
    with desk.store.write(desk.author) as unit:
        seen = _seen(unit, task)
        found = mapping.read(seen.resource())
        if not found.open:
            raise Refused("task-over", by=found.answered_by, status=found.status)
        if found.called_at is not None and at < found.called_at.replace(second=0):
            raise Refused("answer-before-call", field="at")
        unit.update(mapping.answered(seen.resource(), said, by=desk.performer, at=at), seen=seen)
        desk.audit(unit, "answer-to-call", f"Task/{task}")
        return unit.changes


def take_back(desk: Desk, task: str) -> Changes:
    """Say that a call never was made; it stays, as entered in error.

    Raises:
        Refused: ``not-permitted``; ``gone``.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        seen = _seen(unit, task)
        unit.update(mapping.in_error(seen.resource()), seen=seen)
        desk.audit(unit, "call-in-error", f"Task/{task}")
        return unit.changes


def calls(view: View, patient: PatientId) -> tuple[Call, ...]:
    """Every call for a patient that counts, newest first."""
    found = [
        mapping.read(stored.resource())
        for status in (mapping.OPEN, "completed")
        for stored in open_tasks.with_code(view, [patient], mapping.CODE, status)
    ]
    return tuple(sorted(found, key=_at, reverse=True))


def situation(desk: Desk, patient: PatientId) -> Situation:
    """The score of a patient and what was done about it."""
    now = desk.now()
    with desk.store.read() as view:
        score = flowsheet.read_flowsheet(view, patient, now, newest=1).now
        made = calls(view, patient)
    return Situation(patient, score, needs_call(score, made, now), made)


def due(view: View, patients: Sequence[PatientId], _now: datetime) -> list[DueItem]:
    """Each call of some patients that nobody has answered, due when the answer is."""
    found = open_tasks.with_code(view, patients, mapping.CODE, mapping.OPEN)
    return [
        DueItem("escalation", each.patient, each.answer_by, called_words(each), f"Task/{each.id}")
        for each in (stored.read(mapping.read) for stored in found)
        if each.answer_by is not None
    ]


def uncalled(
    view: View, scores: Iterable[tuple[PatientId, EarlyWarning | None]], now: datetime
) -> list[DueItem]:
    """Those whose score asks for a call that nobody has made, due since it was measured.

    Args:
        view: One snapshot.
        scores: The score of the newest values of each patient.
        now: The present (aware).
    """
    asking = [(patient, score) for patient, score in scores if score is not None and score.calls]
    people = [patient for patient, _ in asking]
    made: dict[str, list[Call]] = {}
    for status in (mapping.OPEN, "completed") if people else ():
        for stored in open_tasks.with_code(view, people, mapping.CODE, status):
            found = stored.read(mapping.read)
            made.setdefault(found.patient, []).append(found)
    return [
        DueItem("escalation", patient, score.at, _wanted_words(score), tolerance=CALL_WITHIN)
        for patient, score in asking
        if score.at is not None and needs_call(score, made.get(patient, ()), now)
    ]


def needs_call(score: EarlyWarning, made: Iterable[Call], now: datetime) -> bool:
    """Whether a score asks for a call that has not been made.

    A call stands for `COVERS` for a score of the same scale that has not become worse since, in
    points or in risk: of MEOWS one red value is worse than two yellow ones.

    Args:
        score: Of the newest values.
        made: The calls for this patient.
        now: The present (aware).
    """
    if not score.calls:
        return False
    return not any(
        each.counts
        and each.scale == score.scale
        and each.called_at is not None
        and now - each.called_at <= COVERS
        and (each.total or 0) >= (score.total or 0)
        and (not each.risk or _rank(each.risk) >= _rank(score.risk))
        for each in made
    )


def _rank(risk: str | None) -> int:
    order: list[str] = [each.value for each in Risk]
    return order.index(risk) if risk in order else -1


def called_words(each: Call) -> str:
    """Who was called and when, for a list."""
    at = each.called_at.astimezone().strftime("%H:%M") if each.called_at else "–"
    return tr("called {time}: {whom}", time=at, whom=each.whom)


def _wanted_words(score: EarlyWarning) -> str:
    return tr("call for {scale} {total}", scale=score.scale.value, total=score.total)


def _words(text: str, missing: str, field: str) -> str:
    said = one_line(text)
    if not said:
        raise Refused(missing, field=field)
    if len(said) > LONGEST:
        raise Refused("words-too-long", field=field, most=LONGEST)
    return said


def _seen(unit: Unit, task: str) -> Stored:
    seen = unit.get("Task", task)
    if seen is None or seen.deleted or not mapping.is_call(seen.resource()):
        raise Refused("gone", reference=f"Task/{task}")
    return seen


def _at(each: Call) -> tuple[float, str]:
    return (each.called_at.timestamp() if each.called_at else 0.0, each.id)
