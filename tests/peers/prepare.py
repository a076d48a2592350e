#!/usr/bin/env python3
"""Builds the servers of others that the tests here speak to, each once and from its own lock.

    python tests/peers/prepare.py

`bootstrap.py test` runs this. What cannot be had is no error here: the reason is written beside
the place where it would be, and the tests say it (they skip with it, and fail with it in CI).
Only the standard library is used, since it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / ".peers"
WINDOWS = os.name == "nt"
SEKMET = PEERS / "sekmet" / ("Scripts/sekmet.exe" if WINDOWS else "bin/sekmet")
MEDPLUM = PEERS / "medplum"

_SEKMET_LOCK = HERE / "sekmet.lock"
_MEDPLUM_LOCK = HERE / "medplum" / "package-lock.json"
_OLDEST_NODE = 18


class Missing(Exception):
    """Why a peer cannot be built here."""


def main() -> int:
    """Build what is not there yet; 0 also when some of it cannot be had."""
    PEERS.mkdir(exist_ok=True)
    _build("sekmet", _SEKMET_LOCK, _sekmet)
    _build("medplum", _MEDPLUM_LOCK, _medplum)
    return 0


def missing(name: str) -> str:
    """Why a peer is not there; empty when it is, built from the lock as it is now."""
    lock = {"sekmet": _SEKMET_LOCK, "medplum": _MEDPLUM_LOCK}[name]
    if _fresh(name, lock):
        return ""
    reason = _reason(name)
    if reason.exists():
        return reason.read_text("utf-8").strip()
    return "not prepared: python tests/peers/prepare.py"


def _build(name: str, lock: Path, build: Callable[[Path], None]) -> None:
    if _fresh(name, lock):
        return
    folder = PEERS / name
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Building {folder.relative_to(PEERS.parent)}, a server to test against ...", flush=True)
    try:
        build(folder)
    except Missing as why:
        _reason(name).write_text(f"{why}\n", "utf-8")
        print(f"  not this time: {why}", file=sys.stderr)
        return
    _reason(name).unlink(missing_ok=True)
    _stamp(name).write_text(_fingerprint(lock), "utf-8")


def _sekmet(folder: Path) -> None:
    _do([sys.executable, "-m", "venv", str(folder)])
    python = SEKMET.parent / ("python.exe" if WINDOWS else "python")
    # The lock is whole; older pips resolve it wrongly as soon as a newer release appears.
    _do(
        [
            *[str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
            *["--no-deps", "--require-hashes", "--requirement", str(_SEKMET_LOCK)],
        ]
    )


def _medplum(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Missing("it needs Node.js with npm (on Debian: apt-get install nodejs npm)")
    version = _do(["node", "--version"])
    if int(version.lstrip("v").partition(".")[0]) < _OLDEST_NODE:
        raise Missing(f"it needs Node.js {_OLDEST_NODE} or newer; this is {version}")
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "medplum" / name, folder)
    _do([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])


def _do(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no words").splitlines()[-1]
        raise Missing(f"'{Path(command[0]).name} {' '.join(command[1:4])} ...' failed: {last}")
    return done.stdout.strip()


def _fresh(name: str, lock: Path) -> bool:
    stamp = _stamp(name)
    return stamp.exists() and stamp.read_text("utf-8") == _fingerprint(lock)


def _stamp(name: str) -> Path:
    return PEERS / name / "installed"


def _reason(name: str) -> Path:
    return PEERS / f"{name}.missing"


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + str(PEERS).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
