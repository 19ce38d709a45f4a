"""Reading features: pages, order, boxes, permission, coordinate systems."""

import math
import random
from dataclasses import replace

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM, Actor
from gis_infra.errors import InvalidParameter, UnknownFeature, UnknownLayer, UnknownProperty
from gis_infra.features.query import Cursor, FeatureQuery, SortKey
from gis_infra.features.reading import read_all, read_one, read_page, stream
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert, insert_many, make_actor

SIGNED_IN = Actor(person_id=1, username="lan")


@pytest.fixture
def ask(connection, tables, catalogue):
    """A function that reads a page of a layer."""

    def read(layer_id="fire_hydrant", actor=SYSTEM, **more):
        return read_page(connection, tables, FeatureQuery(catalogue.get_layer(layer_id), actor, **more))

    return read


@pytest.fixture
def hydrants(connection, tables):
    """Five hydrants 100 m apart along a street, all of one diameter; their ids."""
    rows = [
        {"wkt": f"POINT({603000 + 100 * n} 1191000)", "asset_code": f"H{n}", "nominal_diameter_mm": 100}
        for n in range(5)
    ]
    return insert_many(connection, tables, "fire_hydrant", rows)


def ids(page):
    return [feature.id for feature in page.features]


def test_pages_sorted_by_a_shared_value_do_not_overlap(ask, hydrants):
    by_size = (SortKey("nominal_diameter_mm"),)
    pages = [ask(sort=by_size, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [ids(page) for page in pages] == [hydrants[:2], hydrants[2:4], hydrants[4:]]
    assert [page.has_more for page in pages] == [True, True, False]


def test_pages_by_the_last_id_follow_each_other_to_the_end(ask, hydrants):
    first = ask(limit=3)
    second = ask(limit=3, cursor=first.next_cursor)
    assert ids(first) + ids(second) == hydrants
    assert (first.matched, second.matched, second.next_cursor) == (5, 5, None)


def test_a_page_that_ends_exactly_at_the_last_feature_has_no_next(ask, hydrants):
    page = ask(limit=5)
    assert (page.has_more, page.next_cursor, page.matched) == (False, None, 5)


def test_sorting_goes_down_with_nulls_last_and_ends_in_the_id(ask, connection, tables):
    codes = ["B", None, "A", "B"]
    made = insert_many(connection, tables, "fire_hydrant", [{"name": code} for code in codes])
    page = ask(sort=(SortKey("name", descending=True),))
    assert ids(page) == [made[0], made[3], made[2], made[1]]


def test_a_limit_of_nothing_still_counts(ask, hydrants):
    page = ask(limit=0)
    assert (ids(page), page.matched, page.has_more) == ([], 5, True)


def test_properties_wanted_are_the_only_ones_read(ask, hydrants):
    page = ask(properties=("asset_code",), limit=1)
    assert page.features[0].properties == {"asset_code": "H0"}


def test_equal_values_all_hold(ask, hydrants):
    assert ids(ask(equals={"asset_code": "H3", "nominal_diameter_mm": "100"})) == [hydrants[3]]
    assert ids(ask(equals={"asset_code": "H3", "nominal_diameter_mm": "150"})) == []


def test_ids_wanted_are_the_only_ones_read(ask, hydrants):
    assert ids(ask(ids=(hydrants[1], hydrants[4], 10**15))) == [hydrants[1], hydrants[4]]
    assert ids(ask(ids=())) == []


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"equals": {"diametre": "1"}}, UnknownProperty, "has no property 'diametre'"),
        ({"equals": {"nominal_diameter_mm": "big"}}, InvalidParameter, "nominal_diameter_mm must be a number"),
        ({"equals": {"status": "new"}}, InvalidParameter, "status must be one of abandoned, commissioned"),
        ({"sort": (SortKey("geom"),)}, InvalidParameter, "geom is a geometry, which has no order"),
        ({"sort": (SortKey("nix"),)}, UnknownProperty, "has no property 'nix'"),
        ({"sort": (SortKey("name"),) * 9}, InvalidParameter, "at most 8 properties can be sorted by, got 9"),
        ({"properties": ("source_attributes",)}, UnknownProperty, "source_attributes"),
        ({"limit": -1}, InvalidParameter, "limit must be at least 0"),
        ({"offset": -1}, InvalidParameter, "offset must be from 0"),
        ({"cursor": Cursor((), 1), "sort": (SortKey("name"),)}, InvalidParameter, "was sorted otherwise"),
    ],
)
def test_a_query_that_cannot_be_is_refused_by_name(ask, more, error, words):
    with pytest.raises(error) as caught:
        ask(**more)
    assert words in caught.value.message


