"""Papers of one patient: preview, print, save."""
