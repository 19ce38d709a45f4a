"""Features as GeoJSON bytes."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson

from gis_infra.features.formats import geojson
from gis_infra.features.query import Feature

POINT = '{"type":"Point","coordinates":[106.7,10.8,2.5]}'


def render(**properties):
    return orjson.loads(geojson.render_feature(Feature(7, None, properties, POINT), {"links": []}))


def test_a_feature_keeps_its_geometry_and_height_as_the_database_wrote_them():
    assert POINT.encode() in geojson.render_feature(Feature(7, None, {}, POINT), {})


def test_values_are_written_as_json_has_them():
    moment = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    values = render(day=date(2026, 11, 23), at=moment, size=Decimal("1.25"), name="Ống", none=None)
    assert values["properties"] == {
        "day": "2026-11-23",
        "at": "2026-11-23T08:30:00Z",
        "size": 1.25,
        "name": "Ống",
        "none": None,
    }


def test_numbers_json_has_no_word_for_become_null():
    assert render(a=math.nan, b=math.inf)["properties"] == {"a": None, "b": None}


def test_a_geometry_that_is_no_number_becomes_null():
    broken = Feature(7, None, {}, '{"type":"Point","coordinates":[NaN,1]}')
    assert orjson.loads(geojson.render_feature(broken, {}))["geometry"] is None


def test_a_feature_without_a_geometry_says_so():
    assert orjson.loads(geojson.render_feature(Feature(7, None, {}), {}))["geometry"] is None
