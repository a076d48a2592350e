"""Handing a shift over: the patients, four texts for each, and the next person's PIN."""
