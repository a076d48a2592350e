"""What the sync centre says about a change that does not go, and about a round of sync."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.kernel.words import tr
from workstation.services.collisions import Involved, Standing
from workstation.services.conflicts import Waiting
from workstation.services.sync_centre import Centre, Illegible, Kind, Round, Stuck
from workstation.sync.status import Loss
from workstation.ui.toolkit.alert_words import alert_advice, alert_title

Matter = Stuck | Waiting | Standing | Illegible


@dataclass(frozen=True, slots=True)
class Need:
    """One line of what needs a person.

    Attributes:
        kind: Translated kind of the matter.
        tone: Token of its colour.
        name: The patient concerned.
        what: The record in question.
        problem: What is wrong, in plain words.
        advice: What to do about it.
        since: Since when.
        matter: The thing itself.
        first: What to do before anything else; empty when nothing presses.
        number: What IT needs to find the record; empty when people need no IT.
    """

    kind: str
    tone: str
    name: str
    what: str
    problem: str
    advice: str
    since: datetime | None
    matter: Matter
    first: str = ""
    number: str = ""


def needs(centre: Centre) -> tuple[Need, ...]:
    """All that needs a person: what is dangerous or missing, then conflicts, then what is stuck."""
    return (
        *map(_alert, centre.collisions),
        *map(_illegible, centre.illegible),
        *map(_conflict, centre.conflicts),
        *map(_stuck, centre.stuck),
    )


def accident_words(code: str) -> str:
    """What befell the hospital's server; empty when it is no accident that is known."""
    return {
        "server-restored": tr("The hospital's server was restored from a backup"),
        "server-emptied": tr("The hospital's server has lost its records"),
        "server-much-smaller": tr("The hospital's server suddenly has far fewer records"),
    }.get(code, "")


def loss_words(loss: Loss, kinds: tuple[Kind, ...]) -> str:
    """What a restored server lost, in numbers.

    Args:
        loss: As the server was compared.
        kinds: What can be sent again, by kind.
    """
    if loss.count:
        what = ", ".join(f"{tr(each.record)}: {each.count}" for each in kinds)
        told = tr(
            "It does not know {missing} records and has {older} in an older version ({what}).",
            missing=len(loss.missing),
            older=len(loss.older),
            what=what,
        )
    else:
        told = tr("It has every record that this terminal has.")
    if loss.newer:
        told += " " + tr("{count} records are newer there; they will be taken.", count=loss.newer)
    return told


def outcome_words(round_: Round) -> str:
    """How a round of sync ended."""
    if round_.outcome == "complete":
        return tr("Complete")
    accident = accident_words(round_.outcome)
    words = {
        "offline": tr("The hospital could not be reached"),
        "timeout": tr("The hospital did not answer in time"),
        "cut": tr("The connection broke"),
        "throttled": tr("The hospital asked to wait"),
        "server-error": tr("The hospital's server stumbled"),
        "sign-in": tr("The hospital wants a new sign-in"),
        "not-fhir": tr("Something else answered in the hospital's place"),
        "another-syncs": tr("Another window was syncing"),
        "halted": tr("Broken off here, as when the program is closed"),
    }
    text = accident or words.get(round_.outcome, tr("Stopped: {code}", code=round_.outcome))
    return text if round_.times == 1 else f"{text} (×{round_.times})"


def _alert(alert: Standing) -> Need:
    return Need(
        kind=tr("Safety alert"),
        tone="danger",
        name=", ".join(alert.names),
        what=", ".join(dict.fromkeys(_named(alert, each) for each in alert.involved)),
        problem=alert_title(alert.rule),
        advice=alert_advice(alert.rule),
        since=alert.since,
        matter=alert,
    )


def _named(alert: Standing, each: Involved) -> str:
    """A record with its drug, substance or test; the patient stands in a column of its own."""
    record = tr(each.record)
    person = any(name in each.about for name in alert.names)
    return f"{record}: {each.about}" if each.about and not person else record


def _conflict(conflict: Waiting) -> Need:
    record = tr(conflict.record)
    by = conflict.by or tr("Somebody on another terminal")
    return Need(
        kind=tr("Conflict"),
        tone="warn",
        name=conflict.name,
        what=f"{record}: {conflict.about}" if conflict.about else record,
        problem=tr("Changed by two people; the version of {name} waits beside it", name=by),
        advice=tr("Compare both versions and decide which one is to count."),
        since=conflict.at,
        matter=conflict,
    )


def _illegible(odd: Illegible) -> Need:
    problem = tr("The hospital sent a record that cannot be read here")
    if odd.code == "withheld":
        problem = tr("This terminal is not allowed to read this record")
    allergy = odd.reference.startswith("AllergyIntolerance/")
    return Need(
        kind=tr("Cannot be read"),
        tone="danger",
        name=odd.name or tr("Patient unknown"),
        what=tr(odd.record),
        problem=problem,
        advice=tr(
            "It is missing from what is shown. Look for the original before you rely on this"
            " chart; tell hospital IT the number below."
        ),
        since=odd.since,
        matter=odd,
        first=tr("An allergy may be missing: ask the patient, look at the paper.")
        if allergy
        else "",
        number=tr("Number for IT: {number}", number=f"{odd.reference.strip('/')} · {odd.code}"),
    )


def _stuck(stuck: Stuck) -> Need:
    record = tr(stuck.record)
    if stuck.code == "unreadable-there":
        problem = tr("The hospital has a newer version that cannot be read here")
        advice = tr("Call hospital IT. Your change is kept; send it again when that one is mended.")
    elif stuck.waits_for:
        problem = tr("Waits for another record: {record}", record=tr(stuck.waits_for))
        advice = tr("It goes by itself as soon as that one is accepted.")
    else:
        problem = tr("The hospital's server refused it")
        advice = tr("Correct it in the chart, or send it again. It is kept until then.")
    return Need(
        kind=tr("Refused") if not stuck.waits_for else tr("Held back"),
        tone="warn",
        name=stuck.name,
        what=f"{record}: {stuck.about}" if stuck.about else record,
        problem=problem,
        advice=advice,
        since=stuck.since,
        matter=stuck,
    )
