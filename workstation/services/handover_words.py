"""Writes the four texts of a handover from the facts, in the language of who hands over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from workstation.clinical.care_plan import OUTCOME_WORDS
from workstation.clinical.handover import (
    Concern,
    Facts,
    Fluids,
    InPlace,
    OpenProblem,
    Section,
    concerns,
)
from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.clinical.ward_tasks import DueItem, Kind
from workstation.kernel.words import Language, say

_ALERTS: Final[Mapping[str, str]] = {
    "no-cpr": "No resuscitation",
    "isolation": "Isolation",
    "fall": "Fall risk",
    "spo2-scale-2": "SpO₂ scale 2",
}
_SEXES: Final = {"male": "Male", "female": "Female"}
_AGES: Final = {
    "days": "{count} days old",
    "months": "{count} months old",
    "years": "{count} years",
}
_CONCERNS: Final[Mapping[Concern, str]] = {
    "high-risk": "High risk",
    "medium-risk": "Medium risk",
    "rising": "Score is rising",
    "not-complete": "Score not complete",
    "uncalled": "Nobody has answered the call yet",
    "critical-result": "Critical result",
    "late": "Something is late",
}
_KINDS: Final[Mapping[Kind, str]] = {
    "escalation": "Escalation",
    "critical-result": "Critical result",
    "dose": "Drugs",
    "vital-signs": "Vital signs",
    "order": "New orders",
    "assessment": "Scales",
    "care-site": "Lines and wounds",
    "signature": "Note to sign",
    "task": "Task",
}
_NEWS: Final[Mapping[str, str]] = {
    "vital-signs": "Vital signs",
    "laboratory": "Laboratory",
    "doctor-note": "Doctor's note",
    "nurse-note": "Nurse's note",
    "consultation": "Consultation",
    "signature": "Signature",
    "dose": "Dose given",
    "medication-order": "Drug order",
    "order": "Order",
    "report": "Report",
    "imaging": "Imaging",
    "immunization": "Vaccination",
    "allergy": "Allergy",
    "diagnosis": "Diagnosis",
    "wound": "Wound",
    "procedure": "Procedure",
    "care-plan": "Nursing problem",
    "nursing-care": "Nursing care",
    "flag": "Alert",
    "stay": "Stay",
}
_SIGNS: Final[Mapping[Sign, tuple[str, str]]] = {
    Sign.RESPIRATORY_RATE: ("Breaths", "/min"),
    Sign.SPO2: ("SpO₂", "%"),
    Sign.OXYGEN_FLOW: ("Oxygen", "L/min"),
    Sign.HEART_RATE: ("Pulse", "/min"),
    Sign.CONSCIOUSNESS: ("Consciousness", ""),
    Sign.TEMPERATURE: ("Temperature", "°C"),
    Sign.PAIN: ("Pain", "/10"),
}


def written(facts: Facts, language: Language) -> dict[Section, str]:
    """The text of each section.

    Args:
        facts: What is known.
        language: Of the words around the facts; what the record says stays as it is.
    """
    lines = {
        "situation": _situation(facts, language),
        "background": _background(facts, language),
        "assessment": _assessment(facts, language),
        "recommendation": _recommendation(facts, language),
    }
    found: dict[Section, str] = {}
    for section, said in lines.items():
        found[section] = "\n".join(filter(None, said))  # type: ignore[index]
    return found


def concern_words(concern: Concern) -> str:
    """English words of a concern, key of the translation."""
    return _CONCERNS[concern]


def _situation(facts: Facts, tongue: Language) -> list[str]:
    age = "" if facts.age is None else say(tongue, _AGES[facts.age.unit], count=facts.age.count)
    sex = say(tongue, _SEXES[facts.sex]) if facts.sex in _SEXES else ""
    day = say(tongue, "day {day}", day=facts.day) if facts.day else ""
    who = " · ".join(filter(None, (facts.name, sex, age, day)))
    level = (
        say(tongue, "Care level {level}", level=facts.care_level.value) if facts.care_level else ""
    )
    return [who, facts.diagnoses, level, _score(facts, tongue), _worries(facts, tongue)]


def _score(facts: Facts, tongue: Language) -> str:
    score = facts.score
    if score is None or score.total is None or score.at is None:
        return say(tongue, "No vital signs yet")
    before = "" if facts.previous is None else say(tongue, "before {score}", score=facts.previous)
    at = _moment(score.at, facts.now)
    return " · ".join(filter(None, (f"{score.scale.value} {score.total} ({at})", before)))


def _worries(facts: Facts, tongue: Language) -> str:
    found = concerns(facts.score, facts.previous, facts.due, facts.now)
    said = ", ".join(say(tongue, _CONCERNS[each]).lower() for each in found)
    return f"⚠ {said[0].upper()}{said[1:]}" if said else ""


def _background(facts: Facts, tongue: Language) -> list[str]:
    if facts.allergies:
        allergies = ", ".join(facts.allergies)
    else:
        allergies = say(tongue, "None known" if facts.allergies_known else "Not asked")
    alerts = ", ".join(say(tongue, _ALERTS.get(code, code)) for code in facts.alerts)
    return [
        _said(tongue, "Allergies", allergies),
        _said(tongue, "Alerts", alerts),
        _said(tongue, "Drugs", "".join(f"\n– {drug}" for drug in facts.drugs)),
        _said(tongue, "Lines and wounds", "; ".join(_lies(e, tongue) for e in facts.in_place)),
        _said(tongue, "Nursing problems", "; ".join(_goes(e, tongue) for e in facts.problems)),
    ]


def _goes(each: OpenProblem, tongue: Language) -> str:
    """A problem, and how far its goals were reached."""
    words = each.words.en if tongue == "en" else each.words.vi
    name = ": ".join(filter(None, (words, each.because)))
    outcome = say(tongue, OUTCOME_WORDS[each.outcome]).lower() if each.outcome else ""
    went = ", ".join(filter(None, (outcome, each.remark)))
    return f"{name} ({went})" if went else name


def _lies(each: InPlace, tongue: Language) -> str:
    what = " ".join(filter(None, (say(tongue, each.words), each.detail)))
    days = say(tongue, "{count} d", count=each.days)
    finding = f", ▲ {say(tongue, each.finding).lower()}" if each.finding else ""
    return f"{what}, {say(tongue, each.place).lower()} ({days}{finding})"


def _assessment(facts: Facts, tongue: Language) -> list[str]:
    said = [_signs(facts, tongue), _fluids(facts, tongue)]
    results = "; ".join(f"{each.words} {each.value}".strip() for each in facts.abnormal)
    said.append(_said(tongue, "Abnormal results", results))
    news = ", ".join(
        say(tongue, _NEWS[kind]).lower() + (f" ×{count}" if count > 1 else "")
        for kind, count in facts.news
        if kind in _NEWS
    )
    since = _moment(facts.since, facts.now)
    if news:
        said.append(say(tongue, "Since {time}: {news}", time=since, news=news))
    said.append(_said(tongue, "Stopped", ", ".join(facts.ended)))
    waits = say(tongue, "Waiting for the chair's signature").lower()
    concluded = (f"{words} ({waits})" if open_ else words for words, open_ in facts.concluded)
    said.append(_said(tongue, "Consultation", "; ".join(concluded)))
    return said


def _signs(facts: Facts, tongue: Language) -> str:
    if facts.signs is None:
        return ""
    return f"{_moment(facts.signs.at, facts.now)}: {signs_words(facts.signs, tongue)}"


def signs_words(signs: VitalSigns, tongue: Language) -> str:
    """All values of a set in one line, without their time."""
    values = []
    if signs.systolic is not None:
        lower = _number(signs.diastolic, tongue) if signs.diastolic is not None else "–"
        pressure = f"{_number(signs.systolic, tongue)}/{lower} mmHg"
        values.append(f"{say(tongue, 'Blood pressure')} {pressure}")
    for sign, value in signs.measured():
        if sign in _SIGNS:
            name, unit = _SIGNS[sign]
            number = _number(value, tongue) if isinstance(value, Decimal) else value.value
            if sign is Sign.OXYGEN_FLOW and value == 0:
                values.append(say(tongue, "Room air"))
                continue
            spoken = say(tongue, unit) if unit.endswith("/min") else unit
            values.append(f"{say(tongue, name)} {number} {spoken}".strip())
    return ", ".join(values)


def _fluids(facts: Facts, tongue: Language) -> str:
    fluids = facts.fluids
    return fluids_words(fluids, _moment(fluids.since, facts.now), tongue) if fluids else ""


def fluids_words(fluids: Fluids, since: str, tongue: Language) -> str:
    """In, out and balance in one line.

    Args:
        fluids: What was charted.
        since: From when on, as it is to be read.
        tongue: Of the words.
    """
    words = say(
        tongue, "Fluids since {time}: in {intake} mL, out {output} mL, balance {balance} mL",
        time=since, intake=f"{fluids.intake_ml:.0f}",
        output=f"{fluids.output_ml:.0f}",
        balance=f"{fluids.intake_ml - fluids.output_ml:+.0f}".replace("-", "−"),
    )  # fmt: skip
    return words if fluids.complete else f"{words} ({say(tongue, 'not complete')})"


def _recommendation(facts: Facts, tongue: Language) -> list[str]:
    due = [f"☐ {_due(item, facts.now, tongue)}" for item in facts.due]
    return [*due, _said(tongue, "Awaited", ", ".join(facts.pending))]


def _due(item: DueItem, now: datetime, tongue: Language) -> str:
    name = item.words if item.kind == "task" else say(tongue, _KINDS[item.kind])
    more = f": {item.words}" if item.words and item.kind != "task" else ""
    late = f" ({say(tongue, 'Late').lower()})" if item.state(now) == "late" else ""
    return f"{_moment(item.at, now)} {name}{more}{late}"


def _said(tongue: Language, name: str, value: str) -> str:
    apart = "" if value.startswith("\n") else " "
    return f"{say(tongue, name)}:{apart}{value}" if value else ""


def _number(value: Decimal, tongue: Language) -> str:
    text = format(value, "f")
    return text.replace(".", ",") if tongue == "vi" else text


def _moment(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%H:%M %d/%m}"


def joined(texts: Iterable[str]) -> str:
    """Texts of all sections below each other."""
    return "\n\n".join(text for text in texts if text.strip())
