"""Finding a patient by any part of a name or a number."""
