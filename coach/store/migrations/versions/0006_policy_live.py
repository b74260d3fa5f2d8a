"""Layout 6: what the sections of a policy do live."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Further tables; nothing that is kept changes."""
    _reviews()
    _routing()
    _targets()
    _learning()
    _offers()
    _coaching()


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
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("withdrawn_by", sa.Text),
    )
    op.create_index("resource_move_by_period", "resource_move", ["start_at", "number"])


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


def _offers() -> None:
    """Pages sent to customers."""
    op.create_table(
        "offer_page",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Integer, sa.ForeignKey("record.row"), nullable=False),
        sa.Column("secret", sa.Text, nullable=False, unique=True),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_index("offer_page_by_record", "offer_page", ["record", "number"])


def _coaching() -> None:
    """What managers say of their coaching."""
    op.create_table(
        "coaching_mark",
        sa.Column("rep", sa.Text, primary_key=True),
        sa.Column("start_at", sa.BigInteger, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
