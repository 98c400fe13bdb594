"""Drafts of law and admissions."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change the tables."""
