"""Reads the record for the care sheet: rounds of what was found, opened, done and evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical import care_site
from workstation.clinical.care_level import CareLevel
from workstation.clinical.care_plan import OUTCOME_WORDS, Deed, State
from workstation.clinical.handover import Fluids
from workstation.documents.care_sheet import CareLine, CareRound, CareSheet, care_sheet
from workstation.kernel.words import Language, say
from workstation.services import (
    assessments,
    care_plans,
    care_sites,
    flowsheet,
    fluid_balance_sheet,
    handover_words,
    notes,
)
from workstation.services.care_plans import FactRow, PlanRow
from workstation.services.care_sites import LookRow, SiteRow
from workstation.services.flowsheet import Column
from workstation.services.paper import Content, Order
from workstation.store import View

FORM_ONE: Final = "37/BV2"
FORM_OTHER: Final = "38/BV2"
_ROUND: Final = timedelta(minutes=30)
"""What one nurse charts within this time is one round."""
_FRESH: Final = timedelta(hours=12)
"""Signs that are older stand for no round."""


@dataclass(frozen=True, slots=True)
class _Event:
    """One thing charted: when, by whom, in which column."""

    at: datetime
    by: str
    column: str
    lines: tuple[CareLine, ...]


@dataclass(slots=True)
class _Round:
    """A round while it fills."""

    at: datetime
    by: str
    columns: dict[str, list[CareLine]] = field(default_factory=dict)


def gather(order: Order) -> Content:
    """Read everything that nurses charted since the day that is asked for."""
    desk, patient, language = order.desk, order.patient, order.request.language
    with desk.store.read() as view:
        rows = care_plans.read_rows(view, desk.knowledge, patient, language)
        signs = flowsheet.read_flowsheet(view, patient, order.now).columns
        scales = assessments.read_rows(view, patient)
    sites = care_sites.read(desk, patient).rows
    events = [
        *(event for row in rows for event in _of_plan(row, language)),
        *(event for row in sites for event in _of_site(row, language)),
        *(_of_scale(row, language) for row in scales),
        *_of_notes(notes.notes(desk, patient)),
    ]
    zone = order.now.tzinfo
    rounds = [
        each
        for each in _rounds(events)
        if order.since is None or each.at.astimezone(zone).date() >= order.since
    ]
    with desk.store.read() as view:
        printed = tuple(_sheet_rows(view, order, rounds, signs))
    level = order.stay.care_level if order.stay else None
    head = replace(order.head, form=FORM_ONE if level is CareLevel.ONE else FORM_OTHER)
    title = _title(level, language)
    return Content(
        printed,
        lambda imprint: care_sheet(CareSheet(title, head, order.box, printed, imprint)),
    )


def _title(level: CareLevel | None, language: Language) -> str:
    if level is None:
        return say(language, "Care sheet")
    roman = {CareLevel.ONE: "I", CareLevel.TWO: "II", CareLevel.THREE: "III"}[level]
    return say(language, "Care sheet, level {level}", level=roman)


def _rounds(events: Iterable[_Event]) -> list[_Round]:
    """What one person charted within `_ROUND`, in order of time."""
    rounds: list[_Round] = []
    newest: dict[str, _Round] = {}
    for event in sorted(events, key=lambda each: (each.at, each.by)):
        last = newest.get(event.by)
        if last is None or event.at - last.at > _ROUND:
            last = _Round(event.at, event.by)
            newest[event.by] = last
            rounds.append(last)
        last.columns.setdefault(event.column, []).extend(event.lines)
    return rounds


def _sheet_rows(
    view: View, order: Order, rounds: Sequence[_Round], signs: Sequence[Column]
) -> Iterator[CareRound]:
    """The rounds as they are printed; a set of signs stands in one of them."""
    said: Column | None = None
    for each in rounds:
        known = [one for one in signs if each.at - _FRESH <= one.at <= each.at + _ROUND]
        newest = known[-1] if known and known[-1] is not said else None
        said = newest or said
        columns = {name: tuple(lines) for name, lines in each.columns.items()}
        measured = (*_signs(order, newest), *_fluids(view, order, each.at))
        yield CareRound(
            at=each.at.astimezone(order.now.tzinfo),
            nurse=each.by,
            found=(*measured, *columns.get("found", ())),
            problems=columns.get("problems", ()),
            done=columns.get("done", ()),
            went=columns.get("went", ()),
        )


def _signs(order: Order, newest: Column | None) -> Iterator[CareLine]:
    """A set of signs with its score."""
    if newest is None:
        return
    said = handover_words.signs_words(newest.vitals, order.request.language)
    total = newest.score.total
    score = f", {newest.score.scale.value} {total}" if total is not None else ""
    yield CareLine(f"{newest.at.astimezone(order.now.tzinfo):%H:%M} {said}{score}")


def _fluids(view: View, order: Order, at: datetime) -> Iterator[CareLine]:
    """What went in and came out in the ward's day up to the end of a round."""
    language, zone = order.request.language, order.now.tzinfo
    local = at.astimezone(zone)
    start = local.replace(
        hour=order.house.plan.day_start.hour, minute=order.house.plan.day_start.minute,
        second=0, microsecond=0,
    )  # fmt: skip
    start -= timedelta(days=1) if start > local else timedelta(0)
    until = min(at + _ROUND, order.now)
    sums = fluid_balance_sheet.read_totals(view, order.patient, start, until)
    if sums:
        fluids = Fluids(start, sums.intake_ml, sums.output_ml, sums.complete)
        yield CareLine(handover_words.fluids_words(fluids, f"{start:%H:%M}", language))


