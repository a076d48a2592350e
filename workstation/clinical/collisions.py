"""Collisions of meaning: records that are each valid and together must not be.

Each rule is a pure function over plain rows and gives the same collisions, with the same keys, on
every terminal that holds the same rows, in whatever order they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final, Literal, TypeVar

from workstation.clinical.double_dose import (
    DoseRow,
    OrderRow,
    by_id,
    drugs_of,
    firsts_of,
    parts_in_excess,
    same_dose,
)
from workstation.clinical.drug_classes import allergy_matches
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.repeat_interval import repeat_interval

Severity = Literal["high", "moderate", "low"]


class Rule(StrEnum):
    """What collided."""

    DOSE_TWICE = "dose-twice"
    GIVEN_AFTER_STOP = "given-after-stop"
    GIVEN_DESPITE_ALLERGY = "given-despite-allergy"
    ORDERED_DESPITE_ALLERGY = "ordered-despite-allergy"
    BED_SHARED = "two-patients-in-one-bed"
    TWO_BEDS = "one-patient-in-two-beds"
    SAME_PERSON = "same-person-twice"
    TEST_TWICE = "test-twice"
    TWO_STAYS = "two-open-stays"
    DECIDED_APART = "order-decided-apart"
    PROBLEM_TWICE = "nursing-problem-twice"
    CHANGED_AFTER_END = "infusion-changed-after-end"


class Action(StrEnum):
    """What the alert offers to do."""

    CHECK_PATIENT_AND_DOSES = "check-patient-and-doses"
    TELL_PRESCRIBER = "tell-prescriber"
    CHECK_PATIENT_AND_STOP = "check-patient-and-stop"
    STOP_ORDER = "stop-order"
    MOVE_ONE_PATIENT = "move-one-patient"
    CHOOSE_BED = "choose-bed"
    COMPARE_PERSONS = "compare-persons"
    CANCEL_ONE_TEST = "cancel-one-test"
    CLOSE_ONE_STAY = "close-one-stay"
    ASK_WHICH_HOLDS = "ask-which-holds"
    REVOKE_ONE = "revoke-one"


@dataclass(frozen=True, slots=True)
class Collision:
    """One collision.

    Attributes:
        rule: Which rule found it.
        severity: As FHIR's DetectedIssue has it.
        records: ``Type/id`` of the records involved, sorted.
        patient: Id of the patient whose chart shows it; ``None`` for two patients.
        since: When the last of the records that make it came about.
        action: What to do.
        place: Id of the bed, when it is about one.
    """

    rule: Rule
    severity: Severity
    records: tuple[str, ...]
    patient: str | None
    since: datetime | None
    action: Action
    place: str | None = None

    @property
    def key(self) -> str:
        """The same on every terminal: the records, and the bed if there is one."""
        return "|".join(self.records if self.place is None else (*self.records, self.place))


@dataclass(frozen=True, slots=True)
class AllergyRow:
    """An allergy that holds."""

    id: str
    patient: str
    codes: frozenset[str]
    substance: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class StayRow:
    """An inpatient stay that is not over, and the beds where the patient is by it."""

    id: str
    patient: str
    beds: tuple[str, ...]
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A patient record that is in use."""

    id: str
    national_id: str | None
    insurance_number: str | None
    folded_name: str
    birth_date: date | None
    sex: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A test that is ordered or done, not one that was revoked."""

    id: str
    patient: str
    code: str
    ordered_at: datetime


AT_ONCE: Final = timedelta(seconds=5)
"""Who changes an order ends it in the same moment; a stop farther away was another decision."""

Row = TypeVar("Row")


def dose_twice(doses: Iterable[DoseRow], orders: Iterable[OrderRow]) -> list[Collision]:
    """The same drug given to the same patient twice for one dose (`double_dose.same_dose`)."""
    plans, given = tuple(orders), tuple(doses)
    known, firsts = by_id(plans), firsts_of(plans)
    named = [(dose, drug) for dose in given for drug in drugs_of(dose, firsts)]
    alike = {
        frozenset((one.id, two.id)): (one, two)
        for (one, _), (two, _) in _pairs(named, lambda each: each[1])
        if same_dose(one, two, known)
    }
    return _sorted(
        Collision(
            Rule.DOSE_TWICE,
            "high",
            _names("MedicationAdministration", *(each.id for each in several)),
            several[0].patient,
            max(each.at for each in several),
            Action.CHECK_PATIENT_AND_DOSES,
        )
        for several in (*alike.values(), *parts_in_excess(given, plans))
    )


def given_after_stop(doses: Iterable[DoseRow], orders: Iterable[OrderRow]) -> list[Collision]:
    """A dose given after its order was stopped."""
    stopped = {order.id: order for order in orders if not order.active}
    found = []
    for dose in doses:
        order = stopped.get(dose.order or "")
        if order is None or order.stopped_at is None or dose.at <= order.stopped_at:
            continue
        records = (f"MedicationAdministration/{dose.id}", f"MedicationRequest/{order.id}")
        found.append(
            Collision(
                Rule.GIVEN_AFTER_STOP,
                "high",
                records,
                dose.patient,
                dose.at,
                Action.TELL_PRESCRIBER,
            )
        )
    return _sorted(found)


def given_despite_allergy(
    doses: Iterable[DoseRow], allergies: Iterable[AllergyRow], knowledge: Knowledge
) -> list[Collision]:
    """A dose of a drug to which an allergy had been recorded when it was given.

    An allergy recorded after the dose is no collision: perhaps the dose showed it.
    """
    by_patient = _grouped(allergies, lambda row: row.patient)
    return _sorted(
        Collision(
            Rule.GIVEN_DESPITE_ALLERGY,
            "high",
            (f"AllergyIntolerance/{row.id}", f"MedicationAdministration/{dose.id}"),
            dose.patient,
            dose.at,
            Action.CHECK_PATIENT_AND_STOP,
        )
        for dose in doses
        for row in by_patient.get(dose.patient, ())
        if (row.recorded_at is None or row.recorded_at <= dose.at) and _harms(row, dose, knowledge)
    )


def ordered_despite_allergy(
    orders: Iterable[OrderRow], allergies: Iterable[AllergyRow], knowledge: Knowledge
) -> list[Collision]:
    """An order that holds for a drug to which the patient is allergic."""
    by_patient = _grouped(allergies, lambda row: row.patient)
    return _sorted(
        Collision(
            Rule.ORDERED_DESPITE_ALLERGY,
            "high",
            (f"AllergyIntolerance/{row.id}", f"MedicationRequest/{order.id}"),
            order.patient,
            _latest(order.ordered_at, row.recorded_at),
            Action.STOP_ORDER,
        )
        for order in orders
        if order.active
        for row in by_patient.get(order.patient, ())
        if _harms(row, order, knowledge)
    )


def orders_decided_apart(orders: Iterable[OrderRow]) -> list[Collision]:
    """An order that was changed here and stopped, or changed too, there: which one holds?

    The change is an order of its own, which no conflict about the old one shows.
    """
    rows = tuple(orders)
    before = {order.id: order for order in rows}
    changes = _grouped((each for each in rows if each.active), lambda each: each.version_of)
    parted: list[tuple[OrderRow, OrderRow]] = []
    for own, made in changes.items():
        old = before.get(str(own))
        parted += combinations(made, 2)
        parted += [(old, each) for each in made if old is not None and _parted(old, each)]
    return _sorted(
        Collision(
            Rule.DECIDED_APART,
            "high",
            _names("MedicationRequest", one.id, two.id),
            two.patient,
            _latest(one.decided_at or one.ordered_at, two.ordered_at),
            Action.ASK_WHICH_HOLDS,
        )
        for one, two in parted
    )


def _parted(old: OrderRow, change: OrderRow) -> bool:
    """Whether an order was not ended by its change; one that says no time may have been."""
    if old.active:
        return True
    if old.decided_at is None or change.ordered_at is None:
        return False
    return abs(old.decided_at - change.ordered_at) > AT_ONCE


def two_patients_in_one_bed(stays: Iterable[StayRow]) -> list[Collision]:
    """Two patients who by their records lie in the same bed."""
    lying = [(stay, bed) for stay in stays for bed in dict.fromkeys(stay.beds)]
    return _sorted(
        Collision(
            Rule.BED_SHARED,
            "high",
            _names("Encounter", one.id, two.id),
            None,
            _latest(one.started_at, two.started_at),
            Action.MOVE_ONE_PATIENT,
            place=bed,
        )
        for (one, bed), (two, _) in _pairs(lying, lambda row: row[1])
        if one.patient != two.patient
    )


def one_patient_in_two_beds(stays: Iterable[StayRow]) -> list[Collision]:
    """A patient who by the records lies in several beds at once."""
    found = []
    for rows in _grouped(stays, lambda stay: stay.patient).values():
        beds = sorted({bed for stay in rows for bed in stay.beds})
        if len(beds) > 1:
            records = _names("Encounter", *(stay.id for stay in rows if stay.beds))
            found.append(
                Collision(
                    Rule.TWO_BEDS,
                    "moderate",
                    records,
                    rows[0].patient,
                    _latest(*(stay.started_at for stay in rows)),
                    Action.CHOOSE_BED,
                    place="+".join(beds),
                )
            )
    return _sorted(found)


def two_open_stays(stays: Iterable[StayRow]) -> list[Collision]:
    """A patient with two inpatient stays that are not over."""
    return _sorted(
        Collision(
            Rule.TWO_STAYS,
            "moderate",
            _names("Encounter", one.id, two.id),
            one.patient,
            _latest(one.started_at, two.started_at),
            Action.CLOSE_ONE_STAY,
        )
        for one, two in _pairs(stays, lambda stay: stay.patient)
    )


def same_person_twice(persons: Iterable[PersonRow]) -> list[Collision]:
    """Two patient records that seem to be of one person.

    Equal citizen or insurance numbers are a strong sign, an equal name with equal birth date and
    sex a weaker one. No sign is proof: a citizen number may be issued again.
    """
    rows = tuple(persons)
    strong: tuple[Callable[[PersonRow], Hashable], ...] = (
        lambda row: row.national_id,
        lambda row: row.insurance_number,
    )
    found: dict[tuple[str, ...], Severity] = {}
    for one, two in _pairs(rows, _described):
        found[_names("Patient", one.id, two.id)] = "moderate"
    for sign in strong:
        for one, two in _pairs(rows, sign):
            found[_names("Patient", one.id, two.id)] = "high"
    return _sorted(
        Collision(Rule.SAME_PERSON, severity, records, None, None, Action.COMPARE_PERSONS)
        for records, severity in found.items()
    )


def ordered_twice(tests: Iterable[RequestRow], knowledge: Knowledge) -> list[Collision]:
    """The same test ordered again before its repeat interval is over."""
    return _sorted(
        Collision(
            Rule.TEST_TWICE,
            "low",
            _names("ServiceRequest", one.id, two.id),
            one.patient,
            max(one.ordered_at, two.ordered_at),
            Action.CANCEL_ONE_TEST,
        )
        for one, two in _pairs(tests, lambda row: (row.patient, row.code) if row.code else None)
        if abs(one.ordered_at - two.ordered_at) < repeat_interval(one.code, knowledge)
    )


def _harms(allergy: AllergyRow, drug: DoseRow | OrderRow, knowledge: Knowledge) -> bool:
    if allergy.codes & drug.codes:
        return True
    return allergy_matches(allergy.substance, drug.drug, knowledge)


def _described(row: PersonRow) -> Hashable:
    if not row.folded_name or row.birth_date is None:
        return None
    return row.folded_name, row.birth_date, row.sex


def _grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, list[Row]]:
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        found = key(row)
        if found is not None:
            groups[found].append(row)
    return groups


def _pairs(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> Iterator[tuple[Row, Row]]:
    for group in _grouped(rows, key).values():
        yield from combinations(group, 2)


def _names(kind: str, *ids: str) -> tuple[str, ...]:
    return tuple(sorted(f"{kind}/{own}" for own in set(ids)))


def _latest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


def _sorted(found: Iterable[Collision]) -> list[Collision]:
    return sorted(found, key=lambda collision: (collision.rule, collision.key))
