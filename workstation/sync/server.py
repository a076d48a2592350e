"""One server as sync knows it: how to speak to it, what it can, and what it calls things."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.sync.capabilities import Capabilities
from workstation.sync.client import FhirClient
from workstation.sync.translation import Translation


@dataclass(frozen=True, slots=True)
class Server:
    """One server.

    Attributes:
        client: Speaks to it.
        capabilities: What it really does.
        names: The ids it chose for records of ours.
    """

    client: FhirClient
    capabilities: Capabilities
    names: Translation
