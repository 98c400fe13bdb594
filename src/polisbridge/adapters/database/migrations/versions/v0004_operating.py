"""Limits of requests, sign-in elsewhere, machines known by their certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "rate",
        sa.Column("window", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("window", "sender"),
        prefixes=["UNLOGGED"],
    )
    op.add_column("account", sa.Column("elsewhere", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "vouched",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject"),
    )
    op.add_column("client_key", sa.Column("certificate", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint("client_key_certificate_key", "client_key", ["certificate"])
    op.create_index("idempotency_by_age", "idempotency", ["created"])
