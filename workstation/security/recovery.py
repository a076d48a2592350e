"""Keys for files that leave the machine: backups and rescue bundles open with a passphrase."""

from __future__ import annotations

import os
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from workstation.kernel.errors import Refused
from workstation.security.keys import Cost

MINIMUM_PASSPHRASE: Final = 12
SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32


def new_salt() -> bytes:
    """A salt for a new file; it becomes the file's first 16 bytes."""
    return os.urandom(SALT_BYTES)


def recovery_key(passphrase: str, salt: bytes, *, cost: Cost | None = None) -> bytes:
    """The key of a backup (Argon2id), on any machine.

    Args:
        passphrase: At least 12 characters: nothing else protects the file.
        salt: The file's first 16 bytes.
        cost: Of one guess; it must be the same for writing and reading.

    Raises:
        Refused: ``weak-passphrase`` with ``minimum``.
    """
    if len(passphrase) < MINIMUM_PASSPHRASE:
        raise Refused("weak-passphrase", field="passphrase", minimum=MINIMUM_PASSPHRASE)
    chosen = cost or Cost()
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=chosen.passes,
        memory_cost=chosen.memory_kib,
        parallelism=chosen.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
