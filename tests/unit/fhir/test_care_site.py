"""Lines, wounds and looks as FHIR: golden JSON, what survives, what others write."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from workstation.clinical.body_site import SITES, Point
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.fhir import care_look
from workstation.fhir import care_site as mapping
from workstation.fhir.entry import Entry

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)
NURSE = {"reference": "Practitioner/nurse-1", "display": "ĐD Lan"}
ENTRY = Entry(own="c-1", patient="p-1", encounter="e-1", author=NURSE, at=AT)
BASE = "https://ward-workstation.example/fhir"
HEAD = {
    "id": "c-1",
    "identifier": [{"system": f"{BASE}/sid/workstation-uuid", "value": "urn:uuid:c-1"}],
}
POINT = Point("back", Decimal("0.87"), Decimal("0.54"))


def cannula():
    return Site(KINDS["peripheral-cannula"], SITES["hand-right"], POINT, SINCE, "20G")


def ulcer():
    return Site(KINDS["pressure-ulcer"], SITES["sacrum"], SITES["sacrum"].point, SINCE)


def written(site):
    return mapping.write(ENTRY, site, lambda words: f"vi {words}")


def body(code, words, face, x, y):
    mark = [
        {"url": "face", "valueCode": face},
        {"url": "x", "valueDecimal": Decimal(x)},
        {"url": "y", "valueDecimal": Decimal(y)},
    ]
    return [
        {
            "extension": [{"url": f"{BASE}/StructureDefinition/body-point", "extension": mark}],
            "coding": [{"system": f"{BASE}/CodeSystem/body-site", "code": code, "display": words}],
            "text": f"vi {words}",
        }
    ]


def test_golden_cannula():
    assert written(cannula()) == {
        "resourceType": "Procedure",
        **HEAD,
        "extension": [
            {
                "url": f"{BASE}/StructureDefinition/recorded-at",
                "valueDateTime": "2026-11-20T08:00:00+00:00",
            }
        ],
        "status": "in-progress",
        "category": {"coding": [{"system": f"{BASE}/CodeSystem/ward-category", "code": "line"}]},
        "subject": {"reference": "Patient/p-1"},
        "encounter": {"reference": "Encounter/e-1"},
        "code": {
            "coding": [
                {
                    "system": f"{BASE}/CodeSystem/care-site",
                    "code": "peripheral-cannula",
                    "display": "Peripheral cannula",
                }
            ],
            "text": "vi Peripheral cannula, 20G",
            "extension": [
                {"url": f"{BASE}/StructureDefinition/care-site-detail", "valueString": "20G"}
            ],
        },
        "bodySite": body("hand-right", "Back of the right hand", "back", "0.87", "0.54"),
        "performedPeriod": {"start": "2026-11-19T22:30:00+00:00"},
        "performer": [{"actor": NURSE}],
    }


def test_golden_pressure_ulcer():
    found = written(ulcer())
    assert {name: found[name] for name in found if name not in ("code", "bodySite")} == {
        "resourceType": "Condition",
        **HEAD,
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                    "code": "active",
                }
            ]
        },
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/ward-category", "code": "wound"}]}],
        "subject": {"reference": "Patient/p-1"},
        "encounter": {"reference": "Encounter/e-1"},
        "onsetDateTime": "2026-11-19T22:30:00+00:00",
        "recordedDate": "2026-11-20T08:00:00+00:00",
        "recorder": NURSE,
    }


@pytest.mark.parametrize("site", [cannula(), ulcer()])
def test_what_is_written_is_read(site):
    found = mapping.read(written(site))
    assert (found.site, found.present, found.by, found.recorded) == (site, True, "ĐD Lan", AT)
    assert found.reference in ("Procedure/c-1", "Condition/c-1")


@pytest.mark.parametrize("site", [cannula(), ulcer()])
def test_an_end_keeps_all_else_and_can_be_taken_back(site):
    before = {**written(site), "foreign": {"kept": True}}
    frozen = deepcopy(before)
    end = SINCE + timedelta(days=2)
    over = mapping.ended(before, end=end, reason="Tắc kim", author=NURSE, at=AT)
    found = mapping.read(over)
    assert (found.ended, found.end_reason, found.present, found.valid) == (
        end, "Tắc kim", False, True,
    )  # fmt: skip
    assert mapping.ended_by(over) == ("Practitioner/nurse-1", AT)
    assert before == frozen
    again = mapping.reopened(over, reason="Nhầm", author=NURSE, at=AT)
    note = again.pop("note")
    assert [each["text"] for each in note] == ["Nhầm"]
    assert again == before


@pytest.mark.parametrize("site", [cannula(), ulcer()])
def test_a_correction_moves_it_and_says_why(site):
    moved = Site(site.kind, SITES["hand-left"], SITES["hand-left"].point, SINCE, "18G")
    stored = {**written(site), "foreign": 1}
    found = mapping.amend(stored, moved, str, reason="Tay kia", author=NURSE, at=AT)
    assert mapping.read(found).site == moved
    assert (mapping.read(found).reason, found["foreign"]) == ("Tay kia", 1)


@pytest.mark.parametrize("site", [cannula(), ulcer()])
def test_in_error_is_never_present(site):
    found = mapping.enter_in_error(written(site), reason="Nhầm người", author=NURSE, at=AT)
    assert (mapping.read(found).valid, mapping.read(found).present) == (False, False)
    assert "clinicalStatus" not in found


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Procedure", "code": {"text": "Nội soi"}},
        {"resourceType": "Condition", "code": {"coding": [{"code": "burn"}]}},
        {**written(cannula()), "performedPeriod": {"end": "2026-11-20"}},
        {**written(cannula()), "resourceType": "ServiceRequest"},
        {**written(cannula()), "code": 7},
    ],
)
def test_what_is_none_of_ours_is_none(resource):
    assert mapping.read(resource) is None


def test_a_place_of_others_has_its_words_and_a_mark_in_the_middle():
    stored = {**written(cannula()), "bodySite": [{"text": "Tĩnh mạch đầu"}]}
    found = mapping.read(stored).site
    assert (found.place.words, found.point) == (
        "Tĩnh mạch đầu", Point("front", Decimal("0.5"), Decimal("0.5")),
    )  # fmt: skip


def test_a_mark_outside_of_the_picture_falls_back_to_the_place():
    stored = written(cannula())
    stored["bodySite"][0]["extension"][0]["extension"][1]["valueDecimal"] = Decimal(7)
    assert mapping.read(stored).site.point == SITES["hand-right"].point


def test_golden_look_at_a_wound():
    look = Look(AT, length_cm=Decimal("3.50"), tissue="3", remark="Bờ đỏ")
    found = care_look.write(ENTRY, "Condition/w-1", "Loét", look)
    own = f"{BASE}/CodeSystem/care-look"
    assert found == {
        "resourceType": "Observation",
        **HEAD,
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "exam",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": own, "code": "look"}], "text": "Loét"},
        "subject": {"reference": "Patient/p-1"},
        "focus": [{"reference": "Condition/w-1"}],
        "encounter": {"reference": "Encounter/e-1"},
        "effectiveDateTime": "2026-11-20T08:00:00+00:00",
        "issued": "2026-11-20T08:00:00+00:00",
        "performer": [NURSE],
        "valueString": "Bờ đỏ",
        "component": [
            {
                "code": {"coding": [{"system": own, "code": "look-tissue"}]},
                "valueCodeableConcept": {"coding": [{"system": own, "code": "look-tissue-3"}]},
            },
            {
                "code": {"coding": [{"system": own, "code": "look-length"}]},
                "valueQuantity": {
                    "value": Decimal("3.50"),
                    "unit": "cm",
                    "system": "http://unitsofmeasure.org",
                    "code": "cm",
                },
            },
        ],
    }
    record = care_look.read(found)
    assert (record.look, record.of, record.valid) == (look, "Condition/w-1", True)
    struck = care_look.enter_in_error(found, reason="Nhầm", author=NURSE, at=AT)
    assert (care_look.read(struck).valid, care_look.read(struck).reason) == (False, "Nhầm")


def test_other_observations_are_no_looks():
    found = care_look.write(ENTRY, "Procedure/c-1", "Kim", Look(AT, site_grade="1"))
    assert care_look.read(found).look == Look(AT, site_grade="1")
    assert care_look.read({**found, "focus": []}) is None
    assert care_look.read({**found, "code": {"text": "look"}}) is None
