"""How a row of the new results says what there is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workstation.kernel.words import tr
from workstation.services.inpatients import Inpatient
from workstation.services.result_inbox import Finding, InboxRow
from workstation.ui.toolkit.result_words import (
    code_name,
    flag_mark,
    measured_text,
    noted_text,
    panel_named,
    range_text,
)
from workstation.ui.toolkit.widgets.moment import age_text, moment_text, time_text

_TOLD: Final = 5
"""Results named in a row; how many more there are is counted."""


def bed_text(row: InboxRow) -> str:
    """Where the person lies."""
    return row.who.bed_name or tr("No bed")


def person_text(who: Inpatient) -> str:
    """Who it is."""
    return who.name.formal or tr("Name unknown")


def what_text(row: InboxRow) -> str:
    """What came, the abnormal named first."""
    if row.kind == "report":
        return tr("Report: {title}", title=row.title)
    if row.kind == "new":
        named = [_short(each) for each in row.findings[:_TOLD]]
        rest = len(row.findings) - len(named)
        if rest:
            named.append(tr("{count} more", count=rest))
        return f"{panel_named(row.panel)}: {' · '.join(named)}"
    return " · ".join(map(finding_text, row.findings))


def finding_text(found: Finding) -> str:
    """One critical result with its range."""
    limits = range_text(found.result)
    name = code_name(found.result.code, found.result.name)
    said = measured_text(found.result, found.flag)
    return f"{name}: {said} ({limits})" if limits else f"{name}: {said}"


def _short(found: Finding) -> str:
    name = code_name(found.result.code, found.result.name)
    return f"{name} {measured_text(found.result, found.flag)}"


def state_text(row: InboxRow) -> str:
    """What is to be done, or who has done it."""
    if row.kind == "critical":
        return tr("Not acknowledged")
    if row.noted:
        noted = row.noted[-1]
        at = time_text(noted.at) if noted.at else ""
        return f"{noted.done} · {noted.by} {at}".strip()
    if row.kind == "report":
        return ""
    return tr("{count} abnormal", count=row.abnormal) if row.abnormal else tr("Nothing abnormal")


def state_hint(row: InboxRow) -> str:
    """Everybody who took note, with day and time."""
    return "\n".join(map(noted_text, row.noted)) or state_text(row)


def taken_text(row: InboxRow) -> str:
    """When the sample was taken."""
    return moment_text(row.at) if row.at else tr("Unknown")


def question(row: InboxRow, now: datetime) -> str:
    """What the person is asked who takes note: whose result, which, how old."""
    age = age_text(now - row.at) if row.at else ""
    who = f"{bed_text(row)} {person_text(row.who)}"
    said = " · ".join(filter(None, (who, what_text(row), age)))
    return tr("What was done about {result}?", result=said)


def mark_text(row: InboxRow) -> str:
    """The gravest sign in the row."""
    if row.kind == "acknowledged":
        return "✓"
    flags = [each.flag for each in row.findings if each.flag]
    return flag_mark(flags[0]) if flags else ""


def tone(row: InboxRow) -> str:
    """The colour of the row's words."""
    if row.kind == "critical":
        return "danger"
    return "muted" if row.kind == "acknowledged" else ""
