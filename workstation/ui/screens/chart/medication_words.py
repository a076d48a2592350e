"""What the medication record says in words: of an order, of a place, of a dose."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.medication_record import Outcome, State
from workstation.kernel.words import tr
from workstation.services.medication_record import Cell, Given, Row
from workstation.ui.toolkit.drug_words import (
    dose_line,
    effect_text,
    rate_text,
    short_time,
    state_text,
)
from workstation.ui.toolkit.order_words import amount_text


def row_text(row: Row | None) -> str:
    """An order in one line, for screen readers."""
    if row is None:
        return tr("No order known here")
    return f"{row.drug} {order_line(row)}"


def order_line(row: Row) -> str:
    """Dose, route, frequency; as the record says where it says them only in words."""
    if row.instruction and (row.kind == "other" or (row.amount is None and row.rate is None)):
        return row.instruction
    return dose_line(row.amount, row.route, row.timing, rate=row.rate)


def status_line(row: Row, now: datetime) -> str:
    """What is special about an order now; empty when nothing is."""
    said = []
    if row.status == "on-hold":
        said.append(tr("On hold"))
    if row.over and row.stopped_at is not None:
        said.append(tr("Stopped {time}", time=short_time(row.stopped_at, now)))
    if row.infusion is not None:
        rate = row.infusion.rate_ml_h
        since = short_time(row.infusion.started_at, now)
        speed = rate_text(rate) if rate is not None else ""
        said.append(tr("Runs since {time}", time=since) + (f" · {speed}" if speed else ""))
    if row.again_at is not None:
        said.append(tr("Not before {time}", time=short_time(row.again_at, now)))
    return " · ".join(said)


def upper_text(cell: Cell) -> str:
    """The first line in a cell: the time that counts."""
    given = cell.shown
    at = given.at if given is not None and given.at is not None else cell.place.at
    return f"{at.astimezone():%H:%M}"


def lower_text(row: Row | None, cell: Cell) -> str:
    """The second line: what is planned, or what was given beside it."""
    given, planned = cell.shown, amount_text(row.amount) if row else ""
    if cell.place.state in (State.RUNNING, State.CHANGED) or (
        given and given.rate_ml_h is not None
    ):
        return _step_text(given)
    if given is None:
        return planned or (state_text(cell.place.state) if cell.place.state is State.HELD else "")
    if given.outcome in (Outcome.GIVEN, Outcome.PARTIAL, Outcome.ERROR):
        actual = amount_text(given.amount)
        different = planned and actual and actual != planned
        return f"{actual}/{planned}" if different else actual or planned
    return state_text(cell.place.state)


def _step_text(given: Given | None) -> str:
    if given is None:
        return ""
    if given.rate_ml_h is not None:
        return rate_text(given.rate_ml_h)
    return tr("New bag") if given.amount is not None else ""


def cell_text(row: Row | None, cell: Cell, now: datetime) -> str:
    """Everything about one place, in one line for each dose."""
    said = []
    if cell.place.slot is not None:
        planned = amount_text(row.amount) if row else ""
        when = short_time(cell.place.slot, now)
        said.append(" ".join(filter(None, (tr("Planned {time}", time=when), planned))))
    if not cell.doses:
        said.append(state_text(cell.place.state))
    if cell.place.twice:
        said.append(tr("Given twice: check the patient, tell the doctor"))
    lines = [" · ".join(said)] if said else []
    lines += [given_text(given, now) for given in cell.doses]
    return "\n".join(lines)


def given_text(given: Given, now: datetime) -> str:
    """Everything about one dose."""
    word = state_text(State(given.outcome.value))
    at = short_time(given.at, now) if given.at is not None else tr("Unknown")
    rate = rate_text(given.rate_ml_h) if given.rate_ml_h is not None else ""
    said = [" ".join(filter(None, (word, at, amount_text(given.amount), rate)))]
    timing = {"early": tr("early"), "late": tr("late")}
    said += [timing.get(given.timing, ""), given.reason, given.timing_reason, given.by]
    said += _checked(given, now)
    said.append(_effect(given))
    said.append(tr("On this terminal only") if given.unsent else "")
    return " · ".join(filter(None, said))


def _checked(given: Given, now: datetime) -> tuple[str, ...]:
    """Who checked, how, and what was changed later."""
    ended, written = given.ended_at, given.recorded_at
    return (
        tr("checked by {name}", name=given.witness) if given.witness else "",
        tr("scanned") if given.scanned else "",
        tr("ended {time}", time=short_time(ended, now)) if ended else "",
        tr("corrected: {reason}", reason=given.corrected) if given.corrected else "",
        tr("written down {time}", time=short_time(written, now)) if written else "",
    )


def _effect(given: Given) -> str:
    if given.effect is not None:
        return " ".join(filter(None, (effect_text(given.effect), given.effect_words)))
    return tr("did it help? Press E") if given.effect_wanted else ""
