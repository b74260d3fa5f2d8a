"""Tables of targets: sets of them, signatures, adjustments and moved resources."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text


def target_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """The four tables, added to the metadata of a store."""
    target_set = Table(
        "target_set",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("policy", Integer, ForeignKey("policy_version.number")),  # by which it was reckoned
        Column("start_at", BigInteger, nullable=False),
        Column("end_at", BigInteger, nullable=False),
        Column("units", Text, nullable=False),  # JSON: unit, level, parent, target, proposed and reasons of every unit
        Column("proposed_at", BigInteger, nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("state", Text, nullable=False),  # proposed, withdrawn, confirmed or in_force
        Column("decided_at", BigInteger),
        Column("decided_by", Text),
        Index("target_set_by_state", "state", "number"),
    )
    commitment = Table(
        "commitment",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("unit", Text, nullable=False),
        Column("start_at", BigInteger, nullable=False),  # of the period
        Column("end_at", BigInteger, nullable=False),
        Column("target", Float, nullable=False),
        Column("signed_by", Text, nullable=False),
        Column("signed_at", BigInteger, nullable=False),
        Column("shown", Text, nullable=False),  # JSON: what the person saw before signing
        Index("commitment_by_unit", "unit", "start_at"),
    )
    adjustment = Table(
        "adjustment",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("unit", Text, nullable=False),
        Column("start_at", BigInteger, nullable=False),  # of the period
        Column("target", Float, nullable=False),  # when it was asked
        Column("wanted", Float, nullable=False),
        Column("evidence", Text, nullable=False),
        Column("kind", Text),  # of the record on which the changed need is recorded
        Column("record", Text),
        Column("asked_by", Text, nullable=False),
        Column("asked_at", BigInteger, nullable=False),
        Column("asks", Text, nullable=False),  # JSON: roles that must approve
        Column("approvals", Text, nullable=False),  # JSON: role -> by and at
        Column("state", Text, nullable=False),  # asked, granted or refused
        Column("decided_at", BigInteger),
        Column("decided_by", Text),
        Column("why", Text, nullable=False),  # JSON: of a refusal, in en and zh
        Index("adjustment_by_unit", "unit", "asked_at"),
        Index("adjustment_by_state", "state", "number"),
    )
    resource_move = Table(
        "resource_move",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("resource", Text, nullable=False),  # leads, presales_hours or budget
        Column("from_unit", Text, nullable=False),
        Column("to_unit", Text, nullable=False),
        Column("amount", Float, nullable=False),
        Column("reason", Text, nullable=False),
        Column("start_at", BigInteger, nullable=False),  # of the period
        Column("made_at", BigInteger, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("withdrawn_at", BigInteger),
        Column("withdrawn_by", Text),
        Index("resource_move_by_period", "start_at", "number"),
    )
    return target_set, commitment, adjustment, resource_move
