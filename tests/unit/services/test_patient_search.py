"""Whom the palette offers without a text: the ward, its empty beds, and who was opened last."""

from __future__ import annotations

from datetime import timedelta

from tests.kit.people import DOCTOR
from tests.kit.ward import discharge, patient_id, stay
from workstation.services import patient_record, patient_search
from workstation.services.desk import Desk


def test_everybody_on_the_ward_and_the_empty_beds(desk) -> None:
    found = patient_search.at_hand(desk)
    assert found.ward
    assert all(hit.here and hit.bed for hit in found.ward)
    assert not {hit.bed for hit in found.ward} & set(found.empty_beds)


def test_who_left_is_not_on_the_ward_any_more(desk) -> None:
    before = {hit.patient for hit in patient_search.at_hand(desk).ward}
    discharge(desk, 1)
    after = patient_search.at_hand(desk)
    assert {hit.patient for hit in after.ward} == before - {patient_id(1)}
    assert stay(1)["id"]
    assert "01" in after.empty_beds


def test_the_last_opened_stand_first_and_are_ones_own(desk) -> None:
    for number in (2, 1, 3):
        patient_record.note_opening(desk, patient_id(number))
        desk.clock.advance(timedelta(minutes=1))
    patient_record.note_opening(desk, patient_id(2))
    recent = [hit.patient for hit in patient_search.at_hand(desk).recent]
    assert recent == [patient_id(n) for n in (2, 3, 1)]
    other = Desk(desk.store, desk.clock, DOCTOR, desk.ward)
    assert patient_search.at_hand(other).recent == ()
