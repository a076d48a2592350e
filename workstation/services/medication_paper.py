"""Reads the medication record for paper: a day from midnight to midnight, a page each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from workstation.clinical.medication_record import State
from workstation.documents.medication_record import (
    MedicationDay,
    MedicationPaper,
    PrintedDrug,
    PrintedPlace,
    medication_paper,
)
from workstation.kernel.words import Language, say
from workstation.services import medication_record
from workstation.services.medication_record import Cell, Given, Row, Sheet
from workstation.services.paper import Content, Order

_MOST_DAYS: Final = 14
"""So many days back at most: longer stays are printed in parts."""
_DAY: Final = timedelta(days=1)
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def gather(order: Order) -> Content:
    """Read every day that is asked for and has something on it; the present one always."""
    today = order.now.replace(hour=0, minute=0, second=0, microsecond=0)
    back = (today.date() - (order.since or today.date())).days
    days: list[MedicationDay] = []
    with order.desk.store.read() as view:
        for ago in range(min(max(back, 0), _MOST_DAYS), -1, -1):
            start = today - ago * _DAY
            sheet = medication_record.read_sheet(
                order.desk, view, order.patient, start, start + _DAY
            )
            drugs = _drugs(sheet, order.request.language)
            if drugs or not ago:
                days.append(MedicationDay(start, drugs))
    paper = tuple(days)
    return Content(
        paper,
        lambda imprint: medication_paper(MedicationPaper(order.head, order.box, paper, imprint)),
    )


def _drugs(sheet: Sheet, language: Language) -> tuple[PrintedDrug, ...]:
    zone = sheet.now.tzinfo
    rows = [
        PrintedDrug(
            row.drug,
            row.instruction,
            tuple(_place(row, cell, language, zone) for cell in row.cells),
            row.second_person,
        )
        for row in sheet.rows
        if row.cells
    ]
    for given in sheet.others:
        if given.at is not None:
            place = _dose(given, given.outcome.value, language, zone)
            rows.append(PrintedDrug(given.drug, say(language, "No order known here"), (place,)))
    return tuple(rows)


def _place(row: Row, cell: Cell, language: Language, zone: tzinfo | None) -> PrintedPlace:
    shown = cell.shown
    if shown is None:
        return PrintedPlace(cell.place.at.astimezone(zone), cell.place.state, row.amount)
    return _dose(shown, cell.place.state, language, zone, others=cell.doses)


def _dose(
    given: Given,
    state: str,
    language: Language,
    zone: tzinfo | None,
    *,
    others: Sequence[Given] = (),
) -> PrintedPlace:
    remarks = [_remark(each, language) for each in others or (given,)]
    if len(others) > 1:
        said = say(language, "{count} records of this dose", count=len(others))
        remarks.insert(0, said)
    return PrintedPlace(
        at=(given.at or given.slot or _NEVER).astimezone(zone),
        state=State(state),
        amount=given.amount,
        rate_ml_h=given.rate_ml_h,
        by=given.by,
        remark="; ".join(filter(None, remarks)),
    )


def _remark(given: Given, language: Language) -> str:
    timing = {"early": say(language, "early"), "late": say(language, "late")}
    witness = say(language, "checked by {name}", name=given.witness) if given.witness else ""
    corrected = ""
    if given.corrected:
        corrected = say(language, "corrected: {reason}", reason=given.corrected)
    parts = (timing.get(given.timing, ""), given.timing_reason, given.reason, witness, corrected)
    said = ", ".join(filter(None, parts))
    return f"{said} ({given.by})" if said and given.by else said
