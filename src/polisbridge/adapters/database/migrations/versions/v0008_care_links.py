"""Patients who came to a hospital, employers that persons let see, and look-ups by number and birth date."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change the tables."""
    number, needed = sa.BigInteger(), False
    _remembering("visit", "clinic", "person", "contract", sealed=True)
    _remembering("consent", "employer", "person", sealed=False)
    op.create_index("visit_by_clinic", "visit", ["clinic"])
    op.create_index("visit_by_person", "visit", ["person"])
    op.create_index("consent_by_employer", "consent", ["employer"])
    op.create_index("consent_by_person", "consent", ["person"])
    op.create_index("contract_by_employer", "contract", ["employer"])
    op.create_index("thing_by_code", "thing", ["code"])
    op.create_table(
        "lookup",
        sa.Column("id", number, sa.Identity(always=True), nullable=needed),
        sa.Column("at", sa.DateTime(timezone=True), nullable=needed),
        sa.Column("who", sa.Text(), nullable=needed),
        sa.Column("role", sa.Text(), nullable=needed),
        sa.Column("found", sa.Boolean(), nullable=needed),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("lookup_by_who", "lookup", ["who", "at"])


def _remembering(name: str, *things: str, sealed: bool) -> None:
    """Make a table that remembers what is said of things."""
    said: list[sa.Column[Any]] = [sa.Column(one, sa.BigInteger(), nullable=False) for one in things]
    said += [sa.Column("sealed", sa.LargeBinary(), nullable=False)] if sealed else []
    op.create_table(
        name,
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *said,
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name=f"{name}_says_one_thing",
        ),
        *(sa.ForeignKeyConstraint([one], ["thing.id"]) for one in ("id", *things)),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index(f"{name}_by_id", name, ["id"])
