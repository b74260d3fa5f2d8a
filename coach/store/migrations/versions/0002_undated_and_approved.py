"""Layout 2: events may be undated; validations are kept, and requests that a second person decides."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Until now every event stood as dated."""
    op.add_column("event", sa.Column("dated", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_table(
        "validation",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("validation_by_digest", "validation", ["digest", "number"])
    op.create_table(
        "request",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("catch_up", sa.Boolean, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("validation", sa.Integer, sa.ForeignKey("validation.number")),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.Text),
        sa.Column("decision", sa.Text),
        sa.Column("version", sa.Integer),
    )
