"""What can be done to a stay: the fields of each form, and the service that it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from workstation.clinical.care_level import CareLevel
from workstation.clinical.names import PersonName
from workstation.clinical.stays import Disposition, Outcome, Step
from workstation.kernel.changes import Changes
from workstation.kernel.ids import EncounterId, PatientId, WardId
from workstation.kernel.words import tr
from workstation.services import discharges, expected, stay_corrections, stays, transfers
from workstation.services.desk import Desk
from workstation.services.discharges import Departure, Diagnosis
from workstation.services.expected import Expectation
from workstation.services.registration import Registrant
from workstation.services.stays import Admission

Typed = Literal["now", "later", "text", "code", "lines", "date", "name"]
Chosen = Literal["bed", "wish", "ward", "disposition", "outcome", "level", "sex"]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """On whom something is done.

    Attributes:
        patient: None for a newcomer.
        stay: The stay; empty for who has none yet.
        confirmed: Whether an unusual time was looked at again.
        despite_duplicates: Whether a newcomer was compared with those who are alike.
    """

    patient: PatientId | None
    stay: EncounterId
    confirmed: bool = False
    despite_duplicates: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its name is that of the refusals that belong to it."""

    name: str
    kind: Typed | Chosen
    label: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Deed:
    """One form.

    Attributes:
        title: What it is called.
        verb: Words of the button that does it.
        fields: From the top.
        do: Does it.
        said: What the toast says when it is done.
        step: From which statuses it may be done; None where the service alone knows.
        right: Who may.
        undoable: Whether whoever did it may undo it for a while.
        danger: Whether it ends a stay.
    """

    title: Callable[[], str]
    verb: Callable[[], str]
    fields: tuple[Field, ...]
    do: Callable[[Desk, Subject, Values], Changes]
    said: Callable[[], str]
    step: Step | None = None
    right: str = "move-patients"
    undoable: bool = True
    danger: bool = False


def _admission(on: Subject, typed: Values) -> Admission:
    return Admission(
        bed=typed["bed"] or "",
        diagnosis=typed["diagnosis"],
        diagnosis_code=typed["diagnosis_code"],
        care_level=typed["level"] or CareLevel.THREE,
        at=typed["at"],
        confirmed=on.confirmed,
    )


def _admit(desk: Desk, on: Subject, typed: Values) -> Changes:
    return stays.admit(desk, on.patient or PatientId(""), _admission(on, typed))


def _person(typed: Values) -> Registrant:
    return Registrant(
        name=PersonName.from_text(typed["name"]),
        sex=typed["sex"] or "unknown",
        birth_date=typed["birth_date"],
        national_id=typed["national_id"],
        insurance_number=typed["insurance_number"],
        phone=typed["phone"],
    )


def _admit_new(desk: Desk, on: Subject, typed: Values) -> Changes:
    return stays.admit_new(
        desk, _person(typed), _admission(on, typed), despite_duplicates=on.despite_duplicates
    )


def _expectation(typed: Values) -> Expectation:
    return Expectation(
        at=typed["at"],
        reason=typed["diagnosis"],
        code=typed["diagnosis_code"],
        origin=typed["origin"],
        bed=typed["bed"] or "",
    )


def _expect_new(desk: Desk, on: Subject, typed: Values) -> Changes:
    return expected.expect_new(
        desk, _person(typed), _expectation(typed), despite_duplicates=on.despite_duplicates
    )


def _discharge(desk: Desk, on: Subject, typed: Values) -> Changes:
    departure = Departure(
        disposition=typed["disposition"],
        outcome=typed["outcome"],
        main=Diagnosis(typed["diagnosis"], typed["diagnosis_code"]),
        others=tuple(Diagnosis.of(line) for line in typed["others"].splitlines()),
        at=typed["at"],
        confirmed=on.confirmed,
    )
    return discharges.discharge(desk, on.stay, departure)


