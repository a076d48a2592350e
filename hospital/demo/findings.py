"""What stands out among the results: one critical, one corrected, one from elsewhere, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hospital.demo import places
from hospital.demo.illnesses import TESTS
from hospital.demo.stay import DemoStay
from workstation.fhir import laboratory, report, systems
from workstation.fhir.json import Resource

_LABORATORY: Final = {
    "reference": f"Organization/{places.LABORATORY}",
    "display": places.LABORATORY_NAME,
}
_ELSEWHERE: Final = {
    "reference": f"Organization/{places.ELSEWHERE}",
    "display": places.ELSEWHERE_NAME,
}
_IMAGING: Final = {
    "reference": f"Organization/{places.HOSPITAL}",
    "display": "Khoa Chẩn đoán hình ảnh",
}
_CRITICAL: Final = {"coding": [{"system": laboratory.INTERPRETATION, "code": "HH"}]}
_CHEST: Final = (
    "Tim: bóng tim không to, chỉ số tim/lồng ngực 0,48.\n"
    "Phổi: đám mờ không đều vùng đáy phổi phải, bờ không rõ, có hình phế quản hơi.\n"
    "Màng phổi: góc sườn hoành hai bên nhọn.\n"
    "Khung xương lồng ngực: không thấy tổn thương."
)
_ULTRASOUND: Final = Path(__file__).parent / "ultrasound.pdf"
"""A report as a radiology system prints it; invented like the rest."""
_ECHO: Final = "Hình ảnh theo dõi viêm tụy cấp thể nhẹ."


def findings(stay: DemoStay, number: int) -> Iterator[Resource]:
    """What one of the first patients has beside the usual results; most have nothing.

    Args:
        stay: Whose.
        number: Which patient of the hospital, from 1.
    """
    tell = _OF.get(number)
    if tell is not None:
        yield from tell(stay)


def _critical(stay: DemoStay) -> Iterator[Resource]:
    """Potassium that a laboratory calls the ward about."""
    at = stay.course.now - timedelta(minutes=55)
    found = _result(stay, at, "potassium", Decimal("6.6"), _LABORATORY)
    yield found | {"interpretation": [_CRITICAL]}


def _imaging(stay: DemoStay) -> Iterator[Resource]:
    yield report.write(
        stay.entry(_soon(stay), _IMAGING),
        {"text": "X-quang ngực thẳng"},
        section="RAD",
        conclusion="Hình ảnh theo dõi viêm phổi thùy dưới phải.",
        text=_CHEST,
    )


def _ultrasound(stay: DemoStay) -> Iterator[Resource]:
    yield report.write(
        stay.entry(_soon(stay), _IMAGING),
        {"text": "Siêu âm ổ bụng"},
        section="RUS",
        conclusion=_ECHO,
        pdf=_ULTRASOUND.read_bytes(),
    )


def _elsewhere(stay: DemoStay) -> Iterator[Resource]:
    """What the patient brought along from the district."""
    at = stay.course.start - timedelta(hours=7)
    for key, value in (("potassium", "4.4"), ("creatinine", "97"), ("crp", "36.0")):
        yield _result(stay, at, key, Decimal(value), _ELSEWHERE)


def _corrected(stay: DemoStay) -> Iterator[Resource]:
    """A haemoglobin that the laboratory measured again."""
    at = stay.course.now - timedelta(hours=2, minutes=20)
    found = _result(stay, at, "hgb", Decimal(118), _LABORATORY)
    words = "Kết quả trả lần đầu 181 g/L là nhầm mẫu; đã chạy lại."
    yield found | {"status": "corrected", "note": [{"text": words}]}


_OF: Final[Mapping[int, Callable[[DemoStay], Iterator[Resource]]]] = {
    1: _critical,
    2: _imaging,
    3: _ultrasound,
    4: _elsewhere,
    5: _corrected,
}


def _result(
    stay: DemoStay, at: datetime, key: str, value: Decimal, maker: dict[str, Any]
) -> Resource:
    test = TESTS[key]
    return laboratory.write(
        stay.entry(at, maker),
        {"coding": [{"system": systems.LOINC, "code": test.code}], "text": test.name},
        value=value,
        unit=test.unit,
        normal=(test.low, test.high),
    )


def _soon(stay: DemoStay) -> datetime:
    """Some hours after admission, but never later than now."""
    at = stay.course.start + timedelta(hours=3, minutes=12)
    return min(at, stay.course.now - timedelta(minutes=30))
