"""F05: a change of a list never lands on the wrong element, whatever is added or removed beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import Outage, Terminal
from workstation.sync.merge import Merged, merge

OWNERS = [f"{system} {use}" for system in ("phone", "email") for use in ("home", "work", "mobile")]
numbers = st.dictionaries(st.sampled_from(OWNERS), st.sampled_from("123"), max_size=6)


def person(telecoms: dict[str, str]) -> dict[str, Any]:
    made = [
        {"system": owner.split()[0], "use": owner.split()[1], "value": value}
        for owner, value in telecoms.items()
    ]
    return {"resourceType": "Patient", "id": "p"} | ({"telecom": made} if made else {})


def owners(resource: dict[str, Any]) -> dict[str, str]:
    return {f"{t['system']} {t['use']}": t["value"] for t in resource.get("telecom", [])}


@pytest.mark.fault
@settings(max_examples=300, deadline=None)
@given(numbers, numbers, numbers)
def test_f05_each_number_is_what_one_side_made_of_that_very_number(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    outcome = merge(person(base), person(mine), person(theirs))
    if not isinstance(outcome, Merged):
        return
    assert outcome.resource is not None
    result = owners(outcome.resource)
    for owner in OWNERS:
        changed = mine if mine.get(owner) != base.get(owner) else theirs
        assert result.get(owner) == changed.get(owner)


def edit(terminal: Terminal, type_: str, id_: str, **elements: Any) -> None:
    with terminal.store.write(terminal.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.update({**seen.resource(), **elements}, seen=seen)


@pytest.mark.fault
def test_f05_removed_here_and_changed_behind_it_there(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 5)
    first, second = outage.all
    home, mobile = first.resources()["Patient/anh"]["telecom"]
    edit(first, "Patient", "anh", telecom=[mobile])
    edit(second, "Patient", "anh", telecom=[home, {**mobile, "value": "0903"}])
    outage.calm_down()
    for terminal in outage.all:
        assert terminal.resources()["Patient/anh"]["telecom"] == [{**mobile, "value": "0903"}]
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_f05_doses_of_an_order_are_never_put_together_from_two_hands(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 5)
    first, second = outage.all
    steps = [{"sequence": 1, "text": "5 mg"}, {"sequence": 2, "text": "10 mg"}]
    edit(first, "MedicationRequest", "order-anh", dosageInstruction=steps)
    edit(second, "MedicationRequest", "order-anh", dosageInstruction=[{"text": "2 mg"}])
    first.sync()
    second.sync()
    current = second.resources()["MedicationRequest/order-anh"]["dosageInstruction"]
    assert current == steps
    outage.close()


@pytest.mark.fault
def test_f05_remarks_of_both_stay(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 5)
    for terminal in outage.all:
        outage.edit(terminal, "allergy remark", "binh")
    outage.calm_down()
    for terminal in outage.all:
        notes = terminal.resources()["AllergyIntolerance/allergy-binh"]["note"]
        assert sorted(note["text"] for note in notes) == ["v000v", "v001v"]
    outage.close()
