"""Who may work at this terminal: people and what they are there for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from workstation.kernel.ids import PersonId

Role = Literal["nurse", "doctor", "reception", "head-nurse", "administrator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """One person with an account here.

    Attributes:
        id: Id of the Practitioner.
        name: As shown beside what they charted.
        role: What they do; it decides what they may do here.
    """

    id: PersonId
    name: str
    role: Role
