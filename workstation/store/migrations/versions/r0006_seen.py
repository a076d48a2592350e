"""What a person has seen, and when each record came here, so that what is new can be told.

Revision ID: 0006
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Add the two tables; what came before them counts as no news."""
    op.create_table(
        "seen",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "patient", "what"),
    )
    op.create_index("seen_patient", "seen", ["patient"])
    op.create_table(
        "arrival",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.PrimaryKeyConstraint("type", "id"),
    )
    op.create_index("arrival_patient", "arrival", ["patient", "at", "type", "id"])
