"""Features written by the database against the same features written here: the same JSON, value by value."""

import json
from datetime import UTC, date, datetime

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.definitions import Field, Title
from gis_infra.catalogue.tables import is_plain_code
from gis_infra.features.formats import geojson, geojson_text
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
from tests.builders import insert, insert_many

LAYER = "fire_hydrant"
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=30)
ODD_TEXT = st.sampled_from(
    [
        '"',
        "\\",
        "\n\r\t\b\f\x01\x1f\x7f",
        "e\u0301",
        "\u00e9",
        "😀",
        "NaN",
        "-Infinity",
        ',"properties":{',
        "",
        "%s %b {}",
    ]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e300, -0.0, 1e15, 1e14, 150.0, 5e-324])
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
VALUES = {
    "text": TEXT | ODD_TEXT,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": NUMBERS,
    "boolean": st.booleans(),
    "date": st.dates(),
    "timestamp": MOMENTS | MOMENTS.map(lambda each: each.replace(microsecond=0)),
}
TYPES = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "number": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Date,
    "timestamp": sa.DateTime(timezone=True),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_writes_every_value_as_we_do(connection, data):
    names = data.draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=8))
    columns = {f"{kind}_{place}": kind for place, kind in enumerate(names)}
    values = {name: data.draw(st.none() | VALUES[kind], label=name) for name, kind in columns.items()}
    bound = [
        sa.type_coerce(sa.bindparam(name, value, TYPES[columns[name]]), TYPES[columns[name]]).label(name)
        for name, value in values.items()
    ]
    row = sa.select(
        *[sa.cast(each, each.type).label(each.name) for each in bound], sa.literal(7).label("id")
    ).subquery()
    written = geojson_text.GeoJsonText(row.c.id, sa.null(), *[row.c[name] for name in columns])
    found = connection.execute(sa.select(written)).scalar_one()
    ours = geojson.render({"type": "Feature", "id": 7, "geometry": None, "properties": values})
    assert orjson.loads(found) == orjson.loads(ours)


@pytest.mark.parametrize(
    ("number", "text"), [(150.0, b"150.0"), (-0.0, b"-0.0"), (0.5, b"0.5"), (1e300, b"1e+300"), (1e15, b"1e+15")]
)
def test_a_number_keeps_its_point_so_that_clients_do_not_take_it_for_whole(connection, number, text):
    row = sa.select(sa.literal(1).label("id"), sa.cast(sa.literal(number), sa.Double).label("n")).subquery()
    written = sa.select(geojson_text.GeoJsonText(row.c.id, sa.null(), row.c.n))
    assert b'{"n":' + text + b"}" in connection.execute(written).scalar_one()


@pytest.fixture
def page_of(connection, tables, catalogue):
    """Reads a page of the layer in one of the forms."""

    def read(form, **asked):
        query = FeatureQuery(catalogue.get_layer(LAYER), ANONYMOUS, geometry_form=form, limit=100, **asked)
        return read_page(connection, tables, query)

    return read


def compare(page_of, **asked):
    """Both documents of a page, which must be equal."""
    joined = geojson_text.join_documents(page_of("document", **asked).documents)
    theirs = orjson.loads(b"[" + joined + b"]")
    ours = json.loads(geojson.render_page(page_of("geojson", **asked), {}))["features"]
    assert theirs == ours
    return theirs


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"srid": 9210},
        {"srid": 3857},
        {"swap_axes": True},
        {"decimals": 3},
        {"skip_geometry": True},
        {"properties": ("asset_code", "installed_on")},
        {"properties": ()},
        {"offset": 1},
        {"tolerance_m": 5.0},
    ],
)
def test_a_page_is_the_same_whoever_writes_it(connection, tables, page_of, asked):
    insert(
        connection, tables, LAYER, wkt="POINT Z (603000 1191000 2.5)", asset_code="H0", installed_on=date(2020, 2, 29)
    )
    insert(connection, tables, LAYER, wkt="POINT (603010 1191000)", name='Trụ "1"\n\\', remarks="😀 e\u0301")
    insert(connection, tables, LAYER, asset_code="without a geometry")
    assert len(compare(page_of, **asked)) == 3 - asked.get("offset", 0)


def test_the_same_statement_serves_another_tolerance(connection, tables, page_of):
    insert(connection, tables, LAYER, wkt="POINT (603000 1191000)")
    assert [len(compare(page_of, tolerance_m=tolerance)) for tolerance in (1.0, 50.0)] == [1, 1]


def test_coordinates_that_are_no_numbers_are_no_geometry(connection, tables, page_of):
    rows = [
        {"wkt": "POINT (603000 1191000)", "name": "NaN"},
        {"wkt": "POINT Z (603000 1191000 NaN)", "name": ',"geometry":NaN'},
    ]
    insert_many(connection, tables, LAYER, rows)
    assert [each["geometry"] is None for each in compare(page_of)] == [False, True]


@pytest.mark.parametrize(
    ("codes", "plain"), [(("wall", "in_service"), True), (('a"b',), False), (("a\\b", "c"), False)]
)
def test_codes_are_quoted_as_they_are_only_where_json_has_nothing_to_escape(codes, plain):
    field = Field("kind", "code", Title("kind", "kind"), codes={code: Title(code, code) for code in codes})
    assert is_plain_code(field) == plain


@pytest.mark.parametrize("text", [b"NaN", b"xNaN", b"[0.5,-Infinity]", b",Infinity", b"aNNaN", b"nfInfinity"])
def test_a_word_for_no_number_is_found_wherever_it_stands(text):
    assert geojson_text.has_word_for_no_number(text)


@pytest.mark.parametrize("text", [b"", b"N", b"Na", b"aN", b"inf", b"Nguy\xe1\xbb\x85n, conflict, MaNa, Infinite"])
def test_other_words_are_none_for_no_number(text):
    assert not geojson_text.has_word_for_no_number(text)


@pytest.mark.parametrize(
    ("documents", "text"), [((), b"[]"), ((b"1",), b"[1]"), ((b"1", b"2"), b"[1,2]"), ((b"1", b"2", b"3"), b"[1,2,3]")]
)
def test_documents_are_joined_within_what_stands_around_them(documents, text):
    assert geojson_text.join_documents(documents, b"[", b"]") == text
