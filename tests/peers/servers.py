"""Starts the servers that this project did not write, each on a free port of 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers import prepare
from workstation.fhir.json import Resource, dump, parse
from workstation.kernel.clock import SystemClock
from workstation.sync.client import BatchEntry, FhirClient
from workstation.sync.transport import HttpTransport

PEERS = ("sekmet", "medplum", "medplum-own-ids")
"""Each as it comes; ``medplum-own-ids`` refuses the ids of others, as an ordinary project does."""

_HERE = Path(__file__).parent
_START_SECONDS = 90.0
_STOP_SECONDS = 10.0
_CHUNK = 100


def need(name: str) -> None:
    """Skip where a peer cannot be had, with the reason; in CI that is a failure."""
    why = prepare.missing(name.partition("-")[0])
    if why and os.environ.get("CI"):
        pytest.fail(f"{name} must take part in CI, but: {why}")
    if why:
        pytest.skip(f"{name}: {why}")


@contextlib.contextmanager
def peer(name: str, folder: Path, ward: Path) -> Iterator[str]:
    """One of `PEERS` with a ward in it; gives its FHIR base, and ends with the block.

    Args:
        name: Which.
        folder: For its files.
        ward: NDJSON of what is there from the beginning.
    """
    need(name)
    folder.mkdir(parents=True, exist_ok=True)
    if name == "sekmet":
        with sekmet(folder) as base:
            put(base, ward)
            yield base
        return
    server = shutil.copy(_HERE / "medplum" / "server.mjs", prepare.MEDPLUM)
    own_ids = ["--refuse-ids"] if name == "medplum-own-ids" else []
    command = ["node", server, *own_ids, "--load", str(ward)]
    with _running(command, folder / "server.log") as process:
        yield _told(process, folder / "server.log")


@contextlib.contextmanager
def sekmet(folder: Path) -> Iterator[str]:
    """An empty SEKMET; gives its FHIR base."""
    need("sekmet")
    port = free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    settings = settings_of_sekmet(folder, port)
    command = [str(prepare.SEKMET), "serve", "--config", str(settings)]
    with _running(command, folder / "server.log") as process:
        _drain(process)
        _wait_for(port, process, folder / "server.log")
        yield base


def settings_of_sekmet(folder: Path, port: int, peers: dict[str, str] | None = None) -> Path:
    """Write its settings; `peers` are the servers that its scenarios may be played against."""
    lines = [
        f"base_url: http://127.0.0.1:{port}/fhir",
        "host: 127.0.0.1",
        f"port: {port}",
        f"data_dir: {folder / 'data'}",
        f"own_private_key_path: {folder / 'key.pem'}",
        "simulator: {enabled: false}",
        "log_inbound: false",
        "peers:",
        *(f"  {name}: {{base_url: '{base}'}}" for name, base in (peers or {}).items()),
    ]
    settings = folder / "settings.yaml"
    settings.write_text("\n".join(lines if peers else lines[:-1]) + "\n", "utf-8")
    return settings


def put(base: str, ward: Path) -> None:
    """Store what a file holds under its own ids, each after what it refers to."""
    transport = HttpTransport(base)
    client = FhirClient(transport, SystemClock())
    lines = ward.read_bytes().splitlines()
    for start in range(0, len(lines), _CHUNK):
        entries = []
        for line in lines[start : start + _CHUNK]:
            resource = parse(line)
            entries.append(BatchEntry("PUT", f"{resource['resourceType']}/{resource['id']}", line))
        for answer in client.batch(entries):
            assert answer.response.status.startswith("20"), bytes(answer.response.outcome)
    transport.close()


def small_ward(resources: Iterator[Resource], file: Path, *, signs: int) -> Path:
    """Write a ward with few signs, notes and doses a patient: some servers read each on a search.

    Args:
        resources: Each after what it refers to.
        file: Where to.
        signs: Of each of these kinds, the newest so many of a patient.
    """
    many = ("Observation", "MedicationAdministration", "DocumentReference")
    kept: list[Resource] = []
    count: dict[tuple[str, str], int] = {}
    for resource in reversed(list(resources)):
        if resource["resourceType"] in many:
            key = resource["resourceType"], resource["subject"]["reference"]
            count[key] = count.get(key, 0) + 1
            if count[key] > signs:
                continue
        kept.append(resource)
    file.write_text("".join(dump(each) + "\n" for each in reversed(kept)), "utf-8")
    return file


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("a", encoding="utf-8") as err:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=err, stdin=subprocess.DEVNULL, text=True,
            cwd=log.parent,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told(process: subprocess.Popen[str], log: Path) -> str:
    """The address that a server prints when it listens."""
    timer = threading.Timer(_START_SECONDS, process.kill)
    timer.start()
    try:
        for line in process.stdout or ():
            if line.startswith("listening "):
                _drain(process)
                return line.split(" ", 1)[1].strip()
    finally:
        timer.cancel()
    raise AssertionError(f"the peer did not start: {log.read_text('utf-8')}")


def _drain(process: subprocess.Popen[str]) -> None:
    """Read what it says on, so that it never waits for a reader."""

    def read() -> None:
        with process.stdout or contextlib.nullcontext([]) as lines:
            for _line in lines:
                pass

    threading.Thread(target=read, daemon=True).start()


def _wait_for(port: int, process: subprocess.Popen[str], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"the peer did not start: {log.read_text('utf-8')}")
