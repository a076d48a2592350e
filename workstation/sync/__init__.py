"""Bringing this terminal and the hospital's server to the same record, through any outage."""
