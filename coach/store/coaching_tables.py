"""Table of what managers say of their coaching."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text


def coaching_tables(metadata: MetaData) -> Table:
    """The table, added to the metadata of a store."""
    return Table(
        "coaching_mark",
        metadata,
        Column("rep", Text, primary_key=True),
        Column("start_at", BigInteger, primary_key=True),  # beginning of the month
        Column("number", Integer, primary_key=True),  # which session of the month, from 0
        Column("held", Boolean, nullable=False),
        Column("why", Text, nullable=False),  # what took the hour of one that was not held
        Column("said_by", Text, nullable=False),
        Column("said_at", BigInteger, nullable=False),
    )
