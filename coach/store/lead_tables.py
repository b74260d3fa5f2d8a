"""Tables of leads: those given out, their photos, and those that wait."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text


def lead_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """The three tables, added to the metadata of a store."""
    assignment = Table(
        "assignment",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),  # in the order in which leads were given out
        Column("record", Integer, ForeignKey("record.row"), nullable=False),
        Column("unit", Text, nullable=False),  # that got the lead
        Column("at", BigInteger, nullable=False),
        Column("how", Text, nullable=False),  # a method of routing
        Column("by", Text),  # person who chose; none: the coach
        Column("why", Text, nullable=False),  # JSON: what was recorded when it was chosen
        Index("assignment_by_record", "record", "number"),
        Index("assignment_by_unit", "unit", "number"),
    )
    photo = Table(
        "photo",
        metadata,
        Column("record", Integer, ForeignKey("record.row"), primary_key=True),
        Column("content", LargeBinary, nullable=False),  # JPEG of at most photos.MOST_PIXELS on the longer side
        Column("by", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    waiting_lead = Table(
        "waiting_lead",
        metadata,
        Column("record", Integer, ForeignKey("record.row"), primary_key=True),
        Column("since", BigInteger, nullable=False),
        Column("due_at", BigInteger),  # when the coach gives it out; none: people do
        Column("turn", BigInteger, nullable=False),  # order among those due at one instant
        Column("taken_from", Text),  # unit that has not taken it up
        Column("rule", Text),  # by which it was taken
    )
    return assignment, photo, waiting_lead
