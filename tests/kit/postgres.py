"""A PostgreSQL of the tests' own: in a temporary folder, on a socket in it, ended by who began it.

Debian's packages are enough (``postgresql``); as root it runs as the user ``postgres``. Nothing of
a PostgreSQL that the machine may run besides is touched, and no port is opened.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_OWNER = "postgres"
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class PostgresServer:
    """One cluster.

    Args:
        durable: Whether a commit waits for the disk; tests that cut no power need not.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ward-pg-"))
        self._settings = () if durable else _FAST
        self._process: subprocess.Popen[bytes] | None = None
        owner = _as_owner()
        if owner:
            os.chown(self._folder, owner["user"], owner["group"])
        self._initialise()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [f"-c{setting}" for setting in self._settings]
        sockets = [f"-cunix_socket_directories={self._folder}", "-clisten_addresses="]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_with_us(), _program("postgres"), "-D", str(self._data), *sockets, *options],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **_as_owner(),
            )
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it.

        Args:
            how: ``SIGINT`` ends every session and shuts down; ``SIGQUIT`` is as a crash.
        """
        if self._process:
            self._process.send_signal(how)
            self._process.wait(_STOP_SECONDS)
            self._process = None

    def close(self) -> None:
        """End it without care for its files, and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def create(self) -> str:
        """A new empty database; gives its SQLAlchemy URL."""
        name = f"ward_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{_OWNER}@/{name}?host={self._folder}"

    def connect(self, url: str) -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection to a database, for looking at it from aside."""
        return psycopg.connect(self._conninfo(name_of(url)), autocommit=True)

    def tool(self, name: str, *arguments: str) -> bytes:
        """Run ``pg_dump``, ``pg_restore`` … against this server; gives what it writes."""
        command = [_program(name), "-h", str(self._folder), "-U", _OWNER, *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120).stdout

    def _initialise(self) -> None:
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        options = ["-U", _OWNER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            [_program("initdb"), "-D", str(self._data), *options],
            check=True,
            capture_output=True,
            cwd=self._folder,
            timeout=120,
            **_as_owner(),
        )

    def _conninfo(self, name: str) -> str:
        return f"host={self._folder} user={_OWNER} dbname={name}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def name_of(url: str) -> str:
    """The name of the database in a URL of ours."""
    return urlsplit(url).path.removeprefix("/")


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A cluster that ends with the block; the test is skipped where there is no PostgreSQL."""
    need_postgres()
    server = PostgresServer(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.close()


def need_postgres() -> None:
    """Skip the test, visibly, where there is no PostgreSQL; where ``CI`` is set it fails."""
    missing = reason()
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


@functools.cache
def reason() -> str:
    """Why PostgreSQL cannot be started here; empty when it can."""
    try:
        _program("initdb")
        _as_owner()
    except LookupError as error:
        return f"no PostgreSQL here (Debian: apt-get install postgresql): {error}"
    return ""


@functools.cache
def _program(name: str) -> str:
    """The newest of Debian's versions, else whatever the path leads to."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise LookupError(name)
    return found


def _with_us() -> list[str]:
    """Lets it end with this process, also when that is killed (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []


def _as_owner() -> dict[str, Any]:
    """How to start a process of it: as root as another, since it refuses to run as root."""
    if not hasattr(os, "geteuid"):
        raise LookupError("this system has no Unix sockets")
    if os.geteuid() != 0:
        return {}
    import pwd

    owner = pwd.getpwnam(_OWNER)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
