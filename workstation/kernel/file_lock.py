"""An operating-system lock on a file: it goes when its holder goes, even by ``kill -9``."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

if sys.platform == "win32":  # pragma: no cover - the other half is covered on the other system
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


_PRIVATE: Final = 0o600
_LOOK_AGAIN_S: Final = 0.02
_NOTHING_CAN_BE_WRITTEN: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


def take(path: Path) -> IO[bytes] | None:
    """Take a lock without waiting.

    Args:
        path: Of a file that is nothing but the lock; it is made where it is missing.

    Returns:
        Holds the lock until it is closed; None when another holder, in whatever process, has it.

    Raises:
        OSError: The file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE)
    file = os.fdopen(descriptor, "r+b", buffering=0)
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait for a lock and hold it for a block; where nothing can be written there is none."""
    try:
        file = take(path)
        while file is None:
            time.sleep(_LOOK_AGAIN_S)
            file = take(path)
    except OSError as error:
        if error.errno not in _NOTHING_CAN_BE_WRITTEN:
            raise
        yield
        return
    with file:
        yield
