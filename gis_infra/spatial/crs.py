"""Coordinate reference systems: names, axis order, and the one operation pinned between two datums.

Left alone, PROJ (so pyproj, GDAL and PostGIS) picks EPSG:5194 for VN-2000 to WGS 84 in the middle of Ho Chi Minh City
and EPSG:6960 around it: a seam of 0.80 m inside one city, wider than the clearances that are checked. Everything here
goes by EPSG:6960, the official parameters of decision 05/2007/QD-BTNMT. Inside the program coordinates are always
easting (longitude) first; `CrsReference.swap_axes` tells a protocol that its own order is the other one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from gis_infra.errors import InvalidCrs

WGS84 = 4326
WEB_MERCATOR = 3857
VN2000 = 4756

# Geographic CRS on either side -> EPSG code of the operation between them that is used, whatever PROJ would prefer.
PINNED_OPERATIONS: Mapping[frozenset[int], int] = {frozenset({VN2000, WGS84}): 6960}

# EPSG code -> central meridian of the 3-degree zones of VN-2000 (k 0.9999, false easting 500 km).
VN2000_TM3: Mapping[int, float] = {
    5896: 102.0,
    9205: 103.0,
    9206: 104.0,
    9207: 104.5,
    9208: 104.75,
    5897: 105.0,
    9209: 105.5,
    9210: 105.75,
    9211: 106.0,
    9212: 106.25,
    9213: 106.5,
    9214: 107.0,
    9215: 107.25,
    9216: 107.5,
    5899: 107.75,
    5898: 108.0,
    9217: 108.25,
    9218: 108.5,
}
VN2000_UTM: Mapping[int, float] = {3405: 105.0, 3406: 111.0}

# EPSG:6960 is a coordinate frame rotation; +towgs84 is read as a position vector, so the rotations change sign here.
TOWGS84_6960 = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84_NAMES = frozenset(
    {
        CRS84_URI,
        "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/OGC/0/CRS84h",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:OGC:2:84",
        "OGC:CRS84",
        "CRS:84",
        "CRS84",
    }
)
# Written so, the axes come in the order the authority defines.
AUTHORITY_ORDER = (
    re.compile(r"urn:(?:x-)?ogc:def:crs:EPSG:(?:[0-9.]*:)?(\d{4,6})", re.IGNORECASE),
    re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/(\d{4,6})", re.IGNORECASE),
)
# Written so, clients expect easting first.
EASTING_FIRST = (
    re.compile(r"\[?EPSG:(\d{4,6})\]?", re.IGNORECASE),
    re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d{4,6})", re.IGNORECASE),
    re.compile(r"(\d{4,6})"),
)


@dataclass(frozen=True)
class CrsReference:
    """A CRS as a request named it.

    srid: EPSG code (CRS84 is 4326). swap_axes: whether coordinates written under this name are northing first.
    """

    srid: int
    swap_axes: bool


@dataclass(frozen=True)
class SpatialRefSysRow:
    """One row of PostGIS's `spatial_ref_sys` that carries the pinned operation in its PROJ string."""

    srid: int
    auth_name: str
    auth_srid: int
    srtext: str
    proj4text: str


def parse_crs(text: str) -> CrsReference:
    """Read the name of a CRS, in any of the forms clients send.

    text: "EPSG:n" and the old GML form are easting first; the URN and the http URI are in the authority's order;
        CRS84 in all its spellings is longitude first.
    Raises InvalidCrs for a form that is not known or a code that EPSG does not have.
    Source: OGC 18-058r1 clause 6.2; the convention is that of GeoServer and QGIS Server.
    """
    name = text.strip().strip("<>")
    if name in CRS84_NAMES:
        return CrsReference(WGS84, swap_axes=False)
    for pattern in AUTHORITY_ORDER:
        if match := pattern.fullmatch(name):
            srid = parse_code(match[1])
            return CrsReference(srid, swap_axes=is_northing_first(srid))
    for pattern in EASTING_FIRST:
        if match := pattern.fullmatch(name):
            return CrsReference(parse_code(match[1]), swap_axes=False)
    raise InvalidCrs(
        f"{text[:100]!r} names no coordinate system; write it as EPSG:9210 or {to_uri(WGS84)}", where="crs"
    )


def parse_code(digits: str) -> int:
    """The EPSG code written in digits. Raises InvalidCrs if EPSG has no horizontal CRS of that code."""
    srid = int(digits)
    get_crs(srid)
    return srid


