"""The task list: everything that is due, by time."""
