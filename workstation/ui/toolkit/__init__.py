"""Tasks, actions, messages, widgets and theme that every screen shares."""
