"""The layer files, the migrations and the database say the same, and the database holds the data to it."""

import importlib.util
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gis_infra.catalogue import migration, plans
from gis_infra.catalogue.comparison import compare
from gis_infra.catalogue.definitions import Catalogue, Field, Title
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import ROOT
from gis_infra.storage import schema
from gis_infra.storage.system import LAYER_SCHEMA
from tests.builders import insert

TITLE = Title(vi="Vỏ bọc", en="Casing")
FIRST = ROOT / "migrations" / "versions" / "2026_11_23_03_layers.py"


def test_the_migrations_make_exactly_what_the_layer_files_say(connection, tables):
    assert [str(each) for each in compare(connection, tables)] == []


def test_alembic_finds_no_drift_either(connection, tables):
    def is_layer(name, type_, parents):
        return name == LAYER_SCHEMA if type_ == "schema" else True

    options = {"include_schemas": True, "include_name": is_layer, "compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, tables.metadata) == []


DRIFT = [
    ("ALTER TABLE infra.tree DROP CONSTRAINT tree_crown_m_check", "constraint tree.tree_crown_m_check is only in the"),
    ("ALTER TABLE infra.tree ALTER girth_cm TYPE numeric", "column tree.girth_cm should be double precision"),
    ("ALTER TABLE infra.tree ALTER created_at DROP NOT NULL", "column tree.created_at should be"),
    ("ALTER TABLE infra.tree ALTER lonlat DROP EXPRESSION", "column tree.lonlat should be"),
    ("ALTER TABLE infra.tree ADD COLUMN fruit text", "column tree.fruit is only in the database"),
    ("COMMENT ON COLUMN infra.tree.species IS 'Kind'", "column tree.species should be text (Species)"),
    ("COMMENT ON TABLE infra.tree IS 'Shrub'", "table tree should be"),
    ("DROP INDEX infra.tree_place_idx", "index tree.tree_place_idx is only in the files"),
    ("CREATE TABLE infra.shrub (id bigint)", "column shrub.id is only in the database"),
    ("DROP TABLE infra.tree", "table tree is only in the files"),
    ("ALTER TABLE history.tree DROP COLUMN girth_cm", "column history.tree.girth_cm is only in the files"),
    ("ALTER TABLE history.tree ALTER girth_cm TYPE text", "column history.tree.girth_cm should be double precision"),
    ("ALTER TABLE history.tree ALTER id SET NOT NULL", "column history.tree.id should be bigint"),
    ("DROP INDEX history.tree_id_ended_at_idx", "index history.tree.tree_id_ended_at_idx is only in the files"),
    ("DROP TABLE history.tree", "table history.tree is only in the files"),
]


@pytest.mark.parametrize(("statement", "words"), DRIFT)
def test_a_change_behind_the_migrations_back_is_found(connection, catalogue, settings, statement, words):
    few = build_tables(Catalogue({"tree": catalogue.get_layer("tree")}, {}), settings.city_srid)
    connection.execute(sa.text(statement))
    others = [str(each) for each in compare(connection, few) if each.table in ("tree", "shrub")]
    assert any(words in each for each in others), others


REFUSED = [
    ({"material": "wood"}, "water_pipe_material_check"),
    ({"status": "Proposed"}, "water_pipe_status_check"),
    ({"nominal_diameter_mm": 14}, "water_pipe_nominal_diameter_mm_check"),
    ({"nominal_diameter_mm": 4001}, "water_pipe_nominal_diameter_mm_check"),
    ({"cover_m": float("nan")}, "water_pipe_cover_m_check"),
    ({"cover_m": float("inf")}, "water_pipe_cover_m_check"),
    ({"zone": "x" * 101}, "water_pipe_zone_check"),
    ({"wkt": "POINT(600000 1190000)"}, "water_pipe_geom_type_check"),
    ({"wkt": "MULTILINESTRING((600000 1190000, 600001 1190000))"}, "water_pipe_geom_type_check"),
    ({"geom": "SRID=4326;LINESTRING(106 10, 107 10)"}, "water_pipe_geom_srid_check"),
    ({"asset_code": "P1", "owner": "SAWACO"}, "water_pipe_owner_asset_code_idx"),
]


@pytest.mark.parametrize(("values", "rule"), REFUSED, ids=[rule for _, rule in REFUSED])
def test_plain_sql_cannot_break_the_data(connection, tables, values, rule):
    insert(connection, tables, "water_pipe", asset_code="P1", owner="SAWACO")
    with pytest.raises(sa.exc.IntegrityError, match=rule):
        insert(connection, tables, "water_pipe", **values)


def test_a_code_may_come_again_from_another_owner_or_without_one(connection, tables):
    owners = ("SAWACO", "UDC", None, None)
    ids = [insert(connection, tables, "water_pipe", asset_code="P1", owner=owner) for owner in owners]
    assert len(set(ids)) == 4


def test_a_geometry_may_have_heights_or_none_or_be_missing(connection, tables):
    rows = ["LINESTRING(600000 1190000, 600010 1190000)", "LINESTRING Z(600000 1190000 -1, 600010 1190000 -2)", None]
    ids = [insert(connection, tables, "water_pipe", wkt=wkt) for wkt in rows]
    table = tables.get("water_pipe")
    dimensions = sa.select(sa.func.st_ndims(table.c.geom)).where(table.c.id.in_(ids)).order_by(table.c.id)
    assert connection.execute(dimensions).scalars().all() == [2, 3, None]


def test_the_database_keeps_longitude_and_latitude_itself(connection, tables):
    id_ = insert(connection, tables, "tree", wkt="POINT(603000 1191000)")
    table = tables.get("tree")
    lonlat = sa.select(sa.func.st_x(table.c.lonlat), sa.func.st_y(table.c.lonlat)).where(table.c.id == id_)
    # reference: EPSG:6960 by PROJ, (603000, 1191000) is 106.69358409, 10.76840366.
    assert connection.execute(lonlat).one() == pytest.approx((106.69358409, 10.76840366), abs=1e-8)


def test_geometry_columns_says_type_and_crs(connection, settings):
    query = sa.text(
        "SELECT type, srid FROM geometry_columns "
        "WHERE f_table_schema = 'infra' AND f_table_name = 'building' AND f_geometry_column = 'geom'"
    )
    assert tuple(connection.execute(query).one()) == ("MULTIPOLYGON", settings.city_srid)


@pytest.fixture
def changed(catalogue, settings):
    """The tables of a city with one layer more, and another layer with a field, a code and a title of its own."""
    pipe = catalogue.get_layer("water_pipe")
    fields = {field.name: field for field in pipe.fields}
    codes = dict(fields["lining"].codes) | {"liner_50%:new": TITLE}
    fields["lining"] = replace(fields["lining"], codes=codes)
    fields["zone"] = replace(fields["zone"], title=Title(vi="Vùng", en="Zone's name"))
    casing = Field("casing", "text", TITLE, pattern="^(?:[A-Z]:)+$", max_length=9)
    new_pipe = replace(pipe, title=Title(vi="Ống", en="Pipe"), fields=(casing, *fields.values()))
    gas = replace(pipe, id="gas_pipe")
    return build_tables(
        Catalogue({**catalogue.layers, "water_pipe": new_pipe, "gas_pipe": gas}, {}), settings.city_srid
    )


def load(text, path):
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_operations(connection, srid):
    """Alembic's operations on a connection, as a migration has them."""
    config = schema.make_config()
    config.attributes["city_srid"] = srid
    environment = EnvironmentContext(config, ScriptDirectory.from_config(config))
    environment.configure(connection=connection)
    return Operations.context(environment.get_context())


def test_a_generated_migration_makes_the_change_and_takes_it_back(connection, tables, changed, tmp_path):
    plan = plans.make_plan(compare(connection, changed), changed)
    assert plan.layers == ("gas_pipe",) and plan.by_hand == ()
    text = migration.render(plan, migration.Heading("Gas", "2026_11_24_01", "2026_11_23_06"), changed)
    generated = load(text, tmp_path / "generated.py")
    with make_operations(connection, changed.srid):
        generated.upgrade()
        assert [str(each) for each in compare(connection, changed)] == []
        insert(connection, changed, "water_pipe", casing="A:B:", lining="liner_50%:new")
        connection.execute(sa.text("UPDATE infra.water_pipe SET casing = 'C:' WHERE casing = 'A:B:'"))
        assert connection.execute(sa.text("SELECT casing FROM history.water_pipe")).scalars().all() == ["A:B:"]
        watched = sa.text("SELECT count(*) FROM gis.layer_state WHERE layer = 'gas_pipe'")
        assert connection.execute(watched).scalar_one() == 1
        connection.execute(sa.text("TRUNCATE infra.water_pipe"))
        generated.downgrade()
        assert connection.execute(watched).scalar_one() == 0
        assert [str(each) for each in compare(connection, tables)] == []


def test_a_column_that_only_the_history_lacks_is_added_to_it_alone(connection, tables):
    connection.execute(sa.text("ALTER TABLE history.tree DROP COLUMN girth_cm"))
    plan = plans.make_plan(compare(connection, tables), tables)
    assert [step.up for step in plan.steps] == [
        'op.add_column("tree", sa.Column("girth_cm", sa.Double()), schema="history")'
    ]
    assert plan.layers == () and plan.by_hand == ()


def test_a_history_that_is_missing_whole_is_left_to_a_person(connection, tables):
    connection.execute(sa.text("DROP TABLE history.tree"))
    plan = plans.make_plan(compare(connection, tables), tables)
    assert plan.is_empty
    assert plan.by_hand == ("table history.tree is only in the files",)


INDEX = '    op.create_index(f"{layer}_%s_idx", layer, [%s], schema=SCHEMA, postgresql_using="gist")\n'


LATER = {"power_cable_underground": {"duct"}, "telecom_cable": {"duct"}}  # what migration 17 added
LATER_LAYERS = {"fire_station", "sewer_connection"}  # and migration 18


def test_the_first_migration_is_what_the_command_writes_but_for_its_two_spatial_indexes(catalogue, settings):
    layers = {
        key: replace(layer, fields=tuple(each for each in layer.fields if each.name not in LATER.get(key, ())))
        for key, layer in catalogue.layers.items()
        if key not in LATER_LAYERS
    }
    tables = build_tables(Catalogue(layers, {}), settings.city_srid)
    heading = migration.Heading("One table per layer of the city", "2026_11_23_03", "2026_11_23_02")
    text = migration.render(plans.Plan(tuple(layers)), heading, tables, watch=False)
    one, two = INDEX % ("place", '"lonlat", "geom"'), INDEX % ("geom", '"geom"') + INDEX % ("lonlat", '"lonlat"')
    assert FIRST.read_text(encoding="utf-8") == text.replace(one, two)


def test_nothing_that_loses_data_is_written(connection, catalogue, settings):
    pipe = catalogue.get_layer("water_pipe")
    fields = tuple(
        replace(field, type="text", minimum=None, maximum=None) if field.name == "cover_m" else field
        for field in pipe.fields
        if field.name != "zone"
    )
    fewer = {key: layer for key, layer in catalogue.layers.items() if key != "tree"}
    smaller = build_tables(Catalogue({**fewer, "water_pipe": replace(pipe, fields=fields)}, {}), settings.city_srid)
    plan = plans.make_plan(compare(connection, smaller), smaller)
    assert plan.layers == () and "drop" not in " ".join(step.up for step in plan.steps).replace("drop_constraint", "")
    left = "\n".join(plan.by_hand)
    assert "table tree is only in the database" in left
    assert "column water_pipe.zone is only in the database" in left
    assert "column water_pipe.cover_m should be text" in left
