"""Takes pulled resources into the store, a page and its cursor in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Unavailable
from workstation.store import Store, mirror, unreadable
from workstation.store.mirror import Pulled
from workstation.store.record import Unit
from workstation.sync.reconcile import Meeting, meet

_OF_ONE_THING: Final = frozenset({"not-fhir", "server-error", "ties-too-long", "too-large"})


@dataclass
class Tally:
    """What a pull did so far.

    Attributes:
        pulled: Resources that were new or newer.
        merged: Pending changes laid on a newer version.
        conflicts: Conflicts opened.
        acknowledged: Pending changes that the server turned out to have.
        aside: Records that cannot be read and were put aside.
        changes: For the screens.
    """

    pulled: int = 0
    merged: int = 0
    conflicts: int = 0
    acknowledged: int = 0
    aside: int = 0
    changes: Changes = field(default_factory=Changes)


class Taking:
    """Writes pulled resources into one store.

    Args:
        store: This terminal's.
        clock: This terminal's.

    Attributes:
        tally: What was done so far.
        failed: What went wrong first with a part of the pull; None while nothing did.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.tally = Tally()
        self.failed: Unavailable | None = None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let what is wrong with one type or one patient stop none of the others.

        What the server says as a whole (it is away, it wants a sign-in, it asks to wait) ends the
        pull at once; what it fails to say of one thing ends the pull when all else has come.
        """
        try:
            yield
        except Unavailable as error:
            if error.code not in _OF_ONE_THING and error.data.get("status") != HTTPStatus.FORBIDDEN:
                raise
            self.failed = self.failed or error

    def take(
        self,
        pulled: Iterable[Pulled],
        also: Callable[[Unit, Sequence[Pulled]], object] = lambda _unit, _fresh: None,
        wanted: Callable[[Pulled], bool] = lambda _each: True,
    ) -> list[Pulled]:
        """Store one page.

        Args:
            pulled: As the server has them.
            also: Writes, in the same transaction, the cursor or the membership; it is given
                what was new.
            wanted: Whether something new concerns this terminal.

        Returns:
            Those that were new or newer here.
        """
        with self._store.write() as unit:
            applied = mirror.apply(unit, pulled, wanted)
            for theirs, row in applied.meeting:
                self._count(meet(unit, theirs, row, self._clock.now()))
            also(unit, applied.fresh)
            changes = applied.changes | unit.changes
        self.tally.pulled += len(applied.fresh)
        self.tally.aside += len(applied.aside)
        self.tally.changes |= changes
        return applied.fresh

    def has_news(self, pulled: Sequence[Pulled], wanted: Callable[[Pulled], bool]) -> bool:
        """Whether any of these would be new here."""
        with self._store.read() as view:
            fresh, aside, _ = mirror.news(view, pulled, wanted)
            gone = [each.key for each in pulled if each.deleted]
            return bool(fresh or aside or unreadable.holds(view, gone))

    def _count(self, came: Meeting) -> None:
        self.tally.merged += came is Meeting.MERGED
        self.tally.conflicts += came is Meeting.CONFLICT
        self.tally.acknowledged += came in (Meeting.OURS, Meeting.SAME)
