"""One script for each promise of speed; they print medians, p99, targets, ratios and conditions."""
