"""The reference hospital server: FHIR R4 over SQLite or PostgreSQL."""
