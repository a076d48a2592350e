"""Contract: batch and transaction."""

from __future__ import annotations

from tests.contract.fhir_server.conftest import Client
from tests.contract.fhir_server.people import NATIONAL, bundle, patient, post, pulse, put
from workstation.kernel.identity import uuid7


def statuses(entries: list[dict]) -> list[str]:
    return [entry["response"]["status"][:3] for entry in entries]


def test_a_batch_is_answered_entry_by_entry(client: Client):
    good, bad = patient(), patient(gender="unheard-of")
    answer = client.post("", bundle("batch", put(good), put(bad), {"request": {}}))
    assert answer.status == 200
    assert answer.json["type"] == "batch-response"
    assert statuses(answer.entries) == ["201", "422", "400"]
    first = answer.entries[0]["response"]
    assert first["etag"] == 'W/"1"'
    assert first["lastModified"]
    assert first["location"].endswith(f"Patient/{good['id']}/_history/1")
    assert answer.entries[1]["response"]["outcome"]["issue"][0]["expression"] == ["Patient.gender"]
    assert client.get(f"Patient/{good['id']}").status == 200
    assert client.get(f"Patient/{bad['id']}").status == 404


def test_conditions_hold_inside_a_batch(client: Client):
    known = patient()
    client.put(known)
    changed = {**known, "active": True}
    answer = client.post(
        "",
        bundle(
            "batch",
            put(changed, ifMatch='W/"1"'),
            put({**changed, "active": False}, ifMatch='W/"1"'),
            put(known, ifNoneMatch="*"),
        ),
    )
    assert statuses(answer.entries) == ["200", "412", "412"]


def test_a_batch_reads_and_searches(client: Client):
    known = patient()
    client.put(known)
    asked = [
        {"request": {"method": "GET", "url": f"Patient/{known['id']}"}},
        {"request": {"method": "GET", "url": f"Patient?_id={known['id']}&_elements=id"}},
        {"request": {"method": "GET", "url": "Patient/nobody"}},
    ]
    answer = client.post("", bundle("batch", *asked))
    assert statuses(answer.entries) == ["200", "200", "404"]
    assert answer.entries[0]["resource"]["id"] == known["id"]
    assert answer.entries[1]["resource"]["entry"][0]["resource"]["id"] == known["id"]


def test_a_batch_sees_what_it_just_wrote(client: Client):
    known = patient()
    asked = {"request": {"method": "GET", "url": f"Patient?_id={known['id']}"}}
    answer = client.post("", bundle("batch", put(known), asked))
    assert answer.entries[1]["resource"]["total"] == 1


def test_representation_is_given_when_asked_for(client: Client):
    answer = client.post("", bundle("batch", put(patient())), prefer="return=representation")
    assert answer.entries[0]["resource"]["resourceType"] == "Patient"
    short = client.post("", bundle("batch", put(patient())))
    assert "resource" not in short.entries[0]


def test_a_transaction_ties_its_entries_together(client: Client):
    urn = f"urn:uuid:{uuid7()}"
    sign = pulse(patient())
    sign["subject"] = {"reference": urn}
    answer = client.post("", bundle("transaction", put(sign), post(patient(), urn)))
    assert answer.json["type"] == "transaction-response"
    assert statuses(answer.entries) == ["201", "201"]
    subject = client.get(f"Observation/{sign['id']}").json["subject"]["reference"]
    assert client.get(subject).status == 200
    assert answer.entries[1]["response"]["location"].split("/_history")[0].endswith(subject)


def test_an_identifier_that_looks_like_the_link_is_left_alone(client: Client):
    urn = f"urn:uuid:{uuid7()}"
    identified = patient(identifier=[{"system": "urn:ietf:rfc:3986", "value": urn}])
    answer = client.post("", bundle("transaction", post(identified, urn)))
    made = client.get(answer.entries[0]["response"]["location"].split("/_history")[0])
    assert made.json["identifier"][0]["value"] == urn


def test_a_transaction_is_done_whole_or_not_at_all(client: Client):
    good, bad = patient(), pulse(patient(), status="unheard-of")
    answer = client.post("", bundle("transaction", put(good), put(bad)))
    assert answer.status == 422
    assert answer.json["issue"][0]["expression"] == ["Bundle.entry[1].resource.Observation.status"]
    assert client.get(f"Patient/{good['id']}").status == 404


def test_a_stale_entry_undoes_a_transaction(client: Client):
    known = patient()
    client.put(known)
    client.put({**known, "active": True})
    other = patient()
    answer = client.post("", bundle("transaction", put(other), put(known, ifMatch='W/"1"')))
    assert answer.status == 412
    assert client.get(f"Patient/{other['id']}").status == 404


