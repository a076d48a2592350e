"""The reference hospital server: FHIR R4 over SQLite or PostgreSQL."""

from typing import Final

__version__: Final = "0.1.0"
