"""Filters of CQL2 as SQL: functions, arithmetic, times and shapes; what is refused; and that indexes serve them."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.filters.cql2 import LANGUAGES, parse
from gis_infra.filters.functions import FUNCTIONS
from gis_infra.filters.queryables import list_queryables
from gis_infra.filters.sql.functions import BUILDERS
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.filters.tree import Near, Not, Property, Shape
from gis_infra.spatial import crs
from tests.builders import insert_many

ROWS = (
    {
        "asset_code": "P1",
        "name": " Ống Huệ ",
        "nominal_diameter_mm": 100,
        "cover_m": 1.5,
        "installed_on": date(2020, 5, 1),
        "decommissioned_on": date(2021, 5, 1),
        "wkt": "LINESTRING (603000 1191000, 603030 1191040)",  # 50 m long
    },
    {
        "asset_code": "P2",
        "name": "Ống",
        "nominal_diameter_mm": 150,
        "cover_m": 2.5,
        "installed_on": date(2022, 2, 28),
        "wkt": "LINESTRING (604000 1191000, 604100 1191000)",
    },
    {"asset_code": "P3"},
)


@pytest.fixture
def pipes(connection, tables):
    return insert_many(connection, tables, "water_pipe", ROWS)


@pytest.fixture
def find(connection, tables, catalogue, pipes):
    """A function that gives the asset codes a filter as text finds, its geometries in the city's CRS."""

    def codes(filter_text, srid=9210):
        condition = parse(filter_text, LANGUAGES[0], srid)
        query = FeatureQuery(catalogue.get_layer("water_pipe"), SYSTEM, filter=condition, limit=1000)
        return [feature.properties["asset_code"] for feature in read_page(connection, tables, query).features]

    return codes