def test_conditional_create_inside_a_transaction(client: Client, new: str):
    identified = patient(identifier=[{"system": NATIONAL, "value": new}])
    query = f"identifier={NATIONAL}|{new}"
    urn = f"urn:uuid:{uuid7()}"
    sign = {**pulse(identified), "subject": {"reference": urn}}
    first = client.post("", bundle("transaction", post(identified, urn, ifNoneExist=query)))
    again = client.post(
        "", bundle("transaction", post(identified, urn, ifNoneExist=query), put(sign))
    )
    assert statuses(first.entries) == ["201"]
    assert statuses(again.entries) == ["200", "201"]
    own = first.entries[0]["response"]["location"].split("/_history")[0].rsplit("/", 2)[1:]
    subject = client.get(f"Observation/{sign['id']}").json["subject"]["reference"]
    assert subject == "/".join(own)


def test_a_conditional_reference_is_resolved(client: Client, new: str):
    known = patient(identifier=[{"system": NATIONAL, "value": new}])
    client.put(known)
    sign = pulse(known)
    sign["subject"] = {"reference": f"Patient?identifier={NATIONAL}|{new}"}
    assert client.post("", bundle("transaction", put(sign))).status == 200
    stored = client.get(f"Observation/{sign['id']}").json
    assert stored["subject"]["reference"] == f"Patient/{known['id']}"
    sign["subject"] = {"reference": "Patient?identifier=nobody"}
    assert client.post("", bundle("transaction", put(sign))).status == 404


def test_deletes_come_first_and_one_resource_stands_once(client: Client):
    known = patient()
    client.put(known)
    gone = {"request": {"method": "DELETE", "url": f"Patient/{known['id']}"}}
    answer = client.post("", bundle("transaction", put(patient()), gone))
    assert statuses(answer.entries) == ["201", "204"]
    assert client.get(f"Patient/{known['id']}").status == 410
    twice = client.post("", bundle("transaction", put(known), put(known)))
    assert twice.status == 400


def test_what_is_no_bundle_is_refused(client: Client):
    for content in (
        patient(),
        bundle("document"),
        {"resourceType": "Bundle", "type": "batch", "entry": 1},
    ):
        assert client.post("", content).status == 400
    assert client.post("", bundle("batch")).status == 200
    too_many = bundle("batch", *([{"request": {}}] * 2001))
    assert client.post("", too_many).status == 413


def test_a_hundred_observations_share_one_moment_and_keep_their_order(client: Client):
    person = patient()
    signs = [pulse(person, value=60 + n % 40) for n in range(100)]
    answer = client.post("", bundle("batch", *(put(each) for each in signs)))
    assert statuses(answer.entries) == ["201"] * 100
    assert len({entry["response"]["lastModified"] for entry in answer.entries}) == 1
    found = client.get(f"Observation?patient={person['id']}&_count=200&_sort=_lastUpdated")
    assert found.ids == [each["id"] for each in signs]


def test_conditional_update_inside_a_batch_and_a_transaction(client: Client, new: str):
    identified = patient(identifier=[{"system": NATIONAL, "value": new}])
    url = f"Patient?identifier={NATIONAL}|{new}"
    bare = {name: value for name, value in identified.items() if name != "id"}
    made = client.post("", bundle("batch", {"resource": identified, **asked("PUT", url)}))
    assert statuses(made.entries) == ["201"]
    urn = f"urn:uuid:{uuid7()}"
    sign = {**pulse(identified), "subject": {"reference": urn}}
    changed = {"fullUrl": urn, "resource": {**bare, "active": True}, **asked("PUT", url)}
    done = client.post("", bundle("transaction", put(sign), changed))
    assert statuses(done.entries) == ["201", "200"]
    subject = client.get(f"Observation/{sign['id']}").json["subject"]["reference"]
    assert subject == f"Patient/{identified['id']}"
    assert client.get(subject).json["active"] is True


def test_conditional_update_in_a_transaction_names_what_it_makes(client: Client, new: str):
    bare = patient(identifier=[{"system": NATIONAL, "value": new}])
    del bare["id"]
    urn = f"urn:uuid:{uuid7()}"
    sign = {**pulse(patient()), "subject": {"reference": urn}}
    url = f"Patient?identifier={NATIONAL}|{new}"
    entry = {"fullUrl": urn, "resource": bare, **asked("PUT", url)}
    assert client.post("", bundle("transaction", entry, put(sign))).status == 200
    subject = client.get(f"Observation/{sign['id']}").json["subject"]["reference"]
    assert client.get(subject).json["identifier"] == bare["identifier"]


def test_entries_that_cannot_be_meant(client: Client):
    answer = client.post(
        "",
        bundle(
            "batch",
            asked("PUT", "Patient/without-content"),
            asked("POST", "Patient/1"),
            asked("POST", "Patient?name=a"),
            asked("PATCH", "Patient/1"),
            {"resource": "text", **asked("POST", "Patient")},
            asked("DELETE", "Patient"),
            {"resource": patient(), **asked("PUT", "Patient?_count=1")},
        ),
    )
    assert statuses(answer.entries) == ["400"] * 7


def asked(method: str, url: str) -> dict:
    return {"request": {"method": method, "url": url}}
