"""A page of the timeline, with its counts, is what reading every whole record gives."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from tests.kit import foreign
from tests.kit.store import make_store
from tests.unit.services.chart_data import NOW, PATIENT, desk_of, fill, observation, record, vital
from workstation.fhir import acknowledgement, summary, vital_signs
from workstation.fhir.compartment import patient_of
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId
from workstation.services import timeline, visits
from workstation.services.timeline import TYPES, Timeline
from workstation.store import changes_since

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    fill(store)
    yield store
    store.close()


def by_whole_records(desk, patient, *, kinds=frozenset(), only_new=False, skip=0, most=100):
    """The timeline by parsing everything, as simply as can be."""
    with desk.store.read() as view:
        since = visits.before(view, desk, patient)
        known = changes_since.since(view, [patient], since, person=desk.reference)
        sets, events = timeline._Sets(), []
        for type_ in TYPES:
            for stored in view.find(type_, patient=patient):
                resource = stored.resource()
                sets.take(stored, resource)
                in_set = any(each.valid for each in vital_signs.read(resource))
                if not in_set and not acknowledgement.is_one(resource):
                    said = summary.summarise(resource)
                    events.append(timeline._event(stored, resource, said))
    news = {(each.type, each.id): each for each in known}

    def new(event):
        found = news.get((event.type, event.id))
        late = event.at is not None and event.at > since
        return found is not None and (late or not found.filled)

    events = [replace(event, new=new(event)) for event in (*events, *sets.events())]
    wanted = [e for e in events if (not kinds or e.kind in kinds) and (e.new or not only_new)]
    wanted.sort(key=lambda e: (e.at.timestamp() if e.at else 0, e.type, e.id), reverse=True)
    kinds_of = dict(Counter(event.kind for event in events))
    shown = tuple(wanted[skip : skip + most])
    return Timeline(shown, len(wanted), kinds_of, since, sum(e.new for e in events))


def assert_same(desk, patient=PATIENT):
    for kinds in (frozenset(), frozenset({"vital-signs"}), frozenset({"finding", "dose"})):
        for only_new in (False, True):
            for skip, most in ((0, 100_000), (0, 7), (5, 10)):
                asked = {"kinds": kinds, "only_new": only_new, "skip": skip}
                whole = by_whole_records(desk, patient, **asked, most=most)
                assert timeline.timeline(desk, patient, **asked, count=most) == whole
    assert timeline.timeline(desk, patient).total > 0


def odd(chance):
    """Observations and doses of every sort that makes the index and the record differ."""
    numbers = count()
    codes = (("8867-4", "/min"), ("8310-5", "Cel"), ("8867-4", "?"), ("2345-7", "mmol/L"))
    for hours in range(40):
        for code, unit in codes:
            made = vital(f"o{next(numbers)}-{chance.randint(0, 9)}", code, 40, unit, hours // 2)
            status = chance.choice(["final", "final", "amended", "entered-in-error", None])
            made["status"] = status
            if status is None:
                del made["status"]
            some = ["survey", "LAB", "fluid-balance", "vital-signs", "exam", "odd"]
            named = chance.sample(some, 2)
            made["category"] = [{"coding": [{"code": name}]} for name in named]
            when = chance.choice(["effectiveDateTime", "issued", "period", "never", "updated"])
            moment = made.pop("effectiveDateTime")
            if when in ("effectiveDateTime", "issued"):
                made[when] = moment
            elif when == "period":
                made["effectivePeriod"] = {"end": moment}
            elif when == "updated":
                made["meta"] = {"lastUpdated": moment}
            if chance.random() < 0.1:
                del made["code"]
            if chance.random() < 0.1:
                del made["category"]
            yield made
        yield dose(f"d{hours}", chance)


def dose(id_, chance):
    moment = (NOW - chance.randint(1, 99) * MINUTE).isoformat()
    when = chance.choice(
        [{"effectiveDateTime": moment}, {"effectivePeriod": {"end": moment}}, {},
         {"effectivePeriod": {"start": moment}}, {"effectiveDateTime": "odd"}]
    )  # fmt: skip
    return {
        "resourceType": "MedicationAdministration",
        "id": id_,
        "status": "completed",
        "subject": {"reference": f"Patient/{PATIENT}"},
        **when,
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_page_and_its_counts_are_those_of_the_whole_records(store, seed):
    fill(store, list(odd(random.Random(seed))))
    assert_same(desk_of(store))


def test_signs_of_one_moment_are_one_line_however_finely_they_tell_it(store):
    finely = [vital("f1", "8867-4", 91, "/min", 30), vital("f2", "8310-5", 38, "Cel", 30)]
    for number, each in enumerate(finely, start=1):
        each["effectiveDateTime"] = (NOW - 30 * MINUTE).isoformat()[:19] + f".00010{number}+00:00"
    fill(store, finely)
    lines = [e for e in timeline.timeline(desk_of(store), PATIENT).events if e.id in ("f1", "f2")]
    assert [(e.vitals.heart_rate, e.vitals.temperature) for e in lines] == [(91, 38)]


def test_what_a_colleague_saved_is_counted_as_new(store):
    desk, colleague = desk_of(store), desk_of(store, name="Vũ Lan", role="nurse")
    fill(store, list(odd(random.Random(7))))
    with store.write(desk.author) as unit:
        visits.note(unit, desk, PATIENT)
    store.clock.advance(timedelta(days=1))
    with store.write(desk.author) as unit:
        visits.note(unit, desk, PATIENT)
    store.clock.advance(MINUTE)
    with store.write(colleague.author) as unit:
        unit.create(vital("n1", "8867-4", 90, "/min", -24), vital("n2", "8310-5", 37, "Cel", -24))
        unit.create(observation("n3", "2345-7", 5, hours=-24, category="laboratory"))
        unit.create(dose("n4", random.Random(1)))
    assert_same(desk)
    assert timeline.timeline(desk, PATIENT).new > 0


def test_the_charts_of_others_are_the_same(store):
    everything = foreign.resources()
    chosen = sorted({r["id"] for r in everything if r["resourceType"] == "Patient"})[:3]
    fill(store, [r for r in everything if patient_of(r) in chosen])
    for patient in chosen:
        assert_same(desk_of(store), PatientId(patient))


def long_stay(chance):
    """Some thousand records of a few kinds, as our own terminals and hospitals write them."""
    for hours in range(400):
        for code, unit in (("8867-4", "/min"), ("8310-5", "Cel"), ("9279-1", "/min")):
            yield vital(f"s{hours}-{code}", code, 37, unit, hours)
        if chance.random() < 0.5:
            yield observation(f"lab{hours}", "2823-3", 4, hours=hours, category="laboratory")
        yield {**dose(f"g{hours}", chance), "effectiveDateTime": hours_ago(hours)}
        if chance.random() < 0.2:
            yield {**record()[-1], "id": f"order{hours}", "authoredOn": hours_ago(hours)}


def hours_ago(hours):
    return (NOW - timedelta(hours=hours)).isoformat()


def without_period(resource):
    return {key: value for key, value in resource.items() if key != "effectivePeriod"}


@pytest.mark.parametrize("seed", range(2))
def test_what_shows_at_once_is_the_first_page_of_all(store, seed):
    fill(store, [without_period(each) for each in long_stay(random.Random(seed))])
    desk = desk_of(store)
    first, whole = timeline.newest(desk, PATIENT), timeline.timeline(desk, PATIENT)
    assert (first.whole, whole.whole) == (False, True)
    assert len(first.events) == timeline.PAGE < whole.total
    assert first.events == whole.events
    assert first.since == whole.since


def test_a_short_stay_is_whole_at_once(store):
    fill(store, list(odd(random.Random(3))))
    desk = desk_of(store)
    assert timeline.newest(desk, PATIENT) == timeline.timeline(desk, PATIENT)
