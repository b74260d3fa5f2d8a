"""Tables of retrospectives: reviews, their causes, evidence and improvements."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text


def review_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """The four tables, added to the metadata of a store."""
    review = Table(
        "review",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("title", Text, nullable=False),
        Column("record", Integer, ForeignKey("record.row")),  # what it is about, where that is a record
        Column("unit", Text),  # of whoever holds it
        Column("held_by", Text, nullable=False),
        Column("begun_at", BigInteger, nullable=False),
        Column("state", Text, nullable=False),  # open, valid or void
        Column("finished_at", BigInteger),
        Index("review_by_unit", "unit", "state"),
    )
    cause = Table(
        "review_cause",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("review", Integer, ForeignKey("review.number"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", BigInteger, nullable=False),
        Index("cause_by_review", "review"),
    )
    evidence = Table(
        "review_evidence",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("review", Integer, ForeignKey("review.number"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("source", Text, nullable=False),  # where it can be looked up
        Column("said_by", Text, nullable=False),
        Column("said_at", BigInteger, nullable=False),
        Index("evidence_by_review", "review"),
    )
    improvement = Table(
        "improvement",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("review", Integer, ForeignKey("review.number"), nullable=False),
        Column("cause", Integer, ForeignKey("review_cause.number"), nullable=False),
        Column("department", Text, nullable=False),  # a unit
        Column("text", Text, nullable=False),
        Column("sent_at", BigInteger),  # with the review, when that is valid
        Column("due_at", BigInteger),
        Column("escalated_at", BigInteger),
        Column("escalated_to", Text),  # the unit that leads; none: operations
        Column("closed_at", BigInteger),
        Column("closed_by", Text),
        Column("outcome", Text),
        Index("improvement_by_department", "department", "closed_at"),
        Index("improvement_due", "closed_at", "escalated_at", "due_at"),
        Index("improvement_by_review", "review"),
    )
    return review, cause, evidence, improvement
