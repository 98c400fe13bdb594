"""Certificates issued by the node: what the journal says of each, and the lists as they were last signed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change the tables."""
    op.add_column("status_entry", sa.Column("status", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("status_entry", sa.Column("ends", sa.Date(), nullable=True))
    op.create_table(
        "status_list",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("upto", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("state", "number"),
        sa.UniqueConstraint("register"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("insurer", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contracts", ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["insurer"], ["thing.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_by_insurer", "upload", ["insurer"])
