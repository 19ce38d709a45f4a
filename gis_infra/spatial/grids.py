"""The numbers of the city's grid, for a map that shows coordinates in it without asking the server at each movement.

Only what the map can compute is described: a transverse Mercator on WGS 84 or on VN-2000. Of any other grid nothing is
said, and the map shows degrees alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis_infra.spatial import crs

# EPSG codes of the parameters of a transverse Mercator. Source: EPSG Guidance Note 7-2, method 9807.
LATITUDE, MERIDIAN, SCALE, EASTING, NORTHING = 8801, 8802, 8805, 8806, 8807
TRANSVERSE_MERCATOR = 9807


@dataclass(frozen=True)
class Grid:
    """A transverse Mercator.

    axis_m: semi-major axis; flattening: of the ellipsoid; latitude, meridian: of the origin, degrees; easting_m,
    northing_m: given to it. shift: from the grid's datum to WGS 84, as PROJ's +towgs84 (metres, seconds of arc,
    millionths; position vector); None where the datum is WGS 84.
    """

    srid: int
    name: str
    axis_m: float
    flattening: float
    latitude: float
    meridian: float
    scale: float
    easting_m: float
    northing_m: float
    shift: tuple[float, ...] | None


def find_grid(srid: int) -> Grid | None:
    """The grid of an EPSG code; None for one that the map cannot compute. Raises InvalidCrs for an unknown code."""
    definition = crs.get_crs(srid)
    datum = crs.get_datum_srid(definition)
    operation, ellipsoid = definition.coordinate_operation, definition.ellipsoid
    if operation is None or ellipsoid is None or datum not in (crs.WGS84, crs.VN2000):
        return None
    if str(operation.method_code) != str(TRANSVERSE_MERCATOR):
        return None
    values = read_parameters(operation.to_json_dict())
    return Grid(
        srid=srid,
        name=str(definition.name),
        axis_m=float(ellipsoid.semi_major_metre),
        flattening=1 / float(ellipsoid.inverse_flattening),
        latitude=values[LATITUDE],
        meridian=values[MERIDIAN],
        scale=values[SCALE],
        easting_m=values[EASTING],
        northing_m=values[NORTHING],
        shift=None if datum == crs.WGS84 else tuple(map(float, crs.TOWGS84_6960.split(","))),
    )


def read_parameters(operation: Mapping[str, Any]) -> Mapping[int, float]:
    """The parameters of a projection by EPSG code; units are degrees and metres in all of EPSG's for method 9807."""
    return {int(each["id"]["code"]): float(each["value"]) for each in operation["parameters"]}
