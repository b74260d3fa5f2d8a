"""Layout 6: what the sections of a policy do live."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Further tables; nothing that is kept changes."""
    _targets()


def _targets() -> None:
    op.create_table(
        "target_set",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("policy", sa.Integer, sa.ForeignKey("policy_version.number")),
        sa.Column("start_at", sa.BigInteger, nullable=False),
        sa.Column("end_at", sa.BigInteger, nullable=False),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.BigInteger, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.Text),
    )
    op.create_index("target_set_by_state", "target_set", ["state", "number"])
    op.create_table(
        "commitment",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("start_at", sa.BigInteger, nullable=False),
        sa.Column("end_at", sa.BigInteger, nullable=False),
        sa.Column("target", sa.Float, nullable=False),
        sa.Column("signed_by", sa.Text, nullable=False),
        sa.Column("signed_at", sa.BigInteger, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
    )
    op.create_index("commitment_by_unit", "commitment", ["unit", "start_at"])
    op.create_table(
        "adjustment",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("start_at", sa.BigInteger, nullable=False),
        sa.Column("target", sa.Float, nullable=False),
        sa.Column("wanted", sa.Float, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("record", sa.Text),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("asks", sa.Text, nullable=False),
        sa.Column("approvals", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("adjustment_by_unit", "adjustment", ["unit", "asked_at"])
    op.create_index("adjustment_by_state", "adjustment", ["state", "number"])
    op.create_table(
        "resource_move",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("from_unit", sa.Text, nullable=False),
        sa.Column("to_unit", sa.Text, nullable=False),
        sa.Column("amount", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("start_at", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
    )
    op.create_index("resource_move_by_period", "resource_move", ["start_at", "number"])
