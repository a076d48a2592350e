"""Care levels by their code."""

from workstation.clinical.care_level import CareLevel


def test_codes():
    assert CareLevel.of("1") is CareLevel.ONE
    assert CareLevel.of("4") is None
    assert CareLevel.of(None) is None
    assert CareLevel.of(["1"]) is None
