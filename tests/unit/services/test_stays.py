"""Admitting, moving and discharging on a real store."""

import pytest

from tests.kit.ward import discharge, make_desk, patient, patient_id, save
from workstation.clinical.care_level import CareLevel
from workstation.fhir import encounter
from workstation.kernel.errors import Refused
from workstation.services import stays
from workstation.services.stays import Admission


@pytest.fixture
def half_full(tmp_path):
    desk = make_desk(tmp_path, beds=4, taken=2)
    save(desk.store, patient(3))
    yield desk
    desk.store.close()


def current(desk, number):
    with desk.store.read() as view:
        return encounter.read(stays.in_progress(view, patient_id(number)).resource())


def test_admission_puts_a_patient_with_a_diagnosis_into_a_bed(half_full):
    changes = stays.admit(half_full, patient_id(3), Admission("bed-3", "Suy tim", "I50.9"))
    stay = current(half_full, 3)
    assert stay.current_places == ("bed-3",)
    assert (stay.diagnosis, stay.diagnosis_code) == ("Suy tim", "I50.9")
    assert stay.care_level is CareLevel.THREE
    assert len(stay.conditions) == 1
    assert changes.types == {"Encounter", "Condition"}


@pytest.mark.parametrize(
    ("number", "bed", "code"),
    [
        (3, "bed-1", "bed-occupied"),
        (3, "bed-9", "no-such-bed"),
        (3, "ward-a", "bed-closed"),
        (1, "bed-3", "already-admitted"),
        (99, "bed-3", "no-such-patient"),
    ],
)
def test_an_admission_that_cannot_be_is_refused(half_full, number, bed, code):
    with pytest.raises(Refused) as refused:
        stays.admit(half_full, patient_id(number), Admission(bed, "Suy tim"))
    assert refused.value.code == code


def test_moving_ends_the_old_bed_and_begins_the_new(half_full):
    stays.move(half_full, "stay-1", "bed-4")
    stay = current(half_full, 1)
    assert stay.current_places == ("bed-4",)
    assert [place.current for place in stay.places] == [False, True]


def test_a_bed_is_free_after_discharge(half_full):
    discharge(half_full, 1)
    stays.move(half_full, "stay-2", "bed-1")
    assert current(half_full, 2).current_places == ("bed-1",)


def test_a_stay_that_is_over_cannot_be_changed(half_full):
    discharge(half_full, 1)
    for change in (
        lambda: discharge(half_full, 1),
        lambda: stays.move(half_full, "stay-1", "bed-4"),
        lambda: stays.set_care_level(half_full, "stay-1", CareLevel.ONE),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "stay-over"


def test_the_care_level_is_set(half_full):
    stays.set_care_level(half_full, "stay-1", CareLevel.ONE)
    assert current(half_full, 1).care_level is CareLevel.ONE
