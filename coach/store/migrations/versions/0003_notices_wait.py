"""Layout 3: a notice may wait before it leaves, with others in a digest, and may go to a deputy."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Until now every notice left at once, to whom it was for."""
    op.add_column("notice", sa.Column("leaves_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("notice", sa.Column("in_digest", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("notice", sa.Column("told_at", sa.BigInteger))
    op.add_column("notice", sa.Column("told_to", sa.Text))
    notice = sa.table("notice", *map(sa.column, ("at", "unit", "sent", "leaves_at", "told_at", "told_to")))
    op.execute(notice.update().values(leaves_at=notice.c.at))
    op.execute(notice.update().where(notice.c.sent).values(told_at=notice.c.at, told_to=notice.c.unit))
    op.create_index("notice_waiting", "notice", ["told_at", "leaves_at"])
    op.create_index("notice_told", "notice", ["told_to", "told_at"])
