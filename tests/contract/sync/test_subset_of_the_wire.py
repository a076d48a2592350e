"""What goes over the wire is only what every server keeps: the subset of the wire design."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.kit.hospital_double import SERVERS, HospitalDouble
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.fhir.json import parse
from workstation.kernel.clock import ManualClock
from workstation.sync.client import MOST_ENTRIES
from workstation.sync.wire import Request

QUOTED = re.compile(r'W/"[^"]+"')
HEADERS = {"cache-control", "content-type", "if-match", "if-none-match", "if-none-exist"}


def entries(request: Request) -> list[dict[str, Any]]:
    """What a Bundle asks for; nothing when it is none."""
    return parse(request.body)["entry"] if request.method == "POST" and not request.path else []


def writes(request: Request) -> list[tuple[str, str, dict[str, str]]]:
    """Method, address and conditions of each write in a request."""
    inside = [each["request"] for each in entries(request)]
    if inside:
        return [(each["method"], each["url"], each) for each in inside if each["method"] != "GET"]
    named = {name.lower(): value for name, value in request.headers.items()}
    conditions = {
        "ifMatch": named.get("if-match", ""),
        "ifNoneMatch": named.get("if-none-match", ""),
        "ifNoneExist": named.get("if-none-exist", ""),
    }
    return [] if request.method == "GET" else [(request.method, request.path, conditions)]


@pytest.mark.parametrize("server", ["ours", "like-medplum", "ignores-if-none-match", "gzip-500"])
def test_every_request_is_of_the_subset(server: str, tmp_path: Path) -> None:
    hospital = HospitalDouble(SERVERS[server](), clock=ManualClock(START))
    admit(hospital)
    terminal = Terminal(tmp_path / "one", hospital, 1)
    terminal.sync()
    charted = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(120)]
    terminal.sync()
    terminal.edit(charted[0], status="amended", note=[{"text": "nhầm giường"}])
    terminal.edit("Patient/patient-1", maritalStatus={"text": "đã kết hôn"})
    terminal.sync()
    made: set[str] = set()
    guarded = 0
    for request in terminal.transport.sent:
        named = {name.lower(): value for name, value in request.headers.items()}
        assert set(named) <= HEADERS, "no Prefer, nothing else that some server takes amiss"
        assert len(entries(request)) <= MOST_ENTRIES
        if request.method == "GET" or entries(request):
            assert named["cache-control"] == "no-cache"
        for method, url, conditions in writes(request):
            assert method in {"PUT", "POST", "DELETE"}, "never PATCH"
            if "Basic" in url:
                continue  # the probe tries on purpose what must not be relied upon
            if method == "POST":
                assert conditions.get("ifNoneExist"), "a create is never repeated blindly"
            elif conditions.get("ifMatch"):
                assert QUOTED.fullmatch(conditions["ifMatch"]), (method, url)
                guarded += 1
            else:
                assert url not in made, "an update without a version"
                assert url != "Patient/patient-1"
                made.add(url)
    assert guarded == 2, "the two edits"
    assert terminal.status.synced
    hospital.close()
    terminal.close()
