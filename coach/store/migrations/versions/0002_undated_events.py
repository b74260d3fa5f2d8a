"""Layout 2: an event may say that nobody knows when it happened."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Until now every event stood as dated."""
    op.add_column("event", sa.Column("dated", sa.Boolean, nullable=False, server_default=sa.true()))
