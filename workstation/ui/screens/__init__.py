"""One package a screen; no screen imports another."""
