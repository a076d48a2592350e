"""The hospital server's tables and statements, for SQLite and PostgreSQL alike."""
