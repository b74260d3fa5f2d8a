"""Layout 5: customers that are not the same, and customers whom two pursue together, with their shared tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Three tables more; until now nobody could say so."""
    op.create_table(
        "apart",
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), primary_key=True),
        sa.Column("other", sa.Integer, sa.ForeignKey("record.row"), primary_key=True),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "pursuit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_unit", sa.Text, nullable=False),
        sa.Column("owner_unit", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.BigInteger),
    )
    op.create_index("pursuit_by_asker", "pursuit", ["asked_unit", "state"])
    op.create_index("pursuit_by_owner", "pursuit", ["owner_unit", "state"])
    op.create_table(
        "pursuit_task",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pursuit", sa.Integer, sa.ForeignKey("pursuit.number"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("taken_by", sa.Text),
        sa.Column("taken_at", sa.BigInteger),
        sa.Column("done_by", sa.Text),
        sa.Column("done_at", sa.BigInteger),
    )
    op.create_index("task_by_pursuit", "pursuit_task", ["pursuit", "number"])
