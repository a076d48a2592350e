"""The words of the ward board: one place for what list and map both say."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.scores.warning import Risk, Scale
from workstation.clinical.vital_signs import Sign
from workstation.clinical.ward_tasks import DueItem, worst
from workstation.kernel.words import tr
from workstation.services.inpatients import Inpatient
from workstation.services.ward_board import Bed, Occupant
from workstation.ui.toolkit.person_words import age_words, born_words, short_moment
from workstation.ui.toolkit.task_words import item_words, late_words
from workstation.ui.toolkit.widgets.badge import Risk as Colour
from workstation.ui.toolkit.widgets.banner import sex_word, unreadable_words

_COLOURS: dict[Risk, Colour] = {
    Risk.LOW: 0,
    Risk.LOW_MEDIUM: 1,
    Risk.MEDIUM: 2,
    Risk.HIGH: 3,
}
_FLAGS = {
    "no-cpr": ("No resuscitation", "no_cpr", "danger"),
    "isolation": ("Isolation", "isolation", "warn"),
    "fall": ("Fall risk", "fall", "warn"),
    "spo2-scale-2": ("SpO₂ scale 2", "flag", "accent"),
    "maternity": ("Maternity chart", "flag", "accent"),
}
_TRENDS = {"up": "up", "down": "down", "level": "steady"}


def colour_of(occupant: Occupant) -> Colour:
    """Colour of the published chart for a person's score."""
    score = occupant.score
    return _COLOURS[score.risk] if score is not None and score.risk is not None else 0


def score_text(occupant: Occupant) -> str:
    """The points, or a dash when nothing was ever measured."""
    score = occupant.score
    return "–" if score is None or score.total is None else str(score.total)


def trend_symbol(occupant: Occupant) -> str:
    """Name of the icon of the trend, or nothing."""
    return _TRENDS.get(occupant.trend or "", "")


def score_time(occupant: Occupant, now: datetime) -> str:
    """When the newest value was measured."""
    score = occupant.score
    if score is None or score.at is None:
        return tr("no values")
    when = short_moment(score.at, now)
    return when if score.scale is Scale.NEWS2 else f"{score.scale} · {when}"


def score_doubt(occupant: Occupant) -> str:
    """Why the score may be too low: parts missing, or values too old."""
    score = occupant.score
    if score is None:
        return ""
    if score.missing:
        return tr("not complete")
    return tr("out of date") if score.stale else ""


def due_items(occupant: Occupant, now: datetime) -> list[DueItem]:
    """What is due now, in order; when nothing is, what comes next."""
    due = [item for item in occupant.tasks if item.state(now) != "later"]
    return due or list(occupant.tasks[:1])


def due_text(item: DueItem, occupant: Occupant, now: datetime) -> str:
    """What is due and when; a relative time never alone."""
    never = item.kind == "vital-signs" and occupant.due_at is None
    when = tr("never yet") if never else short_moment(item.at, now)
    return f"{when} {item_words(item)}"


def since_text(item: DueItem, occupant: Occupant, now: datetime) -> str:
    """Since when it is due, where there is room for no more."""
    if item.kind == "vital-signs" and occupant.due_at is None:
        return tr("never yet")
    return short_moment(item.at, now)


def late_text(item: DueItem, occupant: Occupant, now: datetime) -> str:
    """How late it is, in words; empty when it is not, or was never done before."""
    never = item.kind == "vital-signs" and occupant.due_at is None
    return "" if never else late_words(item, now)


def due_line(occupant: Occupant, now: datetime) -> str:
    """Everything that is due, in one sentence."""
    items = [item for item in occupant.tasks if item.state(now) != "later"]
    return ", ".join(
        f"{due_text(item, occupant, now)} {late_text(item, occupant, now)}".strip()
        for item in items
    )


def is_due(occupant: Occupant, now: datetime) -> bool:
    """Whether anything should be done now."""
    return worst(occupant.tasks, now) != "later"


def nurses_text(occupant: Occupant) -> str:
    """Who cares for the person now, by given names with what tells them apart."""
    return ", ".join(called(nurse.name) for nurse in occupant.nurses)


