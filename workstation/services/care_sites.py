"""Lines, catheters, drains, tubes and wounds: put in, looked at, taken out, put right."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical import care_site as rules
from workstation.clinical.care_site import Group, Look, Site
from workstation.clinical.names import one_line
from workstation.fhir import care_look, elements
from workstation.fhir import care_site as mapping
from workstation.fhir.care_look import LookRecord
from workstation.fhir.care_site import SiteRecord
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, name_uuid
from workstation.kernel.words import say
from workstation.security.rights import require
from workstation.services import charting, stays
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, assessments, drafts
from workstation.store import care_sites as store

DRAFT: Final = "care-site"
LONGEST_DETAIL: Final = 80

__all__ = ["CareSites", "LookRecord", "LookRow", "SiteRecord", "SiteRow"]


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look as it is shown.

    Attributes:
        record: What was seen.
        unsent: Whether the hospital has not received it yet.
    """

    record: LookRecord
    unsent: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line, drain or wound as it is shown.

    Attributes:
        number: Its number in the list and on the picture; 0 when it is no longer there.
        record: What it is.
        looks: Newest first; errors are among them.
        look_due: When it is to be looked at again (aware); None when it is not by the clock.
        change_due: When changing it is in question (aware); None when it is not by the clock.
        unsent: Whether the hospital has not received it yet.
    """

    number: int
    record: SiteRecord
    looks: tuple[LookRow, ...]
    look_due: datetime | None
    change_due: datetime | None
    unsent: bool

    @property
    def last(self) -> LookRow | None:
        """The newest look that counts."""
        return next((row for row in self.looks if row.record.valid), None)


@dataclass(frozen=True, slots=True)
class CareSites:
    """All of one patient.

    Attributes:
        rows: Those that are there by how long they are, then those that are over, newest first.
        drafts: What was typed and not saved by whoever is logged in: texts by field, of each deed.
        now: When this was read, with the terminal's offset.
    """

    rows: tuple[SiteRow, ...]
    drafts: Mapping[str, Mapping[str, str]]
    now: datetime


def read(desk: Desk, patient: PatientId) -> CareSites:
    """Every line, drain and wound of a patient, with what was seen."""
    now = desk.now()
    with desk.store.read() as view:
        there_are = [
            *store.procedures(view, patient, nursing=False),
            *view.find("Condition", patient=patient),
        ]
        found = [
            (record, stored.pending)
            for stored in there_are
            if (record := mapping.read(stored.resource())) is not None
        ]
        looks = looks_of(assessments.under(view, patient, care_look.INDEX_CODES))
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    there = sorted(
        (each for each in found if each[0].present), key=lambda e: (e[0].site.since, e[0].reference)
    )
    over = sorted(
        (each for each in found if not each[0].present),
        key=lambda e: (e[0].ended or e[0].site.since, e[0].reference),
        reverse=True,
    )
    numbered = [*enumerate(there, start=1), *((0, each) for each in over)]
    rows = (row_of(number, record, looks, unsent=wait) for number, (record, wait) in numbered)
    typed = (json.loads(draft.body) for draft in kept if draft.kind == DRAFT)
    return CareSites(tuple(rows), {each["deed"]: each["texts"] for each in typed}, now)


def keep_draft(desk: Desk, patient: PatientId, deed: str, texts: Mapping[str, str]) -> Changes:
    """Keep what is typed and not saved yet; forget it when nothing is.

    Args:
        desk: Who types.
        patient: About whom.
        deed: What it is to become, such as ``put-in`` or ``look Procedure/1``.
        texts: What stands in each field.
    """
    own = draft_id(desk, patient, deed)
    with desk.store.write() as unit:
        if any(text.strip() for text in texts.values()):
            body = json.dumps({"deed": deed, "texts": dict(texts)}, ensure_ascii=False)
            now = desk.clock.now()
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, DRAFT, body, now))
        else:
            drafts.discard(unit, own)
        return unit.changes


def draft_id(desk: Desk, patient: str, deed: str) -> str:
    """Under which what is typed for a deed is kept."""
    return name_uuid(DRAFT, desk.person.id, patient, deed)


def _forget(desk: Desk, unit: Unit, stored: Stored, deed: str) -> None:
    """The draft of a deed goes with the same commit."""
    patient = elements.reference_id(stored.resource().get("subject"), "Patient") or ""
    drafts.discard(unit, draft_id(desk, patient, deed))


def in_record(words: str) -> str:
    """English words as the record says them: in Vietnamese, whatever the screen speaks."""
    return say("vi", words)


def put_in(desk: Desk, patient: PatientId, site: Site) -> Changes:
    """Chart a new line, catheter, drain, tube or wound.

    Args:
        desk: Who charts it.
        patient: Whose.
        site: What, where, since when; it may be older than the stay.

    Raises:
        Refused: ``not-permitted``; ``in-future`` (field ``since``); ``words-too-long`` (field
            ``detail``); ``not-admitted``, ``on-leave``.
    """
    require(desk.person, "chart")
    _refuse_site(desk, site)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient, at=site.since)
        unit.create(mapping.write(desk.entry(patient, stay.id), site, in_record))
        drafts.discard(unit, draft_id(desk, patient, "put-in"))
        return unit.changes


def look(
    desk: Desk,
    patient: PatientId,
    of: str,
    seen: Look,
    *,
    confirmed: Collection[str] = (),
) -> Changes:
    """Chart what was seen.

    Args:
        desk: Who looked.
        patient: Whose it is.
        of: ``Type/id`` of what was looked at.
        seen: What was seen.
        confirmed: Fields whose implausible value the person entered twice.

    Raises:
        Refused: ``not-permitted``; ``in-future``, ``not-there-then`` (field ``at``); what
            `rules.refuse_impossible` says; ``implausible-value`` (``fields``) until it is
            confirmed; ``gone``; ``not-admitted``, ``on-leave``.
    """
    require(desk.person, "chart")
    charting.refuse_future(desk, seen.at)
    with desk.store.write(desk.author) as unit:
        _, record = _stored(unit, of)
        site = record.site
        rules.refuse_impossible(site.kind, seen)
        if seen.at < site.since.replace(second=0) or (record.ended and seen.at > record.ended):
            raise Refused("not-there-then", field="at", since=site.since)
        doubtful = tuple(name for name in rules.implausible(seen) if name not in confirmed)
        if doubtful:
            raise Refused("implausible-value", field=doubtful[0], fields=doubtful)
        stay = stays.in_progress(unit, patient, at=seen.at)
        words = f"{in_record(site.kind.words)}, {in_record(site.place.words)}"
        unit.create(care_look.write(desk.entry(patient, stay.id), of, words, seen))
        drafts.discard(unit, draft_id(desk, patient, f"look {of}"))
        return unit.changes


def end(desk: Desk, of: str, at: datetime, *, reason: str = "") -> Changes:
    """Chart that something was taken out, or that a wound has healed.

    Args:
        desk: Who charts it.
        of: ``Type/id``.
        at: When (aware).
        reason: Why; wounds need none.

    Raises:
        Refused: ``not-permitted``; ``in-future``, ``not-there-then`` (field ``at``);
            ``reason-missing``; ``already-ended``; ``gone``.
    """
    require(desk.person, "chart")
    charting.refuse_future(desk, at)
    with desk.store.write(desk.author) as unit:
        stored, record = _stored(unit, of)
        if not record.present:
            raise Refused("already-ended", at=record.ended)
        if at < record.site.since.replace(second=0):
            raise Refused("not-there-then", field="at", since=record.site.since)
        if record.site.kind.group is not Group.WOUND and not reason.strip():
            raise Refused("reason-missing", field="reason")
        over = mapping.ended(
            stored.resource(), end=at, reason=_short(reason), author=desk.performer, at=desk.now()
        )
        unit.update(over, seen=stored)
        _forget(desk, unit, stored, f"end {of}")
        desk.audit(unit, "end-care-site", of)
        return unit.changes


def amend(desk: Desk, of: str, site: Site, *, reason: str) -> Changes:
    """Put place, time or detail right; the wrong version stays in the history.

    Raises:
        Refused: As `put_in`, and ``reason-missing``, ``gone``.
    """
    require(desk.person, "chart")
    _refuse_site(desk, site)
    why = charting.signed(desk, _short(reason))
    with desk.store.write(desk.author) as unit:
        stored, _ = _stored(unit, of)
        unit.update(mapping.amend(stored.resource(), site, in_record, **why), seen=stored)
        _forget(desk, unit, stored, f"amend {of}")
        desk.audit(unit, "correct-care-site", of)
        return unit.changes


def enter_in_error(desk: Desk, reference: str, *, reason: str) -> Changes:
    """Say of a line, wound or look that it never was true, such as one of another patient.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.signed(desk, _short(reason))
    with desk.store.write(desk.author) as unit:
        stored = still_there(unit, reference)
        _strike(unit, stored, why)
        _forget(desk, unit, stored, f"strike {reference}")
        desk.audit(unit, "care-site-in-error", reference)
        return unit.changes


