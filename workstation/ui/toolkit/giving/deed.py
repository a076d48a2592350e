"""One deed at the bedside as a plain value, and the service call that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import Outcome
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.people import Person
from workstation.services import dose_corrections, infusions, medication
from workstation.services.desk import Desk
from workstation.services.medication import Giving

Verb = Literal[
    "give", "earlier", "part", "withhold", "refuse", "unavailable", "effect", "correct", "error",
    "start", "rate", "pause", "bag", "end",
]  # fmt: skip
Field = Literal["amount", "rate", "at", "effect", "reason", "witness"]
Scanned = Literal["", "patient", "drug", "patient-and-drug"]

_NOT_GIVEN = {
    "withhold": Outcome.WITHHELD,
    "refuse": Outcome.REFUSED,
    "unavailable": Outcome.UNAVAILABLE,
}
ASKS: dict[Verb, tuple[Field, ...]] = {
    "give": (),
    "earlier": ("amount", "at", "reason"),
    "part": ("amount", "reason"),
    "withhold": ("reason",),
    "refuse": ("reason",),
    "unavailable": ("reason",),
    "effect": ("effect", "reason"),
    "correct": ("amount", "at", "reason"),
    "error": ("reason",),
    "start": ("amount", "rate", "at"),
    "rate": ("rate", "at"),
    "pause": ("at", "reason"),
    "bag": ("amount", "at"),
    "end": ("at",),
}
"""What has to be typed for each."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done.

    Attributes:
        verb: What.
        patient: For whom.
        drug: Generic name with strength.
        order: Id of the MedicationRequest.
        amount: What is ordered, or was charted.
        route: In words.
        slot: The slot (aware), if there is one.
        record: Id of the MedicationAdministration that it is about.
        rate_ml_h: What is ordered, or runs.
        second_person: Whether another person has to check.
        scanned: What was checked by its barcode.
        who: Bed, name and more, where no banner says so.
        named: Bed and name for the word afterwards, where no banner says whose drug it was.
        given_at: When it was given, for a correction (aware).
    """

    verb: Verb
    patient: PatientId
    drug: str
    order: str = ""
    amount: Amount | None = None
    route: str = ""
    slot: datetime | None = None
    record: str = ""
    rate_ml_h: Decimal | None = None
    second_person: bool = False
    scanned: Scanned = ""
    who: str = ""
    named: str = ""
    given_at: datetime | None = None

    @property
    def asks(self) -> tuple[Field, ...]:
        """What has to be typed before it is done."""
        checked = self.second_person and self.verb in (
            "give",
            "earlier",
            "part",
            "start",
            "rate",
            "bag",
        )
        return (*ASKS[self.verb], *(("witness",) if checked else ()))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed for a deed; what was not asked for is None or empty.

    `again` confirms a dose that was given besides another one, or too soon.
    """

    amount: Amount | None = None
    rate_ml_h: Decimal | None = None
    at: datetime | None = None
    effect: Effect | None = None
    reason: str = ""
    witness: Person | None = None
    again: bool = False


def do(desk: Desk, deed: Deed, typed: Typed) -> Changes:
    """Do it; on the store thread.

    Raises:
        Refused: As the services do.
    """
    giving = Giving(
        slot=deed.slot,
        amount=typed.amount,
        at=typed.at,
        reason=typed.reason,
        witness=typed.witness,
        scanned=deed.scanned,
        part=deed.verb == "part",
        again=typed.again,
    )
    if deed.verb in ("give", "earlier", "part"):
        return medication.give(desk, deed.order, giving)
    if deed.verb in _NOT_GIVEN:
        outcome = _NOT_GIVEN[deed.verb]
        return medication.withhold(
            desk, deed.order, reason=typed.reason, outcome=outcome, slot=deed.slot
        )
    if deed.verb == "effect":
        effect = typed.effect or Effect.NONE
        return medication.note_effect(desk, deed.record, effect, typed.reason)
    if deed.verb == "correct":
        return dose_corrections.correct(
            desk, deed.record, amount=typed.amount, at=typed.at, reason=typed.reason
        )
    if deed.verb == "error":
        return dose_corrections.enter_in_error(desk, deed.record, reason=typed.reason)
    return _infuse(desk, deed, typed, giving)


