"""F14 with the tools of a PostgreSQL: dumped, written on, lost, restored into a new database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess
from tests.kit.postgres import PostgresServer, name_of
from tests.kit.ward import patient, places, stay
from tests.kit.ward_terminal import Terminal, pulse
from workstation.fhir.json import canonical, dump_bytes, parse
from workstation.kernel.clock import SystemClock
from workstation.sync.pull.guard import PRECISION
from workstation.sync.transport import HttpTransport

pytestmark = pytest.mark.fault


class Hospital:
    """The server's process, its database, and whoever looks after both."""

    def __init__(self, postgres: PostgresServer, folder: Path) -> None:
        self._postgres = postgres
        self._folder = folder
        self.process = HospitalProcess(folder / "hospital", database=postgres.create())
        self.process.start()
        people = [{"resourceType": "Practitioner", "id": f"nurse-{n}"} for n in (1, 2)]
        for resource in (*places(1), *people, patient(1), stay(1)):
            path = f"/fhir/{resource['resourceType']}/{resource['id']}"
            answer = self.process.handle(Request("PUT", path, "", {}, dump_bytes(resource)))
            assert answer.status == 201

    def dump(self) -> Path:
        """``pg_dump`` while the server runs."""
        into = self._folder / "hospital.dump"
        name = name_of(self.process.database)
        into.write_bytes(self._postgres.tool("pg_dump", "--format=custom", name))
        return into

    def restore(self, dump: Path) -> None:
        """The database is lost: ``pg_restore`` into a new one, and the server on that."""
        self.process.stop()
        self.process.database = self._postgres.create()
        name = name_of(self.process.database)
        self._postgres.tool("pg_restore", f"--dbname={name}", "--exit-on-error", str(dump))
        self.process.start()

    def change(self) -> int:
        """The CapabilityStatement's number of versions ever committed."""
        statement = self.get("metadata")
        found = [e for e in statement["extension"] if e["url"].endswith("server-change")]
        return int(found[0]["valueString"])

    def epoch(self) -> str:
        return self.process.handle(Request("GET", "/fhir/metadata")).headers["X-Server-Epoch"]

    def observations(self) -> dict[str, str]:
        """What it has, canonical."""
        found = self.get("Observation", "_count=1000")
        return {
            f"Observation/{entry['resource']['id']}": canonical(entry["resource"])
            for entry in found.get("entry", [])
        }

    def get(self, path: str, query: str = "") -> dict[str, Any]:
        return parse(self.process.handle(Request("GET", f"/fhir/{path}", query)).body)


@pytest.fixture
def hospital(postgres: PostgresServer, tmp_path: Path) -> Iterator[Hospital]:
    made = Hospital(postgres, tmp_path)
    yield made
    made.process.stop()


@pytest.fixture
def terminals(hospital: Hospital, tmp_path: Path) -> Iterator[list[Terminal]]:
    made = []
    for number in (1, 2):
        clock: Any = SystemClock()
        one = Terminal(tmp_path / f"terminal-{number}", hospital.process, number, clock=clock)
        one.transport = HttpTransport(hospital.process.base)  # type: ignore[assignment]
        one.engine = one.new_engine()
        made.append(one)
    yield made
    for one in made:
        one.close()


def test_dumped_restored_recognised_and_sent_again(
    hospital: Hospital, terminals: list[Terminal]
) -> None:
    first, second = terminals
    early = [first.create(pulse("patient-1", value=50 + n)) for n in range(3)]
    first.sync()
    second.sync()
    dump, epoch, before = hospital.dump(), hospital.epoch(), hospital.change()
    at_the_dump = hospital.observations()
    time.sleep(PRECISION.total_seconds())  # a version that went back by less is taken for rounding
    first.edit(early[0], status="amended")
    late = [first.create(pulse("patient-1", value=90 + n)) for n in range(5)]
    others = [second.create(pulse("patient-1", value=110 + n)) for n in range(2)]
    for one in (first, second, first):
        one.sync()
    whole = hospital.observations()
    assert whole.keys() == {*early, *late, *others}

    hospital.restore(dump)
    assert hospital.epoch() == epoch
    assert hospital.change() == before
    waiting = first.create(pulse("patient-1", value=40))
    for one in terminals:
        assert one.try_sync().outcome == "server-restored"
        assert one.status.link == "stopped"
    assert hospital.observations() == at_the_dump, "nothing is sent before somebody has decided"

    lost = first.engine.forgotten()
    found = {*lost.missing, *(f"{each.type}/{each.id}" for each in lost.older)}
    assert found == {early[0], *late, *others}
    assert first.engine.send_again(lost, first.author) == len(found)
    first.sync()
    assert first.status.unsent == 0
    second.engine.send_again(second.engine.forgotten(), second.author)
    for one in (second, first, second):
        one.sync()
    assert hospital.observations().keys() == {*whole, waiting}
    assert {key: hospital.observations()[key] for key in whole} == whole
    for one in terminals:
        assert one.status.unsent == 0
        assert one.content("Observation") == hospital.observations()
