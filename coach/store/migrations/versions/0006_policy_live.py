"""Layout 6: what the sections of a policy do live."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Further tables; nothing that is kept changes."""
    _routing()


def _routing() -> None:
    """Leads given out, their photos, and those that wait."""
    op.create_table(
        "assignment",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("assignment_by_record", "assignment", ["record", "number"])
    op.create_index("assignment_by_unit", "assignment", ["unit", "number"])
    op.create_table(
        "photo",
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "waiting_lead",
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("taken_from", sa.Text),
        sa.Column("rule", sa.Text),
    )