def _infuse(desk: Desk, deed: Deed, typed: Typed, giving: Giving) -> Changes:
    rate = typed.rate_ml_h if typed.rate_ml_h is not None else Decimal(0)
    if deed.verb == "start":
        return infusions.start(desk, deed.order, rate_ml_h=rate, bag=typed.amount, giving=giving)
    if deed.verb == "bag" and typed.amount is not None:
        return infusions.change_bag(desk, deed.record, typed.amount, giving=giving)
    if deed.verb == "end":
        return infusions.end(desk, deed.record, at=typed.at)
    return infusions.change_rate(desk, deed.record, rate, reason=typed.reason, giving=giving)


def verb_words(verb: Verb) -> str:
    """The verb on the button."""
    return {
        "give": tr("Give"),
        "earlier": tr("Chart a dose given earlier"),
        "part": tr("Give a part"),
        "withhold": tr("Withhold"),
        "refuse": tr("Refused by the patient"),
        "unavailable": tr("Not in stock"),
        "effect": tr("Did it help?"),
        "correct": tr("Correct"),
        "error": tr("Entered in error"),
        "start": tr("Start infusion"),
        "rate": tr("Change rate"),
        "pause": tr("Pause"),
        "bag": tr("New bag"),
        "end": tr("End infusion"),
    }[verb]


def done_words(deed: Deed) -> str:
    """What the toast says once it is done."""
    return {
        "give": tr("Given: {drug}", drug=deed.drug),
        "earlier": tr("Given: {drug}", drug=deed.drug),
        "part": tr("Given in part: {drug}", drug=deed.drug),
        "withhold": tr("Withheld: {drug}", drug=deed.drug),
        "refuse": tr("Refused: {drug}", drug=deed.drug),
        "unavailable": tr("Not in stock: {drug}", drug=deed.drug),
        "effect": tr("Effect charted: {drug}", drug=deed.drug),
        "correct": tr("Corrected: {drug}", drug=deed.drug),
        "error": tr("Entered in error: {drug}", drug=deed.drug),
        "start": tr("Infusion started: {drug}", drug=deed.drug),
        "rate": tr("Rate changed: {drug}", drug=deed.drug),
        "pause": tr("Infusion paused: {drug}", drug=deed.drug),
        "bag": tr("New bag: {drug}", drug=deed.drug),
        "end": tr("Infusion ended: {drug}", drug=deed.drug),
    }[deed.verb]


def presets(verb: Verb) -> tuple[str, ...]:
    """Usual reasons, chosen by their number."""
    away = tr("Patient away from the ward")
    told = tr("Doctor told to wait")
    wrong = (tr("Wrong patient"), tr("Wrong amount charted"), tr("Wrong time charted"))
    low = (tr("Blood pressure or pulse too low"), tr("Blood glucose low"))
    usual: dict[Verb, tuple[str, ...]] = {  # a dose is given too late or too early
        "withhold": (tr("Nothing by mouth"), *low, told, away),
        "refuse": (tr("Nausea"), tr("Afraid of side effects"), tr("Feels no need")),
        "unavailable": (tr("Pharmacy has none"), tr("Not delivered yet"), tr("Broken or spoilt")),
        "part": (tr("Vomited the rest"), tr("Vein lost"), tr("Refused the rest")),
        "give": (
            away,
            tr("Drug came late"),
            tr("Other emergencies"),
            tr("Doctor agreed"),
            tr("Leaves for an operation or a test"),
        ),
        "correct": wrong,
        "error": wrong,
        "pause": (away, tr("Vein lost"), told),
    }
    usual["earlier"] = (tr("Terminal or power was down"), *usual["give"])
    return usual.get(verb, ())
