"""Run by Alembic: takes the connection that `schema` hands over, in one transaction for all changes."""

from alembic import context

from polisbridge.adapters.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
