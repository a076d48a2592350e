"""What the round says of a line, of a person, of a scan that was refused."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.medication_record import State
from workstation.kernel.words import tr
from workstation.services import infusions
from workstation.services.inpatients import Inpatient
from workstation.services.medication_round import RoundLine
from workstation.ui.toolkit.drug_words import dose_line, short_time, state_text
from workstation.ui.toolkit.giving.deed import Deed, Scanned
from workstation.ui.toolkit.order_words import amount_text
from workstation.ui.toolkit.person_words import person_text

TONES = {State.DUE: "accent", State.LATE: "warn", State.MISSED: "danger", State.FUTURE: "muted"}
SIGNS = {State.DUE: "►", State.LATE: "▲", State.MISSED: "?", State.FUTURE: ""}


def allergy_text(who: Inpatient) -> str:
    """What a person is allergic to: known, none or not asked are three different words."""
    said = f"▲ {', '.join(who.allergies)}" if who.allergies else ""
    nothing = tr("None known") if who.allergy_state == "none-known" else tr("Not asked")
    return f"{tr('Allergies')}: {said or nothing}"


def short_person(line: RoundLine) -> str:
    """Name with a warning where another one on the ward has the same."""
    return f"▲ {line.who.name.formal}" if "name" in line.who.alike else line.who.name.formal


def drug_words(line: RoundLine) -> str:
    """The drug; one that two people check says so."""
    checked = line.due.risk is not None and line.due.risk.second_person
    return f"{line.due.drug}\n⚠ {tr('High-risk: two people check')}" if checked else line.due.drug


def state_words(line: RoundLine) -> str:
    """Sign and word of a line."""
    if line.due.task == "effect":
        return tr("Did it help?")
    return f"{SIGNS[line.due.state]} {state_text(line.due.state)}".strip()


def time_words(line: RoundLine, now: datetime) -> str:
    """When it is due."""
    return short_time(line.due.at, now)


def order_words(line: RoundLine) -> str:
    """Dose, route and frequency."""
    return dose_line(line.due.amount, line.due.route, line.due.timing, rate=line.due.rate)


def ready_words(line: RoundLine) -> str:
    """What Enter does now."""
    if line.due.task == "effect":
        return tr("Enter charts whether {drug} helped.", drug=line.due.drug)
    if line.due.task == "infusion":
        return tr("Enter starts {drug} for {name}.", drug=line.due.drug, name=line.who.name.formal)
    what = ", ".join(filter(None, (line.due.drug, amount_text(line.due.amount))))
    return tr("Enter gives {what} to {name}.", what=what, name=line.who.name.formal)


def deed_of(line: RoundLine, verb: str, scanned: Scanned) -> Deed:
    """The deed of a line."""
    due = line.due
    infused = due.task == "infusion"
    volume = due.amount is not None and due.amount.unit.casefold() == "ml"
    own = {"effect": "effect", "infusion": "start" if verb in ("give", "part") else verb}
    return Deed(
        own.get(due.task, verb),  # type: ignore[arg-type]
        due.patient,
        due.drug,
        order=due.order,
        amount=due.amount if volume or not infused else None,
        route=due.route,
        slot=due.at if due.task == "dose" else None,
        record=due.dose,
        rate_ml_h=infusions.ordered_ml_h(due.rate),
        second_person=due.risk is not None and due.risk.second_person,
        scanned=scanned,
        who=f"{person_text(line.who, line.who.bed_name)}\n{allergy_text(line.who)}",
        named=f"{line.who.bed_name or '–'} {line.who.name.formal}",
    )
