"""``python -m workstation``: the command line, and the last place where an error can be caught."""

from __future__ import annotations

import sys

from workstation.cli import run


def main() -> int:
    """Run the command line and return its exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
