"""Ages, birth dates and near times in words; what is not known is a word, never blank."""

from __future__ import annotations

from datetime import date, datetime

from workstation.clinical.age import Age
from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.moment import date_text, time_text


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
