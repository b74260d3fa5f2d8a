"""Tables of what is said and learned of rules."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text


def learning_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The two tables, added to the metadata of a store."""
    feedback = Table(
        "rule_feedback",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("rule", Text, nullable=False),
        Column("version", Integer),  # of the policy in force when it was said
        Column("record", Integer, ForeignKey("record.row")),  # on which it was said
        Column("said_by", Text, nullable=False),
        Column("unit", Text),
        Column("said_at", BigInteger, nullable=False),
        Column("verdict", Text, nullable=False),  # helps, in_the_way or wrong
        Column("why", Text, nullable=False),
        Index("feedback_by_rule", "rule", "said_at"),
    )
    lesson = Table(
        "rule_lesson",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("rule", Text, nullable=False),
        Column("version", Integer),
        Column("said_by", Text, nullable=False),
        Column("said_at", BigInteger, nullable=False),
        Column("text", Text, nullable=False),
        Index("lesson_by_rule", "rule", "said_at"),
    )
    return feedback, lesson
