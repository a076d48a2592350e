"""Two names for one thing: our ids and the server's."""

from __future__ import annotations

from workstation.fhir import systems
from workstation.sync.translation import Translation, own_key, with_own_key

NAMES = Translation({"Patient/p": "Patient/17", "Observation/o": "Observation/42"})
READING = {
    "resourceType": "Observation",
    "id": "o",
    "subject": {"reference": "Patient/p", "display": "Patient/p"},
    "derivedFrom": [{"reference": "Observation/o/_history/3"}, {"reference": "Observation/x"}],
}


def test_out_and_in_again_is_the_same() -> None:
    there = NAMES.outgoing(READING)
    assert there["id"] == "42"
    assert there["subject"] == {"reference": "Patient/17", "display": "Patient/p"}
    assert there["derivedFrom"][0] == {"reference": "Observation/42/_history/3"}
    assert NAMES.incoming(there) == READING


def test_with_a_server_that_takes_our_ids_nothing_is_touched() -> None:
    plain = Translation({})
    assert not plain
    assert plain.outgoing(READING) is READING
    assert plain.incoming(READING) is READING
    assert plain.there("Patient/p") == plain.here("Patient/p") == "Patient/p"


def test_what_is_learnt_is_known_both_ways() -> None:
    names = Translation({})
    names.learn("Flag/f", "Flag/9")
    assert names
    assert (names.there("Flag/f"), names.here("Flag/9")) == ("Flag/9", "Flag/f")


def test_the_own_key_is_an_identifier_where_the_type_has_them() -> None:
    keyed = with_own_key(READING)
    assert keyed["identifier"] == [{"system": systems.OWN_ID, "value": "urn:uuid:o"}]
    assert own_key(keyed) == f"identifier={systems.OWN_ID}|urn:uuid:o"
    assert with_own_key(keyed) is keyed


def test_and_a_tag_where_it_has_none() -> None:
    trace = {"resourceType": "Provenance", "id": "v", "meta": {"tag": [{"code": "kept"}]}}
    keyed = with_own_key(trace)
    tags = [{"code": "kept"}, {"system": systems.OWN_ID, "code": "urn:uuid:v"}]
    assert keyed["meta"]["tag"] == tags
    assert with_own_key(keyed)["meta"]["tag"] == tags
    assert own_key(keyed) == f"_tag={systems.OWN_ID}|urn:uuid:v"


def test_the_own_key_stays_what_the_record_was_born_with() -> None:
    born = {"system": systems.OWN_ID, "value": "urn:uuid:elsewhere"}
    pulled = {**READING, "identifier": [{"system": "urn:other", "value": "1"}, born]}
    assert with_own_key(pulled) is pulled
    assert own_key(pulled) == f"identifier={systems.OWN_ID}|urn:uuid:elsewhere"
