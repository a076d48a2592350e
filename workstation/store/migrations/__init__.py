"""Steps from each earlier schema of the store to the next, run by alembic."""
