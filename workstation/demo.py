"""The demo: a hospital server with a ward of invented people, and terminals beside it.

The first terminal owns the server and can take it away; a colleague's terminal is a process of
its own with a store of its own, as on a real ward.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import platformdirs

from workstation import app
from workstation.drill.hospital_process import HospitalProcess
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.kernel.settings import Settings
from workstation.security.keys import Cost
from workstation.security.people import Person, Role
from workstation.sync import directory
from workstation.sync.client import FhirClient
from workstation.sync.transport import HttpTransport
from workstation.ui.shell.demo_bar import DemoBar, DemoControls
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.actions import BY_ID

PIN: Final = "246810"
KEYS: Final = "people.json"
_FACTS: Final = "demo.json"
_QUICK: Final = Cost(passes=1, memory_kib=8_192, lanes=1)
_ROLES: Final[dict[str, Role]] = {
    "nurse": "nurse",
    "head-nurse": "head-nurse",
    "doctor": "doctor",
}


def start(*, folder: Path | None, terminal: str, keep: bool, seed: int) -> int:
    """Open a terminal of the demo.

    Args:
        folder: Where the demo lives; None for the user's cache.
        terminal: ``A`` starts the server and owns it; any other name joins a running demo.
        keep: Go on with the last demo instead of beginning anew.
        seed: Of the ward and its people.

    Returns:
        The program's exit code.

    Raises:
        Refused: ``folder-in-use``: the folder holds something that is no demo; ``no-demo``: there
            is none to join; ``no-ward``.
    """
    home = folder or platformdirs.user_cache_path("ward-workstation-demo", appauthor=False)
    if terminal != "A":
        return _open(home, terminal, _facts(home), None)
    if not keep:
        _clear(home)
    hospital = HospitalProcess(home / "hospital", seed=seed)
    try:
        hospital.start()
        (home / _FACTS).write_text(json.dumps({"base": hospital.base}), encoding="utf-8")
        return _open(home, terminal, hospital.base, hospital)
    finally:
        hospital.stop()


def _open(home: Path, terminal: str, base: str, hospital: HospitalProcess | None) -> int:
    place = home / f"terminal-{terminal}"
    prepare(place, base)

    def adorn(window: Window) -> None:
        if hospital is not None:
            # Once the bar's tick lets Python look: the server must not outlive the window.
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, lambda *_: window.close())
            window.addToolBar(app.BOTTOM, DemoBar(_controls(home, hospital, window), window))

    return app.run(["--folder", str(place)], adorn=adorn)


def prepare(place: Path, base: str) -> None:
    """Make a terminal for everybody who works on the fullest ward, if it is not there yet.

    Args:
        place: Folder of the terminal.
        base: Address of the demo's server.
    """
    settings = Settings(place / "settings")
    settings.put(table.SERVER, base)
    if (place / KEYS).exists():
        return
    transport = HttpTransport(base)
    try:
        client = FhirClient(transport, SystemClock())
        wards = directory.wards(client)
        staff = directory.staff(client)
    finally:
        transport.close()
    if not wards:
        raise Refused("no-ward")
    settings.put(table.LANGUAGE, words.language())
    settings.put(table.WARD, wards[0].id)
    settings.put(table.WARD_NAME, wards[0].name)
    people = [
        (Person(PersonId(each.id), each.name.plain, _ROLES[each.role]), PIN)
        for each in staff
        if each.role in _ROLES
    ]
    found_terminal(place, people, SystemClock(), cost=_QUICK).close()


def _controls(home: Path, hospital: HospitalProcess, window: Window) -> DemoControls:
    def bring_back() -> None:
        """A terminal alone would find it within five minutes; here somebody is watching."""
        hospital.start()
        window.do(BY_ID["sync_now"])

    def colleague() -> None:
        program = [sys.executable, "-m", "workstation", "--language", words.language()]
        command = [*program, "start", "--demo", "--terminal", "B", "--folder", str(home)]
        subprocess.Popen(command)  # noqa: S603 - our own program

    return DemoControls(
        pin=PIN,
        running=lambda: hospital.running,
        stop=hospital.kill,
        start=bring_back,
        colleague=colleague,
        colleague_ready=lambda: hospital.running or (home / "terminal-B" / KEYS).exists(),
    )


def _facts(home: Path) -> str:
    try:
        return str(json.loads((home / _FACTS).read_text("utf-8"))["base"])
    except (OSError, ValueError, KeyError) as error:
        raise Refused("no-demo") from error


def _clear(home: Path) -> None:
    """Remove an earlier demo, and nothing else."""
    if home.exists() and any(home.iterdir()):
        if not (home / _FACTS).exists() and not (home / "hospital").exists():
            raise Refused("folder-in-use")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
