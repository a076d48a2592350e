"""The hospital's command line: serve, load, back up, people and devices."""

from __future__ import annotations

import argparse
import getpass
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from hospital.auth.people import ROLES, hashed
from hospital.auth.scopes import EVERYTHING, is_scope
from hospital.auth.smart import check_keys, thumbprints
from hospital.demo import commands as demo_commands
from hospital.demo.generate import IN_WARDS, generate
from hospital.loading import Loaded, load, why_unusable
from hospital.messages import explain, explain_address, explain_disk, explain_unusable
from hospital.reading import located
from hospital.service import Hospital
from hospital.store.accounts import Accounts, Device, Person
from hospital.store.database import Database
from workstation.kernel import words
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.identity import uuid7

_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_HIGHEST_PORT: Final = 65535
DATABASE: Final = "sqlite:///hospital.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code: 0 done, 1 done in part, 2 refused.
    """
    chosen = _parser().parse_args(arguments)
    if chosen.language:
        words.use(chosen.language)
    try:
        command: Callable[[argparse.Namespace], int] = chosen.command
        return command(chosen)
    except WorkstationError as error:
        print(explain(error), file=sys.stderr)
        return 2
    except OSError as error:
        print(explain_disk(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hospital", description=__doc__)
    parser.add_argument("--language", choices=words.LANGUAGES, default=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--database", default=DATABASE, metavar="URL", help="an SQLAlchemy URL")
    _add_serve(commands.add_parser("serve", parents=[shared], help="answer requests"))
    loading = commands.add_parser("load", parents=[shared], help="take in Bundles and NDJSON")
    loading.add_argument("path", nargs="+", type=Path)
    loading.set_defaults(command=_load)
    saving = commands.add_parser(
        "backup", parents=[shared], help="copy the database, in use or not"
    )
    saving.add_argument("target", type=Path)
    saving.set_defaults(command=_backup)
    indexing = commands.add_parser("reindex", parents=[shared], help="make the search index anew")
    indexing.set_defaults(command=_reindex)
    _add_person(commands.add_parser("person", help="who may log in"), shared)
    _add_device(commands.add_parser("device", help="which devices may come"), shared)
    demo_commands.add(commands, shared)
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8080, help="0 takes a free one")
    parser.add_argument(
        "--demo", action="store_true", help="no log-in; an empty database gets a demo ward"
    )
    parser.add_argument("--seed", type=int, default=1, help="which demo ward")
    parser.add_argument("--patients", type=int, default=IN_WARDS, help="how many")
    parser.add_argument("--empty", action="store_true", help="with --demo: no demo ward")
    parser.add_argument("--tls-certificate", type=Path, metavar="PEM")
    parser.add_argument("--tls-key", type=Path, metavar="PEM")
    parser.add_argument("--public", default="", metavar="URL", help="our address behind a proxy")
    parser.add_argument(
        "--connections", type=int, default=0, help="to a database server, at most (usual: 16)"
    )
    parser.set_defaults(command=_serve)


def _port(text: str) -> int:
    """A TCP port from the command line.

    Raises:
        argparse.ArgumentTypeError: when it is none, with words for the console.
    """
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text}: a port is a number from 0 to {_HIGHEST_PORT}")
    return int(text)


def _add_person(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", parents=[shared], help="the password is asked for")
    add.add_argument("--login", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=sorted(ROLES))
    add.add_argument("--practitioner", default="", help="id of an existing Practitioner")
    add.set_defaults(command=_add_a_person)


def _add_device(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", parents=[shared], help="register its public keys")
    add.add_argument("--id", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--jwks", required=True, type=Path, help="JSON Web Key Set, public keys")
    add.add_argument("--scope", default=EVERYTHING)
    add.set_defaults(command=_add_a_device)
    bar = actions.add_parser("remove", parents=[shared], help="bar it at once")
    bar.add_argument("--id", required=True)
    bar.set_defaults(command=_remove_a_device)


def _serve(chosen: argparse.Namespace) -> int:
    from hospital.web import listen

    secured = chosen.tls_certificate or chosen.public.startswith("https://")
    if chosen.host not in _LOCAL and not secured:
        print("beyond this machine: give --tls-certificate, or --public https://…", file=sys.stderr)
        return 2
    _look_at_certificate(chosen.tls_certificate, chosen.tls_key)
    try:
        listener = listen(chosen.host, chosen.port)
    except OSError as error:
        print(explain_address(chosen.host, chosen.port, error), file=sys.stderr)
        return 2
    with listener:
        _answer(chosen, listener)
    return 0


def _answer(chosen: argparse.Namespace, listener: socket.socket) -> None:
    """Open the record and answer until told to end."""
    from hospital.web import serve

    hospital = Hospital(
        chosen.database, demo=chosen.demo, public=chosen.public, connections=chosen.connections
    )
    if chosen.demo and not chosen.empty:
        _fill(hospital, chosen.seed, chosen.patients)
    scheme = "https" if chosen.tls_certificate else "http"
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"listening {scheme}://{host}:{listener.getsockname()[1]}/fhir", flush=True)
    serve(
        hospital,
        listener,
        largest_body=hospital.limits.body,
        certificate=chosen.tls_certificate,
        key=chosen.tls_key,
    )
    hospital.close()


def _look_at_certificate(certificate: Path | None, key: Path | None) -> None:
    """See that the server can use them, before it says that it listens.

    Raises:
        OSError: when a file cannot be read.
        Refused: ``bad-certificate``.
    """
    for file in (certificate, key):
        if file:
            file.open("rb").close()
    if certificate:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except ssl.SSLError as error:
            raise Refused("bad-certificate", file=certificate) from error


def _fill(hospital: Hospital, seed: int, patients: int) -> None:
    """Give an empty hospital a demo ward."""
    with hospital.database.read() as view:
        used = view.change()[0] > 0
    if not used:
        _report(load(hospital.database, generate(seed, hospital.clock.now(), patients)))


def _load(chosen: argparse.Namespace) -> int:
    found = located(chosen.path)
    database = Database(chosen.database, SystemClock())
    try:
        loaded = load(database, _telling(found), _show_progress)
    finally:
        database.close()
    _report(loaded)
    return 1 if loaded.unusable else 0


def _telling(found: Iterable[tuple[Path, int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The resources, and a line about each that will be left out."""
    for file, line, resource in found:
        if reason := why_unusable(resource):
            what = f"{resource.get('resourceType')}/{resource.get('id', '')}"
            print(explain_unusable(file, line, what, reason), file=sys.stderr)
        yield resource


