"""Fetching what the server has and this terminal has not: scope, cursor, census, guard."""
