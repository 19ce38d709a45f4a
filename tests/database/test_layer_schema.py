"""The layer files, the migrations and the database say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gis_infra.catalogue.comparison import compare
from gis_infra.storage.system import LAYER_SCHEMA


def test_the_migrations_make_exactly_what_the_layer_files_say(connection, tables):
    assert [str(each) for each in compare(connection, tables)] == []


def test_alembic_finds_no_drift_either(connection, tables):
    def is_layer(name, type_, parents):
        return name == LAYER_SCHEMA if type_ == "schema" else True

    options = {"include_schemas": True, "include_name": is_layer, "compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, tables.metadata) == []
