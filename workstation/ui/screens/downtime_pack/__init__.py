"""Screen of the downtime pack."""
