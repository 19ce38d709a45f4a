"""Whole edit sessions of QGIS 3.22 and GDAL 3.6, as they were seen on the wire, answered as those clients expect.

`captures/` holds what the clients posted, in its order, one session a file; only the host was put out. QGIS adds two
features, moves the first, sets its name to nothing and its remarks, deletes the second, and adds one that is refused.
GDAL adds one, sets all of it, deletes it.
"""

import math
import re
from pathlib import Path

import pytest
import shapely

from tests.web import transaction_city as city

CAPTURES = Path(__file__).with_name("captures")
FID = re.compile(r'(fid|rid|gml:id)="[a-z_]+\.\d+"')
WFS, OGC = "{http://www.opengis.net/wfs}", "{http://www.opengis.net/ogc}"
# Session, the version its documents say, and the layer. QGIS 3.22 posts 1.0.0 to a service it reads by 2.0.0.
QGIS = [
    ("qgis_322_on_2.0.0", "1.0.0", "fire_hydrant"),
    ("qgis_322_on_2.0.0_metres", "1.0.0", "fire_hydrant"),
    ("qgis_322_on_1.1.0", "1.1.0", "fire_hydrant"),
    ("qgis_322_on_1.1.0_metres", "1.1.0", "fire_hydrant"),
    ("qgis_322_on_1.0.0", "1.0.0", "fire_hydrant"),
    ("qgis_322_on_1.0.0_metres", "1.0.0", "fire_hydrant"),
    ("qgis_322_lines_on_2.0.0", "1.0.0", "water_pipe"),
    ("qgis_322_lines_on_1.1.0", "1.1.0", "water_pipe"),
    ("qgis_322_areas_on_2.0.0", "1.0.0", "pressure_zone"),
    ("qgis_322_areas_on_1.1.0", "1.1.0", "pressure_zone"),
]
# What QGIS drew first and moved the first feature to, longitude first; for "metres" in EPSG:9210.
DRAWN = {
    "fire_hydrant": ("POINT (106.6937 10.7684)", "POINT (106.695 10.77)"),
    "fire_hydrant_metres": ("POINT (603100 1191500)", "POINT (603110 1191520)"),
    "water_pipe": ("LINESTRING (106.6937 10.7684, 106.694 10.769)", "LINESTRING (106.695 10.77, 106.696 10.771)"),
    "pressure_zone": (
        "MULTIPOLYGON (((106.69 10.76, 106.70 10.76, 106.70 10.77, 106.69 10.77, 106.69 10.76),"
        " (106.692 10.762, 106.692 10.764, 106.694 10.764, 106.694 10.762, 106.692 10.762)))",
        "MULTIPOLYGON (((106.69 10.76, 106.70 10.76, 106.70 10.77, 106.69 10.76)))",
    ),
}


@pytest.fixture
def post(send):
    """Post a document about these features, in the order in which it names some."""

    def post(document, *fids, status=200):
        named = iter(fids)
        body = FID.sub(lambda match: f'{match[1]}="{next(named)}"', document)
        return city.read_answer(send(body, status))

    return post


def read_session(name):
    """The documents of a session, in order."""
    return (CAPTURES / f"{name}.txt").read_text().split("\n%%\n")


def require_success(root, version):
    """Look at an answer as QGIS does (qgswfsprovider.cpp, transactionSuccess), and give the ids it takes from it."""
    if version == "1.0.0":
        assert root.tag == f"{WFS}WFS_TransactionResponse"
        assert root.find(f"{WFS}TransactionResult/{WFS}Status/{WFS}SUCCESS") is not None
        return [each.get("fid") for each in root.iterfind(f"{WFS}InsertResult/{OGC}FeatureId")]
    assert root.tag == f"{WFS}TransactionResponse"
    totals = [int(each.text) for each in root.find(f"{WFS}TransactionSummary")]
    assert sum(totals) > 0
    return [each.get("fid") for each in root.iterfind(f"{WFS}InsertResults/{WFS}Feature/{OGC}FeatureId")]


def require_place(row, wkt, *, metres):
    """Look whether a row has the shape that was drawn, to a millimetre."""
    column = "geom" if metres else "lonlat"
    stored = shapely.get_coordinates(shapely.normalize(shapely.from_wkb(bytes(row[column].data))))
    drawn = shapely.get_coordinates(shapely.normalize(shapely.from_wkt(wkt)))
    assert stored.shape == drawn.shape
    assert math.isclose(abs(stored - drawn).max(), 0, abs_tol=1e-3 if metres else 1e-8)


@pytest.mark.parametrize(("session", "version", "layer"), QGIS)
def test_an_edit_session_of_qgis_is_done_and_answered_as_it_expects(post, rows, session, version, layer):
    documents = read_session(session)
    metres = session.endswith("metres")
    first, moved = DRAWN[f"{layer}_metres" if metres else layer]

    fids = require_success(post(documents[0]), version)
    drawn = rows(layer)
    assert fids == [f"{layer}.{row['id']}" for row in drawn]
    assert [row["name"] for row in drawn] == ["Trụ <mới> & cũ"] * 2
    require_place(drawn[0], first, metres=metres)

    require_success(post(documents[1], fids[0]), version)
    require_place(rows(layer)[0], moved, metres=metres)

    require_success(post(documents[2], fids[0]), version)
    assert (rows(layer)[0]["name"], rows(layer)[0]["remarks"]) == (None, "đã sửa")

    require_success(post(documents[3], fids[1]), version)
    (left,) = rows(layer)
    assert f"{layer}.{left['id']}" == fids[0]

    refused = post(documents[4], status=200 if version == "1.0.0" else 400)
    told = "".join(refused.itertext())
    # Which QGIS shows: in a box of its own if it is a WFS_TransactionResponse, else in its log.
    assert "Insert (action 1): " in told
    assert "allowed" in told
    assert len(rows(layer)) == 1


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_an_edit_session_of_gdal_is_done_and_answered_as_it_expects(post, rows, version):
    # Whatever the version, GDAL writes the namespace of 1.1.0 and ogc:FeatureId; it looks for InsertResults/Feature,
    # or InsertResult of 1.0.0, and takes the attribute fid, or rid, of what is in it.
    inserted, changed, deleted = read_session(f"gdal_36_on_{version}")
    answer = post(inserted)
    (fid,) = [each.get("fid") or each.get("rid") for each in answer.iter() if each.get("fid") or each.get("rid")]
    (row,) = rows("fire_hydrant")
    assert fid == f"fire_hydrant.{row['id']}"
    assert (row["asset_code"], row["nominal_diameter_mm"], row["in_service"]) == ("G1", 100, True)
    require_place(row, "POINT (603111 1191511)", metres=True)

    post(changed, fid)
    (row,) = rows("fire_hydrant")
    assert (row["asset_code"], row["nominal_diameter_mm"], row["kind"]) == ("G2", 100, None)
    require_place(row, "POINT (603112 1191513)", metres=True)

    post(deleted, fid)
    assert rows("fire_hydrant") == []
