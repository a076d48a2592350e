"""Reads everything that a person can look at on a desk, as the screens do."""

from __future__ import annotations

from collections.abc import Iterator

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.services import (
    chart,
    collisions,
    conflicts,
    documents,
    flowsheet,
    history,
    notes,
    patient_record,
    patient_search,
    results,
    sync_centre,
    timeline,
    vital_signs_round,
    ward_board,
)
from workstation.services.desk import Desk
from workstation.services.documents import House, Request
from workstation.store import chart as lines
from workstation.sync.collisions import examine

HOUSE = House(hospital="Bệnh viện Đa khoa Thử nghiệm")


def read_ward(desk: Desk) -> ward_board.WardBoard:
    """The ward, the round, the search, and what needs a person."""
    board = ward_board.board(desk)
    vital_signs_round.read(desk)
    sync_centre.read(desk)
    for text in ("nguyen", "26", "%", "a_"):
        patient_search.find(desk, text)
    for waiting in conflicts.waiting(desk):
        conflicts.detail(desk, waiting.id)
    collisions.standing(desk)
    return board


def read_chart(desk: Desk, patient: PatientId) -> timeline.Timeline:
    """Every tab of a chart; gives the timeline."""
    patient_record.banner(desk, patient)
    chart.summary(desk, patient)
    flowsheet.flowsheet(desk, patient)
    results.results(desk, patient)
    notes.notes(desk, patient)
    with desk.store.read() as view:
        lines.banner(view, patient)
        place = None
        while True:
            page = lines.timeline(view, patient, after=place, size=50)
            place = page.next
            if place is None:
                break
    return timeline.timeline(desk, patient, count=100_000)


def read_papers(desk: Desk, patient: PatientId) -> Iterator[bytes]:
    """Both papers of a chart."""
    for kind in documents.KINDS:
        yield documents.make(documents.gather(desk, patient, Request(kind), HOUSE)).pdf


def read_record(desk: Desk, type_: str, id_: str) -> None:
    """The history of one record, and what the rules make of it."""
    history.record_history(desk, type_, id_)
    examine(desk.store, Changes(references=frozenset({f"{type_}/{id_}"})))
