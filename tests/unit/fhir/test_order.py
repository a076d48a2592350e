"""Orders of every kind: golden forms, decisions beside the status, what others write."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hospital.schema.validate import validate
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.ordering import OrderKind, Request
from workstation.fhir import acknowledgement, decision, order, reorder, summary, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
BY = {"reference": "Practitioner/d", "display": "BS Huy"}
ENTRY = Entry(own="r1", patient="p1", encounter="e1", author=BY, at=AT)
DRUG = Prescription(
    drug="Ceftriaxon 1 g",
    codes=(("s", "ceftriaxone"),),
    amount=Amount(Decimal(2), "g"),
    route="truyền tĩnh mạch",
    timing=Timing(times_a_day=1),
    indication="Viêm phổi",
    urgent=True,
)
CRP = Request(
    kind=OrderKind.LABORATORY,
    words="CRP",
    codes=((systems.LOINC, "1988-5"),),
    remark="Lấy máu lúc đói",
    indication="Viêm phổi",
    urgent=True,
    at=AT + timedelta(hours=22),
)
DIET = Request(
    kind=OrderKind.DIET, words="Cháo", codes=((systems.DIET, "BT02"),), remark="6 bữa nhỏ"
)
OXYGEN = Request(kind=OrderKind.OXYGEN, words="Thở oxy gọng kính", remark="2 L/phút")


def test_golden_service() -> None:
    body = dump(order.write(ENTRY, CRP, version_of="ServiceRequest/r0"))
    assert body == (
        '{"resourceType":"ServiceRequest","id":"r1","identifier":[{"system":'
        '"https://ward-workstation.example/fhir/sid/workstation-uuid","value":"urn:uuid:r1"}],'
        '"status":"active","intent":"order","category":[{"coding":[{"system":'
        '"https://ward-workstation.example/fhir/CodeSystem/order-kind","code":"laboratory"}]}],'
        '"priority":"urgent","code":{"coding":[{"system":"http://loinc.org","code":"1988-5"}],'
        '"text":"CRP"},"orderDetail":[{"text":"Lấy máu lúc đói"}],"subject":{"reference":'
        '"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"occurrenceDateTime":'
        '"2026-11-21T06:00:00+00:00","authoredOn":"2026-11-20T08:00:00+00:00","requester":'
        '{"reference":"Practitioner/d","display":"BS Huy"},"reasonCode":[{"text":"Viêm phổi"}],'
        '"replaces":[{"reference":"ServiceRequest/r0"}]}'
    )


def test_golden_diet() -> None:
    body = dump(order.write(ENTRY, DIET))
    assert body.endswith(
        '"status":"active","intent":"order","patient":{"reference":"Patient/p1"},"encounter":'
        '{"reference":"Encounter/e1"},"dateTime":"2026-11-20T08:00:00+00:00","orderer":'
        '{"reference":"Practitioner/d","display":"BS Huy"},"oralDiet":{"type":[{"coding":'
        '[{"system":"https://ward-workstation.example/fhir/CodeSystem/diet","code":"BT02"}],'
        '"text":"Cháo"}],"instruction":"6 bữa nhỏ"}}'
    )


@pytest.mark.parametrize("item", [DRUG, CRP, DIET, OXYGEN], ids=lambda item: type(item).__name__)
class TestEveryKind:
    def test_there_and_back(self, item):
        resource = parse(dump(order.write(ENTRY, item, version_of="MedicationRequest/r0")))
        validate(resource)
        found = order.read(resource)
        assert found is not None
        assert found.item == item
        assert (found.id, found.patient, found.encounter) == ("r1", "p1", "e1")
        assert (found.status, found.since, found.prescriber) == ("active", AT, "BS Huy")
        assert (found.version_of, found.decided) == ("MedicationRequest/r0", None)
        assert found.kind is (item.kind if isinstance(item, Request) else OrderKind.DRUG)

    def test_each_decision_is_a_state_of_its_own(self, item):
        stored = {**order.write(ENTRY, item), "_status": {"extension": [{"url": "x"}]}}
        before = deepcopy(stored)
        seen, now = {decision.state(stored)}, AT
        for status in ("on-hold", "active", "stopped"):
            now += timedelta(minutes=1)
            stored = order.with_status(stored, status, by=BY, at=now, reason="Mạch 48")
            validate(stored)
            found = order.read(stored)
            assert found is not None
            assert (found.status, found.current) == (status, status != "stopped")
            assert found.decided == decision.Decision("BS Huy", "Practitioner/d", now, "Mạch 48")
            assert {"url": "x"} in stored["_status"]["extension"]
            assert found.state not in seen
            seen.add(found.state)
        for name in before.keys() - {"status", "_status", "dosageInstruction"}:
            assert stored[name] == before[name]


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ([{"coding": [{"system": "http://snomed.info/sct", "code": "108252007"}]}], "laboratory"),
        ([{"coding": [{"code": "RAD"}]}], "imaging"),
        ([{"coding": [{"code": "unheard-of"}]}], "procedure"),
        (None, "procedure"),
    ],
)
def test_what_others_order(category, kind) -> None:
    body = {"resourceType": "ServiceRequest", "id": "x", "status": "revoked", "category": category}
    found = order.read(body)
    assert found is not None
    assert (found.kind, found.status, found.item.words) == (kind, "stopped", "?")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"resourceType": "Observation"},
        {"resourceType": "ServiceRequest", "intent": "plan"},
        {"resourceType": "MedicationRequest", "intent": "proposal"},
    ],
)
def test_what_is_no_order(body) -> None:
    assert order.read(body) is None


def test_ordered_again_and_acknowledged() -> None:
    refs = ("MedicationRequest/a", "NutritionOrder/b")
    again = parse(dump(reorder.write(ENTRY, refs)))
    validate(again)
    assert reorder.read(again) == reorder.Reorder(refs, "BS Huy", AT)
    noted = acknowledgement.write(ENTRY, "acknowledge-order", refs[0], value="active@1")
    validate(noted)
    assert reorder.read(noted) is None
    assert reorder.read({**again, "status": "entered-in-error"}) is None


def test_a_timeline_can_tell_a_diet() -> None:
    found = summary.summarise(order.write(ENTRY, DIET))
    assert (found.kind, found.title, found.at, found.author) == ("order", "Cháo", AT, "BS Huy")


def test_what_was_taken_note_of_is_told_from_other_tasks() -> None:
    noted = acknowledgement.write(ENTRY, "acknowledge-order", "MedicationRequest/a", value="x")
    assert acknowledgement.is_one(noted)
    assert not acknowledgement.is_one(reorder.write(ENTRY, ("MedicationRequest/a",)))