# Boxes: one in, one on the edge, one out; in the city's system, in degrees, and in a third.


def test_a_box_in_the_city_s_system_holds_its_edge(ask, hydrants):
    box = Bbox(603000, 1190999, 603100, 1191001, 9210)
    assert ids(ask(bbox=box)) == hydrants[:2]


def test_a_box_in_degrees_holds_what_lies_inside(ask, hydrants):
    # 603000 E is 106.69358409, 603100 E about 106.694498; half a metre is 0.0000046 degrees.
    box = Bbox(106.6935795, 10.76, 106.6945027, 10.78, 4326)
    assert ids(ask(bbox=box)) == hydrants[:2]


def test_a_box_is_exact_where_the_index_is_not(ask, connection, tables):
    # Boxes in the index are 32-bit: 0.8 m at this longitude. A point 5 cm outside must still be outside.
    made = insert(connection, tables, "fire_hydrant", wkt="POINT(603000.05 1191000)")
    east = 106.69358409351702 + 0.02 / 109350  # 2 cm east of 603000
    assert ids(ask(bbox=Bbox(106.69, 10.76, east, 10.78, 4326))) == []
    assert ids(ask(bbox=Bbox(106.69, 10.76, east + 0.1 / 109350, 10.78, 4326))) == [made]


def test_a_box_in_web_mercator_finds_the_same(ask, hydrants):
    x0, y0 = crs.get_transformer(9210, 3857).transform(602999, 1190900)
    x1, y1 = crs.get_transformer(9210, 3857).transform(603101, 1191100)
    assert ids(ask(bbox=Bbox(x0, y0, x1, y1, 3857))) == hydrants[:2]


def test_a_line_that_only_goes_round_a_box_is_not_in_it(ask, connection, tables):
    insert(connection, tables, "sewer_pipe", wkt="LINESTRING(603000 1191000, 603100 1191000, 603100 1191100)")
    assert ids(ask("sewer_pipe", bbox=Bbox(603000, 1191050, 603050, 1191100, 9210))) == []


def test_a_box_over_the_antimeridian_leaves_out_what_lies_between(ask, hydrants):
    assert ids(ask(bbox=Bbox(170, -90, -170, 90, 4326))) == []
    assert ids(ask(bbox=Bbox(100, -90, -170, 90, 4326))) == hydrants


def test_the_world_holds_everything_that_has_a_place(ask, hydrants, connection, tables):
    insert(connection, tables, "fire_hydrant")
    assert ids(ask(bbox=Bbox(-180, -90, 180, 90, 4326))) == hydrants
    assert ids(ask(bbox=Bbox(-1e8, -1e8, 1e8, 1e8, 3857))) == hydrants
    assert ask().matched == 6


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_boxes_find_what_shapely_finds(ask, scattered, data):
    """The oracle intersects each line with the box in Python."""
    x, y = data.draw(st.integers(602000, 604000)), data.draw(st.integers(1190000, 1192000))
    width, height = data.draw(st.integers(1, 900)), data.draw(st.integers(1, 900))
    box = shapely.box(x, y, x + width, y + height)
    expected = [key for key, line in scattered.items() if line.intersects(box)]
    page = ask("sewer_pipe", bbox=Bbox(x, y, x + width, y + height, 9210), limit=1000)
    assert (ids(page), page.matched) == (expected, len(expected))


@pytest.fixture
def scattered(connection, tables):
    """120 lines on whole metres, by id."""
    lot = random.Random(7)
    lines = []
    for _ in range(120):
        x, y = lot.randint(602000, 604000), lot.randint(1190000, 1192000)
        lines.append(shapely.LineString([(x, y), (x + lot.randint(-300, 300), y + lot.randint(1, 300))]))
    made = insert_many(connection, tables, "sewer_pipe", [{"wkt": line.wkt} for line in lines])
    return dict(zip(made, lines, strict=True))


# Coordinates.


def test_the_pinned_operation_is_used_in_every_system(ask, hydrants):
    # Worked out from the parameters of EPSG:6960: (603000, 1191000) is 106.69358409, 10.76840366.
    lonlat = shapely.from_wkb(ask(limit=1).features[0].wkb)
    assert (lonlat.x, lonlat.y) == pytest.approx((106.69358409, 10.76840366), abs=2e-8)
    utm = shapely.from_wkb(ask(limit=1, srid=32648).features[0].wkb)
    expected = crs.get_transformer(9210, 32648).transform(603000, 1191000)
    assert (utm.x, utm.y) == pytest.approx(expected, abs=0.001)


