"""What changed since a person was last here: of one patient, and of the ward.

A change counts by when it became known at this terminal, not by the time on the record: a result of
the morning that came at noon is news at noon, and after an outage all that others charted is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from workstation.fhir import elements, laboratory, summary
from workstation.fhir.json import Resource
from workstation.kernel.ids import PatientId
from workstation.services import inpatients, visits
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.store import View, ward_board
from workstation.store import changes_since as store

LONGEST: Final = timedelta(days=3)
"""News of the ward goes back no further, however long a person was away."""
_NO_NEWS: Final = frozenset({"Patient", "Provenance", "DetectedIssue"})
_BESIDE: Final = frozenset({"conflict", summary.SIGNATURE_ASKED})
"""Kinds that stand beside another record, which is the news."""
_ENDED: Final = frozenset({"stopped", "cancelled", "revoked", "entered-in-error", "on-hold"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new or other than before.

    Attributes:
        type: FHIR type.
        id: Its id.
        kind: As `workstation.fhir.summary` calls it.
        title: What it is, in the words of the record.
        detail: Its value or first words; may be empty.
        at: When it happened (aware); None when the record does not say.
        known_at: When this terminal learned of it.
        author: Who, as shown; may be empty.
        status: FHIR status.
        count: How many records it stands for: a set of vital signs is one change.
    """

    type: str
    id: str
    kind: str
    title: str
    detail: str
    at: datetime | None
    known_at: datetime
    author: str
    status: str
    count: int = 1

    @property
    def ended(self) -> bool:
        """Whether it says that something does not hold any more."""
        return self.status in _ENDED


@dataclass(frozen=True, slots=True)
class PatientNews:
    """What is new of one patient of the ward.

    Attributes:
        who: The patient.
        counts: How many changes of each kind.
        since: What it is new since (aware).
        newest: When the last of them became known.
    """

    who: Inpatient
    counts: Mapping[str, int]
    since: datetime
    newest: datetime


def of_patient(desk: Desk, patient: PatientId, since: datetime) -> tuple[Change, ...]:
    """What became known of a patient since a moment, the newest first."""
    with desk.store.read() as view:
        return read(view, desk, patient, since)


def read(
    view: View, desk: Desk, patient: PatientId, since: datetime, *, own: bool = False
) -> tuple[Change, ...]:
    """The same, inside a transaction; with `own`, what the person charted is among it."""
    known = store.since(view, [patient], since, person="" if own else desk.reference)
    found = [_change(each, resource) for each, resource in _news(view, known, {patient: since})]
    return tuple(
        sorted(_sets(found), key=lambda change: (change.known_at, change.type, change.id))[::-1]
    )


def of_ward(desk: Desk, floor: datetime) -> tuple[PatientNews, ...]:
    """Whoever on the ward has something new since the person at the desk last saw their chart.

    Args:
        desk: Who asks.
        floor: Since when for charts that the person never saw (aware), such as the shift's start.

    Returns:
        The patient with the newest news first.
    """
    now = desk.now()
    with desk.store.read() as view:
        ward = ward_board.read(view, desk.ward, results_since=now)
        beds = {bed.id: bed.name for bed in ward.beds}
        places = {bed: place for place, bed in enumerate(beds)}
        people = sorted(
            inpatients.of_ward(ward.occupants, beds, now),
            key=lambda who: places.get(who.bed, len(places)),
        )
        since = {
            who.patient: max(visits.last(view, desk, who.patient) or floor, now - LONGEST)
            for who in people
        }
        if not since:
            return ()
        known = store.since(view, since, min(since.values()), person=desk.reference)
        late = [each for each in known if each.at > since[PatientId(each.patient)]]
        counts, newest = _counted(_news(view, late, since))
    found = [
        PatientNews(who, dict(counts[who.patient]), since[who.patient], newest[who.patient])
        for who in people
        if who.patient in newest
    ]
    return tuple(sorted(found, key=lambda news: news.newest, reverse=True))


def _counted(
    news: Iterable[tuple[store.Known, Resource]],
) -> tuple[dict[str, Counter[str]], dict[str, datetime]]:
    """How many changes of each kind each patient has, and when the last became known."""
    counts: dict[str, Counter[str]] = {}
    newest: dict[str, datetime] = {}
    sets: set[tuple[str, datetime | None]] = set()
    for each, resource in news:
        patient, kind = each.patient, summary.kind_of(resource)
        newest[patient] = max(newest.get(patient, each.at), each.at)
        own = counts.setdefault(patient, Counter())
        if kind == "vital-signs":  # those of one time are one change
            sets.add((patient, summary.at_of(resource)))
        else:
            own[kind] += 1
    for patient, _ in sets:
        counts[patient]["vital-signs"] += 1
    return counts, newest


def _news(
    view: View, known: Iterable[store.Known], since: Mapping[PatientId, datetime]
) -> Iterator[tuple[store.Known, Resource]]:
    """Of what became known, what is news."""
    by_type: dict[str, dict[str, store.Known]] = {}
    for each in known:
        if each.type not in _NO_NEWS:
            by_type.setdefault(each.type, {})[each.id] = each
    for type_, of_type in by_type.items():
        for stored in view.these(type_, of_type):
            each, resource = of_type[stored.id], stored.resource()
            at = summary.at_of(resource) if each.filled else None
            old = each.filled and (at is None or at <= since[PatientId(each.patient)])
            if not old and summary.kind_of(resource) not in _BESIDE:
                yield each, resource


def _change(known: store.Known, resource: Resource) -> Change:
    said = summary.summarise(resource)
    detail = ""
    if known.type == "Observation" and said.kind != "vital-signs":
        result = laboratory.read(resource)
        number = "" if result.value is None else f"{format(result.value, 'f')} {result.unit}"
        detail = number.strip() or result.words
    return Change(
        type=known.type,
        id=known.id,
        kind=said.kind,
        title=said.title or "",
        detail=detail or elements.text(resource.get("conclusion")) or "",
        at=said.at,
        known_at=known.at,
        author=said.author or "",
        status=said.status or "",
    )


def _sets(changes: Sequence[Change]) -> list[Change]:
    """The vital signs of one time are one change."""
    sets: dict[datetime | None, list[Change]] = {}
    others = []
    for change in changes:
        if change.kind == "vital-signs":
            sets.setdefault(change.at, []).append(change)
        else:
            others.append(change)
    return others + [
        replace(group[0], title="", count=len(group), known_at=max(c.known_at for c in group))
        for group in sets.values()
    ]
