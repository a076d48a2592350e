"""Lets one process at a time sync a store, however many windows are open on it.

An operating-system lock on a file beside the store: it goes when its holder goes, even by
``kill -9``, so no stale lease ever has to be broken by a timeout.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

from workstation.kernel import file_lock

FILE_NAME: Final = "sync.lock"


class Lease:
    """The right to sync one store.

    Args:
        folder: The store's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object has it."""
        return self._file is not None

    def take(self) -> bool:
        """Try to take it, without waiting.

        Returns:
            Whether this object has it now; False when another one, in whatever process, does.
        """
        if self._file is not None:
            return True
        self._file = file_lock.take(self._path)
        return self._file is not None

    def give_back(self) -> None:
        """Let another one sync."""
        if self._file is not None:
            self._file.close()
            self._file = None
