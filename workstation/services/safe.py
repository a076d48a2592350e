"""What a copy of this terminal's record is made with: where it lies, and the key that opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from workstation.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Safe:
    """Known once somebody's PIN has opened the key, even if the record itself does not open.

    Attributes:
        folder: Of the record.
        key: Its raw data key; it is in no text of this object.
        clock: Where times come from.
    """

    folder: Path
    key: bytes = field(repr=False)
    clock: Clock
