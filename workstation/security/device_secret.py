"""A secret of this machine, mixed into every person's key, so that a copied disk is not enough.

It is kept in the keystore of the operating system (Windows Credential Manager, macOS Keychain,
Secret Service). Where there is none, as on a bare Linux terminal, it is kept in the file
``device.secret`` beside the store, readable by its owner alone: then it protects against a copied
store file, but not against a copied folder.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from workstation.kernel import sidecar
from workstation.kernel.errors import Damaged

FILE_NAME: Final = "device.secret"
SERVICE: Final = "ward-workstation"
_BYTES: Final = 32
_REAL_KEYSTORE: Final = 1.0

Place = Literal["keystore", "file"]


class Keystore(Protocol):
    """Where an operating system keeps secrets."""

    def read(self, name: str) -> str | None:
        """The secret of that name, or None."""
        ...

    def write(self, name: str, secret: str) -> bool:
        """Keep a secret; False where this machine has no keystore."""
        ...


class SystemKeystore:
    """The keystore of this machine. It is imported late: that takes 0.2 s."""

    def read(self, name: str) -> str | None:
        """The secret of that name; None also where there is no keystore."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, name)
        except KeyringError:
            return None

    def write(self, name: str, secret: str) -> bool:
        """Keep a secret, if this machine has a keystore that is more than a plain file."""
        import keyring
        from keyring.errors import KeyringError

        if keyring.get_keyring().priority < _REAL_KEYSTORE:
            return False
        try:
            keyring.set_password(SERVICE, name, secret)
        except KeyringError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class DeviceSecret:
    """The secret and where it is kept, which the settings screen shows.

    Attributes:
        value: 32 random bytes.
        kept_in: ``keystore``, or ``file`` where this machine has no keystore.
    """

    value: bytes
    kept_in: Place


def make(folder: Path, name: str, keystore: Keystore) -> DeviceSecret:
    """Make the secret of a new store. One that a set-up left in the folder is never replaced.

    Args:
        folder: The folder of the store, for the fallback file.
        name: Name of this store in the keystore.
        keystore: The machine's.
    """
    if (folder / FILE_NAME).exists():
        return load(folder, name, "file", keystore)
    value = os.urandom(_BYTES)
    text = base64.b64encode(value).decode()
    if keystore.write(name, text) and keystore.read(name) == text:
        return DeviceSecret(value, "keystore")
    sidecar.write(folder / FILE_NAME, text.encode())
    return DeviceSecret(value, "file")


def load(folder: Path, name: str, kept_in: Place, keystore: Keystore) -> DeviceSecret:
    """Fetch the secret of a store.

    Raises:
        Damaged: ``device-secret-missing``: the store cannot be unlocked on this machine. It is
            never replaced by a new one.
    """
    file = folder / FILE_NAME
    if kept_in == "keystore":
        text = keystore.read(name)
    else:
        text = file.read_text("ascii") if file.exists() else None
    if text is None:
        raise Damaged("device-secret-missing", kept_in=kept_in)
    return DeviceSecret(base64.b64decode(text), kept_in)
