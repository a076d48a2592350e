"""What an order is checked against before it is signed, and the alerts that come of it, as data.

The rules are in `order_check` and what it calls; what they know is a `Knowledge`. An alert carries
values and names; the sentences for people are made where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """What an alert asks of the person who orders.

    ``inform`` shows and asks nothing; ``reason`` wants a word why it is ordered all the same;
    ``second-person`` wants a reason and another clinician's PIN.
    """

    INFORM = "inform"
    REASON = "reason"
    SECOND_PERSON = "second-person"

    @property
    def rank(self) -> int:
        """The stronger, the greater."""
        return list(Severity).index(self)

    @property
    def interrupts(self) -> bool:
        """Whether the order cannot be signed before something was done about it."""
        return self is not Severity.INFORM


class Kind(StrEnum):
    """What an alert is about."""

    ALLERGY = "allergy"
    CROSS_ALLERGY = "cross-allergy"
    INTERACTION = "interaction"
    SAME_DRUG = "same-drug"
    SAME_CLASS = "same-class"
    DOSE_TOO_HIGH = "dose-too-high"
    DAY_TOO_HIGH = "day-too-high"
    DOSE_FOR_WEIGHT = "dose-for-weight"
    RENAL = "renal"
    AGE = "age"
    PREGNANCY = "pregnancy"
    SAME_TEST = "same-test"


class Unchecked(StrEnum):
    """What could not be checked, and for want of what; never an alert."""

    DRUG_UNKNOWN = "drug-unknown"
    UNIT = "unit"
    DOSE = "dose"
    FREQUENCY = "frequency"
    WEIGHT = "weight"
    WEIGHT_OLD = "weight-old"
    AGE = "age"
    RENAL_FUNCTION = "renal-function"
    ALLERGIES = "allergies"


@dataclass(frozen=True, slots=True)
class Proposed:
    """An order that is about to be signed: of a drug (`drug`) or of a test (`test`).

    Attributes:
        drug: Name with or without strength, as ordered; empty for a test.
        codes: ``system|code`` of the drug.
        amount: Each time, in `unit`; None when it is not said.
        unit: As written: ``mg``, ``g``, ``viên``, ``mL``, ``đơn vị``.
        route: In words.
        times_a_day: Most doses in 24 hours, also of one as needed; None when it is not said.
        once: Whether it is one dose and no more, such as a loading dose.
        rate_per_hour: Of an infusion, in `rate_unit` in one hour; None when it is not said so.
        rate_unit: Unit of the amount that runs in an hour: ``mL``, ``mg``.
        test: LOINC code of a test; empty for a drug.
        test_words: Its name.
        replaces: Id of the MedicationRequest or ServiceRequest that this one changes: it is not
            compared with its own predecessor.
        at: When the test is to be done, if it is not now (aware).
    """

    drug: str = ""
    codes: frozenset[str] = frozenset()
    amount: Decimal | None = None
    unit: str = ""
    route: str = ""
    times_a_day: Decimal | None = None
    once: bool = False
    rate_per_hour: Decimal | None = None
    rate_unit: str = ""
    test: str = ""
    test_words: str = ""
    replaces: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the knowledge in both languages of the ward."""

    vi: str = ""
    en: str = ""


