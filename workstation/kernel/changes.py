"""What a write touched, told to every screen, so that each decides whether to read again."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Types, ids and patients touched by one committed write or one round of sync.

    Attributes:
        types: FHIR resource types.
        references: ``Type/id`` of each resource.
        patients: Ids of the patients concerned.
        ward: Whether a ward board may look different.
        queue: Whether what waits, is parked or is in conflict may have changed.
    """

    types: frozenset[str] = field(default_factory=frozenset)
    references: frozenset[str] = field(default_factory=frozenset)
    patients: frozenset[str] = field(default_factory=frozenset)
    ward: bool = False
    queue: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Both together."""
        return Changes(
            self.types | other.types,
            self.references | other.references,
            self.patients | other.patients,
            self.ward or other.ward,
            self.queue or other.queue,
        )

    def __bool__(self) -> bool:
        """Whether anything was touched at all."""
        return bool(self.references) or self.queue
