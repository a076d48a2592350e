"""Fluids at the bedside: charting amounts, putting them right, taking them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from workstation.clinical.fluid_balance import Fluid, implausible, refuse_impossible
from workstation.fhir import elements
from workstation.fhir import encounter as stay_mapping
from workstation.fhir import fluid_balance as mapping
from workstation.fhir.fluid_balance import FluidEntry
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, name_uuid
from workstation.security.rights import require
from workstation.services import charting, stays
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Stored, drafts

DRAFT: Final = "fluid-balance"
_REMARK: Final = 500
"""Characters of a name or reason that are kept."""


def record(
    desk: Desk,
    patient: PatientId,
    fluids: Sequence[Fluid],
    *,
    confirmed: Collection[Fluid] = (),
) -> Changes:
    """Chart some amounts, as one unit of work; what was kept as a draft of them is forgotten.

    Args:
        desk: Who charts, and where.
        patient: Whose they are.
        fluids: What went in or came out, and when.
        confirmed: Those whose implausible amount the person entered twice.

    Returns:
        What was written: one Observation for each.

    Raises:
        Refused: ``not-permitted``; ``nothing-measured``; ``in-future`` and ``before-admission``
            (field ``at``); ``impossible-value`` and the like; ``implausible-value`` (``lines``:
            their places) until it is confirmed; ``not-admitted``, ``on-leave``.
    """
    require(desk.person, "chart")
    if not fluids:
        raise Refused("nothing-measured")
    _refuse_doubtful(desk, fluids, confirmed)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient, at=max(each.at for each in fluids))
        for fluid in fluids:
            _refuse_before(stay, fluid.at)
        unit.create(*(mapping.write(desk.entry(patient, stay.id), each) for each in fluids))
        drafts.discard(unit, draft_id(desk, patient))
        return unit.changes


def correct(
    desk: Desk,
    patient: PatientId,
    was: FluidEntry,
    fluid: Fluid,
    *,
    reason: str,
    confirmed: Collection[Fluid] = (),
) -> Changes:
    """Put right what was charted wrongly; the wrong version stays in the history.

    Args:
        desk: Who corrects.
        patient: Whose it is.
        was: What the person saw when they decided to correct it.
        fluid: What it should have been.
        reason: Why, in the person's words.
        confirmed: As in `record`.

    Raises:
        Refused: As `record`; ``reason-missing``; ``stale-edit`` when it is no longer what the
            person saw; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.signed(desk, reason.strip()[:_REMARK])
    _refuse_doubtful(desk, (fluid,), confirmed)
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"Observation/{was.id}")
        now = mapping.read(seen.resource())
        if now is None or now.fluid != was.fluid or now.status != was.status:
            raise Refused("stale-edit", reference=f"Observation/{was.id}")
        if fluid.at != was.fluid.at:
            _refuse_before(stays.in_progress(unit, patient), fluid.at)
        unit.update(mapping.correct(seen.resource(), fluid, **why), seen=seen)
        desk.audit(unit, "correct-fluid", f"Observation/{was.id}")
        return unit.changes


def enter_in_error(desk: Desk, observation: str, *, reason: str) -> Changes:
    """Say of an amount that it never was true, such as one of another patient.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.signed(desk, reason.strip()[:_REMARK])
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"Observation/{observation}")
        unit.update(mapping.enter_in_error(seen.resource(), **why), seen=seen)
        desk.audit(unit, "fluid-in-error", f"Observation/{observation}")
        return unit.changes


def undo(desk: Desk, observations: Iterable[str]) -> Changes:
    """Take back what one has charted a moment ago oneself; it stays, as entered in error.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    why = charting.taken_back(desk)
    with desk.store.write(desk.author) as unit:
        for observation in observations:
            seen = still_there(unit, f"Observation/{observation}")
            resource = seen.resource()
            performer = elements.reference(elements.first(resource.get("performer")))
            charting.refuse_undo(desk, performer, elements.instant(resource.get("issued")))
            unit.update(mapping.enter_in_error(resource, **why), seen=seen)
            desk.audit(unit, "undo-fluid", f"Observation/{observation}")
        return unit.changes


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has of one patient's amounts."""
    return name_uuid(DRAFT, desk.person.id, patient)


def keep_draft(desk: Desk, patient: PatientId, body: str) -> Changes:
    """Keep what is typed and not saved yet; forget it when `body` is empty."""
    with desk.store.write() as unit:
        own = draft_id(desk, patient)
        if body:
            kept = drafts.Draft(own, desk.person.id, patient, DRAFT, body, desk.clock.now())
            drafts.keep(unit, kept)
        else:
            drafts.discard(unit, own)
        return unit.changes


def my_draft(desk: Desk, patient: PatientId) -> str:
    """What the person typed about a patient and has not saved; empty when there is nothing."""
    with desk.store.read() as view:
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    return next((draft.body for draft in kept if draft.kind == DRAFT), "")


def _refuse_doubtful(desk: Desk, fluids: Sequence[Fluid], confirmed: Collection[Fluid]) -> None:
    for fluid in fluids:
        charting.refuse_future(desk, fluid.at)
        refuse_impossible(fluid)
    doubtful = tuple(
        place for place, fluid in enumerate(fluids) if implausible(fluid) and fluid not in confirmed
    )
    if doubtful:
        raise Refused("implausible-value", field="volume", lines=doubtful)


def _refuse_before(stay: Stored, at: datetime) -> None:
    started = stay_mapping.read(stay.resource()).started_at
    if started is not None and at < started.replace(second=0, microsecond=0):
        raise Refused("before-admission", field="at", since=started)
