"""What has not reached the hospital, what needs a person, how sync went."""
