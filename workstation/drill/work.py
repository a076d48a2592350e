"""The work of a shift, invented from a seed: what is charted, on whom, when."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that somebody does.

    Attributes:
        terminal: Number of the terminal, from 0.
        act: Name of the act (`workstation.drill.acts`).
        arguments: What it is done with.
    """

    terminal: int
    act: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inpatient:
    """Who lies in which bed: ids of the Patient, the Encounter and the Location."""

    patient: str
    stay: str
    bed: str
    care_level: str | None

    def other_levels(self) -> tuple[str, ...]:
        """The care levels that this person has not."""
        return tuple(level for level in "123" if level != self.care_level)


@dataclass(frozen=True, slots=True)
class Ward:
    """The ward as the story finds it."""

    people: tuple[Inpatient, ...]
    free_beds: tuple[str, ...]

    @classmethod
    def of(cls, beds: Sequence[Mapping[str, Any]]) -> Ward:
        """Read the answer of a terminal."""
        return cls(
            tuple(
                Inpatient(each["patient"], each["stay"], each["bed"], each["care_level"])
                for each in beds
                if each["patient"]
            ),
            tuple(each["bed"] for each in beds if not each["patient"]),
        )


FEWEST_PEOPLE: Final = 6
"""A contradiction each needs somebody of their own."""

_NURSE_NOTES: Final = (
    "Người bệnh tỉnh, tiếp xúc tốt, da niêm mạc hồng.",
    "Đã hướng dẫn người nhà xoay trở mỗi 2 giờ.",
    "Ăn hết suất cháo, không nôn, đại tiểu tiện bình thường.",
    "Đau vết mổ mức độ vừa, đã báo bác sĩ trực.",
)
_DOCTOR_NOTES: Final = (
    ("Bệnh ổn định, phổi thông khí đều, còn ít ran ẩm đáy phải.", "Tiếp tục kháng sinh ngày 4."),
    ("Sốt nhẹ về chiều, ho khạc đờm trắng.", "Xét nghiệm lại công thức máu sáng mai."),
    ("Huyết áp dao động, không đau ngực.", "Theo dõi huyết áp mỗi 4 giờ."),
)


def shift(
    seed: int, *, terminals: int, minutes: float, patients: Sequence[str], per_minute: float
) -> list[Task]:
    """Invent what is charted during an outage.

    Args:
        seed: The same seed gives the same shift.
        terminals: How many chart.
        minutes: How long the outage lasts on the ward.
        patients: Ids of those who lie there.
        per_minute: Saves at each terminal in a minute.

    Returns:
        In the order of time.
    """
    chance = random.Random(seed)  # noqa: S311 - a rehearsal must be repeatable
    times = sorted(
        (chance.uniform(0, minutes), terminal)
        for terminal in range(terminals)
        for _ in range(max(1, round(minutes * per_minute)))
    )
    return [_task(chance, terminal, minutes - at, patients) for at, terminal in times]


def _task(chance: random.Random, terminal: int, ago: float, patients: Sequence[str]) -> Task:
    patient = chance.choice(patients)
    kind = chance.random()
    if kind < 0.7:  # noqa: PLR2004 - seven of ten entries on a ward are vital signs
        values = vital_signs(chance)
        arguments = {"patient": patient, "minutes_ago": round(ago, 2), "values": values}
        return Task(terminal, "vital-signs", arguments)
    if kind < 0.9:  # noqa: PLR2004 - two of ten are nurses' notes
        note = {"kind": "nurse", "course": chance.choice(_NURSE_NOTES)}
    else:
        course, orders = chance.choice(_DOCTOR_NOTES)
        note = {"kind": "doctor", "course": course, "orders": orders}
    return Task(terminal, "note", {"patient": patient, **note})


def vital_signs(chance: random.Random) -> dict[str, str]:
    """A plausible full set of eight."""
    systolic = chance.randint(95, 165)
    oxygen = chance.choice(("0", "0", "0", "2", "4"))
    return {
        "respiratory_rate": str(chance.randint(12, 26)),
        "spo2": str(chance.randint(90, 99)),
        "oxygen_flow": oxygen,
        "systolic": str(systolic),
        "diastolic": str(systolic - chance.randint(30, 60)),
        "heart_rate": str(chance.randint(55, 125)),
        "consciousness": chance.choice("AAAAAAAC"),
        "temperature": f"{chance.uniform(36.0, 39.2):.1f}",
        "pain": str(chance.randint(0, 6)),
    }


def drug_order(ward: Ward, newcomer: Mapping[str, str]) -> Task:
    """What must be known to all before the outage, so that it can be given twice in it.

    It is of no real drug, and of another one at each drill: nobody's treatment says anything
    against it, and it can be told apart in a record that is not a rehearsal's.

    Args:
        ward: As all terminals know it.
        newcomer: As in `contradictions`.
    """
    drug = f"Thuốc diễn tập {newcomer['national_id'][-6:]}"
    arguments = {"patient": ward.people[3].patient, "drug": drug, "milligrams": "500"}
    return Task(1, "order", {**arguments, "times_a_day": 3})


def contradictions(ward: Ward, orders: Sequence[str], newcomer: Mapping[str, str]) -> list[Task]:
    """What two terminals do to the same people while they cannot see each other.

    One true conflict (two care levels for one stay), changes that join without asking (a
    telephone number here, an address there), and collisions of meaning: a dose given twice, one
    bed given to two people, one person registered twice.

    Args:
        ward: As all terminals know it.
        orders: One drug order of the fourth person, by its id at each of the first two terminals:
            where the server chooses ids, who made it knows it by another name.
        newcomer: Who is registered twice: ``name``, ``born`` and ``national_id``.
    """
    torn, joined, moved, *_ = ward.people
    digits = newcomer["national_id"][-6:]  # an earlier drill may have written what it wrote
    phone = f"0912 {digits[:3]} {digits[3:]}"
    tasks = [
        Task(0, "care-level", {"stay": torn.stay, "level": torn.other_levels()[0]}),
        Task(1, "care-level", {"stay": torn.stay, "level": torn.other_levels()[1]}),
        Task(0, "phone", {"patient": joined.patient, "number": phone}),
        Task(1, "address", {"patient": joined.patient, "address": f"{digits} Lê Lợi, Hà Nội"}),
        Task(0, "give", {"order": orders[0]}),
        Task(1, "give", {"order": orders[1]}),
    ]
    if ward.free_beds:
        bed = ward.free_beds[0]
        tasks += [
            Task(0, "move", {"stay": joined.stay, "bed": bed}),
            Task(1, "move", {"stay": moved.stay, "bed": bed}),
        ]
    for number, bed in enumerate(ward.free_beds[1:3]):
        tasks.append(Task(number, "admit-newcomer", {**newcomer, "bed": bed}))
    return tasks
