"""Drugs as they are shown: name, dose, unit, route, frequency, in this order (ISMP)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount, Rate, Timing
from workstation.clinical.drug_lists import HighRisk
from workstation.clinical.medication_record import State
from workstation.kernel.words import language, tr
from workstation.ui.toolkit import order_words
from workstation.ui.toolkit.order_words import amount_text
from workstation.ui.toolkit.widgets.moment import moment_text, time_text


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros, which are misread (1,0 as 10), and without an exponent."""
    return Decimal(f"{value.normalize():f}")


def rate_text(rate_ml_h: Decimal) -> str:
    """A rate in mL/h; 0 is a pause."""
    if rate_ml_h == 0:
        return tr("Paused")
    return amount_text(Rate(rate_ml_h, "mL/h"))


def timing_text(timing: Timing, *, continuous: bool = False) -> str:
    """How often, in words; from when and until when is said elsewhere."""
    if continuous:
        return tr("runs continuously")
    return order_words.timing_text(replace(timing, starts_at=None, ends_at=None))


def dose_line(
    amount: Amount | None, route: str, timing: Timing, *, rate: Rate | None = None
) -> str:
    """Dose, route and frequency in one line."""
    continuous = rate is not None and not timing.scheduled and not timing.as_needed
    parts = (amount_text(amount), amount_text(rate), route)
    return " · ".join(filter(None, (*parts, timing_text(timing, continuous=continuous))))


def risk_text(risk: HighRisk) -> str:
    """Which class of high-risk drugs it is."""
    return risk.vietnamese if language() == "vi" else risk.english


def state_text(state: State) -> str:
    """What a place of the record shows, in a word or two."""
    return {
        State.FUTURE: tr("Planned"),
        State.DUE: tr("Due"),
        State.LATE: tr("Late"),
        State.MISSED: tr("Not charted"),
        State.HELD: tr("On hold"),
        State.STOPPED: tr("Stopped"),
        State.GIVEN: tr("Given"),
        State.PARTIAL: tr("Given in part"),
        State.RUNNING: tr("Running"),
        State.WITHHELD: tr("Withheld"),
        State.REFUSED: tr("Declined"),
        State.UNAVAILABLE: tr("Not in stock"),
        State.CHANGED: tr("Changed"),
        State.ERROR: tr("Entered in error"),
        State.UNKNOWN: tr("Unclear"),
    }[state]


def effect_text(effect: Effect) -> str:
    """Whether a dose helped."""
    return {
        Effect.GOOD: tr("Helped well"),
        Effect.SOME: tr("Helped a little"),
        Effect.NONE: tr("Did not help"),
        Effect.HARM: tr("Harmed"),
    }[effect]


def short_time(at: datetime, now: datetime) -> str:
    """The time of day; with the day when it is another one."""
    same = at.astimezone().date() == now.astimezone().date()
    return time_text(at) if same else moment_text(at)