def _show_progress(stored: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stored} …", end="\r", file=sys.stderr, flush=True)


def _report(loaded: Loaded) -> None:
    print(f"stored {loaded.stored}, unusable {loaded.unusable}")
    for type_, number in sorted(loaded.flawed.items()):
        print(f"  kept though not valid R4: {number} {type_}")


def _backup(chosen: argparse.Namespace) -> int:
    database = Database(chosen.database, SystemClock(), make=False)
    database.backup(chosen.target)
    database.close()
    print(f"saved {chosen.target}")
    return 0


def _reindex(chosen: argparse.Namespace) -> int:
    database = Database(chosen.database, SystemClock(), make=False)
    print(f"indexed {database.reindex()}")
    database.close()
    return 0


def _add_a_person(chosen: argparse.Namespace) -> int:
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not typed:
        print("a password is needed", file=sys.stderr)
        return 2
    database = Database(chosen.database, SystemClock(), make=False)
    own = chosen.practitioner or uuid7()
    name = {"text": chosen.name}
    practitioner = {"resourceType": "Practitioner", "id": own, "active": True, "name": [name]}
    with database.write() as unit:
        if unit.current("Practitioner", own) is None:
            unit.put(practitioner, method="PUT")
    new = Person(chosen.login, own, chosen.name, chosen.role, hashed(typed))
    Accounts(database).add_person(new)
    database.close()
    print(f"added {chosen.login}: Practitioner/{own}")
    return 0


def _add_a_device(chosen: argparse.Namespace) -> int:
    keys = chosen.jwks.read_text("utf-8")
    check_keys(keys)
    if not is_scope(chosen.scope):
        print(f"no scope: {chosen.scope}", file=sys.stderr)
        return 2
    database = Database(chosen.database, SystemClock(), make=False)
    Accounts(database).add_device(Device(chosen.id, chosen.name, keys, chosen.scope))
    database.close()
    print(f"added {chosen.id}")
    for thumbprint in thumbprints(keys):
        print(f"  compare with the terminal's screen: {thumbprint}")
    return 0


def _remove_a_device(chosen: argparse.Namespace) -> int:
    database = Database(chosen.database, SystemClock(), make=False)
    Accounts(database).remove_device(chosen.id)
    database.close()
    print(f"removed {chosen.id}")
    return 0
