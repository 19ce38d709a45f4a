"""JSON read into changes: values strictly, shapes as they are, patches as RFC 7396 has them."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis_infra.catalogue import reading
from gis_infra.errors import InvalidParameter
from gis_infra.features.changing.changes import KEEP, Origin
from gis_infra.features.changing.documents import Reading, Target, parse_json, read_inserts, read_update
from gis_infra.features.changing.geometries import render_wkb
from gis_infra.features.changing.values import parse_date, parse_integer, parse_moment, parse_number, parse_text
from gis_infra.settings import read_settings

PLAIN = Origin(4326)
READING = Reading(PLAIN, lambda name: Origin(int(name)))


@pytest.fixture(scope="module")
def layer():
    """The layer of fire hydrants."""
    return reading.read_catalogue(read_settings({}).layers).get_layer("fire_hydrant")


# Values.


@pytest.mark.parametrize(
    ("parse", "given", "expected"),
    [
        (parse_text, "  a b ", "a b"),
        (parse_text, " ", None),
        (parse_text, "u\u031b\u0301", "ứ"),
        (parse_integer, 150.0, 150),
        (parse_integer, -(2**63) + 1, -(2**63) + 1),
        (parse_number, 5, 5.0),
        (parse_date, "2026-11-23", date(2026, 11, 23)),
        (parse_date, "2026-11-23T00:00:00Z", date(2026, 11, 23)),
        (parse_date, "2026-11-23T00:00:00.000", date(2026, 11, 23)),
        (parse_moment, "2026-11-23T15:30:00+07:00", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        (parse_moment, "2026-11-23t08:30:00.5z", datetime(2026, 11, 23, 8, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_value_is_read(parse, given, expected):
    found = parse(given)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("parse", "given", "words"),
    [
        (parse_text, None, "must be text, and is null"),
        (parse_text, ["a"], "and is a list"),
        (parse_integer, "5", "must be a whole number, and is text"),
        (parse_integer, 5.5, "must be a whole number"),
        (parse_integer, float("inf"), "must be a whole number"),
        (parse_integer, 2.0**60, "is too large"),
        (parse_integer, 2**63, "is too large"),
        (parse_integer, False, "and is true or false"),
        (parse_number, 10**400, "is too large for a number"),
        (parse_number, "5", "must be a number, and is text"),
        (parse_date, "2026-11-23T08:00:00Z", "must be a date as 2026-11-23"),
        (parse_date, "２０２６-11-23", "must be a date as 2026-11-23"),
        (parse_date, "2026-13-01", "is no day of the calendar"),
        (parse_moment, "2026-11-23T08:30:00", "must be a moment as"),
        (parse_moment, "2026-11-23T25:30:00Z", "is no moment of the calendar"),
        (parse_moment, 5, "and is a number"),
    ],
)
def test_a_value_of_another_type_is_refused_in_words(parse, given, words):
    with pytest.raises(ValueError, match=words):
        parse(given)


# Shapes.

NUMBERS = st.floats(-180, 180)
HEIGHTS = st.sampled_from([2, 3])


@st.composite
def make_geometries(draw):
    """A GeoJSON geometry that GEOS reads, too; all of its positions have as many numbers."""
    size = draw(HEIGHTS)
    position = st.lists(NUMBERS, min_size=size, max_size=size)
    line = st.lists(position, min_size=2, max_size=5)
    ring = st.lists(position, min_size=3, max_size=5).map(lambda run: [*run, run[0]])
    area = st.lists(ring, min_size=1, max_size=3)
    coordinates = {
        "Point": position,
        "LineString": line,
        "Polygon": area,
        "MultiPoint": st.lists(position, min_size=1, max_size=3),
        "MultiLineString": st.lists(line, min_size=1, max_size=3),
        "MultiPolygon": st.lists(area, min_size=1, max_size=3),
    }
    names = draw(st.lists(st.sampled_from(sorted(coordinates)), min_size=1, max_size=3))
    parts = [{"type": name, "coordinates": draw(coordinates[name])} for name in names]
    return parts[0] if len(parts) == 1 else {"type": "GeometryCollection", "geometries": parts}


@hypothesis_settings(max_examples=200, deadline=None)
@given(geometry=make_geometries())
def test_a_shape_is_what_another_reader_of_geojson_makes_of_it(geometry):
    found = shapely.from_wkb(render_wkb(geometry))
    expected = shapely.from_geojson(json.dumps(geometry))
    assert (found.geom_type, found.has_z) == (expected.geom_type, expected.has_z)
    assert np.array_equal(*(shapely.get_coordinates(each, include_z=each.has_z) for each in (found, expected)))
    assert shapely.equals_identical(found, expected)


def test_what_is_wrong_with_a_shape_is_left_to_who_judges_shapes_of_files():
    unclosed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}
    assert shapely.from_wkb(render_wkb(unclosed), on_invalid="ignore") is None
    short = {"type": "LineString", "coordinates": [[0, 0]]}
    assert shapely.from_wkb(render_wkb(short), on_invalid="ignore") is None
    assert shapely.from_wkb(render_wkb({"type": "Point", "coordinates": []})).is_empty


def test_of_vertices_with_and_without_heights_those_without_have_none():
    mixed = {"type": "LineString", "coordinates": [[0, 0, 5], [1, 1], [2, 2, 7, 99]]}
    found = shapely.get_coordinates(shapely.from_wkb(render_wkb(mixed)), include_z=True)[:, 2]
    assert np.array_equal(found, [5, np.nan, 7], equal_nan=True)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [[1, 2]]},
        {"type": "Point", "coordinates": [1, True]},
        {"type": "LineString", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[1, 2], [3, 4]]},
        {"type": "MultiPolygon", "coordinates": [[[1, 2]]]},
        {"type": "Polygon", "coordinates": [[[1, None]]]},
        {"type": "GeometryCollection"},
        {"type": "GeometryCollection", "geometries": [5]},
        {"type": "Feature"},
        "POINT (1 2)",
    ],
)
def test_what_is_no_geometry_is_refused(geometry):
    with pytest.raises(ValueError, match=r"must|nested"):
        render_wkb(geometry)


def test_collections_are_not_nested_without_end():
    geometry = {"type": "Point", "coordinates": [1, 2]}
    for _ in range(9):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    with pytest.raises(ValueError, match="deeper than 8"):
        render_wkb(geometry)


# Patches, against RFC 7396 as it is written there.

MEMBERS = st.dictionaries(
    st.sampled_from(["name", "remarks", "owner", "flow_lps"]),
    st.one_of(st.none(), st.just("a"), st.just("b")),
    max_size=4,
).map(lambda members: {name: 5 if name == "flow_lps" and value else value for name, value in members.items()})


def merge(target, patch):
    """The algorithm of RFC 7396, clause 2."""
    if not isinstance(patch, dict):
        return patch
    target = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = merge(target.get(name), value)
    return target


@hypothesis_settings(max_examples=200, deadline=None)
@given(before=MEMBERS, patch=MEMBERS, given=st.sampled_from(["properties", "nothing", "null"]))
def test_a_patch_leaves_what_the_standard_says(layer, before, patch, given):
    document = {"properties": {"properties": patch}, "nothing": {}, "null": {"properties": None}}[given]
    blank = {field.name: None for field in layer.fields if not field.system}
    update = read_update(document, Target(layer, 7), READING)
    expected = merge({"properties": before}, document).get("properties", {})
    assert {**blank, **before, **update.properties} == {**blank, **expected}
    assert update.shape is KEEP and update.faults == ()


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({}, KEEP),
        ({"geometry": {}}, KEEP),
        ({"geometry": {"type": "Point"}}, KEEP),
        ({"geometry": None}, None),
        ({"place": None}, KEEP),
        ({"geometry": {"coordinates": [1, 2]}}, (1, 2, 4326)),
        ({"geometry": None, "place": {"coordinates": [1, 2], "coordRefSys": "9210"}}, (1, 2, 9210)),
        ({"place": {"coordinates": [1, 2]}, "coordRefSys": {"type": "Reference", "href": "3405"}}, (1, 2, 3405)),
    ],
)
def test_a_patch_of_the_shape_may_leave_out_what_stays(layer, patch, expected):
    shape = read_update(patch, Target(layer, 7), READING).shape
    if isinstance(expected, tuple):
        point = shapely.from_wkb(shape.wkb)
        assert (point.x, point.y, shape.origin.srid) == expected
    else:
        assert shape is expected


# Documents.


def test_a_member_that_comes_twice_is_found_soon_however_many_there_are():
    many = ",".join(f'"m{number}": 1' for number in range(200_000))
    with pytest.raises(InvalidParameter, match="the member 'last' twice"):
        parse_json(f'{{{many}, "last": 1, "last": 2}}'.encode())


def test_reading_ends_when_there_is_enough_to_tell(layer):
    features = [{"type": "Feature", "properties": {"colour": "red"}, "geometry": None} for _ in range(5_000)]
    assert len(read_inserts({"type": "FeatureCollection", "features": features}, layer, READING)) == 100
    wide = {"type": "Feature", "properties": {f"colour{number}": 1 for number in range(5_000)}, "geometry": None}
    (insert,) = read_inserts(wide, layer, READING)
    assert len(insert.faults) == 100


def test_a_collection_names_the_system_of_its_places_once(layer):
    feature = {"type": "Feature", "properties": {}, "geometry": None}
    own = {"type": "Point", "coordinates": [1, 2], "coordRefSys": "9210"}
    plain = {"type": "Point", "coordinates": [1, 2]}
    features = [{**feature, "place": own}, {**feature, "place": plain}, {**feature, "geometry": plain}]
    inserts = read_inserts({"type": "FeatureCollection", "coordRefSys": "3405", "features": features}, layer, READING)
    assert [insert.shape.origin.srid for insert in inserts] == [9210, 3405, 4326]
