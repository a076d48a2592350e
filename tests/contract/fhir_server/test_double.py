"""The double does what its switches say, and is otherwise the true server."""

from __future__ import annotations

import gzip

import pytest

from hospital.wire import Request
from tests.kit.hospital_double import SERVERS, AnswerLost, Behaviour, Down, HospitalDouble
from workstation.fhir.json import parse

PATIENT = {"resourceType": "Patient", "id": "an", "gender": "male"}


def weight(id_: str, kilograms: str = "61.50") -> bytes:
    return (
        f'{{"resourceType":"Observation","id":"{id_}","status":"final",'
        '"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},'
        '"subject":{"reference":"Patient/an"},'
        f'"valueQuantity":{{"value":{kilograms},"unit":"kg"}}}}'
    ).encode()


def batch(*entries: dict, kind: str = "batch") -> dict:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def put(resource: dict, **more: str) -> dict:
    url = f"{resource['resourceType']}/{resource['id']}"
    return {"resource": resource, "request": {"method": "PUT", "url": url, **more}}


@pytest.mark.parametrize("name", SERVERS)
def test_any_server_stores_and_finds(name: str):
    double = HospitalDouble(SERVERS[name]())
    if double.behaviour.refuses_client_ids:
        assert (
            double.ask("PUT", "Patient/an", PATIENT).status == double.behaviour.refuses_client_ids
        )
        made = double.ask("POST", "Patient", PATIENT)
    else:
        made = double.ask("PUT", "Patient/an", PATIENT)
    assert made.status == 201
    own = parse(made.body)["id"]
    for _ in range(6):
        found = parse(double.ask("GET", "Patient?gender=male").body)
    assert [entry["resource"]["id"] for entry in found["entry"]] == [own]
    tag = double.ask("GET", f"Patient/{own}").headers["ETag"]
    changed = {**PATIENT, "id": own, "active": True}
    assert double.ask("PUT", f"Patient/{own}", changed, if_match=tag).status == 200
    stale = double.ask("PUT", f"Patient/{own}", {**changed, "active": False}, if_match=tag)
    assert stale.status == double.behaviour.stale_status


def test_opaque_versions_are_uuids_and_are_understood_again():
    double = HospitalDouble(Behaviour(opaque_versions=True))
    made = double.ask("PUT", "Patient/an", PATIENT)
    version = parse(made.body)["meta"]["versionId"]
    assert len(version) == 36
    assert made.headers["ETag"] == f'W/"{version}"'
    assert made.headers["Location"].endswith(version)
    assert double.ask("GET", f"Patient/an/_history/{version}").status == 200
    other = put({**PATIENT, "active": True}, ifMatch=f'W/"{version}"')
    answer = parse(double.ask("POST", "", batch(other)).body)["entry"][0]["response"]
    assert answer["status"].startswith("200")
    assert version not in answer["etag"]


def test_zeros_are_lost_or_kept():
    kept, lost = HospitalDouble(), HospitalDouble(Behaviour(loses_zeros=True))
    assert b"61.50" in kept.ask("PUT", "Observation/w", weight("w")).body
    assert b"61.5," in lost.ask("PUT", "Observation/w", weight("w")).body


def test_a_batch_is_answered_in_part():
    entries = [put({**PATIENT, "id": f"p{n}"}) for n in range(5)]
    double = HospitalDouble(Behaviour(batch_answers=3))
    answers = parse(double.ask("POST", "", batch(*entries)).body)["entry"]
    assert [entry["response"]["status"][:3] for entry in answers] == ["201"] * 3 + ["503"] * 2
    assert len(double.resources()) == 3
    double.behaviour.batch_omits = True
    assert len(parse(double.ask("POST", "", batch(*entries)).body)["entry"]) == 3


