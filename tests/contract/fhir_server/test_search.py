"""Contract: search, paging, includes, compartments, ``$everything``."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.contract.fhir_server.conftest import Client
from tests.contract.fhir_server.people import (
    LOINC,
    NATIONAL,
    bundle,
    patient,
    place,
    pulse,
    put,
    stay,
)


@pytest.fixture
def person(client: Client) -> dict:
    made = patient(identifier=[{"system": NATIONAL, "value": "0" + patient()["id"][-11:]}])
    client.put(made)
    return made


def test_by_name_without_diacritics_and_any_part(client: Client):
    made = patient(name=[{"family": "Nguyễn", "given": ["Đình", "Thiện Quỳnh"]}])
    client.put(made)
    for query in ("name=nguyen", "name=dinh", "name=THIEN", "name=thiện q", "family=ngu"):
        found = client.get(f"Patient?{quote(query, safe='=')}&_id={made['id']}")
        assert found.ids == [made["id"]], query
    assert client.get(f"Patient?name=quynh&_id={made['id']}").ids == []
    assert client.get(f"Patient?name:contains=quynh&_id={made['id']}").ids == [made["id"]]
    assert client.get(f"Patient?family:exact=ng&_id={made['id']}").ids == []


def test_by_identifier_with_and_without_system(client: Client, person: dict):
    value = person["identifier"][0]["value"]
    assert client.get(f"Patient?identifier={NATIONAL}|{value}").ids == [person["id"]]
    assert client.get(f"Patient?identifier={value}").ids == [person["id"]]
    assert client.get(f"Patient?identifier=http://other|{value}").ids == []
    assert client.get(f"Patient?identifier=|{value}").ids == []


def test_by_ids(client: Client):
    people = [patient() for _ in range(3)]
    for each in people:
        client.put(each)
    wanted = ",".join(each["id"] for each in people[:2])
    assert sorted(client.get(f"Patient?_id={wanted},nobody").ids) == sorted(
        each["id"] for each in people[:2]
    )


@pytest.mark.parametrize("name", ["patient", "subject", "subject:Patient"])
@pytest.mark.parametrize("form", ["{id}", "Patient/{id}", "{base}/Patient/{id}"])
def test_by_reference_in_every_form(client: Client, person: dict, name: str, form: str):
    made = pulse(person)
    client.put(made)
    value = form.format(id=person["id"], base=client.base)
    assert client.get(f"Observation?{name}={value}").ids == [made["id"]]


def test_by_what_is_referred_to(client: Client, person: dict):
    """Chained parameters, over one reference and over two."""
    bed = place("bd")
    where = {"location": [{"location": {"reference": f"Location/{bed['id']}"}}]}
    of_stay, without = stay(person, bed["id"]) | where, pulse(person)
    made = pulse(person) | {"encounter": {"reference": f"Encounter/{of_stay['id']}"}}
    for each in (bed, of_stay, made, without):
        assert client.put(each).status == 201
    identifier = person["identifier"][0]
    known = f"{identifier['system']}|{identifier['value']}"
    both = {made["id"], without["id"]}
    for chain in ("subject:Patient", "patient"):
        assert set(client.get(f"Observation?{chain}.identifier={known}").ids) == both, chain
        assert client.get(f"Observation?{chain}.identifier={known}x").ids == []
    assert client.get(f"Observation?encounter:Encounter.location._id={bed['id']}").ids == [
        made["id"]
    ]
    person_of = f"encounter:Encounter.subject:Patient.identifier={known}"
    assert client.get(f"Observation?status=final&{person_of}").ids == [made["id"]]
    for refused in (
        "subject.family=x",
        "code.text=x",
        "subject:Patient.nothing=x",
        "subject:Nothing._id=x",
        "encounter:Encounter.subject:Patient.general-practitioner:Practitioner.name=x",
    ):
        assert client.get(f"Observation?{refused}").status == 400, refused


def test_by_code_category_status_and_their_absence(client: Client, person: dict):
    made = pulse(person)
    client.put(made)
    of = f"patient={person['id']}"
    for query in (
        f"code={LOINC}|8867-4",
        "code=8867-4",
        f"code={LOINC}|",
        "code=1-8,8867-4",
        "category=vital-signs",
        "status=final",
        "status:not=amended",
        "encounter:missing=true",
    ):
        assert client.get(f"Observation?{of}&{query}").ids == [made["id"]], query
    for query in ("code=9279-1", "status:not=final", "code:missing=true", "category=laboratory"):
        assert client.get(f"Observation?{of}&{query}").ids == [], query


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date=2026-11-20", True),
        ("date=2026-11", True),
        ("date=eq2026-11-20T07:30:00%2B07:00", True),
        ("date=eq2026-11-20T00:30:00Z", True),
        ("date=ge2026-11-20T07:30:00%2B07:00", True),
        ("date=gt2026-11-20T07:30:00%2B07:00", False),
        ("date=lt2026-11-20", False),
        ("date=le2026-11-20T07:30:00%2B07:00", True),
        ("date=ge2026-11-19&date=lt2026-11-21", True),
        ("date=ne2026-11-20", False),
        ("date=sa2026-11-19", True),
        ("date=eb2026-11-20", False),
    ],
)
def test_by_date(client: Client, person: dict, query: str, found: bool):
    made = pulse(person)
    client.put(made)
    ids = client.get(f"Observation?patient={person['id']}&{query}").ids
    assert ids == ([made["id"]] if found else [])


def test_a_stay_without_an_end_goes_on(client: Client, person: dict):
    bed = place("bd")
    made = stay(person, bed["id"])
    client.put(made)
    of = f"Encounter?patient={person['id']}"
    assert client.get(f"{of}&date=ge2030").ids == [made["id"]]
    assert client.get(f"{of}&date=lt2026-11-01").ids == []
    assert client.get(f"{of}&status=in-progress&class=IMP").ids == [made["id"]]
    assert client.get(f"{of}&location={bed['id']}").ids == [made["id"]]


def test_pages_have_everything_once_in_order(client: Client, person: dict):
    made = [pulse(person, at=f"2026-11-20T{hour:02}:00:00+07:00") for hour in range(11)]
    client.post("", bundle("batch", *(put(each) for each in made)))
    of = f"Observation?patient={person['id']}"
    for order, expected in (
        ("", [each["id"] for each in made]),
        ("&_sort=date", [each["id"] for each in made]),
        ("&_sort=-date", [each["id"] for each in reversed(made)]),
        ("&_sort=_lastUpdated", [each["id"] for each in made]),
        ("&_sort=status,-date", [each["id"] for each in reversed(made)]),
        ("&_sort=_id", sorted(each["id"] for each in made)),
    ):
        pages = list(client.pages(f"{of}&_count=4{order}"))
        assert [len(page.ids) for page in pages] == [4, 4, 3], order
        assert [id_ for page in pages for id_ in page.ids] == expected, order


def test_links_stay_here_and_stay_good(client: Client, person: dict):
    made = [pulse(person) for _ in range(5)]
    for each in made:
        client.put(each)
    first = client.get(f"Observation?patient={person['id']}&_count=2&_sort=_lastUpdated")
    assert first.link("self").startswith(client.base)
    assert first.link("next").startswith(client.base)
    client.put({**made[0], "status": "amended"})
    rest = [id_ for page in client.pages(first.link("next")) for id_ in page.ids]
    assert rest == [*(each["id"] for each in made[2:]), made[0]["id"]]
    assert client.get(first.link("next")).ids == [made[2]["id"], made[3]["id"]]


def test_by_last_updated(client: Client, person: dict):
    first, second = pulse(person), pulse(person)
    client.put(first)
    at = client.put(second).json["meta"]["lastUpdated"]
    of = f"Observation?patient={person['id']}"
    assert client.get(f"{of}&_lastUpdated=ge{at}").ids == [second["id"]]
    assert client.get(f"{of}&_lastUpdated=gt{at}").ids == []
    assert client.get(f"{of}&_lastUpdated=lt{at}").ids == [first["id"]]


def test_counts_and_totals(client: Client, person: dict):
    for _ in range(3):
        client.put(pulse(person))
    of = f"Observation?patient={person['id']}"
    counted = client.get(f"{of}&_summary=count")
    assert (counted.json["total"], counted.entries) == (3, [])
    assert client.get(f"{of}&_count=0").json["total"] == 3
    assert client.get(f"{of}&_count=1&_total=accurate").json["total"] == 3


def test_several_patients_in_one_search(client: Client, person: dict):
    another, third = patient(), patient()
    client.put(another)
    client.put(third)
    mine, hers = pulse(person), pulse(another)
    for each in (mine, hers, pulse(third)):
        client.put(each)
    these = f"Observation?patient=Patient/{person['id']},{another['id']},Patient/nobody"
    assert {each["resource"]["id"] for each in client.get(these).entries} == {
        mine["id"],
        hers["id"],
    }
    assert client.get(f"{these}&_summary=count").json["total"] == 2
    assert client.get("Observation?patient=Patient/nobody,Patient/none").entries == []


def test_only_the_elements_asked_for(client: Client, person: dict):
    client.put(pulse(person))
    found = client.get(f"Observation?patient={person['id']}&_elements=id,meta,status")
    resource = found.entries[0]["resource"]
    assert set(resource) == {"resourceType", "id", "meta", "status"}
    assert resource["meta"]["versionId"] == "1"
    assert resource["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_includes_are_marked_and_not_counted(client: Client, person: dict):
    ward = place("wa")
    bed = place("bd", ward["id"])
    made = stay(person, bed["id"])
    sign = pulse(person, encounter={"reference": f"Encounter/{made['id']}"})
    for each in (ward, bed, made, sign):
        client.put(each)
    found = client.get(
        f"Encounter?_id={made['id']}&_include=Encounter:patient&_include=Encounter:location"
        "&_revinclude=Observation:encounter"
    )
    assert found.ids == [made["id"]]
    assert found.json["total"] == 1
    extra = {
        entry["resource"]["id"] for entry in found.entries if entry["search"]["mode"] == "include"
    }
    assert extra == {person["id"], bed["id"], sign["id"]}
    assert client.get(f"Location?partof={ward['id']}").ids == [bed["id"]]


def test_search_by_post(client: Client, person: dict):
    form = f"identifier={person['identifier'][0]['value']}&gender=female".encode()
    found = client.post("Patient/_search", form, content_type="application/x-www-form-urlencoded")
    assert found.ids == [person["id"]]


def test_a_patients_compartment(client: Client, person: dict):
    mine, others = pulse(person), pulse(patient())
    client.put(mine)
    client.put(others)
    assert client.get(f"Patient/{person['id']}/Observation").ids == [mine["id"]]
    assert client.get(f"Patient/{person['id']}/Observation?code=nothing").ids == []


def test_everything_of_a_patient(client: Client, person: dict):
    bed = place("bd")
    made = stay(person, bed["id"])
    signs = [pulse(person) for _ in range(5)]
    for each in (bed, made, *signs, pulse(patient())):
        client.put(each)
    pages = list(client.pages(f"Patient/{person['id']}/$everything?_count=3"))
    assert len(pages) == 3
    ids = [id_ for page in pages for id_ in page.ids]
    assert ids == [person["id"], made["id"], *(each["id"] for each in signs)]
    extra = {entry["resource"]["id"] for page in pages for entry in page.entries} - set(ids)
    assert extra == {bed["id"]}
    only = client.get(f"Patient/{person['id']}/$everything?_type=Encounter")
    assert [entry["resource"]["id"] for entry in only.entries] == [made["id"]]
    again = client.get(f"Patient/{person['id']}/$everything?_type=" + "Encounter," * 2_000)
    assert [each["fullUrl"] for each in again.json["entry"]] == [
        each["fullUrl"] for each in only.json["entry"]
    ]
    assert client.get(f"Patient/{person['id']}/$everything?_type=Encounter,Ward").status == 400
    assert client.get("Patient/nobody/$everything").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "Patient?unheard=of",
        "Patient?name:sounds=like",
        "Patient?birthdate=yesterday",
        "Patient?birthdate=2026-02-30",
        "Patient?_count=many",
        "Patient?_sort=unheard",
        "Patient?_include=Patient:unheard",
        "Patient?_summary=text",
        "Patient?_after=garbage",
        "Observation?code:missing=perhaps",
        "Patient/_history?_since=once",
        "Patient/_history?unheard=of",
    ],
)
def test_what_is_not_understood_is_refused(client: Client, query: str):
    answer = client.get(query)
    assert answer.status == 400
    assert answer.json["resourceType"] == "OperationOutcome"
    assert answer.json["issue"][0]["diagnostics"]


def test_lenient_leaves_out_what_is_not_understood(client: Client, person: dict):
    found = client.get(f"Patient?unheard=of&_id={person['id']}", prefer="handling=lenient")
    assert found.ids == [person["id"]]
    assert "unheard" not in found.link("self")


def test_dates_of_timings_periods_and_repeated_events(client: Client, person: dict):
    sign = pulse(person)
    del sign["effectiveDateTime"]
    sign["effectiveTiming"] = {"event": ["2026-11-20T08:00:00+07:00", "2026-11-22"]}
    client.put(sign)
    of = f"Observation?patient={person['id']}"
    assert client.get(f"{of}&date=2026-11-22").ids == [sign["id"]]
    assert client.get(f"{of}&date=2026-11-21").ids == []


def test_telecom_address_and_escaped_values(client: Client):
    made = patient(
        telecom=[{"system": "phone", "value": "0912,345"}],
        address=[{"line": ["12 Lý Thường Kiệt"], "city": "Huế"}],
    )
    client.put(made)
    of = f"Patient?_id={made['id']}"
    for query in (
        "telecom=phone|0912\\,345",
        "address=hue",
        "address=12 ly thuong",
        "active:missing=true",
    ):
        assert client.get(f"{of}&{quote(query, safe='=')}").ids == [made["id"]], query
    assert client.get(f"{of}&telecom=0912").ids == []
