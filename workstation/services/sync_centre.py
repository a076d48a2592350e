"""What has not reached the hospital, why, what people must decide, and how sync went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from workstation.fhir import patient
from workstation.fhir.differences import RECORDS, UNKNOWN_RECORD, title
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import collisions, conflicts
from workstation.services.desk import Desk
from workstation.store import View, parking, queue, sync_state, unreadable

HISTORY = 60
"""Rounds shown."""

ACCIDENTS = frozenset({"server-restored", "server-emptied", "server-much-smaller"})
"""Ends of a round after which nothing goes on until a person has looked."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How many changes of one kind of record wait; `record` is the key of its word."""

    record: str
    count: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A change that does not go by itself.

    Attributes:
        reference: ``Type/id``.
        record: Kind; the key of its word.
        about: The drug, the substance, the test.
        patient: Whose record it is.
        name: That patient's name.
        since: Since when it waits.
        code: Stable code of the reason.
        words: What the server said, in its own words.
        waits_for: Kind of the record that it waits for; empty when it was refused itself.
    """

    reference: str
    record: str
    about: str
    patient: PatientId | None
    name: str
    since: datetime
    code: str
    words: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Illegible:
    """A record of the hospital that nobody here can read; it is kept as it came.

    Attributes:
        reference: ``Type/id`` as the server names it.
        record: Kind; the key of its word.
        patient: Whose record it seems to be; None when that cannot be told.
        name: That patient's name.
        since: Since when.
        code: Stable code of the reason.
        size: Bytes.
    """

    reference: str
    record: str
    patient: PatientId | None
    name: str
    since: datetime
    code: str
    size: int


@dataclass(frozen=True, slots=True)
class Round:
    """One round of sync that did something or failed; equal failures in a row are one."""

    at: datetime
    outcome: str
    sent: int
    pulled: int
    merged: int
    conflicts: int
    parked: int
    times: int


@dataclass(frozen=True, slots=True)
class Centre:
    """Everything on the page.

    Attributes:
        unsent: Changes that the hospital has not received.
        kinds: The same by kind, most first.
        stuck: Those that wait for a person or for one that does.
        illegible: Records of the hospital that nobody here can read.
        conflicts: To be decided.
        collisions: Safety alerts that nobody has acknowledged.
        rounds: Newest first.
        as_of: End of the last complete round; None if there was none.
        accident: Code of the accident of the server that stopped the last round, or empty.
    """

    unsent: int
    kinds: tuple[Kind, ...]
    stuck: tuple[Stuck, ...]
    illegible: tuple[Illegible, ...]
    conflicts: tuple[conflicts.Waiting, ...]
    collisions: tuple[collisions.Standing, ...]
    rounds: tuple[Round, ...]
    as_of: datetime | None
    accident: str = ""


def read(desk: Desk) -> Centre:
    """Where things stand, counted anew."""
    with desk.store.read() as view:
        unsent = queue.counts(view).unsent
        waiting = tuple(f"{type_}/" for type_ in queue.types_waiting(view).elements())
        stuck = tuple(_stuck(view, each) for each in parking.parked(view))
        odd = tuple(_illegible(view, each) for each in unreadable.all_of(view))
        log = sync_state.read_log(view, HISTORY * 10)
    seen = tuple(each for each in collisions.standing(desk) if not each.acknowledged_by)
    ended = log[0].outcome if log else ""
    complete = next((entry.ended_at for entry in log if entry.outcome == "complete"), None)
    return Centre(
        unsent=unsent,
        kinds=kinds(waiting),
        stuck=stuck,
        illegible=odd,
        conflicts=conflicts.waiting(desk),
        collisions=seen,
        rounds=_rounds(log),
        as_of=complete,
        accident=ended if ended in ACCIDENTS else "",
    )


def kinds(references: Iterable[str]) -> tuple[Kind, ...]:
    """How many records of each kind some references name, most first.

    Args:
        references: ``Type/id`` of each.
    """
    types = (reference.partition("/")[0] for reference in references)
    found = Counter(RECORDS.get(type_, UNKNOWN_RECORD) for type_ in types)
    return tuple(Kind(record, count) for record, count in found.most_common())


def retry(desk: Desk, reference: str) -> Changes:
    """Send a refused change once more.

    Raises:
        Refused: ``gone``: it is not parked any more.
    """
    type_, _, id_ = reference.partition("/")
    with desk.store.write(desk.author) as unit:
        if not any((p.type, p.id) == (type_, id_) for p in parking.parked(unit)):
            raise Refused("gone")
        parking.retry(unit, (type_, id_))
        return Changes(frozenset({type_}), frozenset({reference}), queue=True)


def ask_again(desk: Desk, reference: str) -> Changes:
    """Ask the hospital anew for a record that could not be read; what was kept of it goes.

    Raises:
        Refused: ``gone``: it is not kept aside any more.
    """
    type_, _, id_ = reference.partition("/")
    with desk.store.write(desk.author) as unit:
        if not unreadable.forget(unit, [(type_, id_)]):
            raise Refused("gone")
        sync_state.ask_for_census(unit)
        desk.audit(unit, "ask-again", reference)
    return Changes(queue=True, ward=True)


def _illegible(view: View, odd: unreadable.Unreadable) -> Illegible:
    return Illegible(
        reference=f"{odd.type}/{odd.id}",
        record=RECORDS.get(odd.type, UNKNOWN_RECORD),
        patient=PatientId(odd.patient) if odd.patient else None,
        name=_name(view, odd.patient),
        since=odd.since,
        code=odd.reason,
        size=odd.size,
    )


def _stuck(view: View, parked: parking.Parked) -> Stuck:
    stored = view.get(parked.type, parked.id)
    resource = stored.resource() if stored is not None else {}
    owner = queue.owner(view, (parked.type, parked.id))
    waits_for = (parked.waits_for or "").partition("/")[0]
    return Stuck(
        reference=f"{parked.type}/{parked.id}",
        record=RECORDS.get(parked.type, UNKNOWN_RECORD),
        about=title(resource, tr),
        patient=PatientId(owner) if owner else None,
        name=_name(view, owner),
        since=parked.since,
        code=parked.code,
        words=parked.outcome,
        waits_for=RECORDS.get(waits_for, UNKNOWN_RECORD) if waits_for else "",
    )


def _name(view: View, id_: str | None) -> str:
    stored = view.get("Patient", id_) if id_ else None
    return patient.read(stored.resource()).name.formal if stored is not None else ""


def _with(last: Round, moved: tuple[int, int, int, int, int]) -> Round:
    """Equal failures as one; what they moved before they failed adds up."""
    sent, pulled, merged, conflicted, parked = moved
    return replace(
        last,
        sent=last.sent + sent,
        pulled=last.pulled + pulled,
        merged=last.merged + merged,
        conflicts=last.conflicts + conflicted,
        parked=last.parked + parked,
        times=last.times + 1,
    )


def _rounds(log: list[sync_state.LogEntry]) -> tuple[Round, ...]:
    """The rounds worth telling: what did something, what failed, and the newest of all."""
    found: list[Round] = []
    for number, entry in enumerate(log):
        moved = (entry.sent, entry.pulled, entry.merged, entry.conflicts, entry.parked)
        quiet = entry.outcome == "complete" and not any(moved)
        if quiet and number:
            continue
        last = found[-1] if found else None
        if last and last.outcome == entry.outcome != "complete":
            found[-1] = _with(last, moved)
            continue
        found.append(Round(entry.ended_at, entry.outcome, *moved, times=1))
    return tuple(found[:HISTORY])
