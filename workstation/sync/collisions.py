"""Looks for collisions of meaning after each pull and merge, and writes them down as alerts.

Only patients whose records changed are looked at, with who lies in their bed or bears their name.
An alert is made at once, from whatever is here. It is cleared, or opened again, only by what the
server has accepted: then all terminals conclude the same, and none undoes another's conclusion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from workstation.clinical import care_plan as plan_rules
from workstation.clinical import collisions as rules
from workstation.clinical import infusion_collisions
from workstation.clinical.accepted_alerts import without_accepted
from workstation.clinical.collisions import Collision, StayRow
from workstation.fhir import care_plan, collision_rows, location
from workstation.fhir.detected_issue import (
    Alert,
    alert_id,
    from_issue,
    is_alert,
    to_issue,
    with_state,
)
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.knowledge import shipped
from workstation.store import Store, Unit, View
from workstation.store import collisions as record

RELEVANT: Final = frozenset(
    {
        "AllergyIntolerance",
        "CarePlan",
        "DetectedIssue",
        "Encounter",
        "MedicationAdministration",
        "MedicationRequest",
        "Patient",
        "ServiceRequest",
    }
)
"""Types that the rules look at; of alerts those that were accepted at ordering."""

Names = Callable[[str], str]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination found.

    Attributes:
        opened: Alerts made or opened again.
        resolved: Alerts cleared by what was charted since.
        changes: For the screens.
    """

    opened: int = 0
    resolved: int = 0
    changes: Changes = field(default_factory=Changes)


def examine(store: Store, pulled: Changes, names: Names = str) -> Examined:
    """Look at everybody whose records changed since the last time.

    Args:
        store: This terminal's.
        pulled: What the pull brought.
        names: Gives the ``Type/id`` that all terminals know a record by; the server may choose it.
    """
    with store.read() as view:
        end = record.journal_end(view)
        changed = _telling(view, record.saved_since(view) | pulled.references)
        patients = record.owners(view, changed, RELEVANT) | record.waiting(view)
        if patients:
            patients = record.neighbours(view, patients | _party(view, patients))
            found = {alert.id: alert for alert in _alerts(view, patients, names)}
            before = _known(view, patients)
    with store.write() as unit:
        record.examined(unit, end)
        if not patients:
            return Examined()
        opened = sum(_open(unit, alert, before.get(id_)) for id_, alert in found.items())
        gone = [issue for id_, issue in before.items() if id_ not in found]
        resolved = sum(_resolve(unit, issue, patients) for issue in gone)
        record.look_again(unit, _undecided(unit, found, before))
        return Examined(opened, resolved, unit.changes)


def _telling(view: View, changed: Iterable[str]) -> set[str]:
    """What changed without our own alerts: they follow from the rest and tell nothing new.

    Looked at again because of them, terminals that differ in one record would open and clear an
    alert in turns for ever.
    """
    own = {
        each
        for each in changed
        if each.startswith("DetectedIssue/")
        and (stored := view.get("DetectedIssue", each.partition("/")[2])) is not None
        and is_alert(stored.resource())
    }
    return set(changed) - own


def _alerts(view: View, patients: Iterable[str], names: Names) -> list[Alert]:
    """Every collision among some patients, as alerts."""
    chart = _Chart(view, sorted(patients), names)
    doses = chart.rows("MedicationAdministration", collision_rows.dose_row)
    infusions = collision_rows.infusion_rows(chart.rows("MedicationAdministration", dict))
    orders = chart.rows("MedicationRequest", collision_rows.order_row)
    allergies = chart.rows("AllergyIntolerance", collision_rows.allergy_row)
    persons = chart.rows("Patient", collision_rows.person_row)
    tests = chart.rows("ServiceRequest", collision_rows.request_row)
    stays = chart.rows("Encounter", chart.stay)
    plans = chart.rows("CarePlan", care_plan.row)
    accepted = chart.rows("DetectedIssue", collision_rows.accepted_row)
    known = shipped()
    found = [
        *rules.dose_twice(doses, orders),
        *rules.given_after_stop(doses, orders),
        *rules.given_despite_allergy(doses, allergies, known),
        *rules.ordered_despite_allergy(orders, allergies, known),
        *rules.orders_decided_apart(orders),
        *rules.two_patients_in_one_bed(stays),
        *rules.one_patient_in_two_beds(stays),
        *rules.two_open_stays(stays),
        *rules.same_person_twice(persons),
        *rules.ordered_twice(tests, known),
        *plan_rules.same_problem_twice(plans),
        *infusion_collisions.changed_after_end(infusions),
    ]
    return [chart.alert(each) for each in without_accepted(found, accepted, doses)]


