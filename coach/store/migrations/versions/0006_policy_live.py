"""Layout 6: what the sections of a policy do live."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Further tables; nothing that is kept changes."""
