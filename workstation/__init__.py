"""Ward Workstation: the medical record on the ward that keeps working when the network does not."""