def undo(desk: Desk, references: Iterable[str]) -> Changes:
    """Take back what one has charted oneself a moment ago: a thing, a look, or an end.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    why = charting.taken_back(desk)
    with desk.store.write(desk.author) as unit:
        for reference in references:
            stored = still_there(unit, reference)
            record = mapping.read(stored.resource())
            _refuse_foreign(desk, stored, record)
            if record is not None and record.ended is not None:
                unit.update(mapping.reopened(stored.resource(), **why), seen=stored)
            else:
                _strike(unit, stored, why)
            desk.audit(unit, "undo-care-site", reference)
        return unit.changes


def row_of(
    number: int, record: SiteRecord, looks: Mapping[str, list[LookRow]], *, unsent: bool
) -> SiteRow:
    """A row of the list, with what is due of it.

    Args:
        number: Its number; 0 when it is no longer there.
        record: What it is.
        looks: Of all, by what was looked at, newest first.
        unsent: Whether the hospital has not received it yet.
    """
    own = tuple(looks.get(record.reference, ()))
    last = next((row.record.look.at for row in own if row.record.valid), None)
    there = record.present
    return SiteRow(
        number,
        record,
        own,
        rules.look_due(record.site, last) if there else None,
        rules.change_due(record.site) if there else None,
        unsent,
    )


def looks_of(found: Iterable[Stored]) -> dict[str, list[LookRow]]:
    """Looks by what they looked at, newest first."""
    rows: dict[str, list[LookRow]] = {}
    for stored in found:
        record = stored.read(care_look.read)
        if record is not None:
            rows.setdefault(record.of, []).append(LookRow(record, stored.pending))
    for own in rows.values():
        own.sort(key=lambda row: (row.record.look.at, row.record.id), reverse=True)
    return rows


def _refuse_site(desk: Desk, site: Site) -> None:
    charting.refuse_future(desk, site.since, "since")
    if len(site.detail) > LONGEST_DETAIL:
        raise Refused("words-too-long", field="detail", most=LONGEST_DETAIL)


def _refuse_foreign(desk: Desk, stored: Stored, record: SiteRecord | None) -> None:
    """One's own, and only for a few minutes."""
    if record is not None and record.ended is not None:
        by, at = mapping.ended_by(stored.resource())
    elif record is not None:
        by, at = record.by_reference, record.recorded
    else:
        seen = care_look.read(stored.resource())
        by, at = (seen.by_reference, seen.issued) if seen is not None else ("", None)
    charting.refuse_undo(desk, by, at)


def _strike(unit: Unit, stored: Stored, why: dict[str, Any]) -> None:
    resource = stored.resource()
    struck = care_look if resource["resourceType"] == "Observation" else mapping
    unit.update(struck.enter_in_error(resource, **why), seen=stored)


def _stored(unit: Unit, of: str) -> tuple[Stored, SiteRecord]:
    stored = still_there(unit, of)
    record = mapping.read(stored.resource())
    if record is None or not record.valid:
        raise Refused("gone", reference=of)
    return stored, record


def _short(words: str) -> str:
    return one_line(words)[: rules.LONGEST_WORDS]
