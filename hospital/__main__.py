"""``python -m hospital``."""

from __future__ import annotations

import sys

from hospital.cli import main

if __name__ == "__main__":
    sys.exit(main())
