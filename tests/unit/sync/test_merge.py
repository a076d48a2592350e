"""The laws of the merge, on any three versions, and what they mean for single records."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.fhir import fields, json, stays, systems
from workstation.sync.merge import Clash, Merged, changed, merge
from workstation.sync.policy import POLICY, Group, Guarded, rule

# --- any version of a patient -------------------------------------------------------------------

few = st.sampled_from
numbers = few([Decimal("1.1"), Decimal("1.10"), Decimal("2"), 2, Decimal("37.50")])


def entries(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(choices), min_size=1, max_size=3)


PATIENT_ELEMENTS: dict[str, st.SearchStrategy[Any]] = {
    "gender": few(["male", "female"]),
    "birthDate": few(["1950-01-01", "1951-02-02"]),
    "_birthDate": few([{"extension": [{"url": "x", "valueCode": "about"}]}]),
    "name": entries(family=few(["Nguyễn", "Trần"]), use=few(["official"])),
    "active": st.booleans(),
    "deceasedBoolean": st.booleans(),
    "deceasedDateTime": few(["2026-11-01"]),
    "multipleBirthInteger": few([1, 2]),
    "maritalStatus": few([{"text": "a"}, {"text": "b"}]),
    "telecom": entries(
        system=few(["phone", "email"]), use=few(["home", "work"]), value=few(["1", "2", "3"])
    ),
    "identifier": entries(system=few(["a", "b"]), value=few(["1", "2"])),
    "extension": entries(url=few(["u", "v"]), valueDecimal=numbers),
    "generalPractitioner": entries(reference=few(["Practitioner/1", "Practitioner/2"])),
    "unknownToAll": few([{"deep": [Decimal("1.10")]}, {"deep": [Decimal("1.1")]}, {"deep": []}]),
    "photo": entries(id=few(["p", "q"]), title=few(["front", "side"])),
    "meta": st.fixed_dictionaries(
        {"versionId": few(["1", "2"])},
        optional={
            "tag": entries(system=few(["t"]), code=few(["1", "2"])),
            "profile": st.lists(few(["p1", "p2"]), min_size=1, max_size=2),
        },
    ),
    "text": few([{"status": "generated", "div": "a"}, {"status": "additional", "div": "b"}]),
}

patients = st.fixed_dictionaries(
    {"resourceType": st.just("Patient"), "id": st.just("p")}, optional=PATIENT_ELEMENTS
)


@st.composite
def edited(draw: st.DrawFn, base: dict[str, Any], most: int = 3) -> dict[str, Any]:
    """A version that differs from its base in a few elements, as edits do."""
    resource = copy.deepcopy(base)
    for name in draw(st.lists(few(sorted(PATIENT_ELEMENTS)), max_size=most)):
        value = draw(st.none() | PATIENT_ELEMENTS[name])
        if value is None:
            resource.pop(name, None)
        elif isinstance(value, list) and name in resource and draw(st.booleans()):
            resource[name] = [*resource[name], *value]
        else:
            resource[name] = value
    return resource


@st.composite
def three(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    base = draw(patients)
    return base, draw(edited(base)), draw(edited(base))


def says(one: Any, other: Any) -> bool:
    return json.equal(one, other)


def order_free(resource: dict[str, Any]) -> str:
    return json.canonical(resource)


laws = settings(max_examples=100, deadline=None)


@laws
@given(three())
def test_law_an_unchanged_side_gives_the_other(versions: Any) -> None:
    base, mine, theirs = versions
    for outcome, expected in ((merge(base, mine, base), mine), (merge(base, base, theirs), theirs)):
        assert isinstance(outcome, Merged)
        assert outcome.resource is not None
        assert says(outcome.resource, expected)


@laws
@given(three())
def test_law_the_same_change_on_both_sides_is_that_change(versions: Any) -> None:
    base, mine, _ = versions
    outcome = merge(base, mine, copy.deepcopy(mine))
    assert isinstance(outcome, Merged)
    assert outcome.resource is not None
    assert says(outcome.resource, mine)
    assert outcome.mine == ()


@laws
@given(three())
def test_law_it_does_not_matter_which_side_is_which(versions: Any) -> None:
    base, mine, theirs = versions
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert type(one) is type(other)
    if isinstance(one, Merged) and isinstance(other, Merged):
        assert one.resource is not None
        assert other.resource is not None
        assert order_free(one.resource) == order_free(other.resource)
    elif isinstance(one, Clash) and isinstance(other, Clash):
        assert set(one.fields) == set(other.fields)
        assert set(one.mine) == set(other.theirs)


@laws
@given(three())
def test_law_merging_again_changes_nothing(versions: Any) -> None:
    base, mine, theirs = versions
    outcome = merge(base, mine, theirs)
    if isinstance(outcome, Merged):
        assert outcome.resource is not None
        for again in (merge(theirs, outcome.resource, theirs), merge(mine, mine, outcome.resource)):
            assert isinstance(again, Merged)
            assert again.resource is not None
            assert says(again.resource, outcome.resource)


@laws
@given(three())
def test_law_no_changed_value_is_lost(versions: Any) -> None:
    base, mine, theirs = versions
    outcome = merge(base, mine, theirs)
    for side, other in ((mine, theirs), (theirs, mine)):
        for field in changed(base, side):
            value = fields.read(side, field)
            if isinstance(outcome, Clash):
                touched = outcome.mine if side is mine else outcome.theirs
                whole_list = replace(field, by=None, key="")  # when a key stands in it twice
                assert field in touched or whole_list in touched
                continue
            assert outcome.resource is not None
            result = fields.read(outcome.resource, field)
            kept = fields.same(result, value)
            reordered = field.by is None and not fields.same(
                fields.read(other, field), fields.read(base, field)
            )
            assert kept or (reordered and _holds_all(outcome.resource, side, field))


def _holds_all(result: dict[str, Any], side: dict[str, Any], field: fields.Field) -> bool:
    """Whether a list whose order one side changed still has that side's entries."""
    element = field.elements[0]
    holder = result.get("meta", {}) if field.inside else result
    source = side.get("meta", {}) if field.inside else side
    found = [json.canonical({"v": entry}) for entry in holder.get(element, [])]
    return bool(found) or not source.get(element)


