"""What a downtime pack says of a patient's drugs: what to give next, what became of the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from workstation.clinical.dosage import Amount, Rate
from workstation.clinical.medication_record import State
from workstation.documents.pack_medication import PackDrug, PackMedication
from workstation.fhir.drug_order import in_full
from workstation.fhir.infusion import RATE_UNIT
from workstation.kernel.words import Language, say
from workstation.services.medication_record import Cell, Row, Sheet

SPAN: Final = timedelta(hours=24)
"""So far ahead boxes are printed, and so far back what was given or stopped is told."""
BEYOND: Final = 2 * SPAN
"""So far ahead is read, to say when a dose comes next for which there is no box yet."""
_BLANKS: Final = 6
_BOXED: Final = (State.FUTURE, State.DUE, State.LATE)
_WORDS: Final = {
    State.GIVEN: "Given",
    State.PARTIAL: "Given in part",
    State.RUNNING: "Running",
    State.WITHHELD: "Withheld",
    State.REFUSED: "Declined",
    State.UNAVAILABLE: "Not in stock",
    State.CHANGED: "Changed",
    State.UNKNOWN: "Unclear",
}


def printed(sheet: Sheet, tongue: Language) -> PackMedication:
    """The record of a patient as the pack prints it.

    Args:
        sheet: From `SPAN` before now to `BEYOND` after.
        tongue: Of the words; orders stay in the words of the record.
    """
    now = sheet.now
    span = say(
        tongue, "Drugs from {since} to {until}", since=_moment(now), until=_moment(now + SPAN)
    )
    drugs = tuple(_drug(row, now, tongue) for row in sheet.rows if not row.over)
    stopped = tuple(_stopped(row, now, tongue) for row in sheet.rows if row.over)
    return PackMedication(span, drugs, stopped)


def _drug(row: Row, now: datetime, tongue: Language) -> PackDrug:
    return PackDrug(
        drug=row.drug,
        order=_order(row, tongue),
        notes=tuple(_notes(row, now, tongue)),
        last=" · ".join(filter(None, (_last(row, now, tongue), _next(row, now, tongue)))),
        boxes=tuple(_boxes(row, now, tongue)),
    )


def _notes(row: Row, now: datetime, tongue: Language) -> Iterator[str]:
    if row.status == "on-hold":
        yield say(tongue, "On hold: do not give until a doctor says so.")
    if row.second_person:
        yield say(tongue, "High-risk: two people check")
    if row.infusion is not None:
        rate = row.infusion.rate_ml_h
        unit = say(tongue, "mL/h")
        speed = say(tongue, "Paused") if rate == 0 else f"{_number(rate, tongue)} {unit}"
        since = _short(row.infusion.started_at, now)
        yield say(tongue, "Runs since {time}", time=since) + (f" · {speed}" if rate is not None
                                                              else "")  # fmt: skip
    if row.again_at is not None:
        yield say(tongue, "Not before {time}", time=_short(row.again_at, now))
    if row.timing.most_a_day is not None:
        yield say(tongue, "At most {count} in 24 hours", count=row.timing.most_a_day)
    missed = [_short(c.place.at, now) for c in row.cells if c.place.state is State.MISSED]
    if missed:
        yield say(tongue, "Nothing charted at {times}: ask before giving.",
                  times=", ".join(missed))  # fmt: skip
    if row.remark:
        yield row.remark


def _last(row: Row, now: datetime, tongue: Language) -> str:
    told = [cell for cell in row.cells if cell.place.state in _WORDS and cell.doses]
    if not told:
        return say(tongue, "Nothing charted in the last 24 hours")
    if row.kind == "as-needed":
        # Who gives the next one has to count what was given already.
        every = "; ".join(_what(cell, now, tongue) for cell in reversed(told))
        return say(tongue, "In the last 24 hours: {what}", what=every)
    return say(tongue, "Last: {what}", what=_what(told[-1], now, tongue))


def _next(row: Row, now: datetime, tongue: Language) -> str:
    """When the next dose is due, where there is no box for it yet."""
    open_at = [cell.place.at for cell in row.cells if cell.place.state in _BOXED]
    if row.kind != "scheduled" or row.status == "on-hold" or not open_at:
        return ""
    if open_at[0] < now + SPAN:
        return ""
    return say(tongue, "Next dose: {time}", time=_short(open_at[0], now))


def _what(cell: Cell, now: datetime, tongue: Language) -> str:
    dose = cell.shown or cell.doses[-1]
    at = dose.at or cell.place.at
    said = f"{say(tongue, _WORDS[cell.place.state])} {_short(at, now)}"
    return ", ".join(filter(None, (said, _amount(dose.amount, tongue), dose.by, dose.reason)))


def _boxes(row: Row, now: datetime, tongue: Language) -> Iterator[str]:
    if row.status == "on-hold":
        return
    if row.kind != "scheduled":
        yield from ("" for _ in range(_BLANKS))
        return
    for cell in row.cells:
        if cell.place.state in _BOXED and cell.place.at < now + SPAN:
            late = cell.place.state is State.LATE
            at = _short(cell.place.at, now)
            yield f"{at} {say(tongue, 'Late').lower()}" if late else at


def _stopped(row: Row, now: datetime, tongue: Language) -> str:
    at = f" ({_short(row.stopped_at, now)})" if row.stopped_at else ""
    return f"{row.drug}, {_order(row, tongue)}{at}"


def _order(row: Row, tongue: Language) -> str:
    """The order as it was written, its rate in the unit that the screen says."""
    said = in_full(row.amount, row.rate, row.route, row.instruction)
    return said.replace(RATE_UNIT, say(tongue, "mL/h"))


def _amount(amount: Amount | Rate | None, tongue: Language) -> str:
    if amount is None:
        return ""
    unit = say(tongue, "mL/h") if amount.unit == RATE_UNIT else amount.unit
    return f"{_number(amount.value, tongue)} {unit}".rstrip()


def _number(value: Decimal | None, tongue: Language) -> str:
    """Without trailing zeros, which are misread (1,0 as 10); with the leading one (ISMP)."""
    if value is None:
        return ""
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if tongue == "vi" else text


def _short(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%H:%M %d/%m}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"
