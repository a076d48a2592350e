"""Gets to know the server: what it claims, what it really does, and whether it is still the same.

The probe is made once and remembered with the server's epoch. Another epoch at the same address
means another database: a restored or a new one. Then nothing is sent until a person has decided.
A newer version of the same program is probed anew.
"""

from __future__ import annotations

from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged
from workstation.store import Store, sync_state
from workstation.store.sync_state import Remembered
from workstation.sync.capabilities import Capabilities, Claims, claims
from workstation.sync.client import FhirClient
from workstation.sync.probe import probe
from workstation.sync.server import Server
from workstation.sync.translation import Translation


def meet_server(store: Store, client: FhirClient, clock: Clock) -> Server:
    """Get to know a server, or recognise it.

    Args:
        store: Remembers it.
        client: Speaks to it.
        clock: This terminal's.

    Raises:
        Unavailable: It cannot be reached, or is no FHIR R4 server.
        Damaged: ``server-restored``: it is not the database that was synced with before.
    """
    claimed = claims(client)
    base = client.transport.base
    with store.read() as view:
        known = sync_state.remembered(view, base)
        pairs = sync_state.id_map(view, base)
    if known is not None and known.epoch != claimed.epoch:
        if not claimed.is_update_of(known.epoch):
            raise Damaged("server-restored", reason="epoch")
        known = None
    capabilities = _capabilities(store, client, claimed, known, clock)
    client.compress = capabilities.gzip
    return Server(client, capabilities, Translation(pairs))


def _capabilities(
    store: Store, client: FhirClient, claimed: Claims, known: Remembered | None, clock: Clock
) -> Capabilities:
    if known is not None and known.probe:
        return Capabilities.decoded(known.probe)
    found = probe(client, claimed)
    with store.write() as unit:
        sync_state.remember(
            unit, client.transport.base, Remembered(claimed.epoch, found.encoded()), clock.now()
        )
    return found
