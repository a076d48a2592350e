"""The servers that the contract is held against.

The core without a socket on SQLite and on PostgreSQL, and the real process. ``WARD_FHIR_SERVER``
(the FHIR base of a running server without log-in) adds that one. Every test makes its own
resources, so that they can share a server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from hospital.service import Hospital
from hospital.wire import Handler, Request, Response
from tests.kit.hospital_process import HospitalProcess, RunningServer
from workstation.fhir.json import Resource, dump_bytes, parse
from workstation.kernel.identity import uuid7

URL = os.environ.get("WARD_FHIR_SERVER", "")
SERVERS = ["core", "postgres", "process", *(["url"] if URL else [])]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Resource:
        return parse(self.body)

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.json.get("entry", [])

    @property
    def ids(self) -> list[str]:
        return [
            entry["resource"]["id"]
            for entry in self.entries
            if entry.get("search", {}).get("mode") != "include"
        ]

    @property
    def version(self) -> str:
        return self.json["meta"]["versionId"]

    def link(self, relation: str) -> str:
        links = self.json.get("link", [])
        return next((item["url"] for item in links if item["relation"] == relation), "")


class Client:
    """Asks a server as a plain FHIR client does."""

    def __init__(self, handler: Handler, base: str) -> None:
        self._handler = handler
        self.base = base

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Answer:
        relative = path.removeprefix(self.base).lstrip("/")
        address, _, query = relative.partition("?")
        body = content if isinstance(content, bytes) else b""
        if content is not None and not isinstance(content, bytes):
            body = dump_bytes(content)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body and "content-type" not in named:
            named["content-type"] = "application/fhir+json"
        request = Request(method, f"/fhir/{address}".rstrip("/"), query, named, body)
        response: Response = self._handler.handle(request)
        return Answer(int(response.status), dict(response.headers), response.body)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def put(self, resource: Resource, **headers: str) -> Answer:
        name = f"{resource['resourceType']}/{resource['id']}"
        return self.ask("PUT", name, resource, **headers)

    def post(self, path: str, content: Any, **headers: str) -> Answer:
        return self.ask("POST", path, content, **headers)

    def pages(self, path: str) -> Iterator[Answer]:
        while path:
            page = self.get(path)
            assert page.status == 200, page.body
            yield page
            path = page.link("next")


@pytest.fixture(scope="session", params=SERVERS)
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    if request.param == "process":
        with HospitalProcess(tmp_path_factory.mktemp("hospital")) as process:
            yield Client(process, process.base)
    elif request.param == "url":
        yield Client(RunningServer(URL), URL)
    else:
        database = "sqlite://"
        if request.param == "postgres":
            database = request.getfixturevalue("postgres").create()
        hospital = Hospital(database, demo=True)
        yield Client(hospital, "http://hospital.test/fhir")
        hospital.close()


@pytest.fixture
def new() -> str:
    """An id that no other test uses."""
    return uuid7()
