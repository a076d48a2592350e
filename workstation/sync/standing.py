"""What is known of the link to the server from one round to the next, for the status."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Unavailable, WorkstationError
from workstation.sync import skew as skews
from workstation.sync.status import Link

_log = logging.getLogger(__name__)


class Standing:
    """How things stand with one server.

    Args:
        clock: This terminal's.

    Attributes:
        link: What can be said of the server.
        since: Since when; None before the first round.
        problem: Code of the error that ended the last round; None if it went through.
        retry_after: Seconds that the server asked to wait; None if it did not say.
        skew: How far this terminal's clock is ahead of the server's.
        sending: How many changes of the push under way are settled, and of how many.
        next_try: When a server that is away is tried again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.link: Link = "never"
        self.since: datetime | None = None
        self.problem: str | None = None
        self.retry_after: float | None = None
        self.skew = timedelta()
        self.sending: tuple[int, int] | None = None
        self.next_try: datetime | None = None

    def note(self, error: WorkstationError | None) -> bool:
        """Take note of how a round ended.

        Returns:
            Whether the server has to be met anew before the next round.
        """
        if error is not None and error.code == "halted":
            return False  # we broke it off ourselves: it says nothing about the server
        self.next_try = None
        link: Link = "online" if error is None else _link_after(error)
        if link != self.link:
            self.link, self.since = link, self._clock.now()
        self.problem = None if error is None else error.code
        asked = None if error is None else error.data.get("retry_after")
        self.retry_after = asked if isinstance(asked, float) else None
        return error is not None

    def tries_again_in(self, pause_s: float) -> bool:
        """Take note of how long it waits; whether a person wants to know, as the server is away."""
        if self.link == "offline":
            self.next_try = self._clock.now() + timedelta(seconds=pause_s)
        return self.link == "offline"

    def saw_skew(self, ahead: timedelta) -> None:
        """Take note of how far this clock is ahead of the server's."""
        if skews.worth_showing(ahead) != skews.worth_showing(self.skew):
            _log.warning("clock skew against the server: %.0f s", ahead.total_seconds())
        self.skew = ahead


def _link_after(error: WorkstationError) -> Link:
    if isinstance(error, Damaged):
        return "stopped"
    if error.code == "sign-in":
        return "sign-in"
    return "offline" if isinstance(error, Unavailable) else "online"
