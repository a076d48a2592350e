"""F20: an old client meets a newer server, a newer client an old store, an older one a newer.

Refused with a clear message, or migrated; never half.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.earlier_store import BODY, CREATED, NEWER, store_of
from tests.kit.fault_proxy import FaultProxy
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.store import KEY, author, make_store, reopen
from tests.kit.ward import WARD
from tests.kit.ward_terminal import pulse
from workstation.kernel import words
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Damaged, Unavailable
from workstation.store import engine, schema, sync_state
from workstation.sync.capabilities import Capabilities
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport
from workstation.ui.toolkit.messages import explain

pytestmark = pytest.mark.fault

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HospitalProcess]:
    with running(tmp_path_factory.mktemp("hospital"), "--demo") as process:
        Ledger(process).furnish(2)
        yield process


@pytest.fixture
def proxy(hospital: HospitalProcess) -> Iterator[FaultProxy]:
    with FaultProxy(hospital.base) as between:
        yield between


@pytest.fixture
def terminal(proxy: FaultProxy, tmp_path: Path) -> Iterator[LineTerminal]:
    with LineTerminal(tmp_path / "terminal", proxy.base) as one:
        yield one


def each_resource(text: bytes, change: Change) -> bytes:
    """A body with every resource in it changed, however deep it stands."""
    if not text.startswith(b"{"):
        return text
    found = json.loads(text)

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                visit(inner)
            if "resourceType" in value:
                change(value)
        elif isinstance(value, list):
            for inner in value:
                visit(inner)

    visit(found)
    return json.dumps(found, ensure_ascii=False).encode()


def states(proxy: FaultProxy, **fields: Any) -> None:
    """Let the server's CapabilityStatement say something else from now on."""

    def change(resource: dict[str, Any]) -> None:
        if resource["resourceType"] == "CapabilityStatement":
            resource |= fields

    proxy.down = lambda body: each_resource(body, change)


def restarted(terminal: LineTerminal) -> None:
    """The program is started again: it meets the server anew."""
    terminal.engine.stop()
    terminal.engine = terminal.new_engine()


def writes(proxy: FaultProxy) -> list[str]:
    return [
        each.first_line
        for each in proxy.exchanges
        if each.method in ("PUT", "DELETE")
        or (each.method == "POST" and b'"method":"GET"' not in each.body)
    ]


# An old client meets a newer server.


@pytest.mark.parametrize("version", ["4.3.0", "5.0.0", "6.0.0-ballot1", ""])
def test_a_newer_fhir_is_refused_in_words_before_anything_is_sent(
    hospital: HospitalProcess, proxy: FaultProxy, terminal: LineTerminal, version: str
) -> None:
    terminal.sync()
    name = terminal.create(pulse("patient-1"))
    as_of = terminal.status.data_as_of
    here = terminal.content("Patient", "Observation")
    states(proxy, fhirVersion=version)
    restarted(terminal)
    proxy.exchanges.clear()
    assert terminal.try_sync().outcome == "wrong-fhir-version"
    status = terminal.status
    assert (status.unsent, status.link, status.data_as_of) == (1, "offline", as_of)
    assert [each.path for each in proxy.exchanges] == ["/fhir/metadata"]
    assert terminal.content("Patient", "Observation") == here
    for language in words.LANGUAGES:
        words.use(language)
        told = explain(Unavailable("wrong-fhir-version", version=version))
        assert "FHIR R4" in told.line
        assert "wrong-fhir-version" not in told.line
    proxy.down = bytes  # the server is set right
    terminal.sync()
    assert Ledger(hospital).resource(name)
    assert terminal.status.unsent == 0


def test_elements_that_nobody_here_knows_come_and_go_unchanged(
    proxy: FaultProxy, terminal: LineTerminal
) -> None:
    """The server is a later R4 with an element, a value and a type of its own."""
    future = {"futureElement": {"depth": [1, {"two": "ba"}]}, "_birthDate": {"id": "b1"}}

    def add(resource: dict[str, Any]) -> None:
        if resource["resourceType"] == "Patient":
            resource |= future
        if resource["resourceType"] == "CapabilityStatement":
            resource["rest"][0]["resource"].append({"type": "LaterPlan", "versioning": "x"})
        if resource["resourceType"] == "Bundle" and resource["type"] == "searchset":
            plan = {"resourceType": "FuturePlan", "id": "fp1", "for": {"reference": "Patient/x"}}
            plan["meta"] = {"versionId": "1", "lastUpdated": "2026-11-20T07:00:00Z"}
            resource.setdefault("entry", []).append(
                {"resource": plan, "search": {"mode": "include"}}
            )

    def drop(resource: dict[str, Any]) -> None:
        for name in future if resource["resourceType"] == "Patient" else ():
            resource.pop(name, None)

    proxy.down = lambda body: each_resource(body, add)
    proxy.up = lambda body: each_resource(body, drop)
    terminal.sync()
    assert future.items() <= terminal.get("Patient/patient-1").items()
    terminal.edit("Patient/patient-1", birthDate="1950-05-05")
    proxy.exchanges.clear()
    terminal.sync()
    (sent,) = [each for each in proxy.exchanges if each.method == "PUT"]
    assert future.items() <= json.loads(sent.body).items()
    assert terminal.status.unsent == terminal.status.conflicts == terminal.status.parked == 0
    found = terminal.get("Patient/patient-1")
    assert (found["birthDate"], found["futureElement"]) == ("1950-05-05", future["futureElement"])


