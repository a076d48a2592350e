"""Reading Bundles and NDJSON of others: what is inside, and where exactly it is broken."""

import gzip
import json

import pytest

from hospital.loading import load
from hospital.reading import read_files, unbundled
from hospital.service import Hospital
from tests.kit import foreign
from workstation.fhir.json import equal, parse
from workstation.kernel.errors import Refused

PATIENT = {"resourceType": "Patient", "id": "p1"}
FLAG = {"resourceType": "Flag", "id": "f1", "subject": {"reference": "Patient/p1"}}


def bundle(kind, *entries):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def refusal(*paths):
    with pytest.raises(Refused) as refused:
        list(read_files(paths))
    assert refused.value.code == "not-fhir"
    return refused.value.data


@pytest.mark.parametrize(
    "kind", ["collection", "transaction", "batch", "searchset", "document", "history"]
)
def test_bundles_of_every_type(kind):
    found = list(unbundled(bundle(kind, {"resource": PATIENT}, {"resource": FLAG})))
    assert sorted(r["id"] for r in found) == ["f1", "p1"]


def test_the_newest_version_of_a_history_comes_last():
    newest = {**PATIENT, "active": True}
    entries = ({"resource": newest}, {"request": {"method": "DELETE"}}, {"resource": PATIENT})
    assert list(unbundled(bundle("history", *entries)))[-1] == newest


def test_references_inside_a_bundle_become_local():
    urn = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
    other = "https://elsewhere.example/fhir/Practitioner/7"
    content = bundle(
        "transaction",
        {"fullUrl": urn, "resource": {"resourceType": "Patient"}},
        {"fullUrl": other, "resource": {"resourceType": "Practitioner", "id": "7"}},
        {
            "resource": {
                "resourceType": "Observation",
                "id": "o1",
                "subject": {"reference": urn},
                "performer": [{"reference": other}, {"reference": "Practitioner/8"}],
                "valueString": urn,
            }
        },
    )
    patient, _, observation = unbundled(content)
    assert patient["id"] == urn.removeprefix("urn:uuid:")
    assert observation["subject"] == {"reference": f"Patient/{patient['id']}"}
    assert observation["performer"] == [
        {"reference": "Practitioner/7"},
        {"reference": "Practitioner/8"},
    ]
    assert observation["valueString"] == urn


def test_what_is_about_the_answer_is_left_out():
    outcome = {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}}
    match = {"resource": PATIENT, "search": {"mode": "match"}}
    assert list(unbundled(bundle("searchset", outcome, match, "odd", {"resource": 7}))) == [PATIENT]
    assert list(unbundled({"resourceType": "Bundle", "entry": "odd"})) == []


def test_files_of_every_kind_in_a_folder(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.json").write_text(json.dumps(bundle("collection", {"resource": PATIENT})))
    (tmp_path / "b.ndjson").write_text(f"{json.dumps(FLAG)}\n\n{json.dumps(PATIENT)}\n")
    (tmp_path / "README.md").write_text("not data")
    with gzip.open(inner / "c.ndjson.gz", "wt") as target:
        target.write(json.dumps(FLAG))
    (inner / "d.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(PATIENT).encode())
    assert [r["id"] for r in read_files([tmp_path])] == ["p1", "f1", "p1", "f1", "p1"]


def test_decimal_digits_survive(tmp_path):
    (tmp_path / "a.json").write_text('{"resourceType":"Observation","x":1.10}')
    [found] = read_files([tmp_path / "a.json"])
    assert str(found["x"]) == "1.10"


def test_the_broken_line_is_named(tmp_path):
    path = tmp_path / "a.ndjson"
    path.write_text(f"{json.dumps(PATIENT)}\n{{broken\n")
    assert refusal(path) == {"file": "a.ndjson", "line": 2, "reason": "not-json"}


@pytest.mark.parametrize("text", ['{"id": "x"}', '{"resourceType": 7}'])
def test_json_that_is_no_fhir(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    assert refusal(path) == {"file": "a.json", "line": 1, "reason": "no-resource"}


@pytest.mark.parametrize("text", ["", "[]", "<html>", "7", "{" * 100_000])
def test_text_that_is_no_object(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    if text:
        assert refusal(path)["reason"] == "not-json"
    else:
        assert list(read_files([path])) == []


def test_a_gzip_cut_in_half(tmp_path):
    whole = gzip.compress("\n".join([json.dumps(PATIENT)] * 5000).encode())
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path)["reason"] == "damaged-gzip"
    path.write_bytes(b"no gzip at all")
    assert refusal(path) == {"file": "a.ndjson.gz", "line": 0, "reason": "damaged-gzip"}


def test_nothing_there(tmp_path):
    assert refusal(tmp_path)["reason"] == "nothing-to-load"
    assert refusal(tmp_path / "missing.json")["reason"] == "no-such-file"


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_all_data_of_others_is_loaded_unharmed():
    hospital = Hospital("sqlite://", demo=True)
    try:
        told = []
        loaded = load(hospital.database, read_files([foreign.folder()]), told.append)
        assert (loaded.stored, loaded.unusable) == (len(foreign.resources()), 0)
        assert told[-1] == loaded.stored
        with hospital.database.read() as view:
            for resource in foreign.resources()[::97]:
                stored = view.current(resource["resourceType"], resource["id"])
                assert equal(parse(stored.body), resource)
    finally:
        hospital.close()
