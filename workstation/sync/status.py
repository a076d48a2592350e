"""What the program may honestly say about sync: counted from the queue, never guessed.

The numbers come from the queue and from the end of the last complete pull (promise P7). Nothing
here is remembered from "no error so far".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Link = Literal["online", "offline", "sign-in", "stopped", "never"]
Age = Literal["fresh", "amber", "red", "never"]

AMBER: Final = timedelta(minutes=10)
RED: Final = timedelta(minutes=30)
AHEAD: Final = timedelta(minutes=1)
"""Data from further ahead than this was pulled while the clock was wrong: nobody knows its age."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where sync stands.

    Attributes:
        link: ``online``: the last request was answered; ``offline``: it was not; ``sign-in``: the
            server wants a log-in; ``stopped``: a person must look first; ``never``: not tried yet.
        since: Since when the link is so.
        data_as_of: End of the last complete pull, by this terminal's clock; None if there was none.
        unsent: Changed resources that the server has not acknowledged, whatever holds them.
        parked: Those of them that the server refused.
        conflicts: Conflicts that wait for a person.
        collisions: Collisions of meaning that wait for a person.
        unreadable: Records of the server that nobody here can read.
        sending: Sent and to send in the push that runs now; None when none runs.
        skew_seconds: How far this terminal's clock is ahead of the server's.
        problem: Code of the error that stopped the last round; None if it went through.
        unsafe: What this server promised and does not keep, as codes.
        next_try: When a server that is away is tried again; None when that is not known.
    """

    link: Link = "never"
    since: datetime | None = None
    data_as_of: datetime | None = None
    unsent: int = 0
    parked: int = 0
    conflicts: int = 0
    collisions: int = 0
    sending: tuple[int, int] | None = None
    skew_seconds: float = 0.0
    problem: str | None = None
    unsafe: tuple[str, ...] = ()
    unreadable: int = 0
    next_try: datetime | None = None

    @property
    def synced(self) -> bool:
        """Whether everything saved here is on the server, and a pull was once complete."""
        return self.unsent == 0 and self.data_as_of is not None

    def ahead_of(self, now: datetime) -> bool:
        """Whether the data claims to be from a time to come: the clock was set back since."""
        return self.data_as_of is not None and self.data_as_of - now > AHEAD

    def age(self, now: datetime) -> Age:
        """How old the data on screen is, in the colours of the connection strip."""
        if self.data_as_of is None:
            return "never"
        passed = now - self.data_as_of
        if passed >= RED or self.ahead_of(now):
            return "red"
        return "amber" if passed >= AMBER else "fresh"


@dataclass(frozen=True, slots=True)
class Loss:
    """What a server that was restored or emptied does not have any more, for a person to see.

    Attributes:
        missing: ``Type/id`` of what it does not know.
        older: ``Type/id`` of what it has in an older version.
        newer: How many records it has newer than the copy here.
    """

    missing: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    newer: int = 0

    @property
    def count(self) -> int:
        """How many records can be sent to it again."""
        return len(self.missing) + len(self.older)


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What one round of sync did.

    Attributes:
        outcome: ``complete``, or the code of the error that ended it.
        sent: Resources acknowledged by the server.
        pulled: Resources that were new or newer on the server.
        merged: Changes laid on a newer version without a person.
        conflicts: Conflicts opened.
        parked: Changes that the server refused.
        detail: Facts for the log; never a patient's.
    """

    outcome: str = "complete"
    sent: int = 0
    pulled: int = 0
    merged: int = 0
    conflicts: int = 0
    parked: int = 0
    detail: str = ""

    @property
    def complete(self) -> bool:
        """Whether the round went through to its end."""
        return self.outcome == "complete"

    @property
    def moved(self) -> bool:
        """Whether it brought anything to either side, though it may have broken off."""
        return bool(self.sent or self.pulled)
