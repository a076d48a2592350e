"""The ward board: bed map and list."""
