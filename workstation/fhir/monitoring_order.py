"""An order to measure vital signs so often, out of a ServiceRequest: its timing, else its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workstation.clinical import ordered_monitoring
from workstation.clinical.monitoring import Ordered
from workstation.clinical.ordering import Request
from workstation.fhir import dosage, elements
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource


def read(resource: Mapping[str, Any]) -> Ordered | None:
    """The order; None for one of anything else, or one that does not say how often."""
    said = elements.concept_text(resource.get("code")) or ""
    remark = elements.concept_text(resource.get("orderDetail")) or ""
    if not ordered_monitoring.names_vital_signs(said):
        return None
    repeat = elements.mapping(elements.mapping(resource.get("occurrenceTiming")).get("repeat"))
    start = elements.mapping(repeat.get("boundsPeriod")).get("start")
    written = elements.instant(resource.get("authoredOn"))
    since = elements.instant(start or resource.get("occurrenceDateTime")) or written
    every = _every(repeat) or ordered_monitoring.interval(f"{said}; {remark}")
    if every is None or since is None:
        return None
    return Ordered(every, since, ", ".join(filter(None, (said, remark))))


def patient(resource: Mapping[str, Any]) -> str:
    """Id of the Patient; empty if it does not say."""
    return patient_of(resource) or ""


def timing(item: Request) -> Resource | None:
    """What other programs reckon with: the interval that the words ask for; None for none."""
    every = ordered_monitoring.interval(f"{item.words}; {item.remark}")
    if every is None:
        return None
    minutes = every // timedelta(minutes=1)
    whole = minutes % 60 == 0
    repeat: Resource = {
        "frequency": 1,
        "period": minutes // 60 if whole else minutes,
        "periodUnit": "h" if whole else "min",
    }
    if item.at is not None:
        repeat["boundsPeriod"] = {"start": item.at.isoformat(timespec="seconds")}
    return {"repeat": repeat}


def _every(repeat: Mapping[str, Any]) -> timedelta | None:
    times = elements.decimal(repeat.get("frequency", 1))
    period = elements.decimal(repeat.get("period"))
    hours = dosage.HOURS.get(str(repeat.get("periodUnit")))
    if not times or not period or hours is None or times < 0 or period < 0:
        return None
    every = timedelta(hours=float(period * hours / times))
    return every if ordered_monitoring.possible(every) else None
