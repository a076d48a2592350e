"""The medication round: a scanner field that is always ready, and what is due below it."""
