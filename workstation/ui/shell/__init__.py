"""The window's frame: log-in and lock, navigation, connection strip, command palette."""
