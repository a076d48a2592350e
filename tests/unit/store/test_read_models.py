from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit.records import admit, allergy, flag, laboratory, place_beds, sign
from tests.kit.store import NURSE, START, make_store
from workstation.clinical.vital_signs import Consciousness, Sign
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.ids import PatientId, WardId
from workstation.store import Store, chart, flowsheet, search, ward_board
from workstation.store.rows import Allergies

WARD = WardId("ward-1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def save(store: Store, *resources: Resource) -> None:
    with store.write(NURSE) as unit:
        for resource in resources:
            unit.create(resource)


def board(store: Store) -> ward_board.Ward:
    with store.read() as view:
        return ward_board.read(view, WARD, results_since=START - timedelta(days=1))


def test_a_board_has_beds_in_order_and_who_lies_in_them(store: Store) -> None:
    save(store, *place_beds(WARD, 12), *admit("p1", "Nguyễn", "Văn An", bed="bed-3", ward=WARD))
    ward = board(store)
    assert [bed.name for bed in ward.beds[:3]] == ["Giường 1", "Giường 2", "Giường 3"]
    assert [bed.name for bed in ward.beds[9:]] == ["Giường 10", "Giường 11", "Giường 12"]
    (occupant,) = ward.occupants
    assert occupant.bed == "bed-3"
    assert (occupant.identity.family, occupant.identity.given) == ("Nguyễn", "Văn An")
    assert occupant.care_level == "2"
    assert occupant.waiting.unsent == 2
    assert occupant.allergies == Allergies("not-asked", ())


def test_a_stay_finds_its_bed_when_the_bed_comes_after_it(store: Store) -> None:
    save(store, *admit("p1", "Trần", "Bình", bed="bed-1", ward=None))
    assert board(store).occupants == ()
    save(store, *place_beds(WARD, 1))
    assert [each.bed for each in board(store).occupants] == ["bed-1"]


def test_newest_and_previous_vital_signs(store: Store) -> None:
    save(
        store,
        *place_beds(WARD, 1),
        *admit("p1", "Trần", "Bình", bed="bed-1", ward=WARD),
        sign("o1", "p1", "8867-4", "88", START - timedelta(hours=8)),
        sign("o2", "p1", "8867-4", "96", START - timedelta(hours=4)),
        sign("o3", "p1", "8867-4", "120", START, status="entered-in-error"),
        sign("o4", "p1", "8310-5", "37.50", START - timedelta(hours=8)),
    )
    (occupant,) = board(store).occupants
    assert {each.sign: each.value for each in occupant.vitals} == {
        Sign.HEART_RATE: Decimal("96"),
        Sign.TEMPERATURE: Decimal("37.50"),
    }
    assert {each.sign: each.value for each in occupant.previous} == {
        Sign.HEART_RATE: Decimal("88"),
        Sign.TEMPERATURE: Decimal("37.50"),
    }
    assert str(occupant.vitals[1].value) == "37.50"


def test_consciousness_of_others_is_understood(store: Store) -> None:
    words: Resource = sign("o1", "p1", "80288-4", "0", START)
    del words["valueQuantity"]
    words["valueCodeableConcept"] = {"text": "Responds to voice"}
    save(
        store,
        *place_beds(WARD, 1),
        *admit("p1", "Trần", "Bình", bed="bed-1", ward=WARD),
        words,
    )
    (occupant,) = board(store).occupants
    assert [each.value for each in occupant.vitals] == [Consciousness.VOICE]


def test_allergies_flags_and_results(store: Store) -> None:
    save(
        store,
        *place_beds(WARD, 2),
        *admit("p1", "Trần", "Bình", bed="bed-1", ward=WARD),
        *admit("p2", "Lê", "Cúc", bed="bed-2", ward=WARD),
        allergy("a1", "p1", "Penicillin"),
        allergy("a2", "p2", None),
        flag("f1", "p1", "fall"),
        flag("f2", "p1", "isolation", status="inactive"),
        laboratory("l1", "p1", "2823-3", "6.9", START - timedelta(hours=1), mark="HH"),
        laboratory("l2", "p1", "2951-2", "139", START - timedelta(hours=1), mark="N"),
        laboratory("l3", "p1", "2951-2", "141", START - timedelta(hours=30)),
    )
    first, second = board(store).occupants
    assert first.allergies == Allergies("present", ("Penicillin",))
    assert second.allergies == Allergies("none-known", ())
    assert first.flags == ("fall",)
    assert (first.results.new, first.results.abnormal) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "nguyen",
        "NGUYỄN",
        "dao ngu",
        "thi dao nguyen",
        "đào",
        "0010912",
        "GD4790",
        "ba-00042",
        "1961",
    ],
)
def test_a_person_is_found_by_any_part(store: Store, text: str) -> None:
    person, stay = admit("p1", "Nguyễn", "Thị Đào", bed="bed-1", ward=WARD, birth="1961-04-30")
    person["identifier"] = [
        {"system": systems.NATIONAL_ID, "value": "001091234567"},
        {"system": systems.INSURANCE_NUMBER, "value": "GD4790123456789"},
        {"system": systems.RECORD_NUMBER, "value": "BA-00042"},
    ]
    save(
        store,
        *place_beds(WARD, 1),
        person,
        stay,
        *admit("p2", "Phạm", "Hoà", bed=None, ward=None, birth="1977-01-01"),
    )
    with store.read() as view:
        (found,) = search.find(view, text)
    assert found.identity.patient == "p1"
    assert (found.ward_name, found.bed) == ("Khoa Nội", "Giường 1")


