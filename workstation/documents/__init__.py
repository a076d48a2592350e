"""Values in, PDF out."""