def test_a_transaction_that_is_none():
    bad = put({"resourceType": "Patient", "id": "bad", "gender": "unheard-of"})
    good = put(PATIENT)
    ours = HospitalDouble()
    assert ours.ask("POST", "", batch(good, bad, kind="transaction")).status == 422
    assert ours.resources() == {}
    careless = HospitalDouble(Behaviour(transaction_not_atomic=True))
    assert careless.ask("POST", "", batch(good, bad, kind="transaction")).status == 200
    assert list(careless.resources()) == ["Patient/an"]


def test_history_is_refused_above_the_instance():
    double = HospitalDouble(Behaviour(history="instance"))
    double.ask("PUT", "Patient/an", PATIENT)
    assert double.ask("GET", "Patient/an/_history").status == 200
    assert double.ask("GET", "Patient/_history").status == 404
    assert double.ask("GET", "_history").status == 404


def test_late_commits_show_later_with_an_older_time():
    double = HospitalDouble(Behaviour(late_commits=3, coarse_time=True))
    double.ask("PUT", "Patient/an", PATIENT)
    counts = [len(parse(double.ask("GET", "Patient").body).get("entry", [])) for _ in range(4)]
    assert counts == [0, 0, 1, 1]
    assert parse(double.ask("GET", "Patient/an").body)["meta"]["lastUpdated"].endswith(".000Z")


def test_next_links_lead_elsewhere():
    double = HospitalDouble(Behaviour(next_elsewhere=True, page_limit=1))
    for name in ("a", "b"):
        double.ask("PUT", f"Patient/{name}", {**PATIENT, "id": name})
    links = {
        item["relation"]: item["url"] for item in parse(double.ask("GET", "Patient").body)["link"]
    }
    assert links["self"].startswith(double.base)
    assert links["next"].startswith("http://10.0.0.7:8080/")


def test_what_befalls_it_once():
    double = HospitalDouble()
    double.lose_answers()
    with pytest.raises(AnswerLost):
        double.ask("PUT", "Patient/an", PATIENT)
    assert double.ask("GET", "Patient/an").status == 200
    double.lose_requests()
    with pytest.raises(AnswerLost):
        double.ask("PUT", "Patient/other", {**PATIENT, "id": "other"})
    assert double.ask("GET", "Patient/other").status == 404
    double.throttle(seconds=7)
    assert double.ask("GET", "Patient/an").headers["Retry-After"] == "7"
    double.answer_html()
    assert double.ask("GET", "Patient/an").body.startswith(b"<html")
    double.cut_in_headers()
    assert double.ask("GET", "Patient/an").headers == {}
    double.down = True
    with pytest.raises(Down):
        double.ask("GET", "Patient/an")


def test_gzip_is_refused_or_understood():
    packed = gzip.compress(weight("w"))
    request = Request("PUT", "/fhir/Observation/w", "", {"content-encoding": "gzip"}, packed)
    assert HospitalDouble(Behaviour(refuses_gzip=True)).handle(request).status == 500
    assert HospitalDouble().handle(request).status == 201


def test_a_backup_is_put_back_an_emptied_one_is_another():
    double = HospitalDouble()
    double.ask("PUT", "Patient/an", PATIENT)
    backup = double.snapshot()
    epoch = double.ask("GET", "metadata").headers["X-Server-Epoch"]
    double.ask("PUT", "Patient/later", {**PATIENT, "id": "later"})
    double.restore(backup)
    assert list(double.resources()) == ["Patient/an"]
    assert double.ask("GET", "metadata").headers["X-Server-Epoch"] == epoch
    double.wipe()
    assert double.resources() == {}
    double.empty()
    assert double.ask("GET", "metadata").headers["X-Server-Epoch"] != epoch


def test_references_to_nothing_are_refused():
    double = HospitalDouble(Behaviour(referential_integrity=422))
    assert double.ask("PUT", "Observation/w", weight("w")).status == 422
    double.ask("PUT", "Patient/an", PATIENT)
    assert double.ask("PUT", "Observation/w", weight("w")).status == 201
