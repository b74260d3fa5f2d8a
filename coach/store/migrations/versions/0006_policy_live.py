"""Layout 6: what the sections of a policy do live."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Further tables; nothing that is kept changes."""
    _reviews()
    _learning()


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row")),
        sa.Column("unit", sa.Text),
        sa.Column("held_by", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
    )
    op.create_index("review_by_unit", "review", ["unit", "state"])
    op.create_table(
        "review_cause",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("review", sa.Integer, sa.ForeignKey("review.number"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
    op.create_index("cause_by_review", "review_cause", ["review"])
    op.create_table(
        "review_evidence",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("review", sa.Integer, sa.ForeignKey("review.number"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
    op.create_index("evidence_by_review", "review_evidence", ["review"])
    op.create_table(
        "improvement",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("review", sa.Integer, sa.ForeignKey("review.number"), nullable=False),
        sa.Column("cause", sa.Integer, sa.ForeignKey("review_cause.number"), nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("escalated_at", sa.BigInteger),
        sa.Column("escalated_to", sa.Text),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("closed_by", sa.Text),
        sa.Column("outcome", sa.Text),
    )
    op.create_index("improvement_by_department", "improvement", ["department", "closed_at"])
    op.create_index("improvement_due", "improvement", ["closed_at", "escalated_at", "due_at"])
    op.create_index("improvement_by_review", "improvement", ["review"])


def _learning() -> None:
    op.create_table(
        "rule_feedback",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row")),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("feedback_by_rule", "rule_feedback", ["rule", "said_at"])
    op.create_table(
        "rule_lesson",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("lesson_by_rule", "rule_lesson", ["rule", "said_at"])
