"""Ward Workstation: the medical record on the ward that keeps working when the network does not."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
