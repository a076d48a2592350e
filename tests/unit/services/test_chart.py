"""The chart reads what is there, of our own making and of others', and never breaks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.kit import foreign
from tests.kit.store import make_store
from tests.unit.services.chart_data import NOW, PATIENT, desk_of, fill, observation, record
from workstation.clinical.vital_signs import Mark, Sign
from workstation.fhir.compartment import patient_of
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services import (
    chart,
    documents,
    flowsheet,
    history,
    notes,
    patient_record,
    results,
    timeline,
)
from workstation.services.documents import House, Request
from workstation.services.notes import NoteDraft, NoteText


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    yield store
    store.close()


@pytest.fixture
def desk(store):
    fill(store)
    return desk_of(store)


def test_the_banner_says_who_and_where(desk):
    who = patient_record.banner(desk, PATIENT)

    assert who.name.formal == "NGUYỄN Thị Thảo"
    assert (who.bed, who.ward, who.record_number) == ("N3-12", "Khoa Nội", "26.0001234")
    assert (who.birth_date, who.age.count) == (date(1948, 2, 3), 78)
    assert [item.substance for item in who.allergies.items] == ["Penicillin"]
    assert [alert.code for alert in who.alerts] == ["fall"]


def test_no_allergy_record_is_not_the_same_as_none_known(store):
    fill(store, [{"resourceType": "Patient", "id": "p2"}])
    assert patient_record.banner(desk_of(store), PatientId("p2")).allergies.state == "not-asked"

    fill(
        store,
        [
            {
                "resourceType": "AllergyIntolerance",
                "id": "none",
                "patient": {"reference": "Patient/p2"},
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]},
            }
        ],
    )
    assert patient_record.banner(desk_of(store), PatientId("p2")).allergies.state == "none-known"


def test_an_unknown_patient_is_refused(desk):
    with pytest.raises(Refused, match="no-such-patient"):
        patient_record.banner(desk, PatientId("nobody"))


def test_the_summary(desk):
    found = chart.summary(desk, PATIENT)

    assert found.day == 3
    assert [(item.code, item.words) for item in found.diagnoses] == [("J18.9", "Viêm phổi")]
    assert [drug.name for drug in found.drugs] == ["Ceftriaxon"]
    assert found.signs.now.total == 0
    assert not found.signs.now.complete
    assert found.previous.total == 3


def test_the_flowsheet_has_a_column_a_set_and_keeps_the_digits(desk):
    sheet = flowsheet.flowsheet(desk, PATIENT)

    assert [str(column.vitals.temperature) for column in sheet.columns] == ["38.50", "37.2"]
    cell = sheet.columns[0].cells[Sign.HEART_RATE]
    assert (cell.mark, cell.points, sheet.columns[0].by) == (Mark.HIGH, 2, "Lê Thị Mai")
    assert [value for _, value in sheet.curves[Sign.HEART_RATE].points] == [112, 88]
    assert sheet.latest(Sign.SPO2) is None


def test_results_have_trend_and_flag(desk):
    (test,) = results.results(desk, PATIENT)

    assert [(str(found.value), found.flag) for found in test.results] == [
        ("3.9", ""),
        ("3.1", "low"),
    ]


@pytest.mark.parametrize(
    ("code", "flag"), [("HH", "critical-high"), ("N", ""), ("L", "low"), ("ZZ", "low")]
)
def test_the_laboratorys_own_flag_counts_before_the_range(store, code, flag):
    resource = observation("x", "1-1", "1", category="laboratory")
    resource["referenceRange"] = [{"low": {"value": Decimal(2)}}]
    resource["interpretation"] = [{"coding": [{"code": code}]}]
    fill(store, [resource])

    assert results.results(desk_of(store), PATIENT)[0].latest.flag == flag


def test_the_timeline_is_newest_first_filtered_and_paged(desk):
    everything = timeline.timeline(desk, PATIENT)
    times = [event.at for event in everything.events if event.at]

    assert times == sorted(times, reverse=True)
    assert everything.kinds["vital-signs"] == 2
    only = timeline.timeline(desk, PATIENT, kinds=frozenset({"laboratory"}), skip=1, count=5)
    assert (only.total, [(str(event.amount), event.unit) for event in only.events]) == (
        2,
        [("3.1", "mmol/L")],
    )


def test_the_history_of_a_note_has_each_version_with_its_reason(desk, store):
    notes.sign(desk, PATIENT, NoteDraft("d", "doctor", NoteText("một"), NOW))
    (note,) = notes.notes(desk, PATIENT)
    store.clock.advance(timedelta(minutes=5))
    notes.amend(desk, note, NoteText("hai"), reason="thiếu")

    versions = history.record_history(desk, "DocumentReference", note.id).versions

    assert [(item.content, item.reason, item.where) for item in versions] == [
        ("hai", "thiếu", "unsent"),
        ("một", "", "unsent"),
    ]


@pytest.mark.parametrize("kind", documents.KINDS)
def test_a_paper_has_a_name_without_patient_data(desk, kind):
    notes.sign(desk, PATIENT, NoteDraft("d", "doctor", NoteText("một"), NOW))
    paper = documents.make(documents.gather(desk, PATIENT, Request(kind), House(hospital="BV")))

    assert paper.pdf.startswith(b"%PDF")
    assert paper.file_name == f"{kind}-{paper.code}.pdf"


def test_two_prints_have_two_codes_and_one_print_always_the_same():
    assert documents.look_up_code("a", NOW) == documents.look_up_code("a", NOW)
    assert documents.look_up_code("a", NOW) != documents.look_up_code("b", NOW)
    assert documents.look_up_code("a", NOW) != documents.look_up_code("a", NOW + timedelta(1))


def test_every_chart_made_by_others_is_shown(store):
    everything = foreign.resources() or record()
    chosen = {r["id"] for r in everything if r["resourceType"] == "Patient"}
    chosen = set(sorted(chosen)[:3])
    places = [r for r in everything if r["resourceType"] == "Location"]
    fill(store, places + [r for r in everything if patient_of(r) in chosen])
    desk = desk_of(store)

    for id in sorted(chosen):
        patient = PatientId(id)
        found = chart.summary(desk, patient)
        assert found.banner.name
        assert found.signs.columns
        listed = timeline.timeline(desk, patient, count=10_000)
        assert listed.total == len(listed.events) == sum(listed.kinds.values())
        for kind in documents.KINDS:
            draft = documents.gather(desk, patient, Request(kind), House())
            assert documents.make(draft).pdf.startswith(b"%PDF")


def test_a_patient_who_died_has_the_date(store):
    fill(
        store, [{"resourceType": "Patient", "id": "p2", "deceasedDateTime": "2026-11-19T03:05:00Z"}]
    )

    assert patient_record.banner(desk_of(store), PatientId("p2")).died == NOW.replace(
        day=19, hour=3, minute=5
    )
