"""A hospital system that nobody here wrote plays its scenarios against our reference server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.kit.hospital_process import running
from tests.peers import prepare
from tests.peers.servers import free_port, need, settings_of_sekmet

PASSED, IN_PART, NOT_CLAIMED = "passed", "passed in part", "not claimed"

EXPECTED: dict[str, tuple[str, str]] = {
    "adt_admit_transfer_discharge": (PASSED, ""),
    "adt_merge_update": (PASSED, ""),
    "appointment_book_cancel": (PASSED, ""),
    "billing_claim": (IN_PART, "the payer's steps: our server keeps claims and pays none"),
    "bulk_export_group": (NOT_CLAIMED, "no $export in the CapabilityStatement"),
    "clinical_documentation": (PASSED, ""),
    "conformance_smoke": (IN_PART, "XML: only JSON is among the formats claimed"),
    "lab_order_peer_fills": (NOT_CLAIMED, "it is a record, not a laboratory that fills orders"),
    "lab_order_to_result": (PASSED, ""),
    "medication_order_dispense": (PASSED, ""),
    "messaging_adt_orders": (NOT_CLAIMED, "no FHIR messaging in the CapabilityStatement"),
    "rad_order_imaging_report": (PASSED, ""),
    "subscription_backport_roundtrip": (NOT_CLAIMED, "Subscription is kept, never acted on"),
    "subscription_roundtrip": (NOT_CLAIMED, "Subscription is kept, never acted on"),
}
"""Each scenario of sekmet-fhir 0.1.1, how it ends, and which of our claims is missing."""

STATUS = {PASSED: {"passed"}, IN_PART: {"passed", "skipped"}, NOT_CLAIMED: {"skipped"}}
"""How the steps of a scenario may end."""


@pytest.mark.journey
def test_sekmets_scenarios_against_our_server(tmp_path: Path) -> None:
    need("sekmet")
    with running(tmp_path) as hospital:
        settings = settings_of_sekmet(tmp_path, free_port(), {"ward": hospital.base})
        command = [
            *[str(prepare.SEKMET), "scenario", "run", "all", "--peer", "ward"],
            *["--report-dir", str(tmp_path / "reports"), "--config", str(settings)],
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=240, check=False, cwd=tmp_path
        )
    (file,) = (tmp_path / "reports").glob("*/results.json")
    results = json.loads(file.read_text("utf-8"))
    found = {Path(each["file"]).stem: {s["status"] for s in each["steps"]} for each in results}
    assert set(found) == set(EXPECTED), "sekmet has other scenarios: bring the table up to date"
    wrong = {
        name: sorted(found[name])
        for name, (ends, _why) in EXPECTED.items()
        if found[name] != STATUS[ends]
    }
    assert not wrong, done.stdout[-8000:]
    assert done.returncode == 0
