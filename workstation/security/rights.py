"""Which roles may do what; screens hide what a person may not do, services refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workstation.kernel.errors import Refused
from workstation.security.people import Person

RIGHTS: Final[Mapping[str, frozenset[str]]] = {
    "chart": frozenset({"nurse", "doctor", "head-nurse"}),
    "order": frozenset({"doctor"}),
    "acknowledge": frozenset({"nurse", "head-nurse"}),
    "administer": frozenset({"nurse", "doctor", "head-nurse"}),
    "move-patients": frozenset({"nurse", "doctor", "head-nurse"}),
    "discharge": frozenset({"doctor"}),
    "take-back-stays": frozenset({"doctor", "head-nurse"}),
    "assign": frozenset({"nurse", "head-nurse"}),
}
"""Roles that hold a right, as each is needed on a ward:

``chart`` write what was measured, seen and done; ``order`` prescribe (Luật KCB: doctors);
``acknowledge`` take note of an order; ``administer`` give or withhold a drug; ``move-patients``
admit, transfer, give leave; ``discharge`` end a stay; ``take-back-stays`` reverse either;
``assign`` say who cares for whom in a shift.
"""


def holds(role: str, right: str) -> bool:
    """Whether a role may do what asks for `right`; what asks for none is for everybody."""
    return not right or role in RIGHTS[right]


def require(person: Person, right: str) -> None:
    """Let a deed pass, or refuse it.

    Raises:
        Refused: ``not-permitted`` (``roles``), when the person's role does not hold the right.
    """
    if not holds(person.role, right):
        raise Refused("not-permitted", roles=",".join(sorted(RIGHTS[right])))