NO_WORDS: Final = Words()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from.

    Attributes:
        document: Title with edition, as one would cite it.
        section: Where in it.
        file: Name of the knowledge file.
        version: Its version.
        hospital: Whether it is the hospital's own.
    """

    document: str
    section: str = ""
    file: str = ""
    version: str = ""
    hospital: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Override:
    """The same alert, accepted by the same person earlier in this stay.

    Attributes:
        by: Who accepted it.
        at: When (aware).
        reason: That person's words.
        second: Who confirmed; empty when nobody had to.
    """

    by: str
    at: datetime | None
    reason: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause for thought about an order.

    Attributes:
        kind: What it is about.
        severity: What it asks for.
        key: Names its cause: the same on every check of the same order for the same patient.
        proposed: Words of what is ordered.
        other: Words of what it meets: the allergy, the other drug, the earlier test.
        effect: What may come of it, from the knowledge.
        advice: What to do instead, from the knowledge.
        found: The amount that is ordered.
        limit: The amount that should not be passed.
        measure: What a limit depends on, such as the eGFR or the weight that was reckoned with.
        result: The earlier result in words, with its unit.
        at: When the other thing was recorded, ordered or measured (aware).
        by: Who ordered or recorded it.
        facility: Where an earlier result was made.
        source: Where the rule comes from.
        records: ``Type/id`` of the records involved, sorted; the order itself has no id yet.
        overridden: Set when the same person accepted the same alert in this stay: it informs only.
    """

    kind: Kind
    severity: Severity
    key: str
    proposed: str
    source: Source
    other: str = ""
    effect: Words = NO_WORDS
    advice: Words = NO_WORDS
    found: Quantity | None = None
    limit: Quantity | None = None
    measure: Quantity | None = None
    result: str = ""
    at: datetime | None = None
    by: str = ""
    facility: str = ""
    records: tuple[str, ...] = ()
    overridden: Override | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: alerts, the strongest first, and what could not be checked."""

    alerts: tuple[Alert, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def asks(self) -> tuple[Alert, ...]:
        """The alerts that must be answered before the order is signed."""
        return tuple(alert for alert in self.alerts if alert.severity.interrupts)


@dataclass(frozen=True, slots=True)
class KnownAllergy:
    """An allergy that holds."""

    id: str
    substance: str
    codes: frozenset[str]
    severe: bool = False
    reaction: str = ""


@dataclass(frozen=True, slots=True)
class ActiveDrug:
    """A drug order that holds, or a drug given so lately that it still counts.

    Attributes:
        record: ``Type/id``.
        drug: As written.
        codes: ``system|code``.
        at: When it was ordered or given last (aware).
        by: Who ordered or gave it.
        given_only: Whether it is no longer ordered, only given lately.
        amount: Each time, in `unit`; None when it is not said.
        unit: As written.
        route: In words.
        times_a_day: Most doses in 24 hours; None when it is not said.
        once: Whether it is one dose and no more.
    """

    record: str
    drug: str
    codes: frozenset[str]
    at: datetime | None = None
    by: str = ""
    given_only: bool = False
    amount: Decimal | None = None
    unit: str = ""
    route: str = ""
    times_a_day: Decimal | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class EarlierTest:
    """A result of a test, or an order of it that stands."""

    record: str
    code: str
    at: datetime
    result: str = ""
    facility: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value with its unit and time."""

    value: Decimal
    unit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record knows of the patient; what it does not know is None.

    Attributes:
        now: When the check is made (aware).
        sex: Administrative sex.
        birth_date: To the day.
        weight: Newest body weight.
        height: Newest body height.
        creatinine: Newest creatinine of serum, in µmol/L or mg/dL.
        pregnant: True or False where the record says so.
        allergies_asked: Whether anybody has asked for allergies.
        allergies: Those that hold.
        drugs: Orders that hold, and drugs given lately.
        tests: Results and standing orders of tests.
        overrides: Alerts that the person at the desk accepted in this stay, by `Alert.key`.
    """

    now: datetime
    sex: str = ""
    birth_date: date | None = None
    weight: Measured | None = None
    height: Measured | None = None
    creatinine: Measured | None = None
    pregnant: bool | None = None
    allergies_asked: bool = True
    allergies: tuple[KnownAllergy, ...] = ()
    drugs: tuple[ActiveDrug, ...] = ()
    tests: tuple[EarlierTest, ...] = ()
    overrides: tuple[tuple[str, Override], ...] = ()


def strongest(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """One alert for each cause, the strongest of it; the strongest cause first."""
    found: dict[str, Alert] = {}
    for alert in alerts:
        before = found.get(alert.key)
        if before is None or alert.severity.rank > before.severity.rank:
            found[alert.key] = alert
    return tuple(sorted(found.values(), key=lambda each: (-each.severity.rank, each.key)))