class _Chart:
    """The records of some patients, as rows for the rules."""

    def __init__(self, view: View, patients: list[str], names: Names) -> None:
        self._view = view
        self._names = names
        self._patients = patients
        self._owner: dict[str, str] = {}
        self._beds: dict[str, bool] = {}

    def rows(self, type_: str, read: Callable[[Resource], Row | None]) -> list[Row]:
        """The rows of one type; what a rule does not look at is left out."""
        found: list[Row] = []
        for patient in self._patients:
            for stored in self._view.find(type_, patient=patient):
                self._owner[f"{type_}/{stored.id}"] = patient
                row = read(stored.resource())
                if row is not None:
                    found.append(row)
        return found

    def stay(self, resource: Mapping[str, Any]) -> StayRow | None:
        """A stay with its beds."""
        return collision_rows.stay_row(resource, self._is_bed)

    def alert(self, collision: Collision) -> Alert:
        """The alert of a collision; one about two patients stands in the chart of the first."""
        owners = [self._owner[name] for name in collision.records if name in self._owner]
        rule = collision.rule.value
        parts = sorted(map(self._names, collision.records))
        return Alert(
            id=alert_id(rule, "|".join([*parts, collision.place or ""])),
            rule=rule,
            severity=collision.severity,
            records=collision.records,
            patient=collision.patient or min(owners, default=None),
            since=collision.since.isoformat() if collision.since else None,
        )

    def _is_bed(self, place: str) -> bool:
        if place not in self._beds:
            stored = self._view.get("Location", place)
            known = stored is not None and location.read(stored.resource()).kind == "bed"
            self._beds[place] = known
        return self._beds[place]


def _party(view: View, patients: set[str]) -> set[str]:
    """Everybody named beside some patients in an alert that is not resolved."""
    found: set[str] = set()
    for id_ in record.unresolved(view):
        stored = view.get("DetectedIssue", id_)
        if stored is not None and is_alert(issue := stored.resource()):
            party = record.owners(view, from_issue(issue).records, RELEVANT)
            found |= party if party & patients else set()
    return found


def _known(view: View, patients: Iterable[str]) -> dict[str, Resource]:
    """The alerts of ours about some patients, by id."""
    found = (
        stored.resource()
        for patient in sorted(patients)
        for stored in view.find("DetectedIssue", patient=patient)
    )
    return {from_issue(issue).id: issue for issue in found if is_alert(issue)}


def _undecided(unit: Unit, found: Mapping[str, Alert], before: Mapping[str, Resource]) -> set[str]:
    """Whose alerts say something else than the records, which the server has not accepted yet.

    Nothing here changes when it accepts them: that would not be noticed.
    """
    owners: set[str] = set()
    for id_, issue in before.items():
        stored = unit.get("DetectedIssue", str(issue["id"]))
        alert = from_issue(stored.resource() if stored is not None else issue)
        names = [*alert.records, f"DetectedIssue/{issue['id']}"]
        if (alert.state == "resolved") == (id_ in found) and record.pending(unit, names):
            owners |= record.owners(unit, alert.records, RELEVANT)
    return owners


def _open(unit: Unit, alert: Alert, issue: Resource | None) -> bool:
    """Make an alert, or open it again; the server may know it under an id of its own."""
    seen = unit.get("DetectedIssue", str(issue["id"]) if issue else alert.id)
    if seen is None:
        unit.create(to_issue(alert))
        return True
    if seen.deleted or seen.pending or from_issue(seen.resource()).state != "resolved":
        return False
    if record.unsettled(unit, alert.records):
        return False
    unit.update(with_state(seen.resource(), "open"), seen=seen)
    return True


def _resolve(unit: Unit, issue: Resource, patients: Iterable[str]) -> bool:
    alert = from_issue(issue)
    seen = unit.get("DetectedIssue", str(issue["id"]))
    if seen is None or seen.pending or alert.state == "resolved":
        return False
    if record.unsettled(unit, alert.records):
        return False
    if not record.owners(unit, alert.records, RELEVANT) <= set(patients):
        return False
    unit.update(with_state(seen.resource(), "resolved"), seen=seen)
    return True