def called(name: str) -> str:
    """The last two words of a name, as a ward calls its people: ``Thị Mai``."""
    return " ".join(name.split()[-2:])


def name_text(who: Inpatient) -> str:
    """FAMILY middle given."""
    return who.name.formal or tr("Name unknown")


def facts_text(who: Inpatient, *, short: bool = False) -> str:
    """Sex, age and birth date; without the date where there is little room."""
    words = f"{sex_word(who.sex)} · {age_words(who.age)}"
    return words if short else f"{words} · {born_words(who.birth_date, who.born)}"


def diagnosis_text(who: Inpatient) -> str:
    """The diagnosis in words."""
    return who.diagnosis or tr("No diagnosis yet")


def allergy_words(who: Inpatient) -> tuple[str, str, str]:
    """Words, icon and tone of the three states of allergies."""
    if who.allergy_state == "known":
        return ", ".join(who.allergies), "allergy", "danger"
    if who.allergy_state == "none-known":
        return tr("None known"), "check", "muted"
    return tr("Not asked"), "help", "warn"


def alert_words(who: Inpatient) -> list[tuple[str, str, str]]:
    """Words, icon and tone of each alert in force."""
    known = (_FLAGS[flag] for flag in _FLAGS if flag in who.flags)
    return [(tr(words), symbol, tone) for words, symbol, tone in known]


def results_text(occupant: Occupant) -> str:
    """Critical results that wait, else new ones, and how many of them are abnormal."""
    if occupant.critical_results:
        return tr("{count} critical results not acknowledged", count=occupant.critical_results)
    if not occupant.new_results:
        return ""
    if occupant.abnormal_results:
        return tr("{count} new, {abnormal} abnormal",
                  count=occupant.new_results, abnormal=occupant.abnormal_results)  # fmt: skip
    return tr("{count} new", count=occupant.new_results)


def alike_text(who: Inpatient) -> str:
    """The warning about others who could be mixed up with this person."""
    if "name" in who.alike:
        return tr("Same name as another patient here")
    return tr("Same birth date as another patient here") if "birth-date" in who.alike else ""


def spoken(bed: Bed, now: datetime) -> str:
    """One bed in one sentence, for screen readers and tool tips."""
    occupant = bed.occupant
    if occupant is None:
        return tr("Bed {bed}: empty", bed=bed.name)
    who = occupant.who
    parts = [
        tr("Bed {bed}", bed=bed.name or tr("No bed")),
        name_text(who),
        facts_text(who),
        tr("On leave") if who.on_leave else "",
        diagnosis_text(who),
        f"{who.facts.scale} {score_text(occupant)} {score_doubt(occupant)}".strip(),
        score_time(occupant, now),
        due_line(occupant, now),
        tr("Nurse: {name}", name=nurses_text(occupant)) if occupant.nurses else "",
        allergy_words(who)[0],
        *(words for words, _, _ in alert_words(who)),
        alike_text(who),
        results_text(occupant),
        tr("{count} unsent", count=occupant.unsent) if occupant.unsent else "",
        unreadable_words(occupant.unreadable) if occupant.unreadable else "",
    ]
    return " · ".join(part for part in parts if part)


def missing_text(occupant: Occupant) -> str:
    """The parts of the score that were not measured."""
    score = occupant.score
    names = {
        Sign.RESPIRATORY_RATE: tr("Breaths"),
        Sign.SPO2: tr("SpO₂"),
        Sign.OXYGEN_FLOW: tr("Oxygen"),
        Sign.SYSTOLIC: tr("Blood pressure"),
        Sign.HEART_RATE: tr("Pulse"),
        Sign.CONSCIOUSNESS: tr("Consciousness"),
        Sign.TEMPERATURE: tr("Temperature"),
        Sign.DIASTOLIC: tr("Diastolic"),
        Sign.PAIN: tr("Pain"),
        Sign.CAPILLARY_REFILL: tr("Capillary refill"),
        Sign.RESPIRATORY_EFFORT: tr("Breathing effort"),
    }
    return ", ".join(names[sign] for sign in score.missing) if score else ""
