"""Contract: reading, writing, versions, conditions, history."""

from __future__ import annotations

import gzip
from email.utils import parsedate_to_datetime

import pytest

from tests.contract.fhir_server.conftest import Client
from tests.contract.fhir_server.people import NATIONAL, patient, pulse
from workstation.fhir.json import dump_bytes


def test_what_was_put_is_read_back_to_the_last_digit(client: Client, new: str):
    text = (
        f'{{"resourceType":"Observation","id":"{new}","status":"final","code":{{"text":"Cân"}},'
        '"extension":[{"url":"https://elsewhere.example/x","valueDecimal":0.10}],'
        '"effectiveDateTime":"2026-11-20T07:30:00.123456+07:00",'
        '"valueQuantity":{"value":61.500,"unit":"kg"}}'
    ).encode()
    made = client.ask("PUT", f"Observation/{new}", text)
    assert made.status == 201
    read = client.get(f"Observation/{new}")
    assert read.status == 200
    assert b'"value":61.500' in read.body
    assert b'"valueDecimal":0.10' in read.body
    assert b"07:30:00.123456+07:00" in read.body
    assert read.headers["ETag"] == f'W/"{read.version}"'
    assert read.headers["Content-Type"].startswith("application/fhir+json")


def test_a_create_gives_an_id_and_a_place(client: Client):
    made = client.post("Patient", patient("mine"))
    assert made.status == 201
    assert made.json["id"] != "mine"
    assert made.headers["Location"].endswith(f"/Patient/{made.json['id']}/_history/{made.version}")


def test_an_update_is_a_new_version_and_the_old_one_stays(client: Client, new: str):
    first = client.put(patient(new))
    second = client.put(patient(new, active=True))
    assert (first.status, second.status) == (201, 200)
    assert first.version != second.version
    old = client.get(f"Patient/{new}/_history/{first.version}")
    assert "active" not in old.json
    assert client.get(f"Patient/{new}/_history/99").status == 404


def test_the_same_content_again_makes_no_version(client: Client, new: str):
    first = client.put(patient(new))
    again = client.put(patient(new))
    assert again.status == 200
    assert again.version == first.version


def test_last_updated_grows_with_every_write(client: Client, new: str):
    times = [
        client.put(patient(new, multipleBirthInteger=n)).json["meta"]["lastUpdated"]
        for n in range(1, 6)
    ]
    assert times == sorted(set(times))


def test_a_stale_version_is_refused(client: Client, new: str):
    first = client.put(patient(new))
    tag = first.headers["ETag"]
    assert client.put(patient(new, active=True), if_match=tag).status == 200
    stale = client.put(patient(new, active=False), if_match=tag)
    assert stale.status == 412
    assert stale.json["resourceType"] == "OperationOutcome"
    assert client.get(f"Patient/{new}").json["active"] is True


def test_a_condition_on_what_is_not_there_fails(client: Client, new: str):
    assert client.put(patient(new), if_match='W/"1"').status == 412
    assert client.put(patient(new), if_match='W/"nonsense"').status == 412
    assert client.put(patient(new), if_match="*").status == 412
    assert client.get(f"Patient/{new}").status == 404


def test_if_none_match_star_protects_what_is_there(client: Client, new: str):
    assert client.put(patient(new), if_none_match="*").status == 201
    assert client.put(patient(new, active=True), if_none_match="*").status == 412
    assert "active" not in client.get(f"Patient/{new}").json


def test_unchanged_is_not_sent_again(client: Client, new: str):
    tag = client.put(patient(new)).headers["ETag"]
    unchanged = client.get(f"Patient/{new}", if_none_match=tag)
    assert unchanged.status == 304
    assert unchanged.body == b""


def test_deleted_is_gone_and_can_come_back(client: Client, new: str):
    client.put(patient(new))
    assert client.ask("DELETE", f"Patient/{new}").status == 204
    assert client.get(f"Patient/{new}").status == 410
    assert client.ask("DELETE", f"Patient/{new}").status == 204
    assert client.get(f"Patient?_id={new}").ids == []
    back = client.put(patient(new))
    assert back.status == 201
    versions = [
        entry["response"]["etag"] for entry in client.get(f"Patient/{new}/_history").entries
    ]
    assert versions == ['W/"3"', 'W/"2"', 'W/"1"']


def test_a_delete_keeps_its_condition(client: Client, new: str):
    tag = client.put(patient(new)).headers["ETag"]
    client.put(patient(new, active=True))
    assert client.ask("DELETE", f"Patient/{new}", if_match=tag).status == 412
    assert client.get(f"Patient/{new}").status == 200


def test_deleting_what_never_was_is_no_failure(client: Client, new: str):
    assert client.ask("DELETE", f"Patient/{new}").status == 204


