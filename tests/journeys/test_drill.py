"""The whole story from the command line: real processes, a killed server, a proof."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workstation import __version__
from workstation.drill.hospital_process import HospitalProcess

ROOT = Path(__file__).resolve().parents[2]


def drill(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workstation", "--language", "en", "drill", *arguments],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.journey
def test_an_outage_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "drill"
    done = drill("--seed", "3", "--terminals", "2", "--minutes", "4", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["lost"] == report["duplicated"] == report["silently_overwritten"] == 0
    assert report["converged"] is True
    assert report["acknowledged_writes"] > 60
    assert report["sent"] >= report["acknowledged_writes"]
    assert report["merged"] >= 1
    assert report["conflicts_decided"] == 1
    assert report["collisions_found"] >= 3
    assert report["parked"] == 0
    assert report["seconds_offline"] > 0
    assert (report["seed"], report["terminals"]) == (3, 2)
    page = (out / "report.html").read_text("utf-8")
    assert "Nothing was lost" in page
    for name in ("vital-signs.pdf", "progress.pdf"):
        assert (out / name).read_bytes().startswith(b"%PDF")
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) == 7
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_one_terminal_is_no_drill(tmp_path: Path) -> None:
    done = drill("--terminals", "1", "--out", str(tmp_path / "drill"))
    assert done.returncode == 2
    assert "at least 2 terminals" in done.stderr


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work", encoding="utf-8")
    done = drill("--out", str(tmp_path))
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "three years of work"


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = drill("--server", "http://127.0.0.1:9/fhir", "--out", str(tmp_path / "drill"))
    assert done.returncode == 1
    report = json.loads((tmp_path / "drill" / "report.json").read_text("utf-8"))
    assert report["passed"] is False
    assert "http://127.0.0.1:9/fhir cannot be reached" in report["failure"]
    assert report["lost"] is report["converged"] is report["parked"] is None
    assert "not checked" in (tmp_path / "drill" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("minutes", ["-5", "0", "nan", "inf", "2000"])
def test_the_length_is_checked_before_anything_is_done(minutes: str, tmp_path: Path) -> None:
    out = tmp_path / "drill"
    done = drill(f"--minutes={minutes}", "--out", str(out))
    assert done.returncode == 2
    assert "more than 0 minutes" in done.stderr
    assert not out.exists()


@pytest.mark.journey
def test_a_drill_may_be_repeated_against_one_server(tmp_path: Path) -> None:
    hospital = HospitalProcess(tmp_path / "hospital", seed=1)
    base = hospital.start()
    try:
        for number in range(2):
            out = tmp_path / f"drill-{number}"
            done = drill("--server", base, "--minutes", "0.5", "--out", str(out))
            assert done.returncode == 0, done.stdout + done.stderr
            report = json.loads((out / "report.json").read_text("utf-8"))
            assert report["written"]["admit-newcomer"] == 2
            assert report["merged"] >= 1
            assert report["software"].startswith("Ward Workstation reference hospital 0.")
            page = (out / "report.html").read_text("utf-8")
            assert "0.5 minutes of ward work without the server, played in" in page
            assert f"Server: {base} (Ward Workstation reference hospital" in page
            assert f"program version {__version__}" in page
            assert "not checked" not in page
    finally:
        hospital.stop()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_drill_that_is_told_to_end_leaves_no_server_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "workstation", "drill", "--out", str(tmp_path / "drill")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), "the server is there"
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 128 + signal.SIGTERM
        finally:
            process.kill()
    assert (tmp_path / "drill" / "hospital" / "hospital.db").exists()
    until = time.monotonic() + 20
    while somebody_is_left(process.pid) and time.monotonic() < until:
        time.sleep(0.1)  # a terminal that was just being started ends with its pipe
    assert not somebody_is_left(process.pid)


def somebody_is_left(session: int) -> bool:
    """Whether a process of this group lives."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True