@pytest.mark.parametrize("text", ["", "  ", '"', "*", "tran nguyen", "AND OR NOT", "x'; --"])
def test_nobody_is_found_by_nothing(store: Store, text: str) -> None:
    save(store, *admit("p1", "Nguyễn", "Thị Đào", bed=None, ward=None))
    with store.read() as view:
        assert search.find(view, text) == ()


def test_an_old_name_is_no_longer_found_after_a_correction(store: Store) -> None:
    save(store, *admit("p1", "Nguyễn", "Thị Đào", bed=None, ward=None))
    with store.write(NURSE) as unit:
        seen = unit.get("Patient", "p1")
        assert seen is not None
        person = seen.resource()
        person["name"] = [{"use": "official", "family": "Trần", "given": ["Thị", "Mận"]}]
        unit.update(person, seen=seen)
    with store.read() as view:
        assert search.find(view, "dao") == ()
        assert len(search.find(view, "man")) == 1


def test_a_flowsheet_keeps_digits_marks_errors_and_splits_pressures(store: Store) -> None:
    pressure: Resource = sign("o2", "p1", "85354-9", "0", START)
    del pressure["valueQuantity"]
    pressure["component"] = [
        {"code": each["code"], "valueQuantity": each["valueQuantity"]}
        for each in (
            sign("", "p1", "8480-6", "128", START, unit="mm[Hg]"),
            sign("", "p1", "8462-4", "76", START, unit="mm[Hg]"),
        )
    ]
    save(
        store,
        *admit("p1", "Trần", "Bình", bed=None, ward=None),
        sign("o1", "p1", "8310-5", "38.10", START, status="entered-in-error"),
        pressure,
    )
    with store.read() as view:
        rows = flowsheet.vital_signs(
            view, PatientId("p1"), since=START, until=START + timedelta(seconds=1)
        )
        assert [(row.sign, row.digits, row.status) for row in rows] == [
            (Sign.TEMPERATURE, "38.10", "entered-in-error"),
            (Sign.DIASTOLIC, "76", "final"),
            (Sign.SYSTOLIC, "128", "final"),
        ]
        assert all(row.unsent and row.at == START for row in rows)
        assert flowsheet.vital_signs(view, PatientId("p1"), since=START, until=START) == ()


def test_a_banner_tells_who_where_and_what_to_beware_of(store: Store) -> None:
    save(
        store,
        *place_beds(WARD, 1),
        *admit("p1", "Trần", "Bình", bed="bed-1", ward=WARD),
        allergy("a1", "p1", "Penicillin"),
        flag("f1", "p1", "no-cpr"),
        {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/p1"},
            "encounter": {"reference": "Encounter/stay-p1"},
            "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
            "code": {"coding": [{"system": systems.ICD10, "code": "J18.9"}], "text": "Viêm phổi"},
        },
    )
    with store.read() as view:
        banner = chart.banner(view, PatientId("p1"))
        assert chart.banner(view, PatientId("nobody")) is None
    assert banner is not None
    assert banner.stay is not None
    assert (banner.stay.ward_name, banner.stay.bed_name) == ("Khoa Nội", "Giường 1")
    assert banner.stay.diagnosis == "Viêm phổi"
    assert banner.allergies.state == "present"
    assert banner.flags == ("no-cpr",)


def test_the_timeline_is_read_by_pages_without_gap_or_repeat(store: Store) -> None:
    save(
        store,
        *admit("p1", "Trần", "Bình", bed=None, ward=None),
        *(
            sign(f"o{number:02}", "p1", "8867-4", "80", START + timedelta(minutes=number // 4))
            for number in range(30)
        ),
    )
    seen: list[str] = []
    with store.read() as view:
        page = chart.timeline(view, PatientId("p1"), types=["Observation"], size=7)
        while True:
            seen += [line.id for line in page.lines]
            if page.next is None:
                break
            page = chart.timeline(
                view, PatientId("p1"), types=["Observation"], size=7, after=page.next
            )
    assert len(seen) == 30
    assert set(seen) == {f"o{number:02}" for number in range(30)}
    assert seen[0] == "o28"


def test_partial_dates_have_a_place_in_the_timeline(store: Store) -> None:
    save(
        store,
        *admit("p1", "Trần", "Bình", bed=None, ward=None),
        *(
            {**allergy(f"a{number}", "p1", "Aspirin"), "recordedDate": when}
            for number, when in enumerate(("2019", "2019-02", "nonsense"))
        ),
    )
    with store.read() as view:
        lines = chart.records(view, PatientId("p1"), "AllergyIntolerance")
    assert [line.at for line in lines] == [
        datetime(2019, 2, 1, tzinfo=UTC),
        datetime(2019, 1, 1, tzinfo=UTC),
        None,
    ]
