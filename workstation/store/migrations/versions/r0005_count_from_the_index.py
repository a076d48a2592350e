"""How many records the server has of a ward is counted from the index, without reading one.

Revision ID: 0005
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Let the index say which of a patient's records are deleted."""
    op.drop_index("resource_patient", "resource")
    op.create_index("resource_patient", "resource", ["patient", "type", "deleted"])
