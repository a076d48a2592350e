"""The care sheet of a real record: rounds by nurse and half hour, forms by level."""

from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from tests.unit.documents.test_sheets import texts
from workstation.clinical.body_site import SITES
from workstation.clinical.care_level import CareLevel
from workstation.clinical.care_plan import Care, Deed, Evaluation, Goal, Outcome, Plan, State
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import encounter
from workstation.services import (
    care_plan_deeds,
    care_plans,
    care_sites,
    documents,
    fluid_balance,
    stays,
    vital_signs,
)
from workstation.services.paper import House, Request

PATIENT = patient_id(1)
ASSESS = Care("Đánh giá mức đau", "pain.assess", 4)
HOUSE = House("Sở Y tế", "Bệnh viện")


def opened(desk):
    plan = Plan(
        "Đau", desk.now(), "pain", "Sau mổ", (Goal("Đau ≤ 3/10", "pain.mild"),), (ASSESS,), 8
    )
    care_plan_deeds.open_problem(desk, PATIENT, plan, own="plan-1")
    return "CarePlan/plan-1"


def sheet(desk, language="vi", since=None):
    draft = documents.gather(desk, PATIENT, Request("care", language, since), HOUSE)
    return " ".join(texts(documents.make(draft).pdf))


def test_it_tells_what_was_found_opened_done_and_how_it_went(desk):
    vital_signs.record(
        desk, PATIENT, VitalSigns(at=desk.now(), pain=Decimal(6), temperature=Decimal("38.2"))
    )
    fluid_balance.record(desk, PATIENT, [Fluid(Kind.ORAL, desk.now(), Decimal(200))])
    site = SITES["hand-left"]
    (line,) = care_sites.put_in(
        desk, PATIENT, Site(KINDS["peripheral-cannula"], site, site.point, desk.now(), "20G")
    ).references
    own = opened(desk)
    advance(desk, minutes=5)
    care_sites.look(desk, PATIENT, line, Look(desk.now(), site_grade="1", remark="Hơi đỏ"))
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now(), "4/10"))
    found = Evaluation(Outcome.PARTLY, desk.now(), "Còn đau khi ho")
    care_plan_deeds.evaluate(desk, own, found, own="look-1")
    said = sheet(desk)
    for words in (
        "Nhiệt độ 38,2 °C", "vào 200 mL", "Kim luồn ngoại vi, 20G", "Hơi đỏ", "Đau: Sau mổ",
        "Mục tiêu: Đau ≤ 3/10 khi nghỉ", "Đánh giá mức đau 0–10", "4/10",
        "Đau: Đạt một phần mục tiêu. Còn đau khi ho", desk.person.name,
    ):  # fmt: skip
        assert words in said, words
    assert said.count(desk.person.name) == 2  # one round, and who printed
    english = sheet(desk, "en")
    for words in ("Pain: Sau mổ", "Goals: Pain ≤ 3/10 at rest", "Goal partly reached", "in 200 mL"):
        assert words in english, words


def test_another_nurse_or_a_later_hour_is_another_round_and_signs_stand_once(desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), temperature=Decimal("38.2")))
    own = opened(desk)
    care_plan_deeds.done(colleague(desk, DOCTOR), own, Deed(ASSESS, desk.now()))
    advance(desk, minutes=45)
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now()))
    said = sheet(desk)
    assert said.count("38,2 °C") == 1
    assert said.count(DOCTOR.name) == 1
    assert said.count(desk.person.name) == 3


def test_what_was_struck_out_stands_with_its_reason_and_an_end_with_its_own(desk):
    own = opened(desk)
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now(), "4/10"))
    (fact,) = care_plans.read(desk, PATIENT).rows[0].facts
    care_plan_deeds.enter_in_error(desk, fact.record.reference, reason="Nhầm người bệnh")
    care_plan_deeds.end(desk, own, State.REVOKED, desk.now(), reason="Mở hai lần")
    said = sheet(desk)
    assert "4/10" in said
    assert "Nhầm người bệnh" in said
    assert "Đau: Đã thu hồi Mở hai lần" in said


@pytest.mark.parametrize(
    ("level", "form", "title"),
    [
        (CareLevel.ONE, "37/BV2", "PHIẾU CHĂM SÓC CẤP I "),
        (CareLevel.TWO, "38/BV2", "PHIẾU CHĂM SÓC CẤP II "),
        (CareLevel.THREE, "38/BV2", "PHIẾU CHĂM SÓC CẤP III "),
    ],
)
def test_the_form_follows_the_care_level(desk, level, form, title):
    with desk.store.read() as view:
        (stay,) = (encounter.read(each.resource()) for each in
                   view.find("Encounter", patient=PATIENT))  # fmt: skip
    if stay.care_level is not level:
        stays.set_care_level(colleague(desk, DOCTOR), stay.id, level)
    said = sheet(desk)
    assert form in said
    assert title in f"{said} "


def test_only_from_the_day_that_is_asked_for(desk):
    own = opened(desk)
    advance(desk, days=1)
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now(), "2/10"))
    said = sheet(desk, since=desk.now().date())
    assert "2/10" in said
    assert "Sau mổ" not in said
