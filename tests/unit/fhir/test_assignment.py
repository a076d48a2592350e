"""Who cares for a patient, in participants of the Encounter."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.shifts import Shift
from workstation.fhir import assignment
from workstation.fhir.json import dump

HANOI = timezone(timedelta(hours=7))
START = datetime(2026, 11, 20, 7, 0, tzinfo=HANOI)
SHIFT = Shift(START, START + timedelta(hours=12), 0)
NEXT = Shift(SHIFT.end, SHIFT.end + timedelta(hours=12), 1)
MAI, LAN = ("n1", "Lê Thị Mai"), ("n2", "Nguyễn Thị Lan")
STAY = {"resourceType": "Encounter", "id": "e1", "status": "in-progress"}
ATTENDING = {"type": [{"coding": [{"code": "ATND"}]}], "individual": {"display": "BS Quân"}}


def names(stay, at):
    return [each.name for each in assignment.read(stay) if each.cares(at)]


def test_golden() -> None:
    stay = assignment.assigned(STAY, [MAI], SHIFT, at=START)
    assert dump(stay) == (
        '{"resourceType":"Encounter","id":"e1","status":"in-progress","participant":[{"type":'
        '[{"coding":[{"system":"https://ward-workstation.example/fhir/CodeSystem/participant",'
        '"code":"assigned-nurse","display":"Assigned nurse"}]}],"period":'
        '{"start":"2026-11-20T07:00:00+07:00","end":"2026-11-20T19:00:00+07:00"},'
        '"individual":{"reference":"Practitioner/n1","display":"Lê Thị Mai"}}]}'
    )


def test_a_shift_ends_by_itself_and_the_next_one_has_its_own_nurse() -> None:
    stay = assignment.assigned(STAY, [MAI], SHIFT, at=START)
    stay = assignment.assigned(stay, [LAN], NEXT, at=START)
    assert names(stay, START) == ["Lê Thị Mai"]
    assert names(stay, SHIFT.end) == ["Nguyễn Thị Lan"]
    assert names(stay, NEXT.end) == []
    assert names(stay, START - timedelta(seconds=1)) == []


def test_who_hands_over_in_the_middle_stays_in_the_record_until_then() -> None:
    stay = assignment.assigned(STAY, [MAI], SHIFT, at=START)
    noon = START + timedelta(hours=5)
    stay = assignment.assigned(stay, [LAN], SHIFT, at=noon)
    assert names(stay, noon - timedelta(minutes=1)) == ["Lê Thị Mai", "Nguyễn Thị Lan"]
    assert names(stay, noon) == ["Nguyễn Thị Lan"]
    assert [each.id for each in assignment.of_shift(stay, SHIFT)] == ["n2"]
    back = assignment.assigned(stay, [MAI], SHIFT, at=noon)
    assert [each.id for each in assignment.of_shift(back, SHIFT)] == ["n1"]


def test_what_is_taken_back_before_it_began_never_held() -> None:
    stay = assignment.assigned(STAY, [MAI], NEXT, at=START)
    stay = assignment.assigned(stay, [], NEXT, at=START)
    assert names(stay, NEXT.start) == []
    assert assignment.of_shift(stay, NEXT) == ()


def test_others_in_the_list_and_unknown_elements_survive() -> None:
    before = {**STAY, "participant": [ATTENDING], "x": 1}
    kept = deepcopy(before)
    stay = assignment.assigned(before, [MAI], SHIFT, at=START)
    assert before == kept
    assert stay["participant"][0] == ATTENDING
    assert stay["x"] == 1
    assert [each.id for each in assignment.read(stay)] == ["n1"]


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from([MAI, LAN, ("n3", "Trần Hoa")]), unique=True),
            st.sampled_from([SHIFT, NEXT]),
            st.integers(0, 23 * 60),
        )
    )
)
def test_the_last_decision_about_a_shift_holds(decisions) -> None:
    stay, last = STAY, {}
    for chosen, shift, minutes in sorted(decisions, key=lambda each: each[2]):
        at = START + timedelta(minutes=minutes)
        if at < shift.end:
            stay = assignment.assigned(stay, chosen, shift, at=at)
            last[shift] = {own for own, _ in chosen}
    for shift, wanted in last.items():
        assert {each.id for each in assignment.of_shift(stay, shift)} == wanted
        end = (shift.end - timedelta(seconds=1)).astimezone(UTC)
        assert {each.id for each in assignment.read(stay) if each.cares(end)} == wanted
