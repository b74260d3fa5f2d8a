"""Layout 1, the first that stores are known to have: nothing leads to it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: a store of this layout has its tables."""
