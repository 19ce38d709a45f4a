"""QGIS and OWSLib edit over the OGC API."""

import pytest

from tests.web.writing_city import EDITOR, EPSG, ITEMS, make_feature


def test_qgis_edits(client, send):
    """Insert with all fields and nulls, read back, change one field, then the shape, delete."""
    system = {"import_id": None, "source_srid": None, "created_at": None, "updated_at": None}
    feature = {**make_feature([106.693700, 10.768400], asset_code="Q1", nominal_diameter_mm=None, **system)}
    axes = {"Content_Crs": f"{EPSG}/4326"}
    feature["geometry"]["coordinates"].reverse()
    assert {"POST"} <= set(client.options(ITEMS, auth=EDITOR).headers["Allow"].split(", "))
    answer = send("POST", ITEMS, feature, **axes)
    location = answer.headers["Location"]
    assert answer.status_code == 201 and "/items/" in location
    assert send("GET", location).status_code == 200
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 7}}, **axes).status_code == 400
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 70}}, **axes).status_code == 204
    moved = {"geometry": {"type": "Point", "coordinates": [10.768412345678, 106.693712345678]}}
    assert send("PATCH", location, moved, **axes).status_code == 204
    found = send("GET", location).json
    assert found["properties"]["nominal_diameter_mm"] == 70
    assert found["geometry"]["coordinates"] == pytest.approx([106.6937123, 10.7684123], abs=1e-8)
    assert send("DELETE", location).status_code == 204


def test_owslib_edits(send, rows):
    """It posts as XML, puts without a type, and says what it takes."""
    answer = send("POST", ITEMS, make_feature(asset_code="O1"), kind="text/xml", Accept="application/json")
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert send("PUT", location, make_feature(asset_code="O2"), kind="", Accept="application/json").status_code == 204
    assert rows()[0]["asset_code"] == "O2"
    assert send("DELETE", location).status_code == 204