def test_what_was_stored_comes_back_to_the_millimetre(ask, hydrants):
    stored = shapely.from_wkb(ask(limit=1, srid=9210).features[0].wkb)
    assert (stored.x, stored.y) == (603000, 1191000)


def test_heights_are_kept_in_every_system(ask, connection, tables):
    insert(connection, tables, "fire_hydrant", wkt="POINT Z (603000 1191000 2.5)")
    for srid in (4326, 9210, 3857):
        assert shapely.from_wkb(ask(srid=srid).features[0].wkb).z == pytest.approx(2.5, abs=1e-6)
        assert "2.5]" in ask(srid=srid, geometry_form="geojson").features[0].geojson


def test_text_is_right_to_the_centimetre_and_may_be_northing_first(ask, hydrants):
    text = ask(limit=1, geometry_form="geojson").features[0].geojson
    assert text == '{"type":"Point","coordinates":[106.6935841,10.7684037]}'
    turned = ask(limit=1, srid=9210, geometry_form="geojson", swap_axes=True).features[0].geojson
    assert turned == '{"type":"Point","coordinates":[1191000,603000]}'


def test_a_feature_without_a_place_has_no_geometry(ask, connection, tables):
    insert(connection, tables, "fire_hydrant", asset_code="nowhere")
    assert ask().features[0].wkb is None and ask(geometry_form="geojson").features[0].geojson is None


# Permission.


@pytest.fixture
def secret_mix(connection, tables):
    """One water pipe for each step of sensitivity, and one that says nothing; ids by step."""
    steps = (None, "public", "shared", "restricted")
    rows = [{"wkt": "LINESTRING(603000 1191000, 603010 1191000)", "sensitivity": step} for step in steps]
    return dict(zip(steps, insert_many(connection, tables, "water_pipe", rows), strict=True))


def test_the_public_cannot_tell_a_shared_layer_from_none(ask, secret_mix):
    with pytest.raises(UnknownLayer, match="there is no layer 'water_pipe'"):
        ask("water_pipe", ANONYMOUS)


@pytest.mark.parametrize(
    ("actor", "steps"),
    [
        (SIGNED_IN, (None, "public", "shared")),
        (make_actor(("water_pipe", "viewer")), (None, "public", "shared", "restricted")),
        (make_actor(("sector:power", "admin")), (None, "public", "shared")),
    ],
)
def test_rows_above_the_clearance_are_neither_read_nor_counted(ask, secret_mix, actor, steps):
    expected = [secret_mix[step] for step in steps]
    whole = ask("water_pipe", actor, limit=1)
    boxed = ask("water_pipe", actor, bbox=Bbox(106, 10, 107, 11, 4326), limit=1)
    assert ids(ask("water_pipe", actor)) == expected
    assert (whole.matched, boxed.matched) == (len(expected), len(expected))


def test_a_secret_row_cannot_be_had_by_its_id(connection, tables, catalogue, secret_mix):
    query = FeatureQuery(catalogue.get_layer("water_pipe"), SIGNED_IN)
    with pytest.raises(UnknownFeature, match=f"water_pipe has no feature {secret_mix['restricted']}"):
        read_one(connection, tables, query, secret_mix["restricted"])
    assert read_one(connection, tables, query, secret_mix["shared"]).id == secret_mix["shared"]


# Streams.


def test_a_stream_gives_what_a_page_gives(ask, connection, tables, hydrants):
    page = ask(limit=4)
    assert list(stream(connection, tables, page.query)) == list(page.features)


def test_reading_all_gives_every_feature_in_the_city_s_system(connection, tables, catalogue, hydrants):
    found = list(read_all(connection, tables, catalogue.get_layer("fire_hydrant"), SYSTEM))
    assert [feature.id for feature in found] == hydrants
    assert shapely.from_wkb(found[4].wkb).x == 603400


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_of_any_size_give_every_feature_once(ask, scattered, data):
    """The oracle is the list of ids; pages go by id and by offset."""
    limit = data.draw(st.integers(1, 130))
    query = {"layer_id": "sewer_pipe", "limit": limit}
    by_offset = [ask(**query, offset=offset) for offset in range(0, len(scattered), limit)]
    by_id = [ask(**query)]
    while by_id[-1].next_cursor is not None:
        by_id.append(ask(**query, cursor=by_id[-1].next_cursor))
    for pages in (by_offset, by_id):
        assert [each for page in pages for each in ids(page)] == list(scattered)
        assert {page.matched for page in pages} == {len(scattered)}
    assert len(by_id) == math.ceil(len(scattered) / limit)


def test_a_query_is_not_changed_by_reading(ask, hydrants):
    page = ask(limit=2)
    assert page.query == replace(page.query, limit=2)
