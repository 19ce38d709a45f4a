"""How Alembic runs our migrations: on the connection `storage.schema` hands over, one transaction each."""

from alembic import context

from gis_infra.storage.system import SYSTEM, SYSTEM_SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SYSTEM,
    version_table_schema=SYSTEM_SCHEMA,
    transaction_per_migration=True,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
