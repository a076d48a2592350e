"""The columns of the handover's list and its words."""

from __future__ import annotations

from collections.abc import Callable

from workstation.clinical.handover import Concern, Section, State
from workstation.kernel.words import tr
from workstation.services.handover import Handover, Patient
from workstation.ui.toolkit.widgets.moment import moment_text, time_text
from workstation.ui.toolkit.widgets.table import Column

_TONES: dict[State, str] = {
    "open": "muted", "draft": "warn", "given": "accent", "asked": "danger", "accepted": "ok",
}  # fmt: skip
_SIGNS: dict[State, str] = {
    "open": "",
    "draft": "✎ ",
    "given": "◆ ",
    "asked": "? ",
    "accepted": "✓ ",
}
"""Beside the bed, which is in sight however large the letters are."""
_GRAVE: frozenset[Concern] = frozenset({"high-risk", "uncalled", "critical-result"})


def columns(ticked: Callable[[Patient], bool], person: str) -> tuple[Column[Patient], ...]:
    """Bed, patient, what must be heard first, where it stands.

    Args:
        ticked: Whether a patient is chosen.
        person: Id of who looks.
    """

    def bed(row: Patient) -> str:
        tick = "☑ " if ticked(row) else ""
        return f"{tick}{_SIGNS[row.state]}{row.who.bed_name or '–'}"

    return (
        Column(tr("Bed"), bed, 104, role="strong"),
        Column(tr("Patient"), lambda row: row.who.name.formal or tr("Name unknown")),
        Column(tr("Watch"), _worry, 166, tone=_worry_tone, hint=all_worries),
        Column(tr("State"), lambda row: state_words(row, person), 122, tone=_tone),
    )


def state_words(row: Patient, person: str) -> str:
    """Where the handover of a patient stands, for who looks."""
    if row.waits_for(person):
        return tr("◆ For you")
    return {
        "open": tr("To prepare"),
        "draft": tr("Draft"),
        "given": tr("Waiting"),
        "asked": tr("? Question"),
        "accepted": tr("✓ Taken over"),
    }[row.state]


def worry_words(concern: Concern) -> str:
    """What the next person must hear first, in a few words."""
    return {
        "high-risk": tr("High risk"),
        "medium-risk": tr("Medium risk"),
        "rising": tr("Score is rising"),
        "not-complete": tr("Score not complete"),
        "uncalled": tr("Nobody has answered the call yet"),
        "critical-result": tr("Critical result"),
        "late": tr("Something is late"),
    }[concern]


def all_worries(row: Patient) -> str:
    """Every concern about a patient."""
    return ", ".join(worry_words(each) for each in row.concerns)


def section_words(section: Section) -> str:
    """What a section is called."""
    return {
        "situation": tr("S · Situation"),
        "background": tr("B · Background"),
        "assessment": tr("A · Assessment and changes"),
        "recommendation": tr("R · To do and to watch"),
    }[section]


def story(found: Handover | None) -> str:
    """Who gave it to whom and when, and what was asked."""
    if found is None or found.given_at is None:
        return ""
    given = tr("Given {time} by {name}", time=moment_text(found.given_at), name=found.giver)
    if found.state == "accepted" and found.accepted_at is not None:
        taken = tr("taken over {time} by {name}", time=time_text(found.accepted_at),
                   name=found.accepter)  # fmt: skip
        return f"{given} · {taken}"
    if found.question is not None:
        asked = tr("{name} asks: {question}", name=found.question.by, question=found.question.words)
        return f"{given} · {asked}"
    return f"{given} · {tr('waits to be taken over')}"


def _worry(row: Patient) -> str:
    if not row.concerns:
        return ""
    first, more = worry_words(row.concerns[0]), len(row.concerns) - 1
    return f"▲ {tr('{worry}, {count} more', worry=first, count=more) if more else first}"


def _worry_tone(row: Patient) -> str:
    return "danger" if _GRAVE & set(row.concerns) else "warn"


def _tone(row: Patient) -> str:
    return _TONES[row.state]