def test_a_newer_version_of_the_same_program_is_probed_anew_and_goes_on(
    hospital: HospitalProcess, proxy: FaultProxy, terminal: LineTerminal
) -> None:
    states(proxy, extension=[], software={"name": "Other HIS", "version": "6.8"})
    terminal.sync()
    name = terminal.create(pulse("patient-1"))
    states(proxy, extension=[], software={"name": "Other HIS", "version": "7.0"})
    restarted(terminal)
    proxy.exchanges.clear()
    terminal.sync()
    assert any("/Basic" in each.path for each in proxy.exchanges), "it may do other things now"
    assert Ledger(hospital).resource(name)
    with terminal.store.read() as view:
        known = sync_state.remembered(view, terminal.line.base)
    assert known is not None
    assert known.epoch == "Other HIS 7.0"


@pytest.mark.parametrize(
    "fields",
    [
        {"extension": [{"url": "https://x/server-epoch", "valueUuid": "another"}]},
        {"extension": [], "software": {"name": "Another program", "version": "6.8"}},
        {"extension": [], "software": {}},
    ],
    ids=["another-life", "another-program", "says-nothing"],
)
def test_another_database_at_the_same_address_stops_everything(
    proxy: FaultProxy, terminal: LineTerminal, fields: dict[str, Any]
) -> None:
    terminal.sync()
    terminal.create(pulse("patient-1"))
    here = terminal.content("Patient", "Observation")
    states(proxy, **fields)
    restarted(terminal)
    proxy.exchanges.clear()
    assert terminal.try_sync().outcome == "server-restored"
    assert (terminal.status.link, terminal.status.unsent) == ("stopped", 1)
    assert writes(proxy) == []
    assert terminal.content("Patient", "Observation") == here


# A newer client meets an old store, an older client a newer one.


@pytest.mark.parametrize("revision", schema.REVISIONS[:-1])
def test_a_store_of_an_earlier_program_is_migrated_whole_and_syncs(
    hospital: HospitalProcess, tmp_path: Path, revision: str
) -> None:
    ledger = Ledger(hospital)
    there = {key: value for key, value in json.loads(BODY).items() if key != "x"}
    for version in range(8):  # the store knows the seventh: one more has been written since
        ledger.put({**there, "telecom": [{"system": "phone", "value": f"{revision}-{version}"}]})
    store_of(tmp_path, revision)
    store = reopen(tmp_path, clock=SystemClock())
    transport = HttpTransport(hospital.base)
    sync = SyncEngine(store, transport, Scope(WARD), SystemClock(), numbers=())
    made = pulse("patient-1")
    with store.write(author()) as unit:
        unit.create(made)
    assert sync.run_once().complete
    status = sync.status()
    with store.read() as view:
        parked = view.get("Observation", "o1")
        ward = view.get("Patient", "patient-2")
    sync.stop()
    transport.close()
    store.close()
    assert parked is not None
    assert (parked.body, parked.parked) == (CREATED, True), "P2: as it was saved"
    assert (status.unsent, status.parked, status.conflicts) == (1, 1, 0)
    assert ward is not None
    assert ledger.resource(f"Observation/{made['id']}")
    held = ledger.resource("Patient/p1")
    assert held is not None
    assert held["name"] == json.loads(NEWER)["name"], "what waited in the old store has arrived"


def test_a_store_of_a_newer_program_is_refused_in_words_and_untouched(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write(author()) as unit:
        unit.create(pulse("patient-1"))
    store.close()
    opened = engine.open_engine(tmp_path / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("CREATE TABLE of_the_future (a)")
    opened.dispose()
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(Damaged) as caught:
        reopen(tmp_path)
    assert caught.value.code == "newer-store"
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    for language in words.LANGUAGES:
        words.use(language)
        assert "newer-store" not in explain(caught.value).line


def test_what_another_version_has_learnt_of_a_server_is_read_with_care() -> None:
    newer = '{"types":["Patient"],"client_ids":false,"answers_before_asked":true}'
    assert Capabilities.decoded(newer) == Capabilities(("Patient",), client_ids=False)
    older = Capabilities.decoded('{"types":["Patient"],"batch":false}')
    assert (older.batch, older.gzip, older.tells_deletions) == (False, False, False)
