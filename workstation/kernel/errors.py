"""The five families of errors, told apart by who can mend them.

WorkstationError
├── Refused      the person can mend it: a value, a rule, a right, a stale edit
├── Unavailable  waiting mends it: offline, time-out, 429/503, busy
├── Rejected     somebody must look at one change: the server said no to it
└── Damaged      the environment is at fault: wrong key, unreadable or newer store, full disk

Anything else that is raised is a bug. Errors carry a code and data, never a sentence:
words for people live in ``ui/toolkit/messages.py`` and ``documents/``.
"""

from __future__ import annotations

from typing import ClassVar


class WorkstationError(Exception):
    """A known failure.

    Args:
        code: What happened, in kebab-case and stable, such as ``"stale-edit"``.
        field: The input the failure belongs to, when there is one.
        data: Facts that the message for people needs. Never a patient's name or number.
    """

    family: ClassVar[str] = "error"

    def __init__(self, code: str, *, field: str | None = None, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.data = data

    def __str__(self) -> str:
        """Code and data, for logs and consoles."""
        facts = " ".join(f"{key}={value!r}" for key, value in sorted(self.data.items()))
        return f"{self.family}: {self.code}" + (f" ({facts})" if facts else "")


class Refused(WorkstationError):
    """A value out of range, a broken rule, a missing right, a stale edit."""

    family = "refused"


class Unavailable(WorkstationError):
    """Offline, timed out, throttled or busy: it is tried again later."""

    family = "unavailable"


class Rejected(WorkstationError):
    """The server refused one change; that one waits for a person, the others flow."""

    family = "rejected"


class Damaged(WorkstationError):
    """Wrong key, unreadable or newer store, checksum, full or read-only disk."""

    family = "damaged"
