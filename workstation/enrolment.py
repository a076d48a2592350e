"""How a terminal comes to belong to a hospital: its own key, what IT registers, whether it may in.

The private key is made inside the encrypted store and stays there. The hospital gets the public
half and the client id; nothing is sent before it has accepted them.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workstation.kernel import settings as table
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused, Unavailable
from workstation.kernel.settings import Settings
from workstation.security.device import device_key
from workstation.store import Store
from workstation.store.memory import Vault
from workstation.sync import directory
from workstation.sync.client import FhirClient
from workstation.sync.sign_in import Device, WhenAsked
from workstation.sync.transport import HttpTransport, Tls
from workstation.ui.shell.terminal import Admission, Enrolment, WardChoice

_PYTHON: Final = ".venv/bin/python"
_DATABASE: Final = "sqlite:///hospital.db"
"""The reference server's usual one; where it has another, IT knows."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the server found.

    Attributes:
        admission: Whether this terminal may in.
        wards: The wards it sees, if it may.
        problem: Code of what went wrong, or empty.
    """

    admission: Admission
    wards: tuple[WardChoice, ...] = ()
    problem: str = ""


def device_of(store: Store, settings: Settings) -> Device:
    """This terminal as the hospital knows it; its key is made at the first call."""
    return Device(settings.get(table.CLIENT) or store.device, device_key(Vault(store)))


def connect(server: str, device: Device | None, settings: Settings, clock: Clock) -> HttpTransport:
    """A connection that signs the terminal in if the server wants to know who comes.

    Args:
        server: Address of the FHIR server.
        device: This terminal; None before it has a record.
        settings: Name the hospital's own certificate authority, if it has one.
        clock: Where times come from.

    Raises:
        Refused: ``bad-address`` or ``insecure-address``.
        Unavailable: ``untrusted-server``: the file of the authority is not there.
    """
    authority = settings.get(table.CA_FILE)
    if authority and not Path(authority).is_file():
        raise Unavailable("untrusted-server", reason="no-ca-file")
    tls = Tls(ca_bundle=Path(authority) if authority else None)
    transport = HttpTransport(server, tls=tls)
    if device is not None:
        transport.credentials = WhenAsked(device, clock, transport.send_openly)
    return transport


def look(server: str, device: Device | None, settings: Settings, clock: Clock) -> Look:
    """Ask a server whether it lets this terminal in, and which wards it has."""
    if not server:
        return Look("no-server")
    try:
        transport = connect(server, device, settings, clock)
    except Unavailable as error:
        return Look("unreachable", problem=error.code)
    try:
        wards = directory.wards(FhirClient(transport, clock))
    except Unavailable as error:
        state: Admission = "waiting" if error.code == "sign-in" else "unreachable"
        return Look(state, problem=error.code)
    finally:
        transport.close()
    signed = isinstance(transport.credentials, WhenAsked) and transport.credentials.asked
    choices = tuple(WardChoice(ward.id, ward.name) for ward in wards)
    return Look("accepted" if signed else "open", choices)


def introduction(store: Store, settings: Settings, found: Look, kept_in: str) -> Enrolment:
    """What the hospital's IT must know of this terminal, and where its enrolment stands.

    Args:
        store: Of this terminal.
        settings: The values in force.
        found: What the last look at the server found.
        kept_in: Where this machine's part of the record's key is.
    """
    device = device_of(store, settings)
    return Enrolment(
        server=settings.get(table.SERVER),
        client=device.client,
        name=_name(settings),
        thumbprint=device_key(Vault(store)).thumbprint(),
        secret_kept_in=kept_in,
        admission=found.admission,
        wards=found.wards,
        ward=settings.get(table.WARD),
        problem=found.problem,
    )


def write_key_set(store: Store, target: Path) -> None:
    """Write the public key as a JSON Web Key Set, for the hospital's IT.

    Args:
        store: Of this terminal.
        target: The file; one that is there is replaced only if it is such a key set.

    Raises:
        Refused: ``file-exists``: something else is there.
        Damaged: ``file-not-written``.
    """
    if target.exists() and not _is_key_set(target):
        raise Refused("file-exists", field="file")
    content = {"keys": [device_key(Vault(store)).public_jwk()]}
    try:
        target.write_text(json.dumps(content, indent=1), "utf-8")
    except OSError as error:
        raise Damaged("file-not-written") from error


def command(store: Store, settings: Settings, file: str) -> str:
    """The command by which the reference server enrols this terminal.

    It runs as it is in the program's folder on the server, with the file in it.
    """
    client = settings.get(table.CLIENT) or store.device
    return (
        f"{_PYTHON} -m hospital device add --database {_DATABASE} --id {client}"
        f' --name "{_name(settings)}" --jwks "{file}"'
    )


def _name(settings: Settings) -> str:
    ward, machine = settings.get(table.WARD_NAME), platform.node()
    return " · ".join(part.replace('"', "") for part in (ward, machine) if part)


def _is_key_set(file: Path) -> bool:
    try:
        return "keys" in json.loads(file.read_bytes())
    except (OSError, ValueError, TypeError):
        return False
