"""What the server answers is not what was asked: nothing of it is believed, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hospital.wire import Request, Response
from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.store import KEY
from tests.kit.tampering import Refusing, Tampering, is_batch_of, json_of
from tests.kit.ward_terminal import Terminal, pulse
from workstation.store import parking, rescue
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME

pytestmark = pytest.mark.fault

LOCK = Lock(b"k" * 32, b"s" * 16)


@pytest.fixture
def tampering(hospital: HospitalDouble) -> Tampering:
    return Tampering(hospital)


@pytest.fixture
def terminal(tampering: Tampering, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal that has synced once, behind answers that can be tampered with."""
    one = Terminal(tmp_path / "terminal", tampering)
    one.sync()
    yield one
    one.close()


def delete(terminal: Terminal, reference: str) -> None:
    type_, _, id_ = reference.partition("/")
    with terminal.store.write(terminal.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)


def creates(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/Observation")


def test_answers_in_another_order_never_change_owners(
    hospital: HospitalDouble, tampering: Tampering, terminal: Terminal
) -> None:
    one = terminal.create(pulse("patient-1", value=61))
    two = terminal.create(pulse("patient-2", "stay-2", value=142))

    def swapped(request: Request, answer: Any) -> Any:
        if is_batch_of(request, "PUT"):
            for entry in answer["entry"]:
                place = entry["response"]["location"].partition("/_history")[0]
                entry["resource"] = hospital.resource("/".join(place.split("/")[-2:]))
                assert entry["resource"]
            answer["entry"].reverse()
        return answer

    tampering.change = swapped
    terminal.try_sync()
    tampering.change = None
    assert terminal.get(one)["valueQuantity"]["value"] == 61
    assert terminal.get(two)["valueQuantity"]["value"] == 142
    terminal.sync()
    assert terminal.status.unsent == 0
    assert terminal.get(one)["subject"]["reference"] == "Patient/patient-1"
    assert len(hospital.versions(one)) == len(hospital.versions(two)) == 1


def test_what_is_set_back_to_an_old_value_is_not_taken_for_an_old_answer(
    hospital: HospitalDouble, terminal: Terminal, tmp_path: Path
) -> None:
    """1950 was corrected to 1951, and back again; a colleague meanwhile writes 1952."""
    other = Terminal(tmp_path / "other", hospital, 2)
    first = terminal.get("Patient/patient-1")["birthDate"]
    terminal.edit("Patient/patient-1", birthDate="1951-01-01")
    terminal.sync()
    other.sync()
    terminal.edit("Patient/patient-1", birthDate=first)
    other.edit("Patient/patient-1", birthDate="1952-01-01")
    other.sync()
    terminal.sync()
    assert terminal.status.conflicts == 1
    other.close()


@pytest.mark.parametrize("status", [409, 412])
def test_a_create_that_always_meets_something_parks_alone(
    hospital: HospitalDouble, tmp_path: Path, status: int
) -> None:
    refusing = Refusing(hospital, "none", status)
    terminal = Terminal(tmp_path / "t", refusing)
    terminal.sync()
    good = terminal.create(pulse("patient-1"))
    refusing.reference = terminal.create(pulse("patient-1", value=99))
    for _ in range(4):
        terminal.engine.sync_now()
        terminal.sync()
    assert refusing.refused < 20, "it hammers the server"
    assert good in hospital.resources()
    assert terminal.status.unsent == terminal.status.parked == 1
    with terminal.store.read() as view:
        assert "still in use" in parking.parked(view)[0].outcome
    terminal.close()


@pytest.mark.parametrize("status", [409, 451, 500])
def test_a_delete_that_is_refused_parks_alone_with_its_reason(
    hospital: HospitalDouble, tmp_path: Path, status: int
) -> None:
    refusing = Refusing(hospital, "none", status)
    terminal = Terminal(tmp_path / "t", refusing)
    terminal.sync()
    refusing.reference = terminal.create(pulse("patient-1"))
    refused, refusing.reference = refusing.reference, "none"
    terminal.sync()
    refusing.reference = refused
    delete(terminal, refused)
    good = terminal.create(pulse("patient-1", value=72))
    for _ in range(8):
        terminal.engine.sync_now()
        terminal.sync()
    assert good in hospital.resources()
    assert terminal.status.unsent == terminal.status.parked == 1
    with terminal.store.read() as view:
        assert "still in use" in parking.parked(view)[0].outcome
    terminal.close()


def test_a_next_link_that_leads_in_a_circle_ends(tampering: Tampering, terminal: Terminal) -> None:
    asked = []

    def circle(request: Request, answer: Any) -> Any:
        asked.append(1)
        if len(asked) > 300:
            raise AssertionError("it runs in a circle")
        url = f"http://hospital.test{request.path}?{request.query}"
        for bundle in [answer, *(e.get("resource", {}) for e in answer.get("entry", []))]:
            if bundle.get("resourceType") == "Bundle" and bundle.get("type") in (
                "searchset",
                "history",
            ):
                at = url if bundle is answer else "http://hospital.test/fhir/Observation"
                bundle["link"] = [{"relation": "next", "url": at}]
        return answer

    tampering.change = circle
    report = terminal.try_sync()
    assert not report.complete
    assert report.outcome == "not-fhir"


def test_a_search_that_ignores_what_it_was_asked_gives_nobody_elses_record(
    hospital: HospitalDouble, tmp_path: Path
) -> None:
    """Servers leave out search parameters that they do not know, and answer with everything."""
    hospital.behaviour = Behaviour(refuses_client_ids=404)
    tampering = Tampering(hospital)
    terminal = Terminal(tmp_path / "t", tampering)
    terminal.sync()
    theirs = pulse("patient-2", "stay-2", value=40)
    hospital.ask("POST", "Observation", {k: v for k, v in theirs.items() if k != "id"})
    name = terminal.create(pulse("patient-1", value=80))
    hospital.lose_requests(1, creates)
    terminal.try_sync()

    def everything(request: Request, answer: Any) -> Any:
        if request.path.endswith("/Observation") and "identifier=" in request.query:
            found = hospital.ask("GET", "Observation")
            return found.body
        return answer

    tampering.change = everything
    terminal.try_sync()
    tampering.change = None
    terminal.try_sync()
    assert terminal.get(name)["valueQuantity"]["value"] == 80
    assert terminal.status.conflicts == 0
    values = {
        r["valueQuantity"]["value"]
        for n, r in hospital.resources().items()
        if n.startswith("Observation/")
    }
    assert values == {40, 80}
    terminal.close()


def test_an_update_of_a_record_without_a_version_never_goes_unguarded(
    hospital: HospitalDouble, tmp_path: Path
) -> None:
    def without_version(request: Request, answer: Any) -> Any:
        for entry in answer.get("entry", []):
            inner = entry.get("resource") or {}
            for one in [inner, *(e.get("resource") or {} for e in inner.get("entry", []))]:
                if one.get("resourceType") == "Patient":
                    one.pop("meta", None)
        return answer

    tampering = Tampering(hospital, without_version)
    terminal = Terminal(tmp_path / "t", tampering)
    terminal.sync()
    colleague = Terminal(tmp_path / "c", hospital, 2)
    colleague.sync()
    colleague.edit("Patient/patient-1", telecom=[{"system": "phone", "value": "0900"}])
    terminal.edit("Patient/patient-1", maritalStatus={"text": "M"})
    colleague.sync()
    terminal.try_sync()
    held = hospital.resource("Patient/patient-1")
    assert held is not None
    assert held.get("telecom") == [{"system": "phone", "value": "0900"}]
    terminal.close()
    colleague.close()


def test_what_was_deleted_before_its_first_answer_came_is_deleted_there_too(
    hospital: HospitalDouble, tmp_path: Path
) -> None:
    hospital.behaviour = Behaviour(refuses_client_ids=404)
    terminal = Terminal(tmp_path / "t", hospital)
    terminal.sync()
    name = terminal.create(pulse("patient-1", value=80))
    hospital.lose_answers(1, creates)
    terminal.try_sync()
    assert any(n.startswith("Observation/") for n in hospital.resources())
    delete(terminal, name)
    terminal.sync()
    terminal.sync()
    assert not any(n.startswith("Observation/") for n in hospital.resources())
    assert terminal.content("Observation") == {}
    terminal.close()


DEEP = b'{"resourceType":"Bundle","type":"searchset","entry":[{"resource":' + b'{"a":[' * 60_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DEEP, id="deep"),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"id":"\xff\xfe"}}]}', id="utf8"
        ),
        pytest.param(b'{"resourceType":"Bundle","entry":{"a":1}}', id="object"),
        pytest.param(b'{"resourceType":"Bundle","entry":[null,7]}', id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'{"resourceType":"Bundle","entry":[{"resource":[]}]}', id="inner-list"),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":5}}]}',
            id="number-id",
        ),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"x","meta":{"versionId":"1","lastUpdated":"0001-01-01T00:00:00Z"}}}]}',
            id="year-1",
        ),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"x","meta":{"versionId":"1","lastUpdated":"9999-12-31T23:59:59-14:00"}}}]}',
            id="year-9999",
        ),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"patient-1","name":"\\ud800","meta":{"versionId":"7"}}}]}',
            id="surrogate",
        ),
        pytest.param(
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"patient-1","name":"\xff","meta":{"versionId":"7"}}}]}',
            id="utf8-inside",
        ),
    ],
)
def test_strange_answers_never_stop_the_loop_with_a_bug(
    tampering: Tampering, terminal: Terminal, body: bytes
) -> None:
    name = terminal.create(pulse("patient-1"))
    tampering.change = lambda request, answer: (
        body
        if request.method == "GET" and request.path.endswith("/Patient/_history")
        else _inside(answer, body)
    )
    report = terminal.try_sync()
    assert report.outcome in ("not-fhir", "complete"), report
    tampering.change = None
    terminal.sync()
    assert terminal.status.unsent == 0
    assert terminal.has(name)


