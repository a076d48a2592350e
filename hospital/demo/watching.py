"""Scales filled in by nurses, and the calls for help that bad scores led to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.staff import DOCTORS, NURSES
from hospital.demo.stay import DemoStay
from workstation.clinical.assessment import Assessment
from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.monitoring import answer_due
from workstation.clinical.scores.braden import BRADEN
from workstation.clinical.scores.glasgow import GLASGOW
from workstation.clinical.scores.morse import MORSE
from workstation.clinical.scores.scale import AssessmentScale
from workstation.clinical.scores.warning import EarlyWarning
from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.fhir import assessment, escalation, vital_signs
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_NOT_ANSWERED: Final = 1
"""The patient whose last call nobody has answered yet."""
_NOT_CALLED: Final = 17
"""The patient for whose newest score nobody was called."""
_LOOKED_BACK: Final = timedelta(hours=24)
_COVERS: Final = timedelta(hours=12)
_FALL_AGE: Final = 70
_RISKY: Final = 0.7
"""Severity from which on scales are filled in each shift."""
_ANSWERS: Final = (
    "Đã khám, tăng lưu lượng oxy, theo dõi mỗi giờ",
    "Đã khám, truyền NaCl 0,9 %, làm lại xét nghiệm",
    "Đã khám, tiếp tục phác đồ, báo lại nếu xấu hơn",
)


def watched(
    seed: int, number: int, stay: DemoStay, signs: Iterable[Resource]
) -> Iterator[Resource]:
    """Scales and calls of one stay, as its vital signs ask for them."""
    sets = vital_signs.sets(signs)
    yield from _assessments(seed, number, stay)
    yield from _comas(seed, number, stay, sets)
    yield from _calls(seed, number, stay, sets)


def _assessments(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """Braden and Morse on admission and each morning; the risky ones each evening too."""
    dice = Dice(seed, "assessments", number)
    age = (stay.course.now.date() - stay.patient.birth_date).days // 365
    first = stay.course.start + timedelta(hours=2, minutes=dice.whole(0, 90))
    day = stay.course.start.replace(hour=8, minute=0, second=0, microsecond=0)
    shifts = (day + timedelta(hours=12 * n, minutes=dice.whole(-50, -5)) for n in range(1, 15))
    habit = dice.whole(0, 1)
    for place, at in enumerate((first, *shifts)):
        if not stay.course.start < at <= stay.course.now:
            continue
        bad = stay.course.severity(at)
        evening = place % 2 == 1
        if evening and bad < _RISKY and age < _FALL_AGE:
            continue
        yield _filled(dice, stay, BRADEN, _braden(bad, age), at)
        yield _filled(dice, stay, MORSE, _morse(bad, age, habit), at)


def _comas(
    seed: int, number: int, stay: DemoStay, sets: Iterable[VitalSigns]
) -> Iterator[Resource]:
    """Glasgow of those who were not alert, at most every four hours."""
    dice = Dice(seed, "comas", number)
    last = stay.course.start
    for vitals in sets:
        confused = vitals.consciousness not in (None, Consciousness.ALERT)
        if confused and vitals.at - last >= timedelta(hours=4):
            last = vitals.at
            yield _filled(dice, stay, GLASGOW, f"{dice.whole(3, 4)}46", vitals.at)


def _calls(
    seed: int, number: int, stay: DemoStay, sets: Iterable[VitalSigns]
) -> Iterator[Resource]:
    """The calls of the last day, as the rule of the ward asks for them."""
    dice = Dice(seed, "calls", number)
    made: list[tuple[datetime, int]] = []
    asking = [
        (vitals.at, score)
        for vitals, score in ((each, _score(stay, each)) for each in sets)
        if score.calls and vitals.at > stay.course.now - _LOOKED_BACK
    ]
    for at, score in asking:
        total = score.total or 0
        if any(at - then <= _COVERS and before >= total for then, before in made):
            continue
        made.append((at, total))
        newest = (at, score) == asking[-1]
        if not (newest and number == _NOT_CALLED):
            yield _call(dice, stay, score, at, answered=not (newest and number == _NOT_ANSWERED))


def _score(stay: DemoStay, vitals: VitalSigns) -> EarlyWarning:
    return of_set(Facts(spo2_scale_2=stay.course.illness.hypercapnic), vitals)


def _call(
    dice: Dice, stay: DemoStay, score: EarlyWarning, measured_at: datetime, *, answered: bool
) -> Resource:
    called_at = min(measured_at + timedelta(minutes=dice.whole(3, 9)), stay.course.now)
    doctor = dice.pick(DOCTORS)
    entry = _entry(dice, stay, called_at)
    resource = escalation.write(
        entry,
        doctor.display,
        scale=score.scale.value,
        total=score.total or 0,
        risk=score.risk or "",
        called_at=called_at,
        answer_by=answer_due(score, called_at),
    )
    at = called_at + timedelta(minutes=dice.whole(5, 24))
    if not answered or at > stay.course.now:
        return resource
    return escalation.answered(resource, dice.pick(_ANSWERS), by=doctor.reference, at=at)


def _filled(
    dice: Dice, stay: DemoStay, scale: AssessmentScale, keys: str, at: datetime
) -> Resource:
    answers = dict(zip((item.id for item in scale.items), keys, strict=True))
    return assessment.write(_entry(dice, stay, at), Assessment(scale, at, answers))


def _entry(dice: Dice, stay: DemoStay, at: datetime) -> Entry:
    return Entry(
        own=dice.uuid(at),
        patient=stay.patient.id,
        encounter=stay.id,
        author=dice.pick(NURSES).reference,
        at=at,
    )


def _braden(bad: float, age: int) -> str:
    """The worse and the older, the fewer points."""
    lost = round(bad * 1.4) + (age >= _FALL_AGE)
    points = [max(4 - lost, 1), max(4 - lost // 2, 2), max(4 - lost, 1), max(4 - lost, 2)]
    return "".join(map(str, points)) + f"{3 if bad < 1 else 2}{max(3 - lost // 2, 1)}"


def _morse(bad: float, age: int, habit: int) -> str:
    old = age >= _FALL_AGE
    fallen, aid = habit if old else 0, 1 if old else 0
    gait = 2 if bad > 1 else 1 if old or bad > 0.5 else 0  # noqa: PLR2004
    several, drip = 1 if age >= 50 else 0, 1 if bad > 0.6 else 0  # noqa: PLR2004
    return f"{fallen}{several}{aid}{drip}{gait}{1 if bad > 1.1 and old else 0}"  # noqa: PLR2004
