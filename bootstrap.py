#!/usr/bin/env python3
"""Makes the program run on a machine that has nothing but Python 3.11 or newer.

    python3 bootstrap.py              the main job: the demo ward (or, without a display, the drill)
    python3 bootstrap.py test [...]   every test, side by side; further words go to pytest instead
    python3 bootstrap.py check        lint, types, architecture
    python3 bootstrap.py benchmark    the promises of speed, measured here
    python3 bootstrap.py COMMAND ...  a command of the program: start, drill, enrol, store;
                                      COMMAND --help says more

`--language en` before all this makes the program answer in English.

It builds `.venv` from the lock file, says which system libraries are missing and how to get them,
and installs those itself when it is root on Debian or Ubuntu.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")
OLDEST = (3, 11)

# What Qt needs on a bare Debian: shared object -> package.
DRAWING = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
DISPLAY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

OF_OURS = ("test", "check", "benchmark")
OF_THE_PROGRAM = ("start", "drill", "enrol", "store")

_NO_DISPLAY = "There is no display here, so the same story runs as a drill without a window.\n"


class Stop(Exception):
    """What is wrong and what to do, for the person at the console."""


_ON_ALL_PROCESSORS = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
"""Whole files of tests side by side; one test or file that is named runs in this process."""


def main(words: list[str]) -> int:
    """Prepare the machine, then do what was asked."""
    try:
        return _do(words)
    except Stop as reason:
        print(f"\nbootstrap: {reason}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


def _do(words: list[str]) -> int:
    if sys.version_info < OLDEST:
        raise Stop(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. "
            "Nothing was changed."
        )
    if words[:1] in (["-h"], ["--help"], ["help"]):
        print(__doc__)
        return 0
    first = _split(words)[1][:1]
    if first and not first[0].startswith("-") and first[0] not in (*OF_OURS, *OF_THE_PROGRAM):
        raise Stop(
            f"there is no command {first[0]!r}. There are: {', '.join(OF_OURS)}; and of the "
            f"program: {', '.join(OF_THE_PROGRAM)}. Nothing was changed."
        )
    display = _has_display()
    _need_libraries(display=display)
    testing = first in (["test"], ["check"])
    if first == ["test"]:
        _offer_postgres()
    _need_environment(ROOT / ("requirements-dev.lock" if testing else "requirements.lock"))
    if first == ["test"]:
        _prepare_peers()
    return _command(words, display=display)


def _command(words: list[str], *, display: bool) -> int:
    spoken, words = _split(words)
    first, rest = words[:1], words[1:]
    if first == ["check"]:
        return _check()
    if first == ["test"]:
        arguments = ["-m", "pytest", *(rest or _ON_ALL_PROCESSORS)]
    elif first == ["benchmark"]:
        arguments = ["-m", "benchmarks", *rest]
    elif words:
        arguments = ["-m", "workstation", *spoken, *words]
    elif display:
        arguments = ["-m", "workstation", *spoken, "start", "--demo"]
    else:
        print(_NO_DISPLAY, flush=True)
        arguments = ["-m", "workstation", *spoken, "drill"]
    # `start` without a display must say so: a window that nobody sees would never end.
    offscreen = first in (["test"], ["benchmark"]) or (not display and first != ["start"])
    return _run(arguments, **({"QT_QPA_PLATFORM": "offscreen"} if offscreen else {}))


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """``--language XX`` or ``--language=XX``, if it stands first, and the rest."""
    count = 2 if words[:1] == ["--language"] else 0
    if words and words[0].startswith("--language="):
        count = 1
    return words[:count], words[count:]


def _check() -> int:
    scripts = PYTHON.parent
    steps = (
        [str(PYTHON), "-m", "pip", "check"],  # the lock is installed without resolving it
        [str(scripts / "ruff"), "check", "."],
        [str(scripts / "ruff"), "format", "--check", "."],
        [str(scripts / "lint-imports")],
        [str(PYTHON), "-m", "mypy"],
    )
    failed = 0
    for step in steps:
        print("$", " ".join([Path(step[0]).name, *step[1:]]), flush=True)
        failed |= subprocess.run(step, cwd=ROOT, check=False).returncode
    return 1 if failed else 0


def _run(arguments: list[str], **environment: str) -> int:
    """Run our Python, and end it when we are told to end: it must not outlive us."""
    running: list[subprocess.Popen[bytes]] = []
    told: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        told.append(number)
        for process in running:
            process.send_signal(number)

    if not WINDOWS:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
                signal.signal(number, pass_on)
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT, env=os.environ | environment)
    running.append(process)
    for number in told[:1]:  # it came while the process was started
        process.send_signal(number)
    try:
        code = process.wait()
    except KeyboardInterrupt:  # the console told the process as well
        process.wait()
        raise
    return 128 - code if code < 0 else code


def _has_display() -> bool:
    if WINDOWS or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _need_libraries(*, display: bool) -> None:
    """See that Qt finds its system libraries; install them where that is allowed."""
    if not sys.platform.startswith("linux"):
        return
    wanted = DRAWING | (DISPLAY if display else {})
    missing = sorted(package for name, package in wanted.items() if not _loads(name))
    if missing:
        _install(missing, "Qt cannot draw without")


def _offer_postgres() -> None:
    """Get the PostgreSQL that some tests start, if we may; else they skip, and say so."""
    there = shutil.which("postgres") or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if there or not sys.platform.startswith("linux"):
        return
    try:
        _install(["postgresql"], "Some tests need")
    except Stop as reason:
        print(f"bootstrap: the tests on PostgreSQL will be skipped. {reason}", file=sys.stderr)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _install(packages: list[str], why: str) -> None:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root or not shutil.which("apt-get"):
        raise Stop(
            f"{why} these system packages: {' '.join(packages)}.\n"
            f"Install them, then run this again. On Debian or Ubuntu:\n"
            f"    sudo {' '.join(command)}"
        )
    print(f"{why} {' '.join(packages)}: installing.", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(step, env=quiet, check=False, capture_output=True, text=True)
        if done.returncode:
            raise Stop(f"'{' '.join(step)}' failed:\n{done.stderr[-2000:]}")


def _need_environment(lock: Path) -> None:
    """Build or renew `.venv` so that it holds exactly what the lock file says."""
    if _fresh(lock):
        return
    if not PYTHON.exists():
        _make_environment()
    print(f"Installing what {lock.name} lists (once; a few minutes) ...", flush=True)
    # The lock is whole, so nothing is left to resolve; and Debian's pip, once it resolves, stumbles
    # over a pin such as `coverage[toml]` as soon as a newer release of it appears.
    done = subprocess.run(
        [
            *[str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
            *["--no-deps", "--require-hashes", "--requirement", str(lock)],
        ],
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise Stop(
            "the packages could not be installed (pip's words are above). Check the network or "
            "the package index, then run this again: it goes on where it stopped."
        )
    _site_packages().joinpath("ward-workstation.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    _stamp(lock).write_text(_fingerprint(lock), encoding="utf-8")


def _make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian packs it apart
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        _install([f"python{version}-venv"], "Python cannot make an environment without")
    print(f"Making {ENVIRONMENT.name} ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)


def _prepare_peers() -> None:
    """Build the servers of others for `tests/peers`; the tests say what could not be had."""
    try:
        if not shutil.which("npm"):
            _install(["nodejs", "npm"], "One of the servers to test against does not run without")
    except Stop as reason:
        print(f"{reason}\nIts tests will say that it is missing.", file=sys.stderr)
    subprocess.run([str(PYTHON), str(ROOT / "tests/peers/prepare.py")], cwd=ROOT, check=False)


def _fresh(lock: Path) -> bool:
    """Whether the environment holds this lock (the developer's lock holds the user's)."""
    developer = ROOT / "requirements-dev.lock"
    return any(
        PYTHON.exists()
        and _stamp(held).exists()
        and _stamp(held).read_text(encoding="utf-8") == _fingerprint(held)
        for held in {lock, developer}
    )


def _stamp(lock: Path) -> Path:
    return ENVIRONMENT / f"{lock.name}.installed"


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + str(ROOT).encode()).hexdigest()


def _site_packages() -> Path:
    if WINDOWS:
        return ENVIRONMENT / "Lib" / "site-packages"
    return next((ENVIRONMENT / "lib").glob("python3.*")) / "site-packages"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
