"""Orders of the ward that no nurse has acknowledged yet."""
