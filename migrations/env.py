"""How Alembic runs our migrations: on the connection `storage.schema` hands over, one transaction each.

The migrations are not given the program's metadata: what they make stands in them word for word, names included, and
does not change when the program does.
"""

from alembic import context

from gis_infra.storage.system import SYSTEM_SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=SYSTEM_SCHEMA,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
