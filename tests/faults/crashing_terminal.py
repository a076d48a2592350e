"""A terminal that charts until it is killed, telling each save only after it returned."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.kit.store import NURSE, START, reopen
from workstation.kernel.clock import SystemClock


def main(folder: Path) -> None:
    """Save one pair of Observations after the other for ever; print each pair's number after."""
    store = reopen(folder, clock=SystemClock())
    number = 0
    while True:
        with store.write(NURSE) as unit:
            for side in ("a", "b"):
                unit.create(
                    {
                        "resourceType": "Observation",
                        "id": f"{side}{number}",
                        "status": "final",
                        "subject": {"reference": "Patient/p1"},
                        "effectiveDateTime": START.isoformat(),
                    }
                )
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
