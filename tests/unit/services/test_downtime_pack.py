"""The downtime pack from a real record: what it says of drugs, how it is kept, what is chosen."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit import drugs
from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, make_desk, patient_id
from tests.unit.documents.test_downtime_pack import pages
from workstation.clinical.dosage import Timing
from workstation.kernel.errors import Refused
from workstation.services import assignment, orders
from workstation.services import downtime_pack as packs
from workstation.services.documents import House
from workstation.store import audit


def frame_of(desk, tongue="vi", as_of=None):
    shift = assignment.shifts_to_assign(desk.now(), 12, "07:00")[0]
    return packs.Frame(House("Sở Y tế", "Bệnh viện Thử"), shift, tongue, as_of)


def making(desk, tongue="vi", as_of=None):
    frame = frame_of(desk, tongue, as_of)
    found = packs.census(desk)
    read = [packs.person(desk, each, frame) for each in found.occupants]
    made = packs.maker(desk, found, [each for each in read if each is not None], frame)
    while made.step(5):
        pass
    return made, found


def make(desk, tongue="vi", as_of=None):
    made, found = making(desk, tongue, as_of)
    return packs.keep(desk.safe, made, found, as_of)


def drug(desk, name):
    frame = frame_of(desk)
    occupant = packs.census(desk).occupants[0]
    printed = packs.person(desk, occupant, frame).medication
    return next(each for each in printed.drugs if each.drug.startswith(name))


@pytest.fixture
def treated(tmp_path):
    made = make_desk(tmp_path, beds=3, taken=2)
    drugs.fill(made)
    yield made
    made.store.close()


@pytest.mark.parametrize("tongue", ["vi", "en"])
def test_everybody_on_the_ward_is_in_it(desk, tongue):
    pack = make(desk, tongue)
    assert [each.patient for each in pack.people] == [patient_id(n) for n in (1, 2, 3, 4)]
    said = pages(pack.pdf)
    for number in range(1, 5):
        assert sum(f"26.{number:06}" in text for text in said) == 2 + 6 + 1
        parts = [s.part for s in pack.sheets if s.patient == patient_id(number)]
        assert parts == ["medication", "summary", "forms", "forms", "forms", "forms"]


def test_who_leaves_while_it_is_made_is_left_out_and_the_others_stay(desk):
    frame, found = frame_of(desk), packs.census(desk)
    with desk.store.write() as unit:
        unit.delete("Patient", patient_id(2), seen=unit.get("Patient", patient_id(2)))
    read = [packs.person(desk, each, frame) for each in found.occupants]
    assert [each is None for each in read] == [False, True, False, False]


def test_who_is_discharged_is_not_in_the_next_one(desk):
    discharge(desk, 2)
    assert [each.patient for each in make(desk).people] == [patient_id(n) for n in (1, 3, 4)]


def test_boxes_stand_for_the_doses_of_the_next_day_alone(treated):
    assert drug(treated, "Ceftriaxon").boxes == ("20:00", "08:00 22/11")
    assert drug(treated, "Insulin").boxes == ("14:00", "22:00", "06:00 22/11", "14:00 22/11")
    advance(treated, hours=2)
    assert drug(treated, "Insulin").boxes[0] == "14:00 trễ"


def test_the_order_is_said_whole_and_high_risk_in_words(treated):
    insulin = drug(treated, "Insulin")
    assert insulin.order == "6 đơn vị, tiêm dưới da, 3 lần/ngày"
    assert insulin.notes == ("Nguy cơ cao: hai người kiểm tra",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ceftriaxon", "Lần gần nhất: Đã dùng 08:04, 2 g, Lê Thị Mai"),
        ("Furosemid", "Lần gần nhất: Không dùng 08:04, Lê Thị Mai, Huyết áp 85/50"),
        ("Omeprazol", "Lần gần nhất: Từ chối 08:04, Lê Thị Mai, Nôn"),
        ("Morphin", "Trong 24 giờ qua: Đã dùng 08:09, 5 mg, Lê Thị Mai"),
        ("Paracetamol", "Trong 24 giờ qua: Dùng một phần 09:09, 1 viên, Lê Thị Mai, Nôn một nửa"),
        ("Sulfamethoxazol", "Trong 24 giờ qua chưa ghi lần dùng nào"),
    ],
)
def test_what_became_of_the_last_dose_is_said(treated, name, told):
    assert drug(treated, name).last == told


def test_what_was_not_charted_is_asked_for_and_has_no_box(treated):
    found = drug(treated, "Sulfamethoxazol")
    assert "Chưa ghi gì lúc 20:00 20/11, 08:00: hỏi lại trước khi dùng." in found.notes
    assert "08:00" not in found.boxes


def test_a_running_infusion_says_its_rate(treated):
    assert "Truyền từ 08:04 · 40 mL/giờ" in drug(treated, "Ringer").notes
    assert "mL/h" not in drug(treated, "Ringer").order


def test_on_hold_has_no_box_and_stopped_is_named_as_stopped(treated):
    doctor = colleague(treated, DOCTOR)
    reference = {row.drug: row.order for row in _rows(treated)}
    held, ended = reference["Ceftriaxon 1 g"], reference["Amlodipin 5 mg"]
    orders.hold(doctor, f"MedicationRequest/{held}", reason="Chờ kết quả")
    orders.stop(doctor, f"MedicationRequest/{ended}", reason="Huyết áp thấp")
    found = drug(treated, "Ceftriaxon")
    assert not found.boxes
    assert found.notes[0] == "Tạm ngưng: không dùng khi chưa có bác sĩ cho phép."
    printed = packs.person(treated, packs.census(treated).occupants[0], frame_of(treated))
    assert not [each for each in printed.medication.drugs if each.drug.startswith("Amlodipin")]
    (stopped,) = printed.medication.stopped
    assert stopped.startswith("Amlodipin 5 mg, 5 mg, uống, 1 lần/ngày (")


def test_a_dose_that_comes_later_than_the_boxes_is_named(desk):
    timing = Timing(times_a_day=1, starts_at=desk.now() + timedelta(hours=25))
    drugs.order(desk, "Vitamin D 1000 IU", drugs.mg("1"), "uống", timing)
    found = drug(desk, "Vitamin D")
    assert not found.boxes
    assert "Lần tới: 08:00" in found.last


def test_what_is_kept_comes_back_and_is_not_legible_on_the_disk(desk):
    pack = make(desk, as_of=desk.now() - timedelta(hours=3))
    assert packs.kept(desk.safe) == pack
    raw = (desk.safe.folder / packs.FILE).read_bytes()
    for words in (b"%PDF", b"26.000001", "Nguyễn".encode(), patient_id(1).encode()):
        assert words not in raw
    if os.name == "posix":
        assert (desk.safe.folder / packs.FILE).stat().st_mode & 0o077 == 0


def test_another_key_or_a_broken_file_is_no_pack(desk):
    make(desk)
    assert packs.kept(replace(desk.safe, key=bytes(32))) is None
    file = desk.safe.folder / packs.FILE
    file.write_bytes(file.read_bytes()[:-9])
    assert packs.kept(desk.safe) is None
    file.unlink()
    assert packs.kept(desk.safe) is None


def test_a_making_that_is_cut_off_leaves_the_pack_before(desk):
    before = make(desk)
    advance(desk, hours=1)
    made, _found = making(desk)
    assert made.done == len(made.sheets)
    (desk.safe.folder / f"{packs.FILE}.new").write_bytes(b"half of")
    assert packs.kept(desk.safe) == before


def test_the_cover_says_when_it_was_made_and_how_old_the_data_is(desk):
    cover = pages(make(desk, as_of=desk.now() - timedelta(hours=3)).pdf)[0]
    now = desk.now()
    assert f"lập lúc {now:%H:%M %d/%m/%Y}" in cover
    assert f"lần cuối lúc {now - timedelta(hours=3):%H:%M %d/%m/%Y}" in cover
    assert "quá 2 giờ" in cover


def test_parts_and_patients_are_chosen_and_pages_keep_their_numbers(desk):
    pack = make(desk)
    assert packs.chosen(pack, packs.PARTS) == pack.pdf
    some = pages(packs.chosen(pack, {"medication"}, {patient_id(3)}))
    number = next(n for n, s in enumerate(pack.sheets, 1) if s.patient == patient_id(3))
    assert len(some) == 1
    assert "26.000003" in some[0]
    assert f"Trang {number}/{len(pack.sheets)}" in some[0]
    with pytest.raises(Refused, match="nothing-chosen"):
        packs.chosen(pack, set())


def test_leaving_the_program_stands_in_the_audit_without_a_patient(desk):
    pack = make(desk)
    packs.note_output(desk, pack, "print")
    with desk.store.read() as view:
        entry = next(e for e in audit.entries(view) if "downtime-pack" in e.action)
    assert entry.action == f"print-downtime-pack-{pack.code}"
    assert patient_id(1) not in repr(entry)
    assert "26." not in pack.file_name


def _rows(desk):
    from workstation.services import medication_record

    now = desk.now()
    return medication_record.sheet(desk, patient_id(1), now, now + timedelta(days=1)).rows