@lru_cache(maxsize=256)
def get_crs(srid: int) -> CRS:
    """The definition of a projected or geographic CRS in the EPSG database.

    Raises InvalidCrs if there is none, or if it is vertical, geocentric or made of parts.
    """
    try:
        crs = CRS.from_epsg(srid)
    except CRSError:
        raise InvalidCrs(f"EPSG has no coordinate system {srid}", where="crs") from None
    if not (crs.is_projected or crs.is_geographic) or crs.is_compound or len(crs.axis_info) != 2:
        raise InvalidCrs(f"EPSG:{srid} ({crs.name}) is not a horizontal coordinate system", where="crs")
    return crs


def is_northing_first(srid: int) -> bool:
    """Whether EPSG defines the first axis as northing or latitude. Raises InvalidCrs for an unknown code."""
    return str(get_crs(srid).axis_info[0].direction) in {"north", "south"}


def is_geographic(srid: int) -> bool:
    """Whether coordinates are degrees. Raises InvalidCrs for an unknown code."""
    return bool(get_crs(srid).is_geographic)


def get_name(srid: int) -> str:
    """What EPSG calls it. Raises InvalidCrs for an unknown code."""
    return str(get_crs(srid).name)


def to_uri(srid: int) -> str:
    """The http URI of an EPSG code. Source: OGC 11-135r2."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{srid}"


def to_urn(srid: int) -> str:
    """The URN of an EPSG code. Source: OGC 07-092r3."""
    return f"urn:ogc:def:crs:EPSG::{srid}"


@lru_cache(maxsize=256)
def get_transformer(source_srid: int, target_srid: int) -> Transformer:
    """The transformation between two EPSG codes, easting (longitude) first on both sides, by the pinned operation.

    Kept for the process: finding an operation takes PROJ tens of milliseconds.
    Raises InvalidCrs for an unknown code, or when no path between the two datums uses the pinned operation.
    """
    source, target = get_crs(source_srid), get_crs(target_srid)
    pin = PINNED_OPERATIONS.get(frozenset({get_datum_srid(source), get_datum_srid(target)}))
    if pin is None:
        return Transformer.from_crs(source, target, always_xy=True)
    for candidate in TransformerGroup(source, target, always_xy=True).transformers:
        if pin in find_epsg_codes(candidate.to_json_dict()):
            return candidate
    raise InvalidCrs(f"no transformation from EPSG:{source_srid} to EPSG:{target_srid} uses EPSG:{pin}", where="crs")


def get_datum_srid(crs: CRS) -> int:
    """The EPSG code of the geographic CRS beneath; 0 when it has none."""
    geodetic = crs.geodetic_crs
    return (geodetic.to_epsg() or 0) if geodetic is not None else 0


def find_epsg_codes(part: Any) -> Iterator[int]:
    """Every identifier in a PROJJSON document, depth first."""
    if isinstance(part, dict):
        if "code" in part.get("id", {}):
            yield part["id"]["code"]
        for each in part.values():
            yield from find_epsg_codes(each)
    elif isinstance(part, list):
        for each in part:
            yield from find_epsg_codes(each)


def list_spatial_ref_sys_rows() -> tuple[SpatialRefSysRow, ...]:
    """The rows PostGIS needs so that its ST_Transform goes by the pinned operation, ordered by code.

    The authority is deliberately not "EPSG": with it PROJ would look the code up and choose an operation by itself.
    """
    geographic = {VN2000: f"+proj=longlat +ellps=WGS84 +towgs84={TOWGS84_6960} +no_defs"}
    tm3 = {srid: render_proj4(meridian, "0.9999") for srid, meridian in VN2000_TM3.items()}
    utm = {srid: render_proj4(meridian, "0.9996") for srid, meridian in VN2000_UTM.items()}
    rows = sorted((geographic | tm3 | utm).items())
    return tuple(SpatialRefSysRow(srid, "gis-infra", srid, "", proj4) for srid, proj4 in rows)


def render_proj4(central_meridian: float, scale: str) -> str:
    """The PROJ string of a transverse Mercator zone of VN-2000; the meridian in degrees."""
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={central_meridian:g} +k={scale} +x_0=500000 +y_0=0"
        f" +ellps=WGS84 +towgs84={TOWGS84_6960} +units=m +no_defs"
    )
