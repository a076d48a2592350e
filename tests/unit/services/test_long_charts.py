"""What a summary reads of a long chart is exactly the newest end of the whole chart."""

from __future__ import annotations

import base64
import random
from datetime import timedelta

import pytest

from tests.kit.store import make_store
from tests.unit.services.chart_data import NOW, PATIENT, desk_of, fill, observation, vital
from workstation.clinical.vital_signs import Sign
from workstation.fhir import vital_signs as mapping
from workstation.kernel.clock import ManualClock
from workstation.services import chart, flowsheet, notes, results, ward_board

SIGNS = (("8867-4", "/min"), ("9279-1", "/min"), ("8310-5", "Cel"), ("29463-7", "kg"))


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    fill(store)
    yield store
    store.close()


def charted(seed):
    """Sets of many hours, in which now and then a sign is missing, doubled or void."""
    chance = random.Random(seed)
    for hour in range(1, 90):
        for code, unit in SIGNS:
            if chance.random() < (0.1 if code == "29463-7" else 0.9):
                for twin in range(1 + (chance.random() < 0.1)):
                    made = vital(f"v{hour}-{code}-{twin}", code, chance.randint(35, 99), unit, hour)
                    void = chance.random() < 0.1
                    yield {**made, "status": "entered-in-error" if void else "final"}


@pytest.mark.parametrize("seed", range(5))
def test_the_newest_sets_are_those_of_the_whole_flowsheet(store, seed):
    fill(store, list(charted(seed)))
    with store.read() as view:
        whole = flowsheet.read_flowsheet(view, PATIENT, NOW)
        newest = flowsheet.read_flowsheet(view, PATIENT, NOW, newest=5)
    assert newest.columns[-5:] == whole.columns[-5:]
    assert len(newest.columns) < len(whole.columns)
    assert newest.now == whole.now
    for sign in Sign:
        assert newest.latest(sign) == whole.latest(sign)
        if sign in whole.curves:
            assert newest.curves[sign].points[-5:] == whole.curves[sign].points[-5:]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("newest", [1, 30, 500])
def test_a_flowsheet_of_the_newest_is_the_end_of_the_whole_one(store, seed, newest):
    fill(store, list(charted(seed)))
    desk = desk_of(store)
    whole, end = (
        flowsheet.flowsheet(desk, PATIENT),
        flowsheet.flowsheet(desk, PATIENT, newest=newest),
    )
    assert end.columns == whole.columns[-newest:]
    assert end.whole == (newest == 500)
    assert whole.whole
    assert end.now == whole.now
    since = end.columns[0].at
    for sign, curve in whole.curves.items():
        points = tuple(point for point in curve.points if point[0] >= since)
        assert points == (end.curves[sign].points if sign in end.curves else ())


def test_every_set_is_found_by_its_codes(store):
    fill(store, [*charted(1), vital("odd", "8867-4", 3, "?"), *foreign_signs()])
    with store.read() as view:
        all_ = [each.resource() for each in view.find("Observation", patient=PATIENT)]
        whole = flowsheet.read_flowsheet(view, PATIENT, NOW)
    assert [column.vitals for column in whole.columns] == mapping.sets(all_)


def foreign_signs():
    """Signs under other codes, in other units, in other places than ours."""
    yield vital("spo2", "2708-6", 93, "%", 100)
    yield vital("pounds", "29463-7", 150, "[lb_av]", 101)
    parts = [
        {"code": vital("", code, 0, "")["code"], "valueQuantity": {"value": mmhg, "code": "mm[Hg]"}}
        for code, mmhg in (("8480-6", 120), ("8462-4", 80))
    ]
    pressure = {**vital("pressure", "85354-9", 0, "", 102), "component": parts}
    del pressure["valueQuantity"]
    yield pressure
    late = vital("issued", "9279-1", 15, "/min")
    del late["effectiveDateTime"]
    yield {**late, "issued": (NOW - timedelta(hours=103)).isoformat()}


def lab(id, code, hours, **more):
    return observation(id, code, 5, hours=hours, category="laboratory", **more)


def test_the_newest_tests_are_those_of_all_results(store):
    chance = random.Random(7)
    made = [lab(f"r{n}", f"T{chance.randint(1, 30)}", chance.randint(1, 40)) for n in range(400)]
    fill(store, made)
    with store.read() as view:
        whole = results.read_results(view, PATIENT)
        newest = results.read_results(view, PATIENT, newest=chart.RESULTS)
    assert len(newest) == chart.RESULTS < len(whole)
    assert [each.latest for each in newest] == [each.latest for each in whole[: chart.RESULTS]]


