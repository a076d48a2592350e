"""New results of the whole ward."""
