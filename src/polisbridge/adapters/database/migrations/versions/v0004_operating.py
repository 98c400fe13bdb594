"""Limits of requests and sign-in elsewhere."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change the tables."""
