"""The people who work in the demo hospital; their PINs are known to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from workstation.clinical.names import PersonName
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.fhir.patient import write_name
from workstation.fhir.practitioner import QUALIFICATION
from workstation.kernel.ids import name_uuid

Role = Literal["nurse", "head-nurse", "doctor"]

_QUALIFICATIONS: Final[dict[Role, tuple[str, str, str]]] = {
    "nurse": ("RN", "Điều dưỡng", "ĐD"),
    "head-nurse": ("RN", "Điều dưỡng trưởng khoa", "ĐDT"),
    "doctor": ("MD", "Bác sĩ", "BS"),
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented member of the staff.

    Attributes:
        id: Id of the Practitioner, the same in every demo.
        name: Whole name.
        role: What they do.
        sex: Administrative sex.
        pin: For logging in to the demo.
        licence: Invented number of a practising licence.
    """

    id: str
    name: str
    role: Role
    sex: Literal["male", "female"]
    pin: str
    licence: str

    @property
    def display(self) -> str:
        """As shown beside what they charted: ``BS Đỗ Minh Quân``."""
        return f"{_QUALIFICATIONS[self.role][2]} {self.name}"

    @property
    def reference(self) -> dict[str, str]:
        """Reference to the Practitioner."""
        return {"reference": f"Practitioner/{self.id}", "display": self.display}


def _person(
    name: str, role: Role, sex: Literal["male", "female"], pin: str, number: int
) -> DemoPerson:
    own = name_uuid("demo-hospital", "staff", str(number))
    return DemoPerson(own, name, role, sex, pin, f"DEMO-{number:04d}")


STAFF: Final = (
    _person("Trần Thị Hoa", "nurse", "female", "135790", 1),
    _person("Nguyễn Thị Lan", "nurse", "female", "246813", 2),
    _person("Phạm Văn Dũng", "nurse", "male", "357924", 3),
    _person("Lê Thị Hạnh", "head-nurse", "female", "468135", 4),
    _person("Đỗ Minh Quân", "doctor", "male", "579246", 5),
    _person("Vũ Thị Mai", "doctor", "female", "681357", 6),
)
NURSES: Final = tuple(person for person in STAFF if person.role == "nurse")
DOCTORS: Final = tuple(person for person in STAFF if person.role == "doctor")


def people() -> list[dict[str, Any]]:
    """Everybody with id, name, role, display and PIN, ready for JSON."""
    return [{**asdict(person), "display": person.display} for person in STAFF]


def resources() -> Iterator[Resource]:
    """Everybody as Practitioner; a PIN is no part of it."""
    for person in STAFF:
        code, words, _ = _QUALIFICATIONS[person.role]
        concept = {"coding": [{"system": QUALIFICATION, "code": code}], "text": words}
        yield {
            "resourceType": "Practitioner",
            "id": person.id,
            "identifier": [
                {"system": systems.OWN_ID, "value": f"urn:uuid:{person.id}"},
                {"system": systems.LICENCE_NUMBER, "value": person.licence},
            ],
            "active": True,
            "name": [write_name(PersonName.from_text(person.name))],
            "gender": person.sex,
            "qualification": [{"code": concept}],
        }
