"""The encrypted local record: engine and keys, tables, unit of work, index tables, backup."""
