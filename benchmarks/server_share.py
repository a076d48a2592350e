"""How fast the reference server alone takes in what terminals send: validated and durable."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.measure import Result, fast
from benchmarks.small_ward import observations, stay_in_progress
from hospital.service import Hospital
from hospital.wire import Request
from workstation.drill.hospital_process import HospitalProcess
from workstation.fhir.json import Resource, dump_bytes

TARGET = 4_000
BATCH = 100


def measure(*, quick: bool) -> Result:
    """Write the same number several times into one record, each time another set."""
    count, repetitions = (500, 2) if quick else (10_000, 3)
    with tempfile.TemporaryDirectory() as name, _core(f"sqlite:///{name}/hospital.db") as core:
        rates, used = _rates(core, count, repetitions)
    conditions: dict[str, object] = {
        "server": "in this process, without HTTP",
        "database": "SQLite, synchronous=FULL",
        "CPU µs each": round(used * 1e6),
        "over HTTP, own process": f"{_over_http(count):.0f}/s",
    }
    return fast(
        "server_share",
        f"the reference server takes in {count:,} Observations (1 kB) in batches of {BATCH}",
        rates,
        TARGET,
        measured="median",
        conditions=conditions | _on_postgres(count, repetitions),
    )


def _on_postgres(count: int, repetitions: int) -> dict[str, object]:
    """The same on a PostgreSQL that is started for it, where there is one."""
    if not (find_spec("psycopg") and find_spec("pytest")):
        return {"PostgreSQL": "not measured without requirements-dev.lock"}
    from tests.kit import postgres

    missing = postgres.reason()
    if missing:
        return {"PostgreSQL": missing}
    server = postgres.PostgresServer(durable=True)
    try:
        server.start()
        with _core(server.create()) as core:
            rates, used = _rates(core, count, repetitions)
    finally:
        server.close()
    return {
        "PostgreSQL, fsync on": f"{statistics.median(rates):.0f}/s",
        "PostgreSQL, CPU µs each here": round(used * 1e6),
    }


def _rates(hospital: Hospital, count: int, repetitions: int) -> tuple[list[float], float]:
    """Observations a second each time, and seconds of CPU for one Observation."""
    _take(hospital, _batch(stay_in_progress()))
    rates, used = [], 0.0
    for _ in range(repetitions):
        bodies = _bodies(count)
        started, spent = time.perf_counter(), time.process_time()
        for body in bodies:
            _take(hospital, body)
        rates.append(count / (time.perf_counter() - started))
        used += time.process_time() - spent
    return rates, used / (count * repetitions)


def _over_http(count: int) -> float:
    """Observations a second through a socket, from a client that does nothing else."""
    with tempfile.TemporaryDirectory() as name:
        process = HospitalProcess(Path(name), seed=1, empty=True)
        try:
            address = urlsplit(process.start())
            connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
            _post(connection, _batch(stay_in_progress()))
            bodies = _bodies(count)
            started = time.perf_counter()
            for body in bodies:
                _post(connection, body)
            taken = time.perf_counter() - started
            connection.close()
        finally:
            process.stop()
    return count / taken


def _take(hospital: Hospital, body: bytes) -> None:
    response = hospital.handle(Request("POST", "/fhir", body=body))
    if not response.ok:
        raise RuntimeError(f"status {response.status}")


def _post(connection: HTTPConnection, body: bytes) -> None:
    connection.request("POST", "/fhir", body, {"Content-Type": "application/fhir+json"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"status {response.status}")


def _bodies(count: int) -> list[bytes]:
    made = observations(count)
    return [_batch(made[start : start + BATCH]) for start in range(0, count, BATCH)]


def _batch(resources: list[Resource]) -> bytes:
    entries: list[dict[str, Any]] = [
        {
            "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"},
            "resource": each,
        }
        for each in resources
    ]
    return dump_bytes({"resourceType": "Bundle", "type": "batch", "entry": entries})


@contextmanager
def _core(url: str) -> Iterator[Hospital]:
    hospital = Hospital(url, demo=True)
    try:
        yield hospital
    finally:
        hospital.close()
