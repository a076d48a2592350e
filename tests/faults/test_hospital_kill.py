"""The server is killed in the middle of its work: what it acknowledged is there, whole."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from hospital.wire import Request
from tests.contract.fhir_server.people import bundle, patient, pulse, put
from tests.kit.hospital_process import HospitalProcess
from workstation.fhir.json import dump_bytes, parse

PERSON = patient("kill")


def send_until_it_dies(process: HospitalProcess, acknowledged: list[str], sent: list[str]) -> None:
    for _ in range(200):
        signs = [pulse(PERSON) for _ in range(10)]
        body = dump_bytes(bundle("batch", *(put(each) for each in signs)))
        sent += [each["id"] for each in signs]
        try:
            response = process.handle(Request("POST", "/fhir", "", {}, body))
        except OSError:
            return
        assert response.status == 200
        acknowledged += [each["id"] for each in signs]


@pytest.mark.fault
def test_killed_while_writing_loses_nothing_acknowledged(tmp_path: Path):
    with HospitalProcess(tmp_path) as process:
        acknowledged: list[str] = []
        sent: list[str] = []
        for _ in range(2):
            before = len(acknowledged)
            sender = threading.Thread(target=send_until_it_dies, args=(process, acknowledged, sent))
            sender.start()
            while len(acknowledged) < before + 30:
                time.sleep(0.01)
            process.kill()
            sender.join()
            process.start()
        query = "patient=kill&_count=1000&_elements=id"
        found = parse(process.handle(Request("GET", "/fhir/Observation", query)).body)
        stored = {entry["resource"]["id"] for entry in found["entry"]}
        assert stored >= set(acknowledged)
        assert stored <= set(sent)
        assert len(stored) % 10 == 0
        history = parse(process.handle(Request("GET", "/fhir/_history", "_count=1")).body)
        assert history["total"] == len(stored)


@pytest.mark.fault
def test_writers_at_once_get_an_order_without_gaps(tmp_path: Path):
    with HospitalProcess(tmp_path) as process:

        def write() -> None:
            for _ in range(15):
                sign = pulse(PERSON)
                path = f"/fhir/Observation/{sign['id']}"
                assert process.handle(Request("PUT", path, "", {}, dump_bytes(sign))).status == 201

        writers = [threading.Thread(target=write) for _ in range(6)]
        for writer in writers:
            writer.start()
        seen: dict[str, str] = {}
        newest = "2020-01-01T00:00:00Z"
        while any(writer.is_alive() for writer in writers) or len(seen) < 90:
            query = f"_lastUpdated=gt{newest}&_sort=_lastUpdated&_count=20"
            found = parse(process.handle(Request("GET", "/fhir/Observation", query)).body)
            for entry in found.get("entry", []):
                newest = entry["resource"]["meta"]["lastUpdated"]
                assert entry["resource"]["id"] not in seen
                seen[entry["resource"]["id"]] = newest
        for writer in writers:
            writer.join()
        assert len(seen) == 90
        assert len(set(seen.values())) == 90
