"""Tells a day's work from an accident on the server: emptied, restored, or much smaller at once.

Pure judgements. An accident stops sync before it spreads; a person then decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from workstation.kernel.errors import Damaged
from workstation.sync.pull.cursor import instant

ENOUGH_TO_JUDGE: Final = 3
MUCH: Final = 0.5
PRECISION: Final = timedelta(seconds=2)
SETTLED: Final = timedelta(minutes=5)
"""What was written longer ago is on every copy of the server that may answer a reading."""


@dataclass(frozen=True, slots=True)
class Sentinel:
    """One resource that the server is known to have had, and what it says of it now.

    Attributes:
        known_version: The version it had.
        known_at: Its time of that version.
        status: HTTP status of reading it now.
        version: Its version now; empty if it is gone.
        at: Its time now; empty if it is gone.
    """

    known_version: str
    known_at: str
    status: int
    version: str = ""
    at: str = ""

    @property
    def went_back(self) -> bool:
        """Whether an older version stands where a newer one stood, or another under its number.

        The second is left when somebody has written since the server was set back: numbers are
        given anew then. Servers tell one time as whole seconds here and exactly there
        (``lastModified`` of an answer, ``lastUpdated`` of the resource): less than `PRECISION` is
        no difference. A write may have been answered without a time: then only numbers tell.
        """
        before, now = instant(self.known_at), instant(self.at)
        if now is None:
            return False
        if _fell(self.known_version, self.version):
            return True
        if before is None:
            return False
        if self.version == self.known_version:
            return bool(self.version) and abs(before - now) >= PRECISION
        return before - now >= PRECISION

    @property
    def unheard_of(self) -> bool:
        """Whether the server does not know it, not even as deleted."""
        return self.status == _NOT_FOUND

    def settled(self, now: str) -> bool:
        """Whether its last version is so old that no copy of the server can lag behind it.

        Args:
            now: The server's time; empty if it does not tell.
        """
        since, until = instant(self.known_at), instant(now)
        return since is None or until is None or until - since >= SETTLED


_NOT_FOUND: Final = 404


def _fell(before: str, now: str) -> bool:
    """Whether versions that count have gone down."""
    counts = all(each.isascii() and each.isdecimal() for each in (before, now))
    return counts and int(now) < int(before)


def check_losses(sentinels: Iterable[Sentinel], now: str) -> None:
    """Make sure that a server which tells of deletions (410) has forgotten nothing.

    What such a server once had and now does not know was not deleted: it was lost, be it one
    record of a thousand. Only what it had for less than `SETTLED` may still be on its way.

    Args:
        sentinels: What it is known to have had.
        now: The server's time.

    Raises:
        Damaged: ``server-restored``.
    """
    vanished = sum(each.unheard_of and each.settled(now) for each in sentinels)
    if vanished:
        raise Damaged("server-restored", vanished=vanished)


def check_sentinels(sentinels: Iterable[Sentinel]) -> None:
    """Make sure that the server is still the one that was talked to before.

    Raises:
        Damaged: ``server-restored``: versions went back or ids vanished; ``server-emptied``:
            nothing is left.
    """
    seen = list(sentinels)
    vanished = sum(each.unheard_of for each in seen)
    if len(seen) >= ENOUGH_TO_JUDGE and vanished == len(seen):
        raise Damaged("server-emptied", vanished=vanished)
    if any(each.went_back for each in seen) or (
        len(seen) >= ENOUGH_TO_JUDGE and vanished >= MUCH * len(seen)
    ):
        raise Damaged("server-restored", vanished=vanished)


def check_shrinking(known: int, missing: int, what: Literal["patients", "records"]) -> None:
    """Make sure that a side does not lose much at once.

    Args:
        known: How many there were.
        missing: How many of them are gone without a trace.
        what: What is counted.

    Raises:
        Damaged: ``server-much-smaller``.
    """
    if known >= ENOUGH_TO_JUDGE and missing > MUCH * known:
        raise Damaged("server-much-smaller", known=known, missing=missing, what=what)


@dataclass(frozen=True, slots=True)
class Difference:
    """How the server's ids and versions differ from the copy here.

    Attributes:
        lacking: ``Type/id`` that the server has and the copy lacks or has in another version.
        vanished: ``Type/id`` that the copy has and the server does not list.
    """

    lacking: tuple[str, ...]
    vanished: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.lacking or self.vanished)


def compare(there: Mapping[str, str], here: Mapping[str, str]) -> Difference:
    """Compare ids and versions, by ``Type/id``."""
    return Difference(
        tuple(sorted(key for key, version in there.items() if here.get(key) != version)),
        tuple(sorted(here.keys() - there.keys())),
    )
