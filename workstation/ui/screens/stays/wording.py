"""The words of admissions: kinds of lines, ways to leave, results, last steps."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.stays import Disposition, Outcome
from workstation.kernel.words import tr
from workstation.services.admissions import Line
from workstation.services.stay_corrections import LastStep
from workstation.ui.toolkit.person_words import age_words, short_moment
from workstation.ui.toolkit.widgets.banner import sex_word


def kind_words(line: Line) -> str:
    """What a line is, in a word or two."""
    if line.kind == "left":
        return tr("Died") if line.died else tr("Discharged")
    return {
        "incoming": tr("Transfer to us"),
        "expected": tr("Expected"),
        "refused": tr("Transfer refused"),
        "outgoing": tr("Transfer asked"),
        "leave": tr("On leave"),
    }[line.kind]


def kind_tone(line: Line) -> str:
    """The token of its colour; the words say the same."""
    return {"incoming": "accent", "refused": "danger", "leave": "warn"}.get(line.kind, "text")


def name_text(line: Line) -> str:
    """FAMILY middle given."""
    return line.name.formal or tr("Name unknown")


def facts_text(line: Line) -> str:
    """Sex and age."""
    return f"{sex_word(line.sex)} · {age_words(line.age)}"


def when_text(line: Line, now: datetime) -> str:
    """When it was, or is to be."""
    if line.at is None:
        return ""
    time = short_moment(line.at, now)
    return tr("{time} late", time=time) if line.kind == "expected" and line.at < now else time


def detail_text(line: Line, now: datetime) -> str:
    """What else is to be known of a line."""
    if line.kind == "leave" and line.until is not None:
        back = short_moment(line.until, now)
        late = tr("should be back since {time}", time=back)
        return late if is_late(line, now) else tr("back by {time}", time=back)
    if line.kind == "refused":
        return tr("{ward}: {reason} ({name})", ward=line.other, reason=line.reason, name=line.by)
    if line.kind == "left":
        return _ending_text(line)
    if line.kind == "outgoing":
        return tr("to {ward}; no bed given yet", ward=line.other)
    if line.kind == "expected" and line.other:
        origin = tr("from {place}", place=line.other)
        return " · ".join(filter(None, (line.diagnosis, origin)))
    return line.diagnosis


def _ending_text(line: Line) -> str:
    """How somebody left, with what result, after how many days of treatment, with what."""
    ending = line.ending
    days = tr("{count} days of treatment", count=line.days) if line.days is not None else ""
    how = disposition_words(ending.disposition) if ending and ending.disposition else ""
    result = outcome_words(ending.outcome) if ending and ending.outcome and not line.died else ""
    return " · ".join(filter(None, (how, result, days, line.diagnosis)))


def is_late(line: Line, now: datetime) -> bool:
    """Whether somebody should have been back from leave, or come, by now."""
    if line.kind == "leave":
        return line.until is not None and line.until < now
    return line.kind == "expected" and line.at is not None and line.at < now


def disposition_words(found: Disposition) -> str:
    """How a patient leaves (hình thức ra viện)."""
    return {
        Disposition.DISCHARGED: tr("Discharged home"),
        Disposition.ASKED_TO_LEAVE: tr("Left at own request"),
        Disposition.ABSCONDED: tr("Left without a word"),
        Disposition.TAKEN_HOME: tr("Taken home by the family"),
        Disposition.REFERRED: tr("Referred to another hospital"),
        Disposition.DIED: tr("Died"),
    }[found]


def outcome_words(found: Outcome) -> str:
    """Result of the treatment (kết quả điều trị)."""
    return {
        Outcome.CURED: tr("Cured"),
        Outcome.BETTER: tr("Better"),
        Outcome.UNCHANGED: tr("Unchanged"),
        Outcome.WORSE: tr("Worse"),
        Outcome.DIED: tr("Died"),
    }[found]


def step_words(step: LastStep) -> str:
    """What was done last, and is taken back."""
    return {
        LastStep.ADMITTED: tr("Last step: the admission."),
        LastStep.MOVED: tr("Last step: the move to this bed."),
        LastStep.LEFT: tr("Last step: the leave of absence."),
        LastStep.RETURNED: tr("Last step: the return from leave."),
        LastStep.DISCHARGED: tr("Last step: the discharge. Its orders come into force again."),
        LastStep.DIED: tr("Last step: the death. Its orders come into force again."),
    }[step]


def detail_tone(line: Line, now: datetime) -> str:
    """The token of the details' colour: red for who should have been back."""
    return "danger" if line.kind == "leave" and is_late(line, now) else "text"