@laws
@given(three())
def test_law_nothing_appears_that_nobody_wrote(versions: Any) -> None:
    base, mine, theirs = versions
    outcome = merge(base, mine, theirs)
    if isinstance(outcome, Merged) and outcome.resource is not None:
        for name, value in outcome.resource.items():
            sources = [side.get(name) for side in (mine, theirs)]
            if isinstance(value, list) and name != "name":
                for entry in value:
                    assert any(entry in source for source in sources if source)
            elif name != "meta":
                assert value in sources


@laws
@given(three())
def test_law_the_versions_themselves_are_not_touched(versions: Any) -> None:
    before = copy.deepcopy(versions)
    merge(*versions)
    assert versions == before


@laws
@given(three())
def test_law_the_server_s_meta_and_generated_narrative_never_clash(versions: Any) -> None:
    outcome = merge(*versions)
    if isinstance(outcome, Clash):
        assert all(f.name != "meta" for f in outcome.fields)
        texts = [v.get("text", {}).get("status") for v in versions]
        assert "additional" in texts or all(f.name != "text" for f in outcome.fields)


# --- single records -----------------------------------------------------------------------------

PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"family": "Nguyễn", "given": ["Văn", "An"]}],
    "gender": "male",
    "birthDate": "1950-01-01",
    "telecom": [
        {"system": "phone", "use": "home", "value": "024 1"},
        {"system": "phone", "use": "mobile", "value": "090 1"},
    ],
}


def but(resource: dict[str, Any], **elements: Any) -> dict[str, Any]:
    result = copy.deepcopy(resource)
    for name, value in elements.items():
        if value is None:
            result.pop(name)
        else:
            result[name] = value
    return result


def merged(base: Any, mine: Any, theirs: Any) -> dict[str, Any]:
    outcome = merge(base, mine, theirs)
    assert isinstance(outcome, Merged)
    assert outcome.resource is not None
    return outcome.resource


def clash(base: Any, mine: Any, theirs: Any) -> Clash:
    outcome = merge(base, mine, theirs)
    assert isinstance(outcome, Clash)
    return outcome


def names(found: tuple[fields.Field, ...]) -> set[str]:
    return {field.name for field in found}


def test_different_elements_are_both_taken() -> None:
    result = merged(PATIENT, but(PATIENT, maritalStatus={"text": "M"}), but(PATIENT, language="vi"))
    assert result["maritalStatus"] == {"text": "M"}
    assert result["language"] == "vi"


def test_one_element_changed_differently_clashes_with_that_field() -> None:
    outcome = clash(PATIENT, but(PATIENT, language="vi"), but(PATIENT, language="en"))
    assert names(outcome.fields) == {"language"}
    assert outcome.reason == "both-changed"


def test_a_clinical_group_is_one_value_even_if_the_fields_differ() -> None:
    order = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "medicationCodeableConcept": {"text": "Morphine"},
        "dosageInstruction": [{"text": "5 mg"}],
    }
    outcome = clash(
        order, but(order, status="stopped"), but(order, dosageInstruction=[{"text": "10 mg"}])
    )
    assert names(outcome.fields) == {"drug-prescription"}
    assert rule("MedicationRequest").deciders["drug-prescription"] == ("doctor",)


