"""Takes a terminal off its machine: the keys go first, and with them all that they open."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from workstation.security import device_secret, keys

_KEYS: Final = (keys.FILE_NAME, device_secret.FILE_NAME)


def wipe(folder: Path) -> tuple[str, ...]:
    """Delete everything in the folder of a terminal: record, sealed pack, logs, settings.

    The folder was empty when the terminal was set up, so all in it is the terminal's.

    Args:
        folder: Of the terminal; it stays, empty.

    Returns:
        Names of what could not be deleted; never of keys, unless these could not be either.
    """
    every = sorted(folder.iterdir(), key=lambda path: (path.name not in _KEYS, path.name))
    for path in every:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
            continue
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue
    return tuple(sorted(path.name for path in folder.iterdir()))
