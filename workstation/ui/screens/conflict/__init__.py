"""Two versions of one record: see them side by side, choose, say why, sign."""
