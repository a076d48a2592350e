"""When vital signs are due: orders make the next set come sooner than score and care level ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.clinical.monitoring import Due, Intervals, Ordered, next_due
from workstation.clinical.ordering import OrderKind
from workstation.clinical.scores.warning import EarlyWarning
from workstation.fhir import monitoring_order
from workstation.fhir.encounter import Stay
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.store import View, care_sites


@dataclass(frozen=True, slots=True)
class Watch:
    """What decides when vital signs are due, beside the score: orders and the hospital's rule."""

    ordered: Mapping[str, Sequence[Ordered]]
    intervals: Intervals

    def due(self, score: EarlyWarning | None, who: Inpatient) -> Due | None:
        """When the next set of a person is due; none when there is no score: it is due now."""
        orders = self.ordered.get(who.patient, ())
        return next_due(score, who.care_level, orders, self.intervals)


def watch(desk: Desk, view: View, patients: Iterable[PatientId], now: datetime) -> Watch:
    """Read what decides it for some patients.

    Args:
        desk: Who reads.
        view: One snapshot.
        patients: Whose.
        now: The present (aware).
    """
    kinds = [OrderKind.MONITORING.value]
    found: defaultdict[str, list[Ordered]] = defaultdict(list)
    for stored in care_sites.with_status(view, patients, "ServiceRequest", "active", kinds):
        resource = stored.resource()
        asked = monitoring_order.read(resource)
        if asked is not None and asked.since <= now:
            found[monitoring_order.patient(resource)].append(asked)
    return Watch(dict(found), desk.knowledge.monitoring)


def due_of(
    desk: Desk, view: View, patient: PatientId, stay: Stay | None, score: EarlyWarning
) -> Due | None:
    """When the next set of somebody in a bed is due; none for who is not here, or never measured.

    Args:
        desk: Who reads.
        view: One snapshot.
        patient: Whose.
        stay: The stay that counts.
        score: Of the newest values.
    """
    if stay is None or stay.status != "in-progress":
        return None
    found = watch(desk, view, [patient], desk.now())
    orders = found.ordered.get(patient, ())
    return next_due(score, stay.care_level, orders, found.intervals)
