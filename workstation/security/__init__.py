"""Who may open the record: data key wrapping, PIN, device secret, device credentials."""