def _death(desk: Desk, on: Subject, typed: Values) -> Changes:
    departure = Departure(
        disposition=Disposition.DIED,
        outcome=Outcome.DIED,
        main=Diagnosis(typed["cause"], typed["cause_code"]),
        others=tuple(Diagnosis.of(line) for line in typed["others"].splitlines()),
        at=typed["at"],
        confirmed=on.confirmed,
    )
    return discharges.discharge(desk, on.stay, departure)


_AT: Final = Field("at", "now", lambda: tr("At"))
_BED: Final = Field("bed", "bed", lambda: tr("Bed"))
_REASON: Final = Field("reason", "text", lambda: tr("Reason"))
_OTHERS: Final = Field("others", "lines", lambda: tr("Other diseases, one a line"))
_LYING: Final = (
    _BED,
    Field("diagnosis", "text", lambda: tr("Diagnosis")),
    Field("diagnosis_code", "code", lambda: tr("ICD-10 code")),
    Field("level", "level", lambda: tr("Care level")),
    Field("at", "now", lambda: tr("Admitted at")),
)
_PERSON: Final = (
    Field("name", "name", lambda: tr("Family name and given name")),
    Field("sex", "sex", lambda: tr("Sex")),
    Field("birth_date", "date", lambda: tr("Born")),
    Field("national_id", "code", lambda: tr("Citizen no.")),
    Field("insurance_number", "code", lambda: tr("Insurance no.")),
    Field("phone", "code", lambda: tr("Telephone")),
)
_COMING: Final = (
    Field("at", "later", lambda: tr("Expected at")),
    Field("bed", "wish", lambda: tr("Bed that is wished for")),
    Field("diagnosis", "text", lambda: tr("Reason, diagnosis")),
    Field("diagnosis_code", "code", lambda: tr("ICD-10 code")),
    Field("origin", "code", lambda: tr("Comes from")),
)

