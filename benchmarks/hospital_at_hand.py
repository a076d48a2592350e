"""A reference server as a process of its own that takes in records by plain FHIR batches."""

from __future__ import annotations

import atexit
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from workstation.drill.hospital_process import HospitalProcess
from workstation.fhir import json
from workstation.fhir.json import Resource
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request

_AT_ONCE: Final = 100
_OK: Final = 200


class HospitalAtHand:
    """An empty server on this machine; it ends with this process.

    Args:
        folder: Where its database and log lie.

    Attributes:
        base: Address of its FHIR interface.
        taken_in_at: When it took in something last, by the clock of `time.monotonic`.
    """

    def __init__(self, folder: Path) -> None:
        self._process = HospitalProcess(folder, seed=1, empty=True)
        self.base = self._process.start()
        self._transport = HttpTransport(self.base)
        self.taken_in_at = 0.0
        atexit.register(self.stop)

    def take_in(self, records: Iterable[Resource]) -> int:
        """Write records over the wire, under their own ids.

        Returns:
            How many there were.

        Raises:
            RuntimeError: The server refused one.
        """
        left, count = iter(records), 0
        while part := list(islice(left, _AT_ONCE)):
            self._batch(part)
            count += len(part)
        self.taken_in_at = time.monotonic()
        return count

    def stop(self) -> None:
        """End the server; a second call does nothing."""
        atexit.unregister(self.stop)
        self._transport.close()
        self._process.stop()

    def _batch(self, part: Sequence[Resource]) -> None:
        bundle: Resource = {
            "resourceType": "Bundle",
            "type": "batch",
            "entry": [
                {
                    "resource": each,
                    "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"},
                }
                for each in part
            ],
        }
        answer = self._transport.send(Request("POST", "", json.dump(bundle).encode()))
        if answer.status != _OK:
            raise RuntimeError(f"the server answered {answer.status}")
        entries = json.parse(answer.body.decode())["entry"]
        refused = [each for each in entries if not each["response"]["status"].startswith("20")]
        if refused:
            raise RuntimeError(f"the server refused {len(refused)} of {len(part)}: {refused[0]}")
