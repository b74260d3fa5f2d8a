"""Tables of what is offered to customers: pages that were sent to them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text


def offer_tables(metadata: MetaData) -> Table:
    """The table, added to the metadata of a store."""
    return Table(
        "offer_page",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("record", Integer, ForeignKey("record.row"), nullable=False),  # the deal for which it was sent
        Column("secret", Text, nullable=False, unique=True),  # the end of its link
        Column("figures", Text, nullable=False),  # JSON: an Investment
        Column("words", Text, nullable=False),  # to the customer, by whoever sent it
        Column("language", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False),
        Column("ended_at", BigInteger),  # taken back before that
        Index("offer_page_by_record", "record", "number"),
    )