@pytest.mark.parametrize(
    ("filter_text", "codes"),
    [
        ("lower(name) = 'ống'", ["P2"]),
        ("upper(trim(name)) = 'ỐNG HUỆ'", ["P1"]),
        ("length(name) = 9", ["P1"]),
        ("concat(asset_code, '-x') = 'P3-x'", ["P3"]),
        ("concat(asset_code, name) IS NULL", ["P3"]),
        ("abs(0 - cover_m) = 1.5", ["P1"]),
        ("round(cover_m) = 3", ["P2"]),  # halves go away from zero
        ("round(0 - cover_m) = -2", ["P1"]),
        ("floor(cover_m) = 1 AND ceil(cover_m) = 2", ["P1"]),
        ("year(installed_on) = 2022 AND month(installed_on) = 2 AND day(installed_on) = 28", ["P2"]),
        ("year(updated_at) >= 2020", ["P1", "P2", "P3"]),
        ("length_m(geom) BETWEEN 49.99 AND 50.01", ["P1"]),
        ("area_m2(geom) = 0", ["P1", "P2"]),
        ("distance_m(geom, POINT(603000 1190990)) = 10", ["P1"]),
        ("is_within_m(geom, POINT(603000 1190990), 10)", ["P1"]),
        ("is_within_m(geom, POINT(603000 1190990), 9.9)", []),
        ("NOT is_within_m(geom, POINT(603000 1190990), 10)", ["P2"]),
        ("is_within_m(geom, POINT(603000 1190990), cover_m * 7)", ["P1"]),
        ("is_within_m(geom, geom, 0 - 1) IS NULL", ["P1", "P2", "P3"]),
        ("is_within_m(geom, POINT(603000 1190990), 1E300) IS NULL", ["P1", "P2", "P3"]),
        ("nominal_diameter_mm / 40 = 2.5", ["P1"]),
        ("nominal_diameter_mm div 40 = 3", ["P2"]),
        ("nominal_diameter_mm % 40 = 30", ["P2"]),
        ("nominal_diameter_mm * 2 - 100 = nominal_diameter_mm", ["P1"]),
        ("cover_m ^ 2 > 6", ["P2"]),
        ("nominal_diameter_mm + 9223372036854775807 = 9223372036854775907", ["P1"]),  # beyond bigint, and exact
        ("nominal_diameter_mm / 0 IS NULL", ["P1", "P2", "P3"]),
        ("nominal_diameter_mm % 0 = 1 OR cover_m div 0 = 1", []),
        ("(0 - cover_m) ^ 0.5 IS NULL", ["P1", "P2", "P3"]),
        ("cover_m * 1E308 * 1E308 > 0 OR cover_m ^ 9999 > 0 OR 0.1 ^ 9999 = 1", []),
        ("cover_m < nominal_diameter_mm", ["P1", "P2"]),
        ("installed_on < decommissioned_on", ["P1"]),
        ("installed_on < updated_at", ["P1", "P2"]),
        ("1 = 1.0 AND 'a' < 'b' AND DATE('2020-01-01') < TIMESTAMP('2020-01-01T00:00:01Z')", ["P1", "P2", "P3"]),
        ("nominal_diameter_mm IN (100, 150.5, 99999999999999999999)", ["P1"]),
        ("nominal_diameter_mm IN (100, cover_m * 60)", ["P1", "P2"]),
        ("nominal_diameter_mm NOT BETWEEN 200 AND cover_m", ["P1", "P2"]),
        ("name BETWEEN 'A' AND 'zz' AND nominal_diameter_mm BETWEEN cover_m AND 120", []),
        ("T_AFTER(installed_on, DATE('2020-05-01'))", ["P2"]),
        ("T_INTERSECTS(installed_on, INTERVAL('2020-05-01', '..'))", ["P1", "P2"]),
        ("T_DURING(INTERVAL(installed_on, decommissioned_on), INTERVAL('2020-01-01', '..'))", ["P1"]),
        ("T_STARTS(INTERVAL(installed_on, '2020-06-01'), INTERVAL('2020-05-01', '2020-07-01'))", ["P1"]),
        ("T_INTERSECTS(updated_at, INTERVAL('..', '2000-01-01T00:00:00Z'))", []),
        ("A_OVERLAPS(('a', 1), (1.0, 'b')) AND A_EQUALS(('a', 'b'), ('b', 'a', 'a'))", ["P1", "P2", "P3"]),
        ("S_INTERSECTS(geom, geometry)", ["P1", "P2"]),
        ("S_CONTAINS(BBOX(602900, 1190900, 603100, 1191100), geom)", ["P1"]),
        ("S_WITHIN(POINT(0 0), BBOX(-1, -1, 1, 1))", ["P1", "P2", "P3"]),
        ("geom IS NULL OR POINT(1 2) IS NULL", ["P3"]),
        ("(cover_m = 1.5) IS NULL", ["P3"]),
        ("id = 99999999999999999999 OR id = 1.5", []),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says(find, filter_text, codes):
    assert find(filter_text) == codes


@pytest.mark.parametrize(
    ("filter_text", "error", "words"),
    [
        ("diametre = 1", UnknownProperty, "has no property 'diametre'; it has .*at character 1: ▸diametre"),
        ("cover_m = 1 AND x > 2", UnknownProperty, "'x'.*at character 17"),
        ("name + 1 = 2", InvalidParameter, r"\+ needs numbers, and name is text, at character 1"),
        ("name = cover_m", InvalidParameter, "name is text and cannot be compared with number"),
        ("nominal_diameter_mm = 'wide'", InvalidParameter, "must be a number, got 'wide', at character 23"),
        ("installed_on > 'soon'", InvalidParameter, "must be a date"),
        ("cover_m", InvalidParameter, "cover_m is number, and a condition is true or false"),
        ("geom = 1", InvalidParameter, "geom is a geometry; it is compared by S_INTERSECTS"),
        ("S_INTERSECTS(name, POINT(1 2))", InvalidParameter, "name is not a geometry; the geometry of"),
        ("S_INTERSECTS(1, POINT(1 2))", InvalidParameter, "compares the geometry geom with a geometry"),
        ("POINT(1 2) = 1", InvalidParameter, "a geometry is not one value"),
        ("T_AFTER(name, DATE('2020-01-01'))", InvalidParameter, "compares dates and moments, and name is text"),
        ("T_BEFORE(installed_on, INTERVAL('2021-01-01', '2020-01-01'))", InvalidParameter, "after it ends at"),
        ("A_CONTAINS(name, ('a'))", InvalidParameter, "name is no array: no property of water_pipe is"),
        ("CASEI(cover_m) = 'x'", InvalidParameter, "CASEI is of text, and cover_m is number"),
        ("name LIKE asset_code", InvalidParameter, "LIKE needs a pattern in quotes"),
        (r"name LIKE 'a\\'", InvalidParameter, "an escape that escapes nothing"),
        ("buffer(geom, 1) = 1", InvalidParameter, r"there is no function 'buffer'; there are lower\(text\)"),
        ("round(name) = 1", InvalidParameter, r"number of round\(number\) must be integer or number, got text"),
        ("round(cover_m, 2) = 1", InvalidParameter, r"round\(number\) has 1 arguments, got 2"),
        ("length_m(name) = 1", InvalidParameter, "must be geometry, got text"),
        ("distance_m(geom, POINT(-70 40)) < 5", InvalidParameter, "so far outside the city"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused_at_its_place(find, filter_text, error, words):
    with pytest.raises(error, match=words):
        find(filter_text, 4326 if "-70" in filter_text else 9210)


def test_near_and_beyond_are_measured_on_the_ground(connection, tables, catalogue, pipes):
    layer, table = catalogue.get_layer("water_pipe"), tables.get("water_pipe")
    lon, lat = crs.get_transformer(9210, 4326).transform(603000, 1190990)
    point = Shape(func_wkb(lon, lat), 4326)

    def codes(condition):
        rows = select(table.c.asset_code).where(to_sql(condition, Scope(layer, table, tables.srid)))
        return connection.execute(rows.order_by(table.c.id)).scalars().all()

    assert codes(Near(Property("geom"), point, 10.01)) == ["P1"]
    assert codes(Near(Property("geom"), point, 9.99)) == []
    assert codes(Not(Near(Property("geom"), point, 10.01))) == ["P2"]


def func_wkb(x, y):
    return shapely.to_wkb(shapely.Point(x, y))


RELATIONS = ("INTERSECTS", "WITHIN", "CONTAINS", "TOUCHES", "CROSSES", "OVERLAPS", "EQUALS")
SHAPE = "POLYGON((106.6 10.7, 106.7 10.7, 106.7 10.8, 106.6 10.7))"


@pytest.mark.parametrize(
    "filter_text",
    [
        *(f"S_{name}(geom, {SHAPE})" for name in RELATIONS),
        f"S_WITHIN({SHAPE}, geom)",
        "S_INTERSECTS(geom, BBOX(106.6, 10.7, 106.7, 10.8))",
        "is_within_m(geom, POINT(106.7 10.8), 50)",
        "name = 'x' AND S_INTERSECTS(geom, POINT(106.7 10.8))",
    ],
)
@pytest.mark.parametrize("srid", [4326, 9210])
def test_shapes_are_found_by_the_spatial_index(connection, tables, catalogue, filter_text, srid):
    layer, table = catalogue.get_layer("water_pipe"), tables.get("water_pipe")
    condition = to_sql(parse(filter_text, "cql2-text", srid), Scope(layer, table, tables.srid))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    compiled = select(table.c.id).where(condition).compile(connection, compile_kwargs={"render_postcompile": True})
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars())
    assert "water_pipe_place_idx" in plan and "Index Cond" in plan


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-20, 20).map(float)
OPERATIONS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}


@given(NUMBERS, st.sampled_from([*OPERATIONS, "div", "%", "^"]), NUMBERS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_arithmetic_ends_a_statement(connection, left, operator, right):
    """An error would tell of rows that the caller may not see. Where there is a result, it is that of Python."""
    found = connection.execute(select(func.gis.calculate(operator, left, right))).scalar_one()
    if operator in OPERATIONS and found is not None:
        assert found == OPERATIONS[operator](left, right)
    if max(abs(left), abs(right)) <= 20 and min(abs(left), abs(right)) >= 1:
        assert found is not None or (operator == "^" and left < 0 and right % 1)


@pytest.mark.parametrize(
    "asked", ["name = '{}'", "name IN ('{}')", "'{}' = name", "name LIKE '{}'", "name LIKE '%{}%'"]
)
def test_a_letter_written_apart_from_its_accents_is_that_letter(find, asked):
    composed = unicodedata.normalize("NFC", "Ống")
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert find(asked.format(apart)) == find(asked.format(composed)) and "P2" in find(asked.format(apart))


def test_every_function_that_is_listed_is_there():
    assert set(FUNCTIONS) == set(BUILDERS)
    assert all(each.description.vi and each.description.en for each in FUNCTIONS.values())


def test_every_queryable_can_be_asked_for(find, catalogue):
    layer = catalogue.get_layer("water_pipe")
    queryables = list_queryables(layer)
    assert [each.name for each in queryables] == ["id", *(field.name for field in layer.fields), "geom"]
    assert {each.kind for each in queryables} == {
        "integer",
        "number",
        "text",
        "date",
        "timestamp",
        "geometry",
    }
    for each in queryables:
        find(f"{each.name} IS NOT NULL")


def test_moments_are_those_of_utc(find, connection):
    connection.execute(text("SET LOCAL TimeZone = 'Asia/Ho_Chi_Minh'"))
    today = datetime.now(UTC).date()
    assert find(f"year(updated_at) = {today.year} AND day(updated_at) = {today.day}") == ["P1", "P2", "P3"]
    assert find("T_EQUALS(installed_on, TIMESTAMP('2020-05-01T00:00:00Z'))") == ["P1"]
