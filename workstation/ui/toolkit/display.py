"""Whether there is a screen to open the window on: Qt ends the process without a word to people."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where every X server of Unix listens


def is_there(
    environment: Mapping[str, str], platform: str = sys.platform, sockets: Path = _SOCKETS
) -> bool:
    """Whether a window can be shown, as far as that is known before Qt is asked.

    Args:
        environment: Of this process.
        platform: As `sys.platform` names it; only on Linux and its like a screen may be missing.
        sockets: Where local X servers listen.
    """
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return True
    return _wayland(environment) or _x11(environment.get("DISPLAY", ""), sockets)


def _wayland(environment: Mapping[str, str]) -> bool:
    name, folder = environment.get("WAYLAND_DISPLAY", ""), environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and (Path(folder) / name).exists()


def _x11(display: str, sockets: Path) -> bool:
    """A display of another machine is believed; one of this machine has a socket."""
    host, colon, number = display.rpartition(":")
    if not colon:
        return False
    return (bool(host) and host != "unix") or (sockets / f"X{number.partition('.')[0]}").exists()
