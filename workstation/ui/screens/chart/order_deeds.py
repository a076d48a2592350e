"""What can be done with an order of the list: by which key, by whom, and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import orders
from workstation.services.desk import Desk
from workstation.services.order_list import OrderLine


@dataclass(frozen=True)
class Deed:
    """Something that can be done with an order.

    Attributes:
        id: Its name.
        letter: The key on the list.
        icon: Of the button.
        right: The right that it needs.
        fits: Whether it can be done with a line.
    """

    id: str
    letter: str
    icon: str
    right: str
    fits: Callable[[OrderLine], bool]

    def words(self) -> str:
        """What its button says."""
        return {
            "acknowledge": tr("order|Acknowledge"),
            "change": tr("Change"),
            "hold": tr("Hold"),
            "resume": tr("Go on"),
            "stop": tr("Stop"),
            "complete": tr("Carried out"),
        }[self.id]

    def may(self, line: OrderLine | None, role: str) -> bool:
        """Whether a person of a role can do it with a line."""
        return line is not None and holds(role, self.right) and self.fits(line)


def _is(*statuses: str) -> Callable[[OrderLine], bool]:
    return lambda line: line.order.status in statuses


DEEDS: Final = (
    Deed("acknowledge", "a", "check", "acknowledge", lambda row: row.to_acknowledge),
    Deed("change", "c", "note", "order", _is("active", "on-hold")),
    Deed("hold", "h", "clock", "order", _is("active")),
    Deed("resume", "r", "forward", "order", _is("on-hold")),
    Deed("stop", "s", "close", "order", _is("active", "on-hold")),
    Deed(
        "complete",
        "d",
        "check",
        "chart",
        lambda row: row.order.status == "active" and not row.goes_on,
    ),
)
BY_LETTER: Final = {deed.letter: deed for deed in DEEDS}
WITH_REASON: Final = ("hold", "stop")


def do(desk: Desk, deed: str, line: OrderLine, reason: str) -> Changes:
    """Do one of `DEEDS` but the change, which is written; runs on the store thread.

    Raises:
        Refused: As the services do.
    """
    reference, state = line.order.reference, line.order.state
    if deed == "acknowledge":
        return orders.acknowledge(desk, [(reference, state)])
    if deed == "hold":
        return orders.hold(desk, reference, reason=reason, state=state)
    if deed == "resume":
        return orders.resume(desk, reference, state=state)
    if deed == "stop":
        return orders.stop(desk, reference, reason=reason, state=state)
    return orders.complete(desk, reference, state=state)


def done_words(deed: str, what: str) -> str:
    """That it was done."""
    return {
        "acknowledge": tr("Acknowledged: {order}", order=what),
        "hold": tr("On hold: {order}", order=what),
        "resume": tr("Goes on: {order}", order=what),
        "stop": tr("Stopped: {order}", order=what),
        "complete": tr("Carried out: {order}", order=what),
    }[deed]
