"""Critical results: which there are on a ward, who took note of them, and taking note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from workstation.clinical import results as rules
from workstation.clinical.age import age
from workstation.clinical.results import Flag
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import acknowledgement, elements, laboratory
from workstation.fhir.laboratory import Result
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, WardId
from workstation.security.rights import require
from workstation.services.desk import Desk
from workstation.services.result_lists import catalogue
from workstation.services.still_there import still_there
from workstation.store import View
from workstation.store import results as store

LOOKED_BACK: Final = timedelta(days=7)
"""How old a sample may be whose critical result is still asked for."""
LONGEST_WORDS: Final = 500

_VOID: Final = ("entered-in-error", "cancelled")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """That somebody took note.

    Attributes:
        task: Id of the Task.
        value: What the result said then; empty if that was not kept.
        done: What was done about it.
        by: Name of the person.
        person: ``Practitioner/<id>``.
        at: When (aware).
    """

    task: str
    value: str
    done: str
    by: str
    person: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Critical:
    """One critical result.

    Attributes:
        patient: Whose.
        result: As the record has it, its flag that of the laboratory.
        flag: What it counts as.
        acknowledged: Who took note of this value; empty as long as nobody has.
    """

    patient: PatientId
    result: Result
    flag: Flag
    acknowledged: tuple[Acknowledged, ...]


def unacknowledged(view: View, ward: WardId, now: datetime) -> tuple[Critical, ...]:
    """The critical results of everybody on a ward that nobody took note of, newest first.

    Args:
        view: One snapshot.
        ward: Id of the ward's Location.
        now: The present (aware).
    """
    found = critical(view, store.in_ward(view, ward), now)
    return tuple(each for each in found if not each.acknowledged)


def due(view: View, patients: Sequence[PatientId], now: datetime) -> list[DueItem]:
    """Each critical result that nobody took note of, due since it was released."""
    return [
        DueItem(
            kind="critical-result",
            patient=each.patient,
            at=min(each.result.issued or each.result.at or now, now),
            words=each.result.name,
            record=f"Observation/{each.result.id}",
        )
        for each in critical(view, patients, now)
        if not each.acknowledged
    ]


def critical(view: View, patients: Sequence[PatientId], now: datetime) -> tuple[Critical, ...]:
    """Every critical result of some patients, of the last `LOOKED_BACK`, newest first."""
    since = now - LOOKED_BACK
    ids = store.critical(view, patients, catalogue().bounds(), since)
    noted = acknowledged(view, ids, now) if ids else {}
    births = store.born(view, ids)
    adults = {patient for patient in ids if _adult(births.get(patient), now)}
    found = []
    for patient, observations in ids.items():
        for stored in view.these("Observation", observations):
            result = stored.read(laboratory.read)
            flag = flag_of(result, adult=patient in adults)
            if flag in rules.CRITICAL and result.status not in _VOID:
                said_now = said(result.value, result.words)
                taken = of_value(noted.get(result.id, ()), said_now)
                found.append(Critical(PatientId(patient), result, flag, taken))
    return tuple(sorted(found, key=lambda each: (-_instant(each.result.at), each.result.id)))


def acknowledge(
    desk: Desk, observation: str, done: str, *, seen_value: str | None = None
) -> Changes:
    """Take note of a result, with what was done about it.

    Args:
        desk: Who takes note.
        observation: Id of the Observation.
        done: What was done, in words.
        seen_value: What the result said when the person read it, see `said`; whatever it says
            when None.

    Raises:
        Refused: ``not-permitted``; ``action-missing`` and ``too-long`` (field ``done``); ``gone``;
            ``stale-edit`` when the laboratory corrected it meanwhile.
    """
    require(desk.person, "chart")
    words = _deed(done)
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"Observation/{observation}")
        resource = seen.resource()
        result = laboratory.read(resource)
        entry = desk.entry(
            elements.reference_id(resource.get("subject"), "Patient") or "",
            elements.reference_id(resource.get("encounter"), "Encounter"),
        )
        value = said(result.value, result.words)
        if seen_value not in (None, value):
            raise Refused("stale-edit", reference=f"Observation/{observation}")
        focus = f"Observation/{observation}"
        unit.create(
            acknowledgement.write(entry, "acknowledge-result", focus, value=value, done=words)
        )
        desk.audit(unit, "acknowledge-result", focus)
        return unit.changes


def take_back(desk: Desk, observation: str) -> Changes:
    """Take back that one took note of a result; only one's own, and only the newest.

    Raises:
        Refused: ``not-permitted``; ``gone`` when one took no note of it.
    """
    require(desk.person, "chart")
    now = desk.clock.now()
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"Observation/{observation}")
        patient = elements.reference_id(seen.resource().get("subject"), "Patient") or ""
        noted = acknowledged(unit, (patient,), now).get(observation, ())
        own = [each for each in noted if each.person == desk.reference]
        task = unit.get("Task", own[-1].task) if own else None
        if task is None:
            raise Refused("gone", reference=f"Observation/{observation}")
        unit.update(acknowledgement.taken_back(task.resource(), desk.now()), seen=task)
        desk.audit(unit, "take-back-acknowledgement", f"Observation/{observation}")
        return unit.changes


def acknowledged(
    view: View, patients: Iterable[str], now: datetime
) -> Mapping[str, Sequence[Acknowledged]]:
    """Who took note of which results of some patients, by Observation, newest last."""
    since = now - LOOKED_BACK * 10
    found: dict[str, list[Acknowledged]] = {}
    for stored in store.tasks(view, patients, "acknowledge-result", since):
        each = acknowledgement.read(stored.resource())
        if each.counts and each.focus.startswith("Observation/"):
            noted = Acknowledged(each.id, each.value, each.done, each.by, each.person, each.at)
            found.setdefault(each.focus.removeprefix("Observation/"), []).append(noted)
    for several in found.values():
        several.sort(key=lambda each: (_instant(each.at), each.task))
    return found


def of_value(noted: Sequence[Acknowledged], value: str) -> tuple[Acknowledged, ...]:
    """Those that took note of this value; a corrected result has to be looked at anew."""
    return tuple(each for each in noted if each.value in ("", value))


def said(value: Decimal | None, words: str) -> str:
    """What a result says, as it is kept beside an acknowledgement."""
    return words if value is None else format(value, "f")


def is_adult(view: View, patient: PatientId, now: datetime) -> bool:
    """Whether the critical limits of adults hold for a patient; also when the age is unknown."""
    stored = view.get("Patient", patient)
    return _adult(elements.text(stored.resource().get("birthDate")) if stored else None, now)


def _adult(born: str | None, now: datetime) -> bool:
    day = elements.earliest_day(born)
    found = age(day, now.date()) if day else None
    return found is None or found.years >= catalogue().adult_from_years


def flag_of(result: Result, *, adult: bool) -> Flag:
    """What a result counts as: critical also by the list, whatever the laboratory says."""
    unit = result.ucum or result.unit
    if not adult:
        return result.flag
    listed = catalogue().critical(result.code, result.judged, unit, result.comparator)
    return rules.stronger(result.flag, listed)


def _deed(done: str) -> str:
    words = " ".join(done.split())
    if not words:
        raise Refused("action-missing", field="done")
    if len(words) > LONGEST_WORDS:
        raise Refused("words-too-long", field="done", most=LONGEST_WORDS)
    return words


def _instant(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
