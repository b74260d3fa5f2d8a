"""Layout 4: a rule may fire again for the same start of its clock."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_FIRED = sa.text("event = 'fired'")


def upgrade() -> None:
    """Until now a rule fired once for each record and start of its clock; now once at each instant."""
    op.drop_index("fired_once", "firing")
    op.create_index(
        "fired_once", "firing", ["rule", "record", "since", "at"], unique=True, sqlite_where=_FIRED, postgresql_where=_FIRED
    )
