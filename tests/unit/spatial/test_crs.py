"""Names of coordinate systems, axis order, and the pinned operation."""

import pytest

from gis_infra.errors import InvalidCrs
from gis_infra.spatial import crs


@pytest.mark.parametrize(
    ("text", "srid", "swap"),
    [
        ("EPSG:4326", 4326, False),
        ("epsg:9210", 9210, False),
        ("[EPSG:4326]", 4326, False),
        ("4326", 4326, False),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326, False),
        ("urn:ogc:def:crs:EPSG::4326", 4326, True),
        ("urn:ogc:def:crs:EPSG:8.5:4326", 4326, True),
        ("urn:x-ogc:def:crs:EPSG:4326", 4326, True),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, True),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326>", 4326, True),
        ("https://www.opengis.net/def/crs/EPSG/0/9210", 9210, False),
        ("urn:ogc:def:crs:EPSG::3857", 3857, False),
        ("urn:ogc:def:crs:EPSG::31287", 31287, True),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, False),
    ],
)
def test_a_crs_is_read_in_every_form_clients_send(text, srid, swap):
    assert crs.parse_crs(text) == crs.CrsReference(srid, swap)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no coordinate system"),
        ("EPSG", "names no coordinate system"),
        ("EPSG:999999", "EPSG has no coordinate system 999999"),
        ("EPSG:5727", "not a horizontal coordinate system"),
        ("EPSG:4979", "not a horizontal coordinate system"),
        ("EPSG:9210; DROP TABLE", "names no coordinate system"),
        ("urn:ogc:def:crs:EPSG::", "names no coordinate system"),
    ],
)
def test_what_is_no_horizontal_crs_is_refused_in_words(text, words):
    with pytest.raises(InvalidCrs, match=words):
        crs.parse_crs(text)


def test_the_official_operation_is_used_in_the_middle_of_the_city():
    """(603000, 1191000) by EPSG:6960; the number is that of the written-out pipeline."""
    lon, lat = crs.get_transformer(9210, 4326).transform(603000, 1191000)
    assert (round(lon, 8), round(lat, 8)) == (106.69358409, 10.76840366)


@pytest.mark.parametrize("target", [4326, 3857, 32648])
@pytest.mark.parametrize("source", [4756, 3405, 5899, 9210])
def test_every_way_from_vn2000_to_wgs84_is_pinned(source, target):
    codes = set(crs.find_epsg_codes(crs.get_transformer(source, target).to_json_dict()))
    assert 6960 in codes and 5194 not in codes


def test_there_and_back_returns_to_the_same_point_within_a_tenth_of_a_millimetre():
    """The rotation is linearised, so its inverse is not exact; 0.06 mm was measured."""
    there = crs.get_transformer(9210, 4326).transform(603000.123, 1191000.456)
    x, y = crs.get_transformer(4326, 9210).transform(*there)
    assert (x, y) == pytest.approx((603000.123, 1191000.456), abs=1e-4)


def test_zones_of_one_datum_need_no_datum_operation():
    codes = set(crs.find_epsg_codes(crs.get_transformer(5899, 9210).to_json_dict()))
    assert codes.isdisjoint({6960, 5194})


def test_the_registry_has_every_zone_once():
    rows = crs.list_spatial_ref_sys_rows()
    assert [row.srid for row in rows] == [3405, 3406, 4756, 5896, 5897, 5898, 5899, *range(9205, 9219)]
    assert all(row.auth_name != "EPSG" and "+towgs84=-191.90441429" in row.proj4text for row in rows)


@pytest.mark.parametrize(("srid", "meridian"), sorted(crs.VN2000_TM3.items()))
def test_the_zone_table_agrees_with_epsg(srid, meridian):
    parameters = {each.name: each.value for each in crs.get_crs(srid).coordinate_operation.params}
    assert parameters["Longitude of natural origin"] == pytest.approx(meridian, abs=1e-9)
    assert parameters["Scale factor at natural origin"] == 0.9999
