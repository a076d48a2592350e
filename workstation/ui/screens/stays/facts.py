"""What is to be known before something is done to a stay, and what a form begins with."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical import stays as rules
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.services.admissions import Ground
from workstation.services.discharges import Leaving
from workstation.ui.screens.stays import wording
from workstation.ui.screens.stays.deeds import Deed
from workstation.ui.toolkit.widgets.moment import moment_text

_ENDS = ("discharge", "death")
_NAMED = 6
"""So many drugs are named; of more only the number is told."""

Told = list[tuple[str, str]]
"""Words and their tone."""


def usual(deed: str, ground: Ground) -> dict[str, str]:
    """What a form begins with: what is known already."""
    plan = ground.expected
    if deed == "admit" and plan is not None:
        return {"diagnosis": plan.reason, "diagnosis_code": plan.code, "bed": plan.bed}
    if deed in ("expect", "expect_new"):
        return {"bed": ""}
    if deed == "change_expected" and plan is not None:
        return {
            "at": moment_text(plan.at),
            "diagnosis": plan.reason,
            "diagnosis_code": plan.code,
            "origin": plan.origin,
            "bed": plan.bed,
        }
    if deed == "discharge" and ground.leaving is not None:
        return {
            "diagnosis": ground.leaving.diagnosis,
            "diagnosis_code": ground.leaving.diagnosis_code,
        }
    return {}


def before(deed: str, ground: Ground, now: datetime) -> Told:
    """What is to be known before it is done."""
    stay = ground.stay
    told: Told = []
    if stay is None:
        return told
    if deed in ("move", "transfer", "leave") and stay.bed:
        told.append((tr("Now in bed {bed}, {ward}", bed=stay.bed, ward=stay.ward), "muted"))
    if stay.to and deed in ("transfer", "withdraw"):
        told.append((tr("Asked for already: {ward}", ward=stay.to), "warn"))
    if deed == "return" and stay.until is not None:
        told.append((tr("Expected back {time}", time=moment_text(stay.until)), "muted"))
    if deed == "take_back" and stay.last is not None:
        told.append((wording.step_words(stay.last), "strong"))
    if deed in _ENDS and ground.leaving is not None:
        told += _ending(ground.leaving, now)
    return told


def problem(deed: Deed, ground: Ground) -> Refused | None:
    """Why this cannot be done to this stay; None when it can, as far as is known here."""
    if deed.step is None:
        return None
    if ground.stay is None:
        return Refused("not-admitted")
    try:
        rules.allow(deed.step, ground.stay.status)
    except Refused as refused:
        return refused
    return None


def _ending(leaving: Leaving, now: datetime) -> Told:
    told: Told = []
    if leaving.admitted_at is not None:
        days = (now.date() - leaving.admitted_at.astimezone(now.tzinfo).date()).days + 1
        since = moment_text(leaving.admitted_at)
        told.append((tr("Admitted {time}, day {day}", time=since, day=days), "muted"))
    if leaving.running:
        names = _named(leaving.running)
        told.append((tr("Still running, end it at the bed: {names}", names=names), "warn"))
    if leaving.orders:
        names = _named(leaving.orders)
        told.append((tr("Drug orders that end with it: {names}", names=names), "warn"))
    if leaving.care:
        names = _named(leaving.care)
        told.append((tr("Care orders that end with it: {names}", names=names), "warn"))
    if leaving.drafts:
        told.append((tr("{count} notes of yours are not signed", count=leaving.drafts), "warn"))
    if leaving.unsent:
        told.append((tr("{count} entries are not sent yet", count=leaving.unsent), "warn"))
    return told


def _named(words: tuple[str, ...]) -> str:
    names, more = ", ".join(words[:_NAMED]), len(words) - _NAMED
    return tr("{names} and {count} more", names=names, count=more) if more > 0 else names
