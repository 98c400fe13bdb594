"""Jobs in the background: who gave them, who does them, and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_STATES = "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')"


def upgrade() -> None:
    """Change the tables. There was no way to make jobs before; what may stand there is dropped."""
    op.execute("DELETE FROM job")
    op.drop_constraint("job_account_fkey", "job")
    op.drop_constraint("job_has_a_state", "job")
    op.add_column("job", sa.Column("role", sa.Text(), nullable=False))
    op.add_column("job", sa.Column("who", sa.Text(), nullable=False))
    op.add_column("job", sa.Column("owner_state", sa.Text(), nullable=False))
    op.add_column("job", sa.Column("organisation", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("tries", sa.Integer(), nullable=False))
    op.add_column("job", sa.Column("claim", sa.Text(), nullable=True))
    op.add_column("job", sa.Column("ended", sa.DateTime(timezone=True), nullable=True))
    op.add_column("job", sa.Column("expires", sa.DateTime(timezone=True), nullable=True))
    op.add_column("job", sa.Column("failure", sa.LargeBinary(), nullable=True))
    op.add_column("job", sa.Column("client_key", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("once", sa.Text(), nullable=True))
    op.create_unique_constraint("job_once_key", "job", ["once"])
    op.create_check_constraint("job_has_a_state", "job", _STATES)
    op.create_index("job_to_do", "job", ["id"], postgresql_where=sa.text("state IN ('waiting', 'running')"))
    op.create_table(
        "job_file",
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["job.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job", "name"),
    )
    op.create_table(
        "job_piece",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["job.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("job_piece_by_file", "job_piece", ["job", "name", "id"])
