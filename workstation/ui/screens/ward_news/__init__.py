"""What changed on the ward since one last looked."""