DEEDS: Final[Mapping[str, Deed]] = {
    "admit": Deed(
        lambda: tr("Admit to this ward"), lambda: tr("Admit"), _LYING, _admit,
        lambda: tr("Admitted. Saved on this terminal."),
    ),
    "admit_new": Deed(
        lambda: tr("Register and admit"), lambda: tr("Register and admit"), (*_PERSON, *_LYING),
        _admit_new, lambda: tr("Registered and admitted. Saved on this terminal."),
    ),
    "move": Deed(
        lambda: tr("Move to another bed"), lambda: tr("Move"), (_BED, _AT),
        lambda desk, on, typed: stays.move(desk, on.stay, typed["bed"] or "", at=typed["at"]),
        lambda: tr("Moved. Saved on this terminal."), Step.MOVE,
    ),
    "transfer": Deed(
        lambda: tr("Transfer to another ward"), lambda: tr("Ask for the transfer"),
        (Field("ward", "ward", lambda: tr("To ward")),),
        lambda desk, on, typed: transfers.request(desk, on.stay, WardId(typed["ward"])),
        lambda: tr("Asked for. The other ward accepts with a bed."), Step.REQUEST_TRANSFER,
        undoable=False,
    ),
    "accept": Deed(
        lambda: tr("Accept the transfer"), lambda: tr("Accept"), (_BED, _AT),
        lambda desk, on, typed: transfers.accept(
            desk, on.stay, typed["bed"] or "", at=typed["at"]
        ),
        lambda: tr("Accepted. Saved on this terminal."), Step.ACCEPT_TRANSFER,
    ),
    "refuse": Deed(
        lambda: tr("Refuse the transfer"), lambda: tr("Refuse"), (_REASON,),
        lambda desk, on, typed: transfers.refuse(desk, on.stay, typed["reason"]),
        lambda: tr("Refused. The asking ward sees the reason."), Step.REFUSE_TRANSFER,
        undoable=False,
    ),
    "withdraw": Deed(
        lambda: tr("Withdraw the transfer"), lambda: tr("Withdraw"), (),
        lambda desk, on, _typed: transfers.withdraw(desk, on.stay),
        lambda: tr("Withdrawn. The patient stays here."), Step.REFUSE_TRANSFER, undoable=False,
    ),
    "leave": Deed(
        lambda: tr("Leave of absence"), lambda: tr("Let go on leave"),
        (Field("until", "later", lambda: tr("Expected back")),
         Field("at", "now", lambda: tr("Left at"))),
        lambda desk, on, typed: stays.leave(desk, on.stay, until=typed["until"], at=typed["at"]),
        lambda: tr("On leave; the bed is kept."), Step.LEAVE,
    ),
    "return": Deed(
        lambda: tr("Return from leave"), lambda: tr("Is back"),
        (Field("at", "now", lambda: tr("Came back at")),),
        lambda desk, on, typed: stays.come_back(desk, on.stay, at=typed["at"]),
        lambda: tr("Back from leave. Saved on this terminal."), Step.RETURN,
    ),
    "discharge": Deed(
        lambda: tr("Discharge"), lambda: tr("Discharge"),
        (Field("disposition", "disposition", lambda: tr("How the patient leaves")),
         Field("outcome", "outcome", lambda: tr("Result of treatment")),
         Field("diagnosis", "text", lambda: tr("Main diagnosis")),
         Field("diagnosis_code", "code", lambda: tr("ICD-10 code")),
         Field("at", "now", lambda: tr("Discharged at")),
         _OTHERS),
        _discharge, lambda: tr("Discharged. Saved on this terminal."), Step.DISCHARGE,
        right="discharge", danger=True,
    ),
    "death": Deed(
        lambda: tr("Record a death"), lambda: tr("Record the death"),
        (Field("cause", "text", lambda: tr("Cause of death")),
         Field("cause_code", "code", lambda: tr("ICD-10 code")),
         Field("at", "now", lambda: tr("Died at")),
         _OTHERS),
        _death, lambda: tr("The death is recorded. Saved on this terminal."), Step.DISCHARGE,
        right="discharge", danger=True,
    ),
    "expect": Deed(
        lambda: tr("Plan an admission"), lambda: tr("Put on the list"), _COMING,
        lambda desk, on, typed: expected.expect(
            desk, on.patient or PatientId(""), _expectation(typed)
        ),
        lambda: tr("Expected. Saved on this terminal."), undoable=False,
    ),
    "expect_new": Deed(
        lambda: tr("Register and plan an admission"), lambda: tr("Put on the list"),
        (*_PERSON, *_COMING), _expect_new, lambda: tr("Expected. Saved on this terminal."),
        undoable=False,
    ),
    "change_expected": Deed(
        lambda: tr("Change what is planned"), lambda: tr("Change"), _COMING,
        lambda desk, on, typed: expected.change(desk, on.stay, _expectation(typed)),
        lambda: tr("Changed. Saved on this terminal."), Step.CANCEL, undoable=False,
    ),
    "cancel": Deed(
        lambda: tr("Does not come"), lambda: tr("Strike from the list"), (_REASON,),
        lambda desk, on, typed: transfers.cancel_expected(desk, on.stay, typed["reason"]),
        lambda: tr("Struck from the list of the expected."), Step.CANCEL, undoable=False,
    ),
    "take_back": Deed(
        lambda: tr("Take back the last step"), lambda: tr("Take back"),
        (_REASON, Field("bed", "bed", lambda: tr("Other bed, if theirs is taken"))),
        lambda desk, on, typed: stay_corrections.take_back(
            desk, on.stay, typed["reason"], bed=typed["bed"] or ""
        ),
        lambda: tr("Taken back; the reason stands in the record."),
        right="take-back-stays", undoable=False,
    ),
}  # fmt: skip
"""By the name that `ActionSpec.deed` has for it."""
