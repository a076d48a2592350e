"""The one script that needs nothing: what it says, and what it does with a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import bootstrap
from workstation import cli

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
_SECONDS = 20
CHILD = """
import pathlib, signal, sys, time
def end(number, frame):
    pathlib.Path(sys.argv[1]).write_text("ended")
    raise SystemExit(7)
signal.signal(signal.SIGTERM, end)
pathlib.Path(sys.argv[1]).write_text("there")
time.sleep(60)
"""


def test_an_unknown_word_is_told_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["--language", "en", "tests"]) == 3
    said = capsys.readouterr().err
    assert "no command 'tests'" in said
    assert all(each in said for each in (*bootstrap.OF_OURS, *bootstrap.OF_THE_PROGRAM))


def test_the_commands_of_the_program_are_those_that_it_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.run(["--help"])
    told = capsys.readouterr().out.split("COMMAND\n")[1]
    lines = [line for line in told.splitlines() if line.startswith("    ") and line[4] != " "]
    assert sorted(line.split()[0] for line in lines) == sorted(bootstrap.OF_THE_PROGRAM)


@pytest.mark.parametrize("words", [["--language", "en"], ["--language=en"]])
def test_the_language_is_understood_in_both_spellings(words: list[str]) -> None:
    assert bootstrap._split([*words, "check", "x"]) == (words, ["check", "x"])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
@pytest.mark.parametrize("words", [["start"], ["--language", "en", "start", "--demo"]])
def test_a_window_without_a_screen_is_refused_and_not_opened_unseen(words: list[str]) -> None:
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [sys.executable, str(ROOT / "bootstrap.py"), *words],
        env={name: text for name, text in os.environ.items() if name not in gone},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "There is no screen to open the window on. Start it in" in done.stderr


@POSIX
def test_a_signal_reaches_the_program_and_is_waited_for(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = (
        "import bootstrap, pathlib, sys; bootstrap.PYTHON = pathlib.Path(sys.executable);"
        "sys.exit(bootstrap._run(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "-c", CHILD, str(note)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        until = time.monotonic() + _SECONDS
        while not note.exists() and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(_SECONDS) == 7
        assert note.read_text() == "ended"
    finally:
        process.kill()
        process.wait()
