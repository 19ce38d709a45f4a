"""The tables the layer files ask for."""

import pytest
import sqlalchemy as sa

from gis_infra.catalogue.definitions import Catalogue, Field, Layer, Style, Title
from gis_infra.catalogue.plans import find_rule
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import UnknownLayer

TITLE = Title(vi="Ống", en="Pipe")


def build(*fields):
    codes = (Field("owner", "text", TITLE, universal=True), Field("asset_code", "text", TITLE, universal=True))
    layer = Layer("pipe", "water", TITLE, "LineString", "public", (*fields, *codes), Style({}))
    return build_tables(Catalogue({"pipe": layer}, {}), 9210).get("pipe")


@pytest.mark.parametrize(
    ("field", "type_", "rule"),
    [
        (Field("a", "text", TITLE), sa.Text, None),
        (Field("a", "text", TITLE, max_length=5), sa.Text, "char_length(a) <= 5"),
        (Field("a", "text", TITLE, pattern="^x$"), sa.Text, "a ~ '^x$'"),
        (Field("a", "integer", TITLE, minimum=1, maximum=9), sa.Integer, "a >= 1 AND a <= 9"),
        (Field("a", "integer", TITLE, minimum=1), sa.BigInteger, "a >= 1"),
        (Field("a", "integer", TITLE, minimum=0, maximum=3_000_000_000), sa.BigInteger, "a >= 0 AND a <= 3000000000"),
        (Field("a", "number", TITLE, minimum=0.5, maximum=2), sa.Double, "a >= 0.5 AND a <= 2"),
        (Field("a", "number", TITLE), sa.Double, "a > '-Infinity' AND a < 'Infinity'"),
        (Field("a", "boolean", TITLE), sa.Boolean, None),
        (Field("a", "date", TITLE), sa.Date, None),
        (Field("a", "timestamp", TITLE), sa.DateTime, None),
        (Field("a", "code", TITLE, codes={"x": TITLE, "y": TITLE}), sa.Text, "a IN ('x', 'y')"),
    ],
)
def test_a_field_becomes_a_column_and_a_rule(field, type_, rule):
    column = build(field).c.a
    assert type(column.type) is type_ and find_rule(column) == rule


def test_a_required_field_may_not_be_null_and_others_may():
    table = build(Field("a", "text", TITLE, required=True), Field("b", "text", TITLE))
    assert not table.c.a.nullable and table.c.b.nullable


def test_a_comment_has_the_english_title_and_the_unit():
    table = build(Field("a", "number", Title(vi="Rộng", en="Width"), unit="mm"))
    assert (table.comment, table.c.a.comment) == ("Pipe", "Width, mm")


def test_universal_columns_come_first_and_geometries_last(catalogue):
    names = list(build_tables(catalogue, 9210).get("tree").columns.keys())
    assert names[:4] == ["id", "asset_code", "name", "owner"]
    assert names[names.index("updated_at") :][:3] == ["updated_at", "source_attributes", "species"]
    assert names[-2:] == ["geom", "lonlat"]


def test_every_name_fits_postgresql_and_is_used_once(catalogue):
    tables = build_tables(catalogue, 9210).metadata.tables.values()
    names = [each.name for table in tables for each in (*table.constraints, *table.indexes)]
    assert all(len(name.encode()) <= 63 for name in names) and len(names) == len(set(names))


def test_a_table_of_no_layer_is_refused(catalogue):
    with pytest.raises(UnknownLayer, match="there is no layer 'gas_pipe'"):
        build_tables(catalogue, 9210).get("gas_pipe")
