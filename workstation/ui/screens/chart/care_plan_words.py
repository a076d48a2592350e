"""The words and columns of nursing problems: what, since when, what was done, how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.clinical.care_plan import OUTCOME_WORDS, Deed, Outcome, State
from workstation.clinical.care_site import Grade
from workstation.clinical.nursing_problem import Hint, Suggestion
from workstation.clinical.vital_signs import Sign
from workstation.kernel.words import language, tr
from workstation.services.care_plans import CareRow, FactRow, PlanRow, said
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.table import Column

OUTCOMES: Final = (
    Grade("0", "Goal not reached", 2),
    Grade("1", "Goal partly reached", 1),
    Grade("2", "Goal reached, goes on"),
    Grade("3", "Goal reached, problem solved"),
)
"""Keys of an evaluation; the last one ends the problem too."""
BY_KEY: Final = {
    "0": Outcome.NOT, "1": Outcome.PARTLY, "2": Outcome.ACHIEVED, "3": Outcome.ACHIEVED,
}  # fmt: skip
SOLVED: Final = "3"
KEY_OF: Final = {Outcome.NOT: "0", Outcome.PARTLY: "1", Outcome.ACHIEVED: "2"}
ENDS: Final = (
    Grade("1", "Solved"),
    Grade("2", "Taken back: not needed, or opened twice"),
)
STATES: Final = {"1": State.COMPLETED, "2": State.REVOKED}
_TONES: Final = {Outcome.NOT: "danger", Outcome.PARTLY: "warn", Outcome.ACHIEVED: "ok"}
_SIGNS: Final = {Outcome.NOT: "▲▲", Outcome.PARTLY: "▲", Outcome.ACHIEVED: "✓"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: a problem, or one that the chart hints at."""

    row: PlanRow | None = None
    hint: Suggestion | None = None

    @property
    def reference(self) -> str:
        """Names it, so that it stays in focus."""
        if self.row is not None:
            return self.row.record.reference
        return f"hint {self.hint.problem.id}" if self.hint is not None else ""


def hint_words(hint: Suggestion) -> str:
    """What in the chart hints at a problem."""
    value = number_text(hint.value.normalize()) if hint.value is not None else "?"
    breathing = tr("Breathing rate {value}", value=value)
    if hint.sign is Sign.SPO2:
        breathing = tr("SpO₂ {value} %", value=value)
    words = {
        Hint.PAIN: tr("Pain {value}/10", value=value),
        Hint.FEVER: tr("Temperature {value} °C", value=value),
        Hint.MORSE: tr("Morse {value}", value=value),
        Hint.BRADEN: tr("Braden {value}", value=value),
        Hint.SCORE: tr("NEWS2 {value}", value=value),
        Hint.BREATHING: breathing,
        Hint.CONFUSION: tr("Changed consciousness"),
        Hint.LINE: tr("A line or catheter lies"),
        Hint.FEEDING_TUBE: tr("A gastric tube lies"),
        Hint.WOUND: tr("There is a wound"),
        Hint.GLUCOSE: tr("Blood sugar {value} mmol/L", value=value),
        Hint.CARE_LEVEL: tr("Care level {level}", level=1),
    }
    return words[hint.hint]


def outcome_words(fact: FactRow) -> str:
    """What was done or how it went, with its sign and remark."""
    what, words = fact.record.what, fact.words
    if not isinstance(what, Deed):
        words = f"{_SIGNS[what.outcome]} {tr(OUTCOME_WORDS[what.outcome])}"
    return " · ".join(filter(None, (words, what.remark)))


def state_words(row: PlanRow) -> str:
    """Whether it goes on."""
    open_ = tr("problem|Open") if row.going else tr("Earlier stay")
    words = {
        State.ACTIVE.value: open_,
        State.COMPLETED.value: tr("Solved"),
        State.REVOKED.value: tr("Taken back"),
    }
    return words.get(row.record.status, status_text(row.record.status))


def name(listed: Listed) -> str:
    """The problem, and what it comes from."""
    if listed.row is None:
        return said(listed.hint.problem.words, language()) if listed.hint else ""
    return ": ".join(filter(None, (listed.row.words, listed.row.record.plan.because)))


def columns(now: datetime) -> tuple[Column[Listed], ...]:
    """The columns of the list."""
    return (
        Column(tr("State"), _state, 130, tone=_state_tone),
        Column(tr("nursing|Problem"), name, role="strong", tone=_over),
        Column(tr("Since"), lambda each: _since(each, now), 110, tone=_over),
        Column(tr("Last done"), lambda each: _done(each, now), tone=_over),
        Column(tr("How it goes"), lambda each: _goes(each, now), 340,
               tone=lambda each: _goes_tone(each, now)),
    )  # fmt: skip


