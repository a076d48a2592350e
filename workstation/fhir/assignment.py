"""Who cares for a patient in a shift: participants of the Encounter with the shift as period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.shifts import Shift
from workstation.fhir import elements, systems
from workstation.fhir.json import Resource

ASSIGNED: Final = "assigned-nurse"


@dataclass(frozen=True, slots=True)
class Carer:
    """One nurse for one patient in one shift.

    Attributes:
        id: Id of the Practitioner.
        name: As shown; empty when the record does not say.
        since: From when (aware).
        until: Up to when; at or before `since` when it was taken back before it began.
    """

    id: str
    name: str
    since: datetime
    until: datetime | None

    def cares(self, at: datetime) -> bool:
        """Whether the patient is hers at a moment."""
        return self.since <= at and (self.until is None or at < self.until)


def read(encounter: Mapping[str, Any]) -> tuple[Carer, ...]:
    """Everybody who was ever assigned in a stay, in the order of the record."""
    found = []
    for item in elements.objects(encounter.get("participant")):
        own = elements.reference_id(item.get("individual"), "Practitioner")
        period = elements.mapping(item.get("period"))
        since = elements.instant(period.get("start"))
        if own is None or since is None or not _ours(item):
            continue
        name = elements.display(item.get("individual")) or ""
        found.append(Carer(own, name, since, elements.instant(period.get("end"))))
    return tuple(found)


def of_shift(encounter: Mapping[str, Any], shift: Shift) -> tuple[Carer, ...]:
    """Those who care for the patient in one shift, as far as nobody took it back."""
    return tuple(
        each
        for each in read(encounter)
        if each.since == shift.start and (each.until is None or each.until >= shift.end)
    )


def assigned(
    encounter: Resource, nurses: Sequence[tuple[str, str]], shift: Shift, *, at: datetime
) -> Resource:
    """A new version of a stay in which exactly some nurses care for the patient in a shift.

    An entry that does not hold any more is ended and not taken out, so that who was responsible
    until then stays in the record.

    Args:
        encounter: The stored Encounter; it is not touched.
        nurses: Id and name of each; none: nobody cares for the patient in that shift.
        shift: Which.
        at: When this is decided (aware).
    """
    patched = deepcopy(encounter)
    entries = elements.objects(patched.get("participant"))
    wanted, known = dict(nurses), set()
    for item in entries:
        period = elements.mapping(item.get("period"))
        if not _ours(item) or elements.instant(period.get("start")) != shift.start:
            continue
        own = elements.reference_id(item.get("individual"), "Practitioner")
        until = elements.instant(period.get("end"))
        if own in wanted:
            known.add(own)
            end = shift.end
        else:
            end = min(until or shift.end, max(shift.start, at))
        if until != end:
            item["period"] = {**period, "end": _written(end)}
    added = [_entry(own, name, shift) for own, name in wanted.items() if own not in known]
    patched["participant"] = [*entries, *added]
    if not patched["participant"]:
        del patched["participant"]
    return patched


def _ours(item: Mapping[str, Any]) -> bool:
    return elements.has_code(item.get("type"), systems.PARTICIPANT, ASSIGNED)


def _entry(own: str, name: str, shift: Shift) -> Resource:
    coding = {"system": systems.PARTICIPANT, "code": ASSIGNED, "display": "Assigned nurse"}
    return {
        "type": [{"coding": [coding]}],
        "period": {"start": _written(shift.start), "end": _written(shift.end)},
        "individual": {"reference": f"Practitioner/{own}", "display": name},
    }


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
