"""The coordinate systems this API offers, and the two ways it names them.

A CRS is named by its http URI and then has the axis order of its authority: `.../EPSG/0/4326` is latitude first, CRS84
is the same datum longitude first.
"""

from gis_infra.errors import InvalidCrs
from gis_infra.spatial import crs
from gis_infra.spatial.crs import CrsReference

CRS84 = crs.CRS84_URI
# Web maps; VN-2000 as degrees, UTM and the neighbouring zones; WGS 84 / UTM 48N of GPS receivers.
OFFERED = (4326, 3857, 4756, 3405, 5897, 5899, 32648)


def list_uris(city_srid: int) -> list[str]:
    """The URIs offered, the default first, then the one data are stored in."""
    others = [crs.to_uri(srid) for srid in (city_srid, *OFFERED)]
    return [CRS84, *dict.fromkeys(others)]


def parse_offered(text: str, where: str, city_srid: int) -> CrsReference:
    """The CRS a request names in the parameter or header `where`.

    Raises InvalidCrs, which lists what is offered, for any other.
    """
    uri = text.strip().strip("<>")
    if uri not in list_uris(city_srid):
        offered = ", ".join(list_uris(city_srid))
        raise InvalidCrs(f"{where} {text[:100]!r} is not offered; offered are {offered}", where=where)
    return crs.parse_crs(uri)


def to_name(reference: CrsReference) -> str:
    """The URI that says this CRS in this axis order."""
    if reference.srid == crs.WGS84 and not reference.swap_axes:
        return CRS84
    return crs.to_uri(reference.srid)
