"""Patients who came to a hospital."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change the tables."""
