"""The chart of one patient: banner above, tabs below."""
