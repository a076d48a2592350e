"""Ages, birth dates and near times in words; what is not known is a word, never blank."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from workstation.clinical.age import Age
from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.moment import date_text, time_text

if TYPE_CHECKING:  # the services bring the store along, which the log-in window does without
    from workstation.services.inpatients import Inpatient
    from workstation.services.patient_record import Banner


def age_words(age: Age | None) -> str:
    """An age as it is said here, such as ``74 tuổi`` or ``16 tháng``."""
    if age is None:
        return tr("Age unknown")
    if age.unit == "days":
        return tr("{count} days old", count=age.count)
    if age.unit == "months":
        return tr("{count} months old", count=age.count)
    return tr("{count} years", count=age.count)


def born_words(birth_date: date | None, born: str | None) -> str:
    """A birth date; the year or month alone when no more is known.

    Args:
        birth_date: When it is known to the day.
        born: The FHIR date as it stands in the record.
    """
    if birth_date is not None:
        return date_text(birth_date)
    return "/".join(reversed(born.split("-"))) if born else tr("Birth date unknown")


def short_moment(at: datetime, now: datetime) -> str:
    """The time of day; with the day and month when it is not today.

    Args:
        at: Aware.
        now: The present, aware.
    """
    local = at.astimezone()
    if local.date() == now.astimezone().date():
        return time_text(at)
    return local.strftime("%H:%M %d/%m")


def person_text(who: Inpatient | Banner, bed: str) -> str:
    """Bed, name and a second identifier: two are needed before any drug."""
    born = born_words(who.birth_date, who.born)
    number = who.record_number or tr("no record number")
    return " · ".join((bed or "–", who.name.formal, born, age_words(who.age), number))
