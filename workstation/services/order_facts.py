"""What the record of a patient says that matters when something is ordered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from workstation.clinical import allergies as allergy_rules
from workstation.clinical.order_body import CREATININE_HOLDS
from workstation.clinical.order_safety import (
    ActiveDrug,
    EarlierTest,
    Facts,
    KnownAllergy,
    Measured,
    Override,
)
from workstation.clinical.ordering import most_in_a_day
from workstation.clinical.renal import CREATININE
from workstation.clinical.vital_signs import Sign
from workstation.fhir import (
    collision_rows,
    condition,
    drug_order,
    elements,
    laboratory,
    order_override,
    patient,
    vital_signs,
)
from workstation.kernel.ids import PatientId
from workstation.services import allergies, facilities
from workstation.services.desk import Desk
from workstation.services.patient_record import latest_stay
from workstation.store import View, chart, flowsheet

RECENT: Final = timedelta(hours=24)
"""A drug given within this time still counts, though its order may have ended."""
LONGEST_INTERVAL: Final = timedelta(days=366)
"""No test has a longer repeat interval."""
_WEIGHT_SINCE: Final = timedelta(days=100)
_SOON: Final = timedelta(minutes=5)
_GIVEN: Final = ("completed", "in-progress", "stopped", "on-hold")
_VOID: Final = ("entered-in-error", "cancelled")
_PREGNANCY: Final = "82810-3"
"""LOINC: pregnancy status."""
_PREGNANT: Final = ("77386006", "LA15173-0")
"""SNOMED CT and LOINC answer: pregnant."""
_PREGNANCY_HOLDS: Final = timedelta(days=120)
_EXPECTING: Final = ("Z33", "Z34", "Z35")


def read(view: View, desk: Desk, id_: PatientId, tests: Collection[str] = ()) -> Facts:
    """What is known of a patient.

    Args:
        view: One snapshot.
        desk: Who asks, and when.
        id_: Whose record.
        tests: LOINC codes of which earlier results matter; none for drugs alone.
    """
    now = desk.now()
    stored = view.get("Patient", id_)
    who = patient.read(stored.resource() if stored else {})
    rows = allergies.of_patient(view, id_)
    weight, height = _sign(view, id_, Sign.WEIGHT, now), _sign(view, id_, Sign.HEIGHT, now)
    return Facts(
        now=now,
        sex=who.sex,
        birth_date=who.birth_date,
        weight=weight,
        height=height,
        creatinine=_newest(view, id_, CREATININE, now - CREATININE_HOLDS, now),
        pregnant=_pregnant(view, id_, now) if who.sex == "female" else None,
        allergies_asked=allergy_rules.state(rows) is not allergy_rules.AllergyState.NOT_ASKED,
        allergies=tuple(
            KnownAllergy(row.id, row.substance, row.codes, row.high_risk, ", ".join(row.reactions))
            for row in allergy_rules.known(rows)
        ),
        drugs=(*_ordered(view, id_, now), *_given(view, id_, now)),
        tests=tuple(_tests(view, desk, id_, tests, now)) if tests else (),
        overrides=tuple(_overrides(view, desk, id_)),
    )


def _ordered(view: View, id_: PatientId, now: datetime) -> Iterator[ActiveDrug]:
    """Orders that hold, and are not over by their own end."""
    for stored in view.find("MedicationRequest", patient=id_):
        order = drug_order.read(stored.resource())
        ends = order.timing.ends_at
        if not order.current or (ends is not None and ends <= now):
            continue
        yield ActiveDrug(
            f"MedicationRequest/{stored.id}",
            order.name,
            order.codes,
            order.since,
            order.prescriber,
            amount=order.dose,
            unit=order.unit,
            route=order.route,
            times_a_day=most_in_a_day(order.timing),
            once=order.timing.once,
        )


def _given(view: View, id_: PatientId, now: datetime) -> Iterator[ActiveDrug]:
    """Drugs given lately, the newest dose of each; by the index, without reading a record."""
    told: set[str] = set()
    for line in chart.records(view, id_, "MedicationAdministration"):
        lately = line.at is not None and now - RECENT < line.at <= now + _SOON
        if lately and line.status in _GIVEN and line.label and line.label not in told:
            told.add(line.label)
            yield ActiveDrug(
                f"MedicationAdministration/{line.id}",
                line.label,
                frozenset(),
                line.at,
                line.author or "",
                given_only=True,
            )


def _sign(view: View, id_: PatientId, sign: Sign, now: datetime) -> Measured | None:
    return _newest(view, id_, vital_signs.CODES[sign], now - _WEIGHT_SINCE, now)


def _newest(
    view: View, id_: PatientId, codes: Collection[str], since: datetime, now: datetime
) -> Measured | None:
    """The newest number of some codes that is not void."""
    rows = flowsheet.values(view, id_, codes, since=since, until=now + _SOON)
    for row in reversed(rows):
        value = None if row.status in _VOID else _decimal(row.digits)
        if value is not None:
            return Measured(value, row.unit or "", row.at)
    return None


def _decimal(digits: str | None) -> Decimal | None:
    try:
        return Decimal(digits) if digits else None
    except InvalidOperation:
        return None


def _pregnant(view: View, id_: PatientId, now: datetime) -> bool | None:
    """By the newest pregnancy status, else by a diagnosis that holds; None when neither says."""
    rows = flowsheet.values(
        view, id_, [_PREGNANCY], since=now - _PREGNANCY_HOLDS, until=now + _SOON
    )
    newest = [row.observation for row in rows if row.status not in _VOID][-1:]
    for stored in view.these("Observation", newest):
        codes = {
            code for _, code in elements.codings(stored.resource().get("valueCodeableConcept"))
        }
        return not codes.isdisjoint(_PREGNANT)
    for stored in view.find("Condition", patient=id_):
        found = condition.read(stored.resource())
        if found is not None and found.active and _expecting(found.code or ""):
            return True
    return None


def _expecting(icd10: str) -> bool:
    """A diagnosis of pregnancy: Z33 to Z35, O10 to O48 (ICD-10 chapter XV before delivery)."""
    category = icd10[:3].upper()
    return category in _EXPECTING or "O10" <= category <= "O48"


def _tests(
    view: View, desk: Desk, id_: PatientId, codes: Collection[str], now: datetime
) -> Iterator[EarlierTest]:
    """Results of some tests and standing orders of them."""
    entries = ((code, desk.knowledge.test(code)) for code in codes)
    wide = sorted({each for code, known in entries for each in (known.codes if known else (code,))})
    since = now - LONGEST_INTERVAL
    rows = flowsheet.values(view, id_, wide, since=since, until=now + _SOON)
    ids = [row.observation for row in rows if row.status not in _VOID][-2 * len(wide) :]
    if ids:
        houses = facilities.facilities(view, desk.ward)
        for stored in view.these("Observation", ids):
            yield from _result(stored.resource(), houses)
    for stored in view.find("ServiceRequest", patient=id_):
        request = collision_rows.request_row(stored.resource())
        if request is not None and request.code in wide and request.ordered_at > since:
            by = elements.display(stored.resource().get("requester")) or ""
            yield EarlierTest(
                f"ServiceRequest/{request.id}", request.code, request.ordered_at, by=by
            )


def _result(resource: dict[str, Any], houses: facilities.Facilities) -> Iterator[EarlierTest]:
    found = laboratory.read(resource)
    if found.at is None:
        return
    value = found.words or (
        f"{found.value} {found.unit}".strip() if found.value is not None else ""
    )
    yield EarlierTest(
        f"Observation/{found.id}",
        found.code,
        found.at,
        value,
        houses.foreign(resource.get("performer"), resource.get("contained")),
        found.origin,
    )


def _overrides(view: View, desk: Desk, id_: PatientId) -> Iterator[tuple[str, Override]]:
    """What the person at the desk accepted in this stay."""
    stay = latest_stay(view, id_)
    since = stay.started_at if stay else None
    for stored in view.find("DetectedIssue", patient=id_):
        found = order_override.read(stored.resource())
        if found is None or found.person != desk.reference or found.at is None:
            continue
        if since is None or found.at >= since:
            yield found.key, Override(found.by, found.at, found.reason, found.second)
