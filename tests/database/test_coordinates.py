"""pyproj, PostGIS and the importer put the same point in the same place, on both sides of the seam.

Left alone, each would use EPSG:5194 within 104.24-107.11 E, 9.35-11.04 N and EPSG:6960 outside; ten points stand on
both sides, in every zone a city of the south is handed files in.
"""

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from gis_infra.spatial import crs

MILLIMETRE_IN_DEGREES = 0.001 / 111_320
# (EPSG code, easting, northing, where)
POINTS = [
    (9210, 603000.0, 1191000.0, "the middle of the city"),
    (9210, 603000.0, 1191500.0, "the sample quarter"),
    (9210, 575000.0, 1225000.0, "Củ Chi, inside"),
    (9210, 600000.0, 1150000.0, "Cần Giờ, inside"),
    (9210, 570000.0, 1250000.0, "Dầu Tiếng, north of 11.04 N"),
    (9210, 655000.0, 1150000.0, "Vũng Tàu, east of 107.11 E"),
    (5899, 430000.0, 1150000.0, "the east, as its own files have it"),
    (3405, 690000.0, 1190000.0, "UTM zone 48N of VN-2000, inside"),
    (3405, 690000.0, 1235000.0, "UTM zone 48N of VN-2000, outside"),
    (4756, 106.70, 10.78, "degrees of VN-2000"),
]
TO_LONLAT = text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), :srid), 4326) AS p")


@pytest.mark.parametrize(("srid", "x", "y", "where"), POINTS)
def test_postgis_and_pyproj_agree_to_a_millimetre(connection, srid, x, y, where):
    ours = crs.get_transformer(srid, 4326).transform(x, y)
    theirs = connection.execute(TO_LONLAT, {"x": x, "y": y, "srid": srid}).one()
    assert tuple(theirs) == pytest.approx(ours, abs=MILLIMETRE_IN_DEGREES), where


@pytest.mark.parametrize(("srid", "x", "y", "where"), POINTS)
def test_the_operation_is_the_official_one_on_both_sides_of_the_seam(srid, x, y, where):
    """The oracle is the pipeline written out, parameter by parameter, from decision 05/2007/QD-BTNMT."""
    longitude, latitude = x, y
    if srid != crs.VN2000:
        longitude, latitude = crs.get_transformer(srid, crs.VN2000).transform(x, y)
    expected = shift_by_hand(longitude, latitude)
    assert crs.get_transformer(srid, 4326).transform(x, y) == pytest.approx(expected, abs=MILLIMETRE_IN_DEGREES), where


@pytest.mark.parametrize(("srid", "x", "y", "where"), POINTS)
def test_the_importer_and_postgis_store_the_same_point(connection, srid, x, y, where):
    """The importer transforms whole arrays; PostGIS is asked row by row."""
    transformer = crs.get_transformer(srid, 9210)
    points = shapely.transform(
        shapely.points([[x, y], [x, y]]), lambda pairs: np.column_stack(transformer.transform(pairs[:, 0], pairs[:, 1]))
    )
    statement = text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), :srid), 9210) AS p")
    theirs = connection.execute(statement, {"x": x, "y": y, "srid": srid}).one()
    assert tuple(theirs) == pytest.approx((points[0].x, points[0].y), abs=0.001), where


def shift_by_hand(longitude, latitude):
    """VN-2000 to WGS 84 in degrees by the seven parameters of EPSG:6960, written without PROJ."""
    a, inverse_flattening = 6378137.0, 298.257223563
    e2 = (2 - 1 / inverse_flattening) / inverse_flattening
    lam, phi = np.radians(longitude), np.radians(latitude)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    source = np.array([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)])
    rx, ry, rz = np.radians(np.array([-0.00928836, 0.01975479, -0.00427372]) / 3600)
    rotation = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])  # coordinate frame rotation, EPSG method 1032
    shift = np.array([-191.90441429, -39.30318279, -111.45032835])
    x, y, z = shift + (1 + 0.252906278e-6) * rotation @ source
    across = np.hypot(x, y)
    phi = np.arctan2(z, across * (1 - e2))
    for _ in range(10):
        n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * n * np.sin(phi), across)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(phi))
