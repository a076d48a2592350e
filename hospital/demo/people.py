"""Invented patients: Vietnamese names, and numbers that pass every check of their form.

The last digits of each number simply count, so that nobody takes them for those of a real person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from hospital.demo.chance import Dice
from workstation.clinical.names import PersonName
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.fhir.patient import write_name

_FAMILIES: Final = (
    *("Nguyễn",) * 12,
    *("Trần",) * 5,
    *("Lê",) * 4,
    *("Phạm",) * 3,
    *("Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"),
    *("Đinh", "Trịnh", "Mai", "Đào", "Lâm", "Tạ", "Cao", "Hà", "Lương", "Quách", "Triệu"),
)
_MIDDLES: Final = {
    "male": (
        *("Văn",) * 5,
        *("Hữu", "Đức", "Minh", "Quang", "Công", "Xuân", "Ngọc", "Đình", "Thanh", "Bá"),
    ),
    "female": (*("Thị",) * 7, "Thị Bích", "Thị Ngọc", "Thị Thu", "Ngọc", "Thanh", "Diệu"),
}
_GIVENS: Final = {
    "male": (
        *("An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hiếu", "Hòa", "Hùng", "Khánh"),
        *("Kiên", "Lâm", "Long", "Lộc", "Mạnh", "Nam", "Nghĩa", "Phúc", "Quý", "Sơn", "Tâm"),
        *("Thắng", "Thịnh", "Tiến", "Toàn", "Trung", "Tuấn", "Vinh", "Ước"),
    ),
    "female": (
        *("Ánh", "Bình", "Chi", "Dung", "Đào", "Hà", "Hạnh", "Hiền", "Hoa", "Hồng", "Huệ"),
        *("Hương", "Lan", "Liên", "Loan", "Mai", "Nga", "Ngọc", "Nhung", "Oanh", "Phượng"),
        *("Quyên", "Thảo", "Thủy", "Trang", "Tuyết", "Vân", "Xuân", "Yến", "Ngân"),
    ),
}
_PLACES: Final = (
    ("001", "01", "phường Hoàn Kiếm, Hà Nội"),
    ("001", "01", "xã Đông Anh, Hà Nội"),
    ("024", "24", "phường Kinh Bắc, Bắc Ninh"),
    ("025", "25", "xã Lâm Thao, Phú Thọ"),
    ("031", "31", "phường Lê Chân, Hải Phòng"),
    ("036", "37", "phường Nam Định, Ninh Bình"),
    ("038", "38", "xã Hậu Lộc, Thanh Hóa"),
    ("040", "40", "xã Quỳnh Lưu, Nghệ An"),
    ("048", "48", "phường Hải Châu, Đà Nẵng"),
    ("079", "79", "phường Bến Thành, Thành phố Hồ Chí Minh"),
)
_GROUPS: Final = ("HT", "DN", "GD", "HC", "CK", "BT", "TE", "HN")
_CENTURY_YEARS: Final = 100

Sex = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """One invented patient, as the rest of the demo needs it."""

    id: str
    name: PersonName
    sex: Sex
    birth_date: date
    resource: Resource


def invent(dice: Dice, number: int, now: datetime, *, age_years: int) -> DemoPatient:
    """Make the patient with a number.

    Args:
        dice: The patient's own.
        number: Counts from 1; it ends the record, citizen and insurance numbers.
        now: The present (aware).
        age_years: About how old.
    """
    sex: Sex = "female" if dice.chance(0.48) else "male"
    name = PersonName.of(
        dice.pick(_FAMILIES), f"{dice.pick(_MIDDLES[sex])} {dice.pick(_GIVENS[sex])}"
    )
    born = now.date() - timedelta(days=age_years * 365 + dice.whole(0, 364))
    registered = now - timedelta(days=dice.whole(30, 900))
    own = dice.uuid(registered)
    province, insurance_province, place = dice.pick(_PLACES)
    citizen = f"{province}{_sex_and_century(sex, born)}{born:%y}{number % 1_000_000:06d}"
    card = f"{dice.pick(_GROUPS)}{dice.whole(1, 4)}{insurance_province}{number:010d}"
    identifiers = [
        {"system": systems.OWN_ID, "value": f"urn:uuid:{own}"},
        {"use": "usual", "system": systems.RECORD_NUMBER, "value": f"{now:%y}{number:06d}"},
        {"use": "official", "system": systems.NATIONAL_ID, "value": citizen},
    ]
    if dice.chance(0.93):
        identifiers.append({"system": systems.INSURANCE_NUMBER, "value": card})
    resource: Resource = {
        "resourceType": "Patient",
        "id": own,
        "identifier": identifiers,
        "active": True,
        "name": [write_name(name)],
        "telecom": [{"system": "phone", "value": f"0900{number % 1_000_000:06d}"}],
        "gender": sex,
        "birthDate": born.isoformat(),
        "address": [{"use": "home", "text": f"Số {dice.whole(1, 300)}, {place}", "country": "VN"}],
    }
    return DemoPatient(own, name, sex, born, resource)


def _sex_and_century(sex: Sex, born: date) -> int:
    """Fourth digit of the citizen number: 0 and 1 for the 1900s, 2 and 3 for the 2000s."""
    return (born.year // _CENTURY_YEARS - 19) * 2 + (sex == "female")