def _of_plan(row: PlanRow, language: Language) -> Iterator[_Event]:
    record, plan = row.record, row.record.plan
    name = ": ".join(filter(None, (row.words, plan.because)))
    struck = not record.valid
    lines = [CareLine(name, struck=struck, strong=True, remark=record.reason)]
    planned = say(language, "Plan: {plan}", plan="; ".join(each.words for each in row.care))
    goals = say(language, "Goals: {goals}", goals="; ".join(row.goals)) if row.goals else ""
    lines.append(CareLine(goals, struck=struck, remark=planned))
    yield _Event(plan.since, record.by, "problems", tuple(lines))
    decided = record.decided
    if record.valid and record.ended is not None and decided is not None:
        words = {
            State.COMPLETED.value: say(language, "Solved"),
            State.REVOKED.value: say(language, "Taken back"),
        }.get(record.status, record.status)
        end = CareLine(f"{row.words}: {words}", strong=True, remark=decided.reason)
        yield _Event(record.ended, decided.by, "problems", (end,))
    yield from (_of_fact(row, fact, language) for fact in row.facts)


def _of_fact(row: PlanRow, fact: FactRow, language: Language) -> _Event:
    what, record = fact.record.what, fact.record
    if isinstance(what, Deed):
        column, said = "done", f"- {what.at.astimezone():%H:%M} {fact.words}"
    else:
        column, said = "went", f"{row.words}: {say(language, OUTCOME_WORDS[what.outcome])}"
    text = ". ".join(filter(None, (said, what.remark)))
    line = CareLine(text, struck=not record.valid, remark=record.reason)
    return _Event(what.at, record.by, column, (line,))


def _of_site(row: SiteRow, language: Language) -> Iterator[_Event]:
    """What was put in or taken out is done; what was seen of it is found."""
    record, site = row.record, row.record.site
    words = ", ".join(filter(None, (say(language, site.kind.words), site.detail)))
    name = f"{words} – {say(language, site.place.words)}"
    wound = site.kind.group is care_site.Group.WOUND
    opened = say(language, "There is a wound") if wound else say(language, "Put in")
    line = CareLine(f"- {opened}: {name}", struck=not record.valid, remark=record.reason)
    yield _Event(site.since, record.by, "found" if wound else "done", (line,))
    if record.ended is not None:
        over = say(language, "Healed") if wound else say(language, "Taken out")
        ended = CareLine(f"- {over}: {name}", remark=record.end_reason)
        yield _Event(record.ended, record.by, "done", (ended,))
    yield from (_of_look(row, look, name, language) for look in row.looks)


def _of_look(row: SiteRow, look: LookRow, name: str, language: Language) -> _Event:
    kind, seen = row.record.site.kind, look.record.look
    graded = (
        (care_site.site_scale(kind), seen.site_grade),
        (care_site.TISSUE, seen.tissue),
        (care_site.EXUDATE, seen.exudate),
    )
    steps = [care_site.grade(scale, key) for scale, key in graded]
    said = [f"{step.key} {say(language, step.words)}" for step in steps if step is not None]
    sizes = [each for each in (seen.length_cm, seen.width_cm, seen.depth_cm) if each is not None]
    if sizes:
        said.append(f"{' × '.join(_number(each, language) for each in sizes)} cm")
    text = f"{name}: {'; '.join(filter(None, (*said, seen.remark)))}"
    line = CareLine(text, struck=not look.record.valid, remark=look.record.reason)
    return _Event(seen.at, look.record.by, "found", (line,))


def _of_scale(row: assessments.Row, language: Language) -> _Event:
    record, found = row.record, row.record.assessment
    total = found.formula or ("" if found.total is None else str(found.total))
    meaning = f" ({say(language, found.meaning.words)})" if found.meaning else ""
    line = CareLine(
        f"{say(language, found.scale.words)}: {total}{meaning}",
        struck=not record.valid,
        remark=record.reason,
    )
    return _Event(found.at, record.by, "found", (line,))


def _of_notes(written: Iterable[notes.Note]) -> Iterator[_Event]:
    """What nurses wrote: the course of things, and what they planned or did."""
    for note in written:
        if note.kind != "nurse" or note.at is None:
            continue
        struck = note.state == "entered-in-error"
        for column, text in (("found", note.text.course), ("done", note.text.orders)):
            if text.strip():
                line = CareLine(text, struck=struck, remark=note.reason)
                yield _Event(note.at, note.author, column, (line,))


def _number(value: object, language: Language) -> str:
    return str(value).replace(".", ",") if language == "vi" else str(value)
