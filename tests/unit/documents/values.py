"""Invented patients for the sheets."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.documents.page import Imprint, Letterhead, PatientBox
from workstation.documents.progress_sheet import ProgressEntry
from workstation.documents.vital_signs_sheet import SheetSet

HANOI = timezone(timedelta(hours=7))
START = datetime(2026, 11, 18, 6, tzinfo=HANOI)
LETTERHEAD = Letterhead("Sở Y tế Hà Nội", "Bệnh viện Đông Đô", "Khoa Nội tổng hợp", "36/BV2")
PATIENT = PatientBox(
    name="NGUYỄN Thị Thảo",
    sex="Nữ",
    born=date(1948, 2, 3),
    age="78 tuổi",
    record_number="26.0001234",
    insurance_number="GD4790123456789",
    bed="N3-12",
    diagnosis="J18.9 Viêm phổi, tác nhân không xác định",
    allergies="Penicillin (phản vệ)",
)


def imprint(language="vi"):
    return Imprint(
        system="Ward Workstation 0.1.0",
        owner="Bệnh viện Đa khoa Đông Đô",
        code="7KQ2-M4PX-93TD",
        address="https://benhvien.example/tra-cuu?ma=7KQ2-M4PX-93TD",
        printed_at=datetime(2026, 11, 23, 14, 5, 9, tzinfo=HANOI),
        printed_by="Đặng Ngọc Quỳnh",
        language=language,
    )


def sets(count):
    return [
        SheetSet(
            VitalSigns(
                at=START + timedelta(hours=4 * index),
                temperature=Decimal("38.9") - Decimal(index) / 10,
                heart_rate=Decimal(104 - index),
                systolic=Decimal(118 + index % 7),
                diastolic=Decimal(70),
                respiratory_rate=Decimal(22),
                spo2=Decimal(94),
                oxygen_flow=Decimal(0),
                consciousness=Consciousness.ALERT,
            ),
            "Phạm Thị Thanh Huyền",
        )
        for index in range(count)
    ]


def entry(**changes):
    values = {
        "at": START,
        "day": 1,
        "course": "Người bệnh tỉnh, sốt ≥ 38,5 °C.",
        "orders": "Paracetamol 500 mg, uống",
        "author": "Trần Quốc Đại",
        "role": "BS.",
    }
    return ProgressEntry(**(values | changes))
