"""Bugs, each in a file of its own: where it happened, never with what data."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from workstation.kernel.errors import WorkstationError
from workstation.kernel.identity import uuid7

_log = logging.getLogger(__name__)


class CrashReports:
    """Takes what nobody caught."""

    def __init__(self, folder: Path, shown: Callable[[str], None]) -> None:
        """Write into a folder.

        Args:
            folder: Where reports go.
            shown: Shows a report's number; called on whatever thread the bug was in.
        """
        self._folder = folder
        self._shown = shown

    def install(self) -> None:
        """Take every exception that nobody caught, on every thread."""
        sys.excepthook = self.take
        threading.excepthook = lambda caught: self.take(
            caught.exc_type, caught.exc_value, caught.exc_traceback
        )

    def take(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write one report and show its number."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        number = uuid7()[-12:].upper()
        self._folder.mkdir(parents=True, exist_ok=True)
        code = error.code if isinstance(error, WorkstationError) else ""
        text = "\n".join([f"report {number}", f"{kind.__name__} {code}".rstrip(), where(trace), ""])
        (self._folder / f"crash-{number}.txt").write_text(text, "utf-8")
        _log.error("crash report %s", number)
        self._shown(number)


def where(trace: TracebackType | None) -> str:
    """The lines of code that led to an error; never its words, which may hold patient data."""
    return "\n".join(
        f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(trace)
    )
