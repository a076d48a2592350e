"""Fluid goals as FHIR Goals, to and from JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from workstation.clinical.fluid_goal import Measure, Target
from workstation.fhir import fluid_goal as mapping
from workstation.fhir.entry import Entry

DAY = date(2026, 11, 20)
ENTRY = Entry(
    own="g-1",
    patient="p-1",
    encounter="e-1",
    author={"reference": "Practitioner/d-1", "display": "Đỗ Quang Huy"},
    at=datetime(2026, 11, 21, 3, tzinfo=UTC),
)
TARGET = Target(Measure.BALANCE, Decimal(-1000), Decimal(-500))


def test_golden():
    assert mapping.write(ENTRY, TARGET, DAY) == {
        "resourceType": "Goal",
        "id": "g-1",
        "identifier": [
            {
                "system": "https://ward-workstation.example/fhir/sid/workstation-uuid",
                "value": "urn:uuid:g-1",
            }
        ],
        "lifecycleStatus": "active",
        "category": [
            {
                "coding": [
                    {
                        "system": "https://ward-workstation.example/fhir/CodeSystem/fluid-balance",
                        "code": "fluid-goal",
                    }
                ]
            }
        ],
        "description": {"text": "Cân bằng dịch 24 giờ: từ -1000 đến -500 mL"},
        "subject": {"reference": "Patient/p-1"},
        "startDate": "2026-11-20",
        "target": [
            {
                "measure": {
                    "coding": [
                        {
                            "system": (
                                "https://ward-workstation.example/fhir/CodeSystem/fluid-balance"
                            ),
                            "code": "balance",
                        }
                    ],
                    "text": "Cân bằng dịch 24 giờ",
                },
                "detailRange": {
                    "low": {
                        "value": Decimal(-1000),
                        "unit": "mL",
                        "system": "http://unitsofmeasure.org",
                        "code": "mL",
                    },
                    "high": {
                        "value": Decimal(-500),
                        "unit": "mL",
                        "system": "http://unitsofmeasure.org",
                        "code": "mL",
                    },
                },
            }
        ],
        "statusDate": "2026-11-20",
        "expressedBy": {"reference": "Practitioner/d-1", "display": "Đỗ Quang Huy"},
    }


@pytest.mark.parametrize(
    "target",
    [
        TARGET,
        Target(Measure.INTAKE, None, Decimal(1200)),
        Target(Measure.OUTPUT, Decimal(1500), None),
        Target(Measure.BALANCE, Decimal(0), None),
    ],
)
def test_what_is_written_is_read(target):
    found = mapping.read(mapping.write(ENTRY, target, DAY))
    assert (found.target, found.first, found.ended, found.by) == (
        target, DAY, None, "Đỗ Quang Huy",
    )  # fmt: skip


def test_an_ended_goal_keeps_its_days_and_what_is_unknown():
    made = {**mapping.write(ENTRY, TARGET, DAY), "note": [{"text": "x"}]}
    over = mapping.ended(made, date(2026, 11, 22), reason="Đã ổn")
    assert over["note"] == [{"text": "x"}]
    found = mapping.read(over)
    assert [found.holds_on(date(2026, 11, day)) for day in (19, 20, 21, 22)] == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        {"lifecycleStatus": "entered-in-error"},
        {"startDate": "2026"},
        {"target": []},
        {"target": [{"measure": {"text": "weight"}, "detailRange": {"low": {"value": 1}}}]},
    ],
)
def test_a_goal_of_anything_else_is_none_of_ours(odd):
    assert mapping.read({**mapping.write(ENTRY, TARGET, DAY), **odd}) is None
