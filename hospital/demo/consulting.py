"""Consultations of the demo, and a note that waits for a second signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.staff import DOCTORS, NURSES
from hospital.demo.stay import DemoStay
from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.fhir import co_signature, note
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel.ids import name_uuid

_CONSULTED: Final = 17
_TO_SIGN: Final = 21
"""Numbers of two patients who get worse: of whom one does such things."""


def consulted(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """Minutes that their chair has signed, or a nurse's note that any doctor is to sign."""
    dice = Dice(seed, "consulted", number)
    if number == _CONSULTED:
        yield from _minutes(stay, dice)
    elif number == _TO_SIGN:
        yield from _to_sign(stay, dice)


def _minutes(stay: DemoStay, dice: Dice) -> Iterator[Resource]:
    chair = next(each for each in DOCTORS if each is not stay.doctor)
    nurse, illness = dice.pick(NURSES), stay.course.illness
    met = stay.course.now - timedelta(hours=2, minutes=40)
    said = Consultation(
        at=met,
        place=f"Phòng giao ban, {stay.ward.name}",
        chair=Member(chair.display, chair.id),
        members=(Member(nurse.display, nurse.id), Member("PGS Hoàng Văn Tín (khoa Hồi sức)")),
        summary=f"{illness.text}. {illness.complaint} Dấu hiệu sống xấu dần từ sáng dù đã điều trị"
        " theo phác đồ của khoa.",
        opinions="PGS Tín: theo dõi sát, sẵn sàng chuyển khoa Hồi sức.\n"
        f"{nurse.display}: người bệnh mệt hơn, tiểu ít.",
        conclusion=f"{illness.text}, diễn biến nặng lên.",
        treatment="Theo dõi mạch, huyết áp, nhịp thở, SpO₂ mỗi giờ. Làm lại khí máu và lactat."
        " Hội chẩn lại trong 6 giờ.",
    )
    written = _entry(stay, dice, met + timedelta(minutes=25), stay.doctor.reference)
    resource = note.write(
        "consultation", id=written.own, patient=stay.patient.id, encounter=stay.id,
        author=written.author, at=written.at, met=said,
    )  # fmt: skip
    yield resource
    signed = _entry(stay, dice, met + timedelta(minutes=40), chair.reference)
    yield co_signature.sign(signed, written.own, note.version(note.read(resource)), "chair")


def _to_sign(stay: DemoStay, dice: Dice) -> Iterator[Resource]:
    at = stay.course.now - timedelta(minutes=50)
    written = _entry(stay, dice, at, dice.pick(NURSES).reference)
    yield note.write(
        "nurse", id=written.own, patient=stay.patient.id, encounter=stay.id,
        author=written.author, at=at,
        course="Người bệnh té ngã cạnh giường lúc đi vệ sinh, không bất tỉnh, không có vết thương."
        " Đã đo dấu hiệu sống, đặt lại thanh chắn giường, báo bác sĩ trực.",
    )  # fmt: skip
    ask = replace(written, own=name_uuid(co_signature.WANTED, written.own))
    yield co_signature.ask(ask, written.own, Wanted(role="doctor"))


def _entry(stay: DemoStay, dice: Dice, at: datetime, author: Mapping[str, str]) -> Entry:
    """By dice of its own, so that nothing else of the demo falls differently."""
    return Entry(
        own=dice.uuid(at), patient=stay.patient.id, encounter=stay.id, author=author, at=at
    )
