"""Starting where there is no screen: said on the console in both languages, not as a crash."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workstation.ui.toolkit import display


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":7"}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"DISPLAY": ":0.1"}, "linux", True),
        ({"DISPLAY": "unix:0"}, "linux", True),
        ({"DISPLAY": "localhost:10.0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "{run}"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "{run}"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_whether_a_window_can_be_shown(tmp_path, environment, platform, there):
    for name in ("X0", "wayland-0"):
        (tmp_path / name).touch()
    known = {name: text.format(run=tmp_path) for name, text in environment.items()}
    assert display.is_there(known, platform, tmp_path) is there


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
def test_without_a_screen_it_says_what_to_do_and_does_not_end_well(tmp_path):
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: text for name, text in os.environ.items() if name not in gone}
    done = subprocess.run(
        [sys.executable, "-m", "workstation", "start", "--folder", str(tmp_path)],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    vietnamese, english = done.stderr.splitlines()
    assert vietnamese.startswith("workstation: Không có màn hình để mở cửa sổ. Hãy chạy trong")
    assert english.startswith("workstation: There is no screen to open the window on. Start it in")
    assert list(tmp_path.iterdir()) == []
