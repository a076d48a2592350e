"""A record whose keys are lost: nobody begins anew over it, for they may come back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workstation.kernel.errors import Damaged, Refused
from workstation.security import device_secret

KEYS_NAME: Final = "people.json"
MARK: Final = "set-up.json"
"""Names the first person while a set-up is under way; only an id is in it."""
RECORD_NAMES: Final = ("ward.db", "ward.fingerprint")
"""What a record leaves in its folder: where one of them is, keys were there, too."""


def refuse_to_begin(folder: Path) -> None:
    """Make sure that a terminal may be founded in a folder, before anything is written.

    Args:
        folder: Where it is to be.

    Raises:
        Refused: ``store-exists``: there are keys; they are never replaced.
        Damaged: ``keys-missing``: there is a record whose keys are lost.
    """
    if (folder / KEYS_NAME).exists():
        raise Refused("store-exists")
    refuse(folder)


def refuse(folder: Path) -> None:
    """Refuse where a record, or its machine's secret, is there and its keys are not.

    A set-up that was cut off, as its mark tells, may have left the secret alone: the record comes
    after the keys.

    Args:
        folder: Of the terminal.

    Raises:
        Damaged: ``keys-missing`` with ``file``, which is there. Nothing is changed.
    """
    if (folder / KEYS_NAME).exists():
        return
    cut_off = (folder / MARK).exists()
    left = RECORD_NAMES if cut_off else (*RECORD_NAMES, device_secret.FILE_NAME)
    found = next((name for name in left if (folder / name).exists()), None)
    if found is not None:
        raise Damaged("keys-missing", file=found)
