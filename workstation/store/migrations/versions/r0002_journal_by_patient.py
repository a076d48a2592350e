"""The journal knows whose record each change is in, so that a purge can prove that none is unsent.

Revision ID: 0002
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Add the patient to every change, from the resource that it belongs to."""
    op.add_column("change", sa.Column("patient", sa.Text))
    op.execute(
        "UPDATE change SET patient = coalesce("
        "(SELECT p.patient FROM pending p WHERE p.type = change.type AND p.id = change.id),"
        " (SELECT r.patient FROM resource r WHERE r.type = change.type AND r.id = change.id),"
        " CASE change.type WHEN 'Patient' THEN change.id END)"
    )
    op.create_index(
        "change_unanswered", "change", ["patient"], sqlite_where=sa.text("answered_at IS NULL")
    )