def test_a_remark_does_not_hold_up_the_stop_of_a_drug() -> None:
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "active"}
    result = merged(order, but(order, status="stopped"), but(order, note=[{"text": "late"}]))
    assert result["status"] == "stopped"
    assert result["note"] == [{"text": "late"}]


def test_two_kinds_of_value_x_are_one_element() -> None:
    patient = but(PATIENT, deceasedBoolean=False)
    outcome = clash(
        patient,
        but(patient, deceasedBoolean=True),
        but(patient, deceasedBoolean=None, deceasedDateTime="2026-11-01"),
    )
    assert names(outcome.fields) == {"deceased"}


def test_a_primitive_extension_belongs_to_its_element() -> None:
    about = {"extension": [{"url": "x", "valueCode": "about"}]}
    base = but(PATIENT, language="vi")
    outcome = clash(base, but(base, _language=about), but(base, language="en"))
    assert names(outcome.fields) == {"language"}


def test_decimals_compare_by_value_and_local_digits_stay() -> None:
    base = {"resourceType": "Observation", "id": "o", "valueQuantity": {"value": Decimal("1.10")}}
    theirs = but(base, valueQuantity={"value": Decimal("1.1")}, note=[{"text": "seen"}])
    result = merged(base, base, theirs)
    assert str(result["valueQuantity"]["value"]) == "1.10"


def test_a_differing_subject_is_a_hard_stop() -> None:
    base = {"resourceType": "Flag", "id": "f", "subject": {"reference": "Patient/a"}}
    mine = but(base, note=[{"text": "x"}])
    theirs = but(base, subject={"reference": "Patient/b"})
    outcome = clash(base, mine, theirs)
    assert outcome.reason == "other-subject"
    assert names(outcome.fields) == {"subject"}


def test_a_death_does_not_merge_with_a_change_of_identity() -> None:
    outcome = clash(PATIENT, but(PATIENT, deceasedBoolean=True), but(PATIENT, gender="female"))
    assert names(outcome.fields) == {"deceased", "patient-identity"}
    assert merged(PATIENT, but(PATIENT, deceasedBoolean=True), but(PATIENT, language="vi"))[
        "deceasedBoolean"
    ]


def test_a_discharge_does_not_merge_with_a_care_level_given_meanwhile() -> None:
    stay = {"resourceType": "Encounter", "id": "e", "status": "in-progress"}
    level = [{"url": systems.CARE_LEVEL, "valueCode": "1"}]
    assert "extension" in names(
        clash(stay, but(stay, status="finished"), but(stay, extension=level)).fields
    )


def test_two_moves_out_of_one_bed_clash() -> None:
    def place(bed: str, status: str = "active") -> dict[str, Any]:
        return {
            "location": {"reference": f"Location/{bed}"},
            "status": status,
            "period": {"start": "2026-11-20T08:00:00+07:00"},
        }

    stay = {"resourceType": "Encounter", "id": "e", "location": [place("1")]}
    left = {**place("1", "completed"), "period": {**place("1")["period"], "end": "now"}}
    later = {**left, "period": {**left["period"], "end": "later"}}
    outcome = clash(
        stay, but(stay, location=[left, place("2")]), but(stay, location=[later, place("3")])
    )
    assert names(outcome.fields) == {"location"}
    assert len(outcome.mine) == 2


@pytest.mark.parametrize(("seconds", "asked"), [(0, False), (1, True)])
def test_one_move_said_twice_asks_only_where_its_time_differs(seconds: int, asked: bool) -> None:
    """Two times of one move are two statements: to keep one would lose the other."""
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    stay: dict[str, Any] = {"resourceType": "Encounter", "id": "e", "status": "in-progress"}
    stay["location"] = [stays.place_entry("1", "01", "active", start)]
    then = start + timedelta(hours=1)
    here = stays.moved(stay, "2", display="02", at=then)
    there = stays.moved(stay, "2", display="02", at=then + timedelta(seconds=seconds))
    outcome = merge(stay, here, there)
    assert isinstance(outcome, Clash) is asked
    if isinstance(outcome, Merged):
        assert outcome.resource == here
        assert not outcome.mine


def test_lists_without_a_key_are_one_value() -> None:
    base = but(PATIENT, unknown=[1, 2])
    outcome = clash(base, but(base, unknown=[1, 2, 3]), but(base, unknown=[2]))
    assert names(outcome.fields) == {"unknown"}


