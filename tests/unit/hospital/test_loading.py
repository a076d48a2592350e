"""What others made is taken in as it is, shown, charted on, and given back unharmed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital.loading import load, read_files
from hospital.service import Hospital
from hospital.wire import Request
from workstation.fhir.json import Resource, dump, dump_bytes, parse
from workstation.kernel.errors import Refused

FLAWED = {
    "resourceType": "MedicationAdministration",
    "id": "mar-1",
    "status": "completed",
    "medicationCodeableConcept": {"text": "Ringer lactat"},
    "subject": {"reference": "Patient/pt-1"},
    "effectiveDateTime": "2026-10-25T08:10:04.181203Z",
    "dosage": {"text": "500 mL", "doseAndRate": [{"rateQuantity": {"value": 80}}]},
}
PATIENT = {"resourceType": "Patient", "id": "pt-1", "birthDate": "1950"}


@pytest.fixture
def hospital() -> Iterator[Hospital]:
    made = Hospital("sqlite://", demo=True)
    yield made
    made.close()


def put(hospital: Hospital, resource: Resource) -> int:
    path = f"/fhir/{resource['resourceType']}/{resource['id']}"
    return hospital.handle(Request("PUT", path, "", {}, dump_bytes(resource))).status


def test_flawed_records_are_kept_counted_and_can_be_charted_on(hospital: Hospital):
    loaded = load(hospital.database, [PATIENT, FLAWED, {"resourceType": "Unheard", "id": "1"}])
    assert (loaded.stored, loaded.unusable) == (2, 1)
    assert loaded.flawed == {"MedicationAdministration": 1}
    stored = hospital.handle(Request("GET", "/fhir/MedicationAdministration/mar-1"))
    assert {**parse(stored.body), "meta": None} == {**FLAWED, "meta": None}
    noted = {**FLAWED, "note": [{"text": "Theo dõi"}]}
    assert put(hospital, noted) == 200
    assert put(hospital, {**noted, "shoeSize": 43}) == 422
    assert put(hospital, {**FLAWED, "id": "mar-2"}) == 422


def test_bundles_ndjson_and_single_resources_are_read(tmp_path: Path):
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}, {}]}
    (tmp_path / "a.json").write_text(dump(bundle), "utf-8")
    lines = f"{dump(FLAWED)}\n\n{dump(PATIENT)}\n"
    (tmp_path / "b.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "c.json").write_text(dump(PATIENT), "utf-8")
    (tmp_path / "readme.txt").write_text("nothing", "utf-8")
    found = list(read_files([tmp_path]))
    assert found == [PATIENT, FLAWED, PATIENT, PATIENT]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.json", b"<html>", 1),
        ("a.json", b"[]", 1),
        ("a.json", b'{"a":1}', 1),
        ("a.ndjson", b'{"resourceType":"Patient"}\n{', 2),
        ("a.ndjson.gz", b"no gzip", 0),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_line(
    tmp_path: Path, name: str, content: bytes, line: int
):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match="not-fhir") as refused:
        list(read_files([tmp_path / name]))
    assert refused.value.data == {"file": name, "line": line}
