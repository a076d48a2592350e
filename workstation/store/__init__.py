"""The encrypted local record: engine and keys, tables, unit of work, index tables, backup."""

from workstation.store.engine import forbid_thread, permit_thread
from workstation.store.record import Author, Store, Stored, Unit, View

__all__ = ["Author", "Store", "Stored", "Unit", "View", "forbid_thread", "permit_thread"]
