"""The demo on the command line."""

import json

import pytest

from hospital.cli import main
from hospital.demo import staff
from hospital.demo.generate import generate
from hospital.loading import load
from hospital.reading import read_files
from hospital.service import Hospital
from workstation.kernel.clock import SystemClock

NOW = "2026-11-20T08:00:00+07:00"


def test_the_people_for_programs_and_for_people(capsys):
    assert main(["demo-people", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == [person.id for person in staff.STAFF]
    assert rows[0]["pin"] == staff.STAFF[0].pin
    assert main(["demo-people"]) == 0
    assert "BS Đỗ Minh Quân" in capsys.readouterr().out


def test_a_demo_written_to_a_file_can_be_read(tmp_path, capsys):
    path = tmp_path / "demo.ndjson"
    assert main(["demo", "--now", NOW, "--patients", "2", "--ndjson", str(path)]) == 0
    assert "wrote" in capsys.readouterr().out
    kinds = {resource["resourceType"] for resource in read_files([path])}
    assert {"Patient", "Observation", "Practitioner", "Location"} <= kinds


def test_a_demo_goes_into_a_database(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'h.db'}"
    assert main(["demo", "--now", NOW, "--patients", "1", "--database", url]) == 0
    assert "stored" in capsys.readouterr().out
    assert main(["load", "--database", url, str(tmp_path)]) == 2
    assert "[not-fhir]" in capsys.readouterr().err


def test_a_time_without_offset_is_refused(capsys):
    assert main(["demo", "--now", "2026-11-20T08:00:00"]) == 2
    assert "offset" in capsys.readouterr().err


@pytest.mark.parametrize("seed", [7])
def test_every_resource_of_the_demo_is_valid(seed):
    hospital = Hospital("sqlite://", demo=True)
    try:
        loaded = load(hospital.database, generate(seed, SystemClock().now(), patients=38))
    finally:
        hospital.close()
    assert loaded.unusable == 0
    assert loaded.flawed == {}
