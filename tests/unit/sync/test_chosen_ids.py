"""A server chooses an id, its answer is lost, and a pull brings the record before we know it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hospital.wire import Request, Response
from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.kernel.clock import ManualClock


def test_what_refers_to_the_server_s_id_refers_to_ours_once_we_know(tmp_path: Path) -> None:
    hospital = HospitalDouble(Behaviour(refuses_client_ids=404), clock=ManualClock(START))
    admit(hospital)
    terminal = Terminal(tmp_path / "one", hospital)
    try:
        terminal.sync()
        own = terminal.create(pulse("patient-1"))
        terminal.edit(own, note=[{"text": "đo lại"}])
        chosen: list[str] = []

        def stores_and_stumbles(request: Request) -> Response:
            hospital.handle(request)
            chosen.extend(n for n in hospital.resources() if n.startswith("Observation/"))
            reading = pulse("patient-1", value=90)
            del reading["id"]
            reading["derivedFrom"] = [{"reference": chosen[0]}]
            assert hospital.ask("POST", "Observation", reading).status == 201
            return Response(500, {}, b"")

        hospital.when(
            lambda r: r.method == "POST" and r.path == "/fhir/Observation", stores_and_stumbles
        )
        terminal.sync()
        assert chosen
        assert chosen[0] != own
        assert terminal.has(chosen[0]), "the pull knows it by the server's id only"
        terminal.clock.advance(timedelta(minutes=10))
        terminal.sync()
        terminal.sync()
        assert terminal.status.unsent == 0
        found = terminal.content("Observation")
        assert own in found
        assert chosen[0] not in found
        (other,) = (body for name, body in found.items() if name != own)
        assert f'"{own}"' in other
        assert f'"{chosen[0]}"' not in other
        assert len([n for n in hospital.resources() if n.startswith("Observation/")]) == 2
    finally:
        terminal.close()
        hospital.close()