def test_entries_with_an_id_are_matched_by_it_in_any_list() -> None:
    base = but(PATIENT, photo=[{"id": "a", "title": "1"}, {"id": "b", "title": "1"}])
    mine = but(base, photo=[{"id": "b", "title": "1"}])
    theirs = but(base, photo=[{"id": "a", "title": "1"}, {"id": "b", "title": "2"}])
    assert merged(base, mine, theirs)["photo"] == [{"id": "b", "title": "2"}]


def test_an_entry_removed_here_and_changed_there_clashes_and_names_the_entry() -> None:
    theirs = copy.deepcopy(PATIENT)
    theirs["telecom"][0]["value"] = "024 2"
    outcome = clash(PATIENT, but(PATIENT, telecom=PATIENT["telecom"][1:]), theirs)
    assert [fields.read(theirs, f)["value"] for f in outcome.fields] == ["024 2"]


def test_an_order_changed_on_both_sides_clashes() -> None:
    base = but(PATIENT, generalPractitioner=[{"id": n} for n in "abc"])
    mine = but(PATIENT, generalPractitioner=[{"id": n} for n in "bac"])
    theirs = but(PATIENT, generalPractitioner=[{"id": n} for n in "acb"])
    assert names(clash(base, mine, theirs).fields) == {"generalPractitioner"}


def test_a_type_that_nobody_thought_of_is_one_value() -> None:
    base = {"resourceType": "Coverage", "id": "c", "status": "active"}
    outcome = clash(base, but(base, status="draft"), but(base, order=2))
    assert names(outcome.fields) == {"whole-record"}


def test_created_on_both_sides_the_same_is_one() -> None:
    assert merged(None, PATIENT, copy.deepcopy(PATIENT)) == PATIENT


def test_deleted_on_one_side_only_is_deleted() -> None:
    for outcome in (merge(PATIENT, None, PATIENT), merge(PATIENT, PATIENT, None)):
        assert isinstance(outcome, Merged)
        assert outcome.resource is None
    assert merge(PATIENT, None, None) == Merged(None)


def test_deleted_here_and_changed_there_is_for_a_person() -> None:
    newer = but(PATIENT, gender="female")
    here, there = clash(PATIENT, None, newer), clash(PATIENT, newer, None)
    assert (here.reason, there.reason) == ("deleted-here", "deleted-there")
    assert names(here.theirs) == names(there.mine) == {"patient-identity"}


def test_a_generated_narrative_stays_only_where_it_still_is_true() -> None:
    told = but(PATIENT, text={"status": "generated", "div": "<div>An</div>"})
    theirs = but(told, language="vi", text={"status": "generated", "div": "<div>An vi</div>"})
    assert merged(told, told, theirs)["text"]["div"] == "<div>An vi</div>"
    assert "text" not in merged(told, but(told, maritalStatus={"text": "M"}), theirs)


def test_versions_of_two_records_are_refused() -> None:
    with pytest.raises(ValueError, match="two different records"):
        merge(PATIENT, PATIENT, but(PATIENT, id="q"))


@pytest.mark.parametrize("row", POLICY, ids=lambda row: f"{row.type}-{type(row).__name__}")
def test_every_row_of_the_policy_says_why(row: Any) -> None:
    assert len(row.because.split()) >= 3
    if isinstance(row, Group):
        assert "-" in row.name
    if isinstance(row, Guarded):
        known = rule(row.type)
        assert all("-" not in name or name in known.groups for name in row.fields)


def test_no_element_is_in_two_groups_of_a_type() -> None:
    seen: set[tuple[str, str]] = set()
    for row in POLICY:
        if isinstance(row, Group):
            places = {(row.type, element) for element in row.elements}
            assert not places & seen
            seen |= places
            assert all(fields.stem(element) == element for element in row.elements)


def test_a_narrative_by_a_person_that_one_side_took_out_stays_out() -> None:
    plain = {"resourceType": "Patient", "id": "p"}
    told = {**plain, "text": {"status": "additional", "div": "b"}}
    for mine, theirs in ((told, plain), (plain, told)):
        outcome = merge(told, mine, theirs)
        assert isinstance(outcome, Merged)
        assert outcome.resource == plain


def test_a_nursing_plan_ended_here_and_changed_there_is_for_a_person() -> None:
    base = {"resourceType": "CarePlan", "id": "c", "status": "active", "activity": [{"x": 1}]}
    ended = but(base, status="completed")
    found = clash(base, ended, but(base, activity=[{"x": 1}, {"x": 2}]))
    assert names(found.fields) == {"nursing-plan"}
    remark = but(base, note=[{"text": "thêm"}])
    assert merged(base, ended, remark)["status"] == "completed"