def care_columns(now: datetime) -> tuple[Column[CareRow], ...]:
    """The columns of what is done about one problem."""
    return (
        Column(tr("Key"), lambda row: str(row.number) if row.number <= 9 else "", 44),  # noqa: PLR2004
        Column(tr("Intervention"), lambda row: row.words),
        Column(tr("How often"), every_words, 124, tone=lambda _: "muted"),
        Column(tr("Last done"), lambda row: _last(row, now), 108),
        Column(tr("Next"), lambda row: _next(row, now), 118,
               tone=lambda row: "warn" if _late(row.due, now) else "muted"),
    )  # fmt: skip


def fact_columns(now: datetime) -> tuple[Column[FactRow], ...]:
    """The columns of what was done and how it went."""
    return (
        Column(tr("Time"), lambda row: _fact_time(row, now), 120, tone=_void),
        Column(tr("What was done, how it went"), _fact_words, tone=_fact_tone),
        Column(tr("By"), lambda row: row.record.by, 130, tone=_void),
    )  # fmt: skip


def every_words(row: CareRow) -> str:
    """How often it is done."""
    hours = row.care.every_hours
    return tr("when needed") if hours is None else tr("every {hours} h", hours=hours)


def about(row: PlanRow) -> str:
    """A problem with its goals, above what is done about it."""
    name_ = ": ".join(filter(None, (row.words, row.record.plan.because)))
    goals = tr("Goals: {goals}", goals=" · ".join(row.goals)) if row.goals else ""
    return " – ".join(filter(None, (name_, goals)))


def hinted(hint: Suggestion) -> str:
    """Why a problem is suggested, and what to do; nothing is opened by itself."""
    return tr("Suggested for: {why}. Enter: look at it and open it.", why=hint_words(hint))


def _state(listed: Listed) -> str:
    if listed.row is None:
        return tr("Suggested")
    unsent = "◌ " if listed.row.unsent else ""
    return f"{unsent}{state_words(listed.row)}"


def _state_tone(listed: Listed) -> str:
    return "accent" if listed.row is None else _over(listed)


def _over(listed: Listed) -> str:
    return "" if listed.row is not None and listed.row.going else "muted"


def _since(listed: Listed, now: datetime) -> str:
    return _short(listed.row.record.plan.since, now) if listed.row else ""


def _done(listed: Listed, now: datetime) -> str:
    if listed.row is None:
        return ""
    deed = listed.row.deed
    if deed is None:
        return tr("nothing yet") if listed.row.going else ""
    return f"{_short(deed.record.what.at, now)} {deed.words}"


def _goes(listed: Listed, now: datetime) -> str:
    row = listed.row
    if row is None:
        return hint_words(listed.hint) if listed.hint else ""
    decided = row.record.decided
    if not row.going:
        why = decided.reason if decided is not None else row.record.reason
        when = _short(row.record.ended, now) if row.record.ended else ""
        return " · ".join(filter(None, (when, why)))
    found = row.evaluation
    if _late(row.evaluation_due, now) and row.evaluation_due is not None:
        return tr("▲ Evaluate: since {time}", time=_short(row.evaluation_due, now))
    if found is None:
        return tr("evaluate by {time}", time=_short(row.evaluation_due or now, now))
    return f"{_short(found.record.what.at, now)} {outcome_words(found)}"


def _goes_tone(listed: Listed, now: datetime) -> str:
    row = listed.row
    if row is None or not row.going:
        return "muted"
    if _late(row.evaluation_due, now):
        return "warn"
    return _fact_tone(row.evaluation) if row.evaluation is not None else "muted"


def _last(row: CareRow, now: datetime) -> str:
    return _short(row.last.record.what.at, now) if row.last else "–"


def _next(row: CareRow, now: datetime) -> str:
    if row.due is None:
        return ""
    words = _short(row.due, now)
    return f"▲ {words}" if _late(row.due, now) else words


def _short(at: datetime, now: datetime) -> str:
    """The time alone today, with the day on any other."""
    local, today = at.astimezone(), now.astimezone()
    return local.strftime("%H:%M" if local.date() == today.date() else "%d/%m %H:%M")


def _late(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now


def _void(row: FactRow) -> str:
    return "" if row.record.valid else "muted"


def _fact_tone(row: FactRow) -> str:
    what = row.record.what
    return _void(row) or ("" if isinstance(what, Deed) else _TONES[what.outcome])


def _fact_time(row: FactRow, now: datetime) -> str:
    return f"{'◌ ' if row.unsent else ''}{_short(row.record.what.at, now)}"


def _fact_words(row: FactRow) -> str:
    """With why it was corrected or struck out."""
    record = row.record
    state = tr("corrected") if record.valid else status_text(record.status)
    changed = f"{state}: {record.reason}" if record.reason else ""
    return " · ".join(filter(None, (outcome_words(row), changed)))
