"""What a hostile tester broke once: each test is one attack, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hospital.wire import FHIR_JSON, Request, Response
from tests.kit.hospital_double import HospitalDouble
from tests.kit.tampering import OUTCOME, is_batch_of, json_of
from tests.kit.ward_terminal import Terminal, pulse
from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import ManualClock

pytestmark = pytest.mark.fault


def test_an_edit_during_a_batch_over_which_the_server_stumbles_is_sent_too(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    names = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(4)]

    def stumble(_request: Request) -> Response:
        terminal.edit(names[1], status="amended")
        return Response(500, {"Content-Type": FHIR_JSON}, dump_bytes(OUTCOME))

    hospital.when(lambda request: is_batch_of(request, "PUT"), stumble)
    terminal.try_sync()
    terminal.sync()
    assert terminal.get(names[1])["status"] == "amended"
    assert terminal.status.unsent == 0
    held = hospital.resource(names[1])
    assert held is not None
    assert held["status"] == "amended"


def test_a_create_whose_answer_was_lost_does_not_undo_a_colleagues_deletion(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    mine, colleague = terminals(1), terminals(2)
    mine.sync()
    colleague.sync()
    name = mine.create(pulse("patient-1"))
    hospital.lose_answers(1, lambda request: is_batch_of(request, "PUT") or request.method == "PUT")
    assert not mine.try_sync().complete
    colleague.sync()
    type_, _, id_ = name.partition("/")
    with colleague.store.write(colleague.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)
    colleague.sync()
    assert hospital.resource(name) is None
    mine.sync()
    mine.sync()
    assert hospital.resource(name) is None
    assert not mine.has(name)
    assert mine.status.unsent == 0


@pytest.mark.parametrize("brings", ["the old version", "nothing"])
def test_an_update_that_is_answered_and_not_done_is_not_taken_for_sent(
    hospital: HospitalDouble, terminal: Terminal, brings: str
) -> None:
    name = terminal.create(pulse("patient-1"))
    terminal.sync()
    terminal.edit(name, status="amended")
    old = hospital.resource(name) if brings == "the old version" else OUTCOME
    assert old is not None

    def nod(_request: Request) -> Response:
        return Response(200, {"Content-Type": FHIR_JSON}, dump_bytes(old))

    for _ in range(9):
        hospital.when(lambda request: request.method == "PUT", nod)
    for _ in range(3):
        terminal.sync()
        assert terminal.get(name)["status"] == "amended"
        assert terminal.status.unsent == 1
        terminal.clock.advance(timedelta(minutes=1))
    assert terminal.status.parked == 1, "a person hears of it"


def test_short_answers_in_another_order_never_change_owners(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    """Some servers answer without the resource; where each answer belongs, its location says."""
    names = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(4)]
    hospital.behaviour.refuses = '"value":61'

    def turned(request: Request) -> Response:
        answer = json_of(Request("POST", "", "", {}, hospital._habitual(request).body))
        for entry in answer["entry"]:
            entry.pop("resource", None)
        answer["entry"] = answer["entry"][1:] + answer["entry"][:1]
        return Response(200, {"Content-Type": FHIR_JSON}, dump_bytes(answer))

    hospital.when(lambda request: is_batch_of(request, "PUT"), turned)
    terminal.try_sync()
    terminal.try_sync()
    with terminal.store.read() as view:
        waiting = {
            name for name in names if (e := view.get(*name.split("/"))) is not None and e.pending
        }
    there = {name for name in names if hospital.resource(name) is not None}
    assert waiting == set(names) - there


def test_a_change_far_back_in_the_queue_is_not_laid_on_a_server_that_was_set_back(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    """Its number was given anew meanwhile; with many changes waiting before it, none looked."""
    mine, colleague = terminals(1), terminals(2)
    mine.sync()
    colleague.sync()
    names = [mine.create(pulse("patient-1", value=50 + n)) for n in range(40)]
    mine.sync()
    colleague.sync()
    target = names[20]
    tick(hospital, mine, colleague)
    backup = hospital.snapshot()
    colleague.edit(target, note=[{"text": "first history"}])
    colleague.sync()
    mine.sync()
    hospital.restore(backup)
    tick(hospital, mine, colleague)
    held = hospital.resource(target)
    assert held is not None
    hospital.ask("PUT", target, {**held, "note": [{"text": "second history"}]})
    for name in [*names[:18], target]:
        mine.edit(name, status="amended")
    report = mine.try_sync()
    held = hospital.resource(target)
    assert held is not None
    assert held["note"] == [{"text": "second history"}]
    assert report.outcome == "server-restored"


def test_a_history_whose_next_page_has_run_out_hides_no_change(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    """Newest first: the pages that do not come are older than the newest change that did."""
    mine, colleague = terminals(1), terminals(2)
    names = [colleague.create(pulse("patient-1", value=50 + n)) for n in range(9)]
    colleague.sync()
    mine.sync()
    hospital.behaviour.page_limit = 4
    for name in names:
        tick(hospital)
        colleague.edit(name, status="amended")
        colleague.sync()

    def run_out(_request: Request) -> Response:
        return Response(410, {"Content-Type": FHIR_JSON}, dump_bytes(OUTCOME))

    hospital.when(lambda r: r.method == "GET" and r.path.endswith("/_history"), run_out)
    mine.sync()
    assert [mine.get(name)["status"] for name in names] == ["amended"] * len(names)


def test_a_correction_made_while_the_mistake_is_refused_is_sent(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    hospital.behaviour.refuses = '"value":61'
    names = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(3)]
    good = dict(terminal.get(names[1])["valueQuantity"], value=71)

    def correct(request: Request) -> Response:
        terminal.edit(names[1], valueQuantity=good)
        return hospital._habitual(request)

    hospital.when(lambda request: is_batch_of(request, "PUT"), correct)
    terminal.sync()
    held = hospital.resource(names[1])
    assert held is not None
    assert held["valueQuantity"]["value"] == 71
    assert terminal.status.unsent == 0


def test_a_write_that_was_answered_without_a_time_is_missed_by_its_number(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    name = terminal.create(pulse("patient-1"))
    terminal.sync()
    tick(hospital, terminal)
    backup = hospital.snapshot()

    def timeless(request: Request) -> Response:
        answer = hospital._habitual(request)
        content = json_of(Request("POST", "", "", {}, answer.body))
        content.get("meta", {}).pop("lastUpdated", None)
        return Response(answer.status, {"Content-Type": FHIR_JSON}, dump_bytes(content))

    terminal.edit(name, status="amended")
    hospital.when(lambda request: request.method == "PUT", timeless)
    terminal.engine.run_once()
    hospital.restore(backup)
    tick(hospital, terminal)
    terminal.edit(name, note=[{"text": "later"}])
    report = terminal.try_sync()
    assert report.outcome == "server-restored"


def test_data_pulled_under_a_fast_clock_is_not_fresh_when_it_is_put_right(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    now = terminal.clock.now()
    terminal.clock.advance(timedelta(hours=3))
    terminal.sync()
    hospital.down = True
    terminal.clock.advance(timedelta(hours=-1))
    terminal.try_sync()
    assert terminal.clock.now() > now
    assert terminal.status.age(terminal.clock.now()) == "red"
    hospital.down = False
    terminal.sync()
    assert terminal.status.age(terminal.clock.now()) == "fresh"


def tick(hospital: HospitalDouble, *terminals: Terminal) -> None:
    for clock in (hospital.clock, *(each.clock for each in terminals)):
        assert isinstance(clock, ManualClock)
        clock.advance(timedelta(minutes=1))
