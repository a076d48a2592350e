"""What a screen is given to work with: record, threads, navigation, settings, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workstation.kernel.clock import Clock
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId, PersonId
from workstation.kernel.settings import Settings
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.tasks import TaskRunner

if TYPE_CHECKING:  # the services bring the store along, which the log-in window does without
    from workstation.security.people import Person
    from workstation.services.desk import Desk
    from workstation.sync.status import Loss
    from workstation.ui.toolkit.pack_renewal import PackRenewal


class Navigator(Protocol):
    """How a screen sends the person elsewhere."""

    def open_chart(self, patient: PatientId, tab: str = "summary") -> None:
        """Show one patient's chart."""
        ...

    def open_screen(self, screen_id: str, **arguments: object) -> None:
        """Show a screen by its id, such as ``ward_board`` or ``sync_centre``."""
        ...

    def toast(
        self, text: str, undo: Callable[[], None] | None = None, *, lasting: bool = True
    ) -> None:
        """Say quietly that something was done, with a way back.

        Args:
            text: Translated words.
            undo: Takes it back; its service refuses when that is not right any more.
            lasting: Whether the way back stays open to Ctrl+Z when the words have gone. Not for
                what puts a whole earlier state back over what others may have done since.
        """
        ...


class Restorer(Protocol):
    """Knows the server, and sets right one that was restored from a backup or emptied.

    `loss` and `send_again` ask it and take long: not on the window's thread.
    """

    def loss(self) -> Loss:
        """What the server does not have any more; nothing is changed.

        Raises:
            Unavailable: It cannot be asked.
        """
        ...

    def not_kept(self) -> tuple[str, ...] | None:
        """What the server does not keep of what is expected of one, as codes; reads nothing.

        Returns:
            None as long as it was not asked.
        """
        ...

    def send_again(self, desk: Desk) -> int:
        """Put what `loss` found last back into the queue, as the person at `desk` decided.

        Returns:
            How many records will be sent.

        Raises:
            Refused: ``not-looked``: nobody has asked for the loss yet.
        """
        ...


class Colleagues(Protocol):
    """Who else works at this terminal, and whether it is really they who put their PIN in.

    For what two people answer for: a high-risk drug, a handover, an alert overridden.
    """

    def people(self) -> tuple[Person, ...]:
        """Who can be asked; reads a file: not on the window's thread."""
        ...

    def prove(self, person: PersonId, pin: str) -> Person:
        """Let somebody prove who they are, without logging anybody in or out.

        Takes as long as a log-in: not on the window's thread.

        Raises:
            Refused: ``wrong-pin`` (field ``pin``), ``wait``, ``unknown-person``.
        """
        ...


class Behind(Protocol):
    """What stands behind a window and is handed on to its screens."""

    @property
    def restorer(self) -> Restorer:
        """Sets a restored or emptied server right."""
        ...

    @property
    def colleagues(self) -> Colleagues:
        """Who can be asked to answer for something too."""
        ...


@dataclass(frozen=True)
class Workplace:
    """One logged-in person's surroundings.

    `restorer` is None on a terminal without a server, `colleagues` where nobody else has a key,
    `packs` where nobody keeps a downtime pack.
    """

    desk: Desk
    tasks: TaskRunner
    navigator: Navigator
    settings: Settings
    clock: Clock
    restorer: Restorer | None = None
    colleagues: Colleagues | None = None
    packs: PackRenewal | None = None

    def tell(self, error: WorkstationError) -> None:
        """Say quietly why something was refused that has no field of its own in sight."""
        self.navigator.toast(explain(error).line)