def test_conditional_create_makes_one(client: Client, new: str):
    identified = patient(identifier=[{"system": NATIONAL, "value": new}])
    query = f"identifier={NATIONAL}|{new}"
    first = client.post("Patient", identified, if_none_exist=query)
    second = client.post("Patient", identified, if_none_exist=query)
    assert (first.status, second.status) == (201, 200)
    assert first.json["id"] == second.json["id"]
    client.post("Patient", identified)
    assert client.post("Patient", identified, if_none_exist=query).status == 412


def test_conditional_update_finds_makes_or_refuses(client: Client, new: str):
    query = f"Patient?identifier={NATIONAL}|{new}"
    identified = patient(identifier=[{"system": NATIONAL, "value": new}])
    made = client.ask("PUT", query, identified)
    assert made.status == 201
    del identified["id"]
    changed = client.ask("PUT", query, {**identified, "active": True})
    assert changed.status == 200
    assert changed.json["id"] == made.json["id"]
    other = client.ask("PUT", query, {**identified, "id": "another"})
    assert other.status == 400


def test_minimal_is_minimal_for_writes_only(client: Client, new: str):
    made = client.put(patient(new), prefer="return=minimal")
    assert (made.status, made.body) == (201, b"")
    assert made.headers["ETag"]
    assert client.get(f"Patient/{new}", prefer="return=minimal").json["id"] == new


def test_history_is_whole_and_newest_first(client: Client, new: str):
    client.put(patient(new))
    client.put(patient(new, active=True))
    client.ask("DELETE", f"Patient/{new}")
    history = client.get(f"Patient/{new}/_history")
    assert history.json["type"] == "history"
    assert history.json["total"] == 3
    methods = [entry["request"]["method"] for entry in history.entries]
    assert methods == ["DELETE", "PUT", "PUT"]
    assert "resource" not in history.entries[0]
    assert client.get("Patient/never-was/_history").status == 404


@pytest.mark.parametrize("where", ["Patient/_history", "_history"])
def test_history_since_pages_through_every_change(client: Client, where: str):
    people = [patient() for _ in range(7)]
    first = client.put(people[0]).json["meta"]["lastUpdated"]
    for person in people[1:]:
        client.put(person)
    seen = [
        entry["resource"]["id"]
        for page in client.pages(f"{where}?_since={first}&_count=3")
        for entry in page.entries
    ]
    assert seen == [person["id"] for person in reversed(people)]


def test_history_goes_on_where_it_was_though_more_is_written(client: Client):
    people = [patient() for _ in range(4)]
    first = client.put(people[0]).json["meta"]["lastUpdated"]
    for person in people[1:]:
        client.put(person)
    page = client.get(f"Patient/_history?_since={first}&_count=2")
    client.put(patient())
    rest = client.get(page.link("next"))
    seen = [entry["resource"]["id"] for entry in page.entries + rest.entries]
    assert seen == [person["id"] for person in reversed(people)]


def test_gzip_is_understood_and_given(client: Client):
    people = [patient() for _ in range(20)]
    packed = gzip.compress(dump_bytes(people[0]))
    made = client.ask("PUT", f"Patient/{people[0]['id']}", packed, content_encoding="gzip")
    assert made.status == 201
    for person in people[1:]:
        client.put(person)
    plain = client.get("Patient?_count=20")
    zipped = client.get("Patient?_count=20", accept_encoding="gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body


def test_the_date_and_the_epoch_are_told(client: Client):
    answer = client.get("metadata")
    assert parsedate_to_datetime(answer.headers["Date"]).year >= 2020
    extensions = {item["url"].rsplit("/", 1)[1]: item for item in answer.json["extension"]}
    epoch = extensions["server-epoch"]["valueUuid"]
    assert epoch == f"urn:uuid:{answer.headers['X-Server-Epoch']}"
    before = int(extensions["server-change"]["valueString"])
    client.put(patient())
    again = client.get("metadata").json["extension"]
    assert int(again[1]["valueString"]) > before


def test_the_patient_may_be_named_before_it_is_there(client: Client, new: str):
    assert client.put(pulse({"id": new})).status == 201


def test_a_conditional_update_does_not_take_anothers_id(client: Client, new: str):
    client.put(patient(new))
    other = patient(new, identifier=[{"system": NATIONAL, "value": f"other-{new}"}])
    answer = client.ask("PUT", f"Patient?identifier=other-{new}", other)
    assert answer.status == 409
    assert "identifier" not in client.get(f"Patient/{new}").json


def test_an_id_of_the_client_is_kept_by_a_conditional_update(client: Client, new: str):
    made = client.ask("PUT", f"Patient?identifier=none-{new}", patient(new))
    assert (made.status, made.json["id"]) == (201, new)
