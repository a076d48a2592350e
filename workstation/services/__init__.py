"""What a person can do: one function is one unit of work."""