def _inside(answer: Any, body: bytes) -> Any:
    for entry in answer.get("entry", []):
        inner = entry.get("resource") or {}
        if inner.get("resourceType") == "Bundle" and inner.get("type") in ("history", "searchset"):
            entry["resource"] = msgspec.Raw(body)
    return answer


def test_a_circle_over_which_the_server_stumbles_stops_nothing_else(
    hospital: HospitalDouble, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path / "t", hospital)
    terminal.sync()
    one, other = pulse("patient-1"), pulse("patient-1")
    one["derivedFrom"] = [{"reference": f"Observation/{other['id']}"}]
    other["derivedFrom"] = [{"reference": f"Observation/{one['id']}"}]
    terminal.create(one)
    terminal.create(other)
    for _ in range(8):
        hospital.when(stumbles_over, lambda _request: Response(500, {}, b""))
        terminal.engine.sync_now()
        terminal.sync()
    assert terminal.status.unsent == terminal.status.parked == 2
    terminal.close()


def stumbles_over(request: Request) -> bool:
    return json_of(request).get("type") == "transaction"


def test_a_bundle_taken_in_by_two_terminals_overwrites_nobody(
    hospital: HospitalDouble, tmp_path: Path
) -> None:
    """The rescued reading was sent by one terminal and amended before another one sends it."""
    hospital.behaviour = Behaviour(ignores_if_none_match=True)
    lost = Terminal(tmp_path / "lost", hospital, 1)
    name = lost.create(pulse("patient-1", value=77))
    bundle = tmp_path / "rescued.ward"
    rescue.export(lost.store.folder / FILE_NAME, KEY, bundle, LOCK)
    lost.close()
    heirs = [Terminal(tmp_path / f"heir-{number}", hospital, number) for number in (2, 3)]
    for heir in heirs:
        heir.sync()
        with heir.store.write(heir.author) as unit:
            assert rescue.import_(unit, bundle, LOCK).taken == [name]
    heirs[0].sync()
    heirs[0].edit(name, status="amended")
    heirs[0].sync()
    heirs[1].sync()
    held = hospital.resource(name)
    assert held is not None
    assert held["status"] == "amended"
    assert len(hospital.versions(name)) == 2
    assert heirs[1].get(name)["status"] == "amended"
    for heir in heirs:
        heir.close()