@pytest.mark.parametrize("seed", range(4))
def test_the_newest_tests_are_all_where_there_are_few(store, seed):
    chance = random.Random(seed)
    names = ({"text": "Kali"}, {"text": "Natri"}, {"coding": [{"code": "GLU"}], "text": "Glucose"})
    own = ({"coding": [{"code": "GLU"}], "text": "Đường"}, {"coding": [{"code": "K"}]})
    made = [lab(f"r{n}", f"T{chance.randint(1, 2)}", chance.randint(1, 40)) for n in range(300)]
    for each in made:
        if chance.random() < 0.02:
            each["code"] = chance.choice([*names, *own])
        if chance.random() < 0.1:
            each["status"] = "cancelled"
        if chance.random() < 0.03:
            del each["effectiveDateTime"]
        if chance.random() < 0.02:
            part = {"code": {"text": "Phần"}, "valueQuantity": {"value": 1}}
            each["component"] = [part, {**part, "code": {"text": f"Phần {seed}"}}]
    fill(store, made)
    with store.read() as view:
        whole = results.read_results(view, PATIENT)
        for newest in (2, 5, 50):
            found = results.read_results(view, PATIENT, newest=newest)
            assert [each.latest for each in found] == [each.latest for each in whole[:newest]]


def test_a_result_without_a_time_is_the_last_and_not_lost(store):
    timeless = {**lab("timeless", "T1", 1)}
    del timeless["effectiveDateTime"]
    fill(store, [timeless, lab("timed", "T2", 50)])
    with store.read() as view:
        found = results.read_results(view, PATIENT)
    assert [each.latest.id for each in found][-1] == "timeless"


def test_a_result_is_one_whichever_of_its_categories_says_so(store):
    desk = desk_of(store)
    before = occupant(desk).new_results
    made = lab("own", "T9", 1)
    made["category"] = [{"coding": [{"code": "CH"}]}, {"coding": [{"code": "LAB"}]}]
    fill(store, [made])
    assert occupant(desk).new_results == before + 1
    assert "own" in {each.latest.id for each in results.results(desk, PATIENT)}


def test_banner_and_board_count_the_same_as_unsent(store):
    desk = desk_of(store)
    with store.write(desk.author) as unit:
        unit.create(vital("mine", "8867-4", 80, "/min"))
    assert chart.summary(desk, PATIENT).banner.unsent == occupant(desk).unsent > 0


def occupant(desk):
    return next(bed.occupant for bed in ward_board.board(desk).beds if bed.occupant)


def written(number):
    """A note; every third says nothing, and two are of one time."""
    at = NOW - timedelta(hours=number // 2)
    content = {"attachment": {"contentType": "text/plain", "data": _encoded(number)}}
    return {
        "resourceType": "DocumentReference",
        "id": f"n{number}",
        "status": "current",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "date": at.isoformat(),
        "content": [content],
    }


def _encoded(number):
    return base64.b64encode((f"Ngày {number}" if number % 3 else " ").encode()).decode()


def test_the_newest_notes_are_those_of_all_notes_that_say_something(store):
    fill(store, [written(number) for number in range(20)])
    whole = [note for note in notes.notes(desk_of(store), PATIENT) if note.text]
    with store.read() as view:
        newest = notes.newest(view, PATIENT, 4)
    assert len(whole) > len(newest) == 4
    assert list(newest) == whole[:4]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("records", [1, 7, 1000])
def test_a_flowsheet_read_in_pieces_is_the_whole_one(store, seed, records):
    fill(store, list(charted(seed)))
    desk = desk_of(store)
    *waits, found = takewhile_none(flowsheet.in_pieces(desk, PATIENT, records=records))
    assert found == flowsheet.flowsheet(desk, PATIENT)
    assert bool(waits) == (records < 1000)


def test_what_is_saved_between_two_pieces_is_in_the_flowsheet(store):
    fill(store, list(charted(4)))
    desk = desk_of(store)
    pieces = flowsheet.in_pieces(desk, PATIENT, records=50)
    before = flowsheet.flowsheet(desk, PATIENT)
    for saved in range(3):
        assert next(pieces) is None
        fill(store, [vital(f"between{saved}", "8867-4", 111, "/min", 100 + saved)])
    *_, found = takewhile_none(pieces)
    assert found == flowsheet.flowsheet(desk, PATIENT)
    assert len(found.columns) == len(before.columns) + 3
    assert next(pieces) is found


def takewhile_none(pieces):
    """All steps up to the first that gives something."""
    for each in pieces:
        yield each
        if each is not None:
            return
