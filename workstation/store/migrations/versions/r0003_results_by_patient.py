"""The newest laboratory results of a whole ward are counted from one index.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Add an index that holds all that the count needs."""
    op.create_index(
        "observation_index_results",
        "observation_index",
        ["patient", "at", "id", "status", "flag"],
        sqlite_where=sa.text("category = 'laboratory'"),
    )
