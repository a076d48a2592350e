"""A field finds, reads and gives its own part of a resource, and touches nothing else."""

from __future__ import annotations

from workstation.fhir import fields
from workstation.fhir.fields import BY_VALUE, Field

PATIENT = {
    "resourceType": "Patient",
    "telecom": [
        {"system": "phone", "use": "home", "value": "1"},
        {"system": "phone", "use": "work", "value": "2"},
    ],
    "deceasedBoolean": False,
    "_deceasedBoolean": {"id": "x"},
    "meta": {"versionId": "3", "tag": [{"system": "s", "code": "a"}]},
}


def entry(value: object, *by: str) -> Field:
    key = fields.entry_key(value, by)
    assert key is not None
    return Field("telecom", ("telecom",), by, key)


def test_a_choice_is_read_and_taken_with_its_variants() -> None:
    field = Field("deceased", ("deceased",))
    target = {"resourceType": "Patient", "deceasedDateTime": "2026", "gender": "male"}
    fields.take(target, field, PATIENT)
    assert target == {
        "resourceType": "Patient",
        "gender": "male",
        "deceasedBoolean": False,
        "_deceasedBoolean": {"id": "x"},
    }


def test_taking_what_the_source_has_not_removes_it() -> None:
    target = {"deceasedBoolean": True}
    fields.take(target, Field("deceased", ("deceased",)), {})
    assert target == {}


def test_an_entry_is_found_by_its_key_and_replaced_in_its_place() -> None:
    source = {"telecom": [{"system": "phone", "use": "home", "value": "9"}]}
    target = {"telecom": list(PATIENT["telecom"])}
    fields.take(target, entry(PATIENT["telecom"][0], "system", "use"), source)
    assert [t["value"] for t in target["telecom"]] == ["9", "2"]


def test_an_entry_that_is_gone_is_removed_and_a_new_one_goes_to_the_end() -> None:
    field = entry(PATIENT["telecom"][0], "system", "use")
    target = {"telecom": list(PATIENT["telecom"])}
    fields.take(target, field, {"telecom": []})
    assert [t["value"] for t in target["telecom"]] == ["2"]
    fields.take(target, field, PATIENT)
    assert [t["value"] for t in target["telecom"]] == ["2", "1"]
    fields.take(target, field, {})
    fields.take(target, entry(PATIENT["telecom"][1], "system", "use"), {})
    assert target == {}


def test_a_list_inside_meta() -> None:
    tag = PATIENT["meta"]["tag"][0]
    key = fields.entry_key(tag, BY_VALUE)
    field = Field("meta.tag", ("tag",), BY_VALUE, key or "", "meta")
    target: dict[str, object] = {}
    fields.take(target, field, PATIENT)
    assert target == {"meta": {"tag": [tag]}}
    assert fields.read(target, field) == tag
    assert fields.read({"meta": "broken"}, field) is None


def test_keys_must_be_there_and_single() -> None:
    assert fields.keyed([{"url": "a"}, {"url": "a"}], ("url",)) is None
    assert fields.keyed([{"value": "a"}], ("url",)) is None
    assert fields.keyed("text", ("url",)) is None
    assert fields.read({"telecom": "text"}, entry({"use": "home"}, "use")) is None


def test_a_dotted_path_goes_through_a_single_entry_only() -> None:
    assert fields.entry_key({"a": [{"b": 1}]}, ("a.b",)) == fields.entry_key(
        {"a": {"b": 1}}, ("a.b",)
    )
    assert fields.entry_key({"a": [{"b": 1}, {"b": 2}]}, ("a.b",)) is None


def test_stems() -> None:
    assert fields.stem("valueQuantity") == fields.stem("_valueString") == "value"
    assert fields.stem("_birthDate") == "birthDate"
    assert fields.stem("valueSet") == "valueSet"
