"""Small facts that a terminal remembers, by name: in the encrypted file, never in a plain one."""

from __future__ import annotations

from workstation.store.record import Store, Unit, View


def recall(view: View, name: str) -> str | None:
    """What was remembered under a name."""
    found = view.connection.exec_driver_sql(
        "SELECT value FROM meta WHERE key = ?", (name,)
    ).scalar()
    return None if found is None else str(found)


def remember(unit: Unit, name: str, value: str) -> None:
    """Remember a fact in place of the one before."""
    unit.connection.exec_driver_sql(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (name, value),
    )


class Vault:
    """Secrets of this terminal inside its store, as `workstation.security.device` wants them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, name: str) -> str | None:
        """The secret of that name, or None."""
        with self._store.read() as view:
            return recall(view, name)

    def write(self, name: str, secret: str) -> None:
        """Keep a secret."""
        with self._store.write() as unit:
            remember(unit, name, secret)
