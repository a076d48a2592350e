"""The rehearsal of an outage: real processes, a real socket, and a proof that nothing was lost."""
