"""Jobs in the background."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change the tables."""
