"""The medicine as plain values and pure functions: no I/O, no clock, no randomness."""
