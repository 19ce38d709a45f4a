"""GeoJSON by RFC 7946."""

import json
from datetime import UTC, date, datetime

import pytest
from shapely.geometry import MultiPolygon, Point, box, shape

from gis_infra.transfer.exporting.geojson import write_geojson
from tests.exports import make_content


@pytest.fixture
def write(layers, tmp_path):
    """A function that writes rows and gives the document and the notes."""

    def write(rows, layer="fire_hydrant", **more):
        path = tmp_path / "file.geojson"
        notes = write_geojson(path, make_content(layers[layer], rows, **{"srid": 4326, **more}))
        return json.loads(path.read_bytes()), notes

    return write


def test_a_feature_has_its_id_its_values_and_its_place(write):
    row = {"asset_code": "Trụ 1", "tested_on": date(2025, 1, 2), "in_service": False, "geometry": Point(106.5, 10.5, 2)}
    document, notes = write([row], properties=("asset_code", "tested_on", "in_service", "flow_lps"))
    assert document == {
        "type": "FeatureCollection",
        "name": "fire_hydrant",
        "features": [
            {
                "type": "Feature",
                "id": 1,
                "geometry": {"type": "Point", "coordinates": [106.5, 10.5, 2.0]},
                "properties": {"asset_code": "Trụ 1", "flow_lps": None, "tested_on": "2025-01-02", "in_service": False},
            }
        ],
    }
    assert notes == ()


def test_nothing_is_an_empty_collection(write):
    assert write([])[0]["features"] == []


def test_no_geometry_is_null_and_flat_shapes_stay_flat_beside_others(write):
    rows = [{}, {"geometry": Point(1, 2)}, {"geometry": Point(1, 2, 3)}]
    found = [each["geometry"] for each in write(rows)[0]["features"]]
    assert found[0] is None and [len(each["coordinates"]) for each in found[1:]] == [2, 3]


def test_outer_rings_go_counter_clockwise_and_holes_the_other_way(write):
    clockwise = box(0, 0, 4, 4, ccw=False).difference(box(1, 1, 2, 2))
    found = shape(write([{"geometry": MultiPolygon([clockwise])}], "building")[0]["features"][0]["geometry"]).geoms[0]
    assert found.exterior.is_ccw and not found.interiors[0].is_ccw


def test_degrees_are_rounded_to_a_tenth_of_a_millimetre(write):
    found = write([{"geometry": Point(106.12345678949, 10.5)}])[0]["features"][0]["geometry"]
    assert found["coordinates"] == [106.123456789, 10.5]


def test_another_system_is_named_in_the_file_and_said(write):
    document, notes = write([{"geometry": Point(603000, 1191000)}], srid=9210)
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::9210"
    assert notes == ("the coordinates are EPSG:9210, which RFC 7946 does not allow; GDAL and QGIS read it",)


def test_attributes_of_the_source_are_an_object_and_moments_are_in_utc(write):
    rows = [{"source_attributes": '{"TỜ": 7}', "created_at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)}, {}]
    found = write(rows, properties=("created_at",), with_source=True)[0]["features"]
    assert found[0]["properties"] == {"created_at": "2025-01-02T03:04:05Z", "source_attributes": {"TỜ": 7}}
    assert found[1]["properties"]["source_attributes"] is None
