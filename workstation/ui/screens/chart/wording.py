"""How the chart says things: names of signs, kinds, states; numbers with units; drugs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workstation.clinical.scores.warning import EarlyWarning, Monitoring, Risk
from workstation.clinical.vital_signs import LIMITS, Mark, Sign, Value, VitalSigns
from workstation.kernel.words import tr
from workstation.services.chart import DrugOrder
from workstation.services.flowsheet import Cell
from workstation.services.results import Result
from workstation.ui.toolkit.order_words import timing_text
from workstation.ui.toolkit.result_words import flagged_text
from workstation.ui.toolkit.units import spoken_unit
from workstation.ui.toolkit.widgets.badge import Risk as Shade
from workstation.ui.toolkit.widgets.number_entry import number_text


def sign_name(sign: Sign) -> str:
    """What a vital sign is called."""
    return {
        Sign.RESPIRATORY_RATE: tr("Breathing"),
        Sign.SPO2: tr("SpO₂"),
        Sign.OXYGEN_FLOW: tr("Oxygen"),
        Sign.SYSTOLIC: tr("Systolic pressure"),
        Sign.DIASTOLIC: tr("Diastolic pressure"),
        Sign.HEART_RATE: tr("Pulse"),
        Sign.CONSCIOUSNESS: tr("Consciousness"),
        Sign.TEMPERATURE: tr("Temperature"),
        Sign.PAIN: tr("Pain"),
        Sign.WEIGHT: tr("Weight"),
        Sign.HEIGHT: tr("Height"),
        Sign.CAPILLARY_REFILL: tr("Capillary refill"),
        Sign.RESPIRATORY_EFFORT: tr("Breathing effort"),
        Sign.GLUCOSE: tr("Blood sugar"),
    }[sign]


def unit(sign: Sign) -> str:
    """The unit of a sign as people write it."""
    if sign is Sign.CONSCIOUSNESS:
        return ""
    return spoken_unit(LIMITS[sign].unit)


def value_text(value: Value) -> str:
    """A value without its unit, with the decimal sign of the language."""
    return number_text(value) if isinstance(value, Decimal) else value.value


def marked(cell: Cell) -> str:
    """A value with an arrow when it lies outside the normal band."""
    arrow = {Mark.LOW: "↓", Mark.HIGH: "↑"}.get(cell.mark, "")
    if cell.sign is Sign.CONSCIOUSNESS:
        arrow = ""
    return f"{arrow}{value_text(cell.value)}{'†' if cell.amended else ''}"


def reading_line(vitals: VitalSigns) -> str:
    """All values of one set in one line, with units."""
    said = []
    if vitals.systolic is not None:
        lower = number_text(vitals.diastolic) or "–"
        said.append(f"{tr('Blood pressure')} {number_text(vitals.systolic)}/{lower} mmHg")
    for sign, value in vitals.measured():
        if sign not in (Sign.SYSTOLIC, Sign.DIASTOLIC):
            said.append(f"{sign_name(sign)} {value_text(value)} {unit(sign)}".rstrip())
    return " · ".join(said)


def risk_shade(risk: Risk | None) -> Shade:
    """The colour of a whole score."""
    shades: dict[Risk | None, Shade] = {Risk.LOW_MEDIUM: 1, Risk.MEDIUM: 2, Risk.HIGH: 3}
    return shades.get(risk, 0)


def risk_text(score: EarlyWarning) -> str:
    """The clinical risk in words."""
    if score.risk is None:
        return tr("No score yet")
    return {
        Risk.LOW: tr("Low risk"),
        Risk.LOW_MEDIUM: tr("Low to medium risk"),
        Risk.MEDIUM: tr("Medium risk"),
        Risk.HIGH: tr("High risk"),
    }[score.risk]


def monitoring_text(score: EarlyWarning) -> str:
    """How often to observe at least; empty without a score."""
    if score.monitoring is None:
        return ""
    return {
        Monitoring.EVERY_12_HOURS: tr("Observe at least every 12 h"),
        Monitoring.EVERY_4_TO_6_HOURS: tr("Observe at least every 4 to 6 h"),
        Monitoring.EVERY_HOUR: tr("Observe at least every hour, call the doctor"),
        Monitoring.CONTINUOUS: tr("Observe continuously, emergency call"),
    }[score.monitoring]


def gaps_text(score: EarlyWarning) -> str:
    """Which parts are missing or old; empty when the score is complete."""
    said = []
    if score.missing:
        names = ", ".join(map(sign_name, score.missing))
        said.append(tr("Not complete, missing: {names}", names=names))
    if score.stale:
        names = ", ".join(map(sign_name, score.stale))
        said.append(tr("Older than 12 h: {names}", names=names))
    return " · ".join(said)


def drug_dose(drug: DrugOrder) -> str:
    """Dose, unit, route and frequency, in this order (ISMP); the name stands before it."""
    if drug.dose is None or drug.in_words:
        return drug.instruction
    dose = f"{_bare(drug.dose)}\u00a0{drug.unit}".strip()
    on_days = replace(drug.timing, at=(), starts_at=None, ends_at=None)
    often = timing_text(on_days) if on_days.weekdays else _frequency(drug)
    parts = [dose, drug.route, often]
    if drug.as_needed:
        parts.append(tr("when needed"))
    return ", ".join(part for part in parts if part)


def _frequency(drug: DrugOrder) -> str:
    if drug.times is None or drug.period is None:
        return ""
    if drug.period_unit == "d" and drug.period == 1 and drug.times == 1:
        return tr("once a day")
    if drug.period_unit == "d" and drug.period == 1:
        return tr("{count} times a day", count=drug.times)
    if drug.period_unit == "wk" and drug.period == 1:
        return tr("{count} times a week", count=drug.times)
    if drug.period_unit == "h":
        return tr("every {count} h", count=_bare(drug.period / drug.times))
    return tr("{count} times in {length}", count=drug.times, length=_period(drug))


def _period(drug: DrugOrder) -> str:
    count = _bare(drug.period or Decimal(1))
    words = {"wk": tr("{count} weeks", count=count), "d": tr("{count} days", count=count)}
    return words.get(drug.period_unit, f"{count} {drug.period_unit}")


def _bare(value: Decimal) -> str:
    """A number with a leading zero and without trailing ones (ISMP)."""
    text = format(value, "f")
    return number_text(Decimal(text.rstrip("0").rstrip(".") if "." in text else text))


def result_text(result: Result) -> str:
    """A result with the sign of its flag; the digits are those of the laboratory."""
    return flagged_text(result, result.flag)


def status_text(status: str) -> str:
    """The state of a record; a state without a word of its own is shown as it is."""
    words = {
        "": "",
        "final": tr("Final"),
        "current": tr("Final"),
        "preliminary": tr("Preliminary"),
        "amended": tr("Amended"),
        "corrected": tr("Amended"),
        "entered-in-error": tr("Entered in error"),
        "active": tr("Active"),
        "completed": tr("Completed"),
        "in-progress": tr("In progress"),
        "finished": tr("Finished"),
        "stopped": tr("Stopped"),
        "cancelled": tr("Cancelled"),
        "not-done": tr("Not done"),
        "requested": tr("Requested"),
        "resolved": tr("Resolved"),
    }
    return words.get(status, status)
