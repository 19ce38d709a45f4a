"""What a file says its coordinate system is, matched to EPSG by authority, by the parameters of its grid, by likeness.

A .prj made by hand has any name and often the wrong datum or scale, but the numbers of the grid betray the system. What
the text contradicts is told and is then no more than a guess.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis_infra.errors import InvalidCrs
from gis_infra.spatial.crs import VN2000, VN2000_TM3, VN2000_UTM, get_crs, get_name
from gis_infra.transfer.coordinates.datums import Datum, find_datum, has_wgs84_ellipsoid
from gis_infra.transfer.coordinates.systems import zone_at

SURE_ENOUGH = 70  # pyproj's confidence, percent, at which only a name differs
TM3_SCALE = 0.9999
UTM_SCALE = 0.9996
UTM_MERIDIANS = frozenset(range(-177, 180, 6))


@dataclass(frozen=True)
class Definition:
    """What a definition means.

    srid: EPSG code, None if EPSG has none like it. reason: in words. is_certain: whether it is to be believed;
    is_datum_guess: it is not, and it is the datum that is in doubt. is_geographic: whether it says degrees.
    """

    srid: int | None
    reason: str
    is_certain: bool = True
    is_datum_guess: bool = False
    is_geographic: bool = False


@dataclass(frozen=True)
class Grid:
    """A transverse Mercator grid in metres with the usual origin. meridian: degrees; scale: on the meridian."""

    meridian: float
    scale: float


@lru_cache(maxsize=64)
def read_definition(wkt: str) -> Definition:
    """What the text of a .prj, or of a format's own header, says. wkt: "" if there is none.

    Kept for the process: a folder has one text in many files, and looking through EPSG takes a tenth of a second.
    """
    text = wkt.strip("\ufeff\x00 \r\n\t")
    if not text:
        return Definition(None, "the file does not say its coordinate system")
    try:
        crs = take_horizontal(CRS.from_wkt(text))
    except CRSError:
        return Definition(None, "what the file says of its coordinate system cannot be read")
    if not (crs.is_projected or crs.is_geographic):
        return Definition(None, f"the file names no place on earth ({crs.name})")
    return match(crs, text)


def take_horizontal(crs: CRS) -> CRS:
    """The part of a definition that says where on the map; heights stay as they are."""
    while crs.is_compound:
        crs = crs.sub_crs_list[0]
    # GeoJSON with heights is WGS 84 of three axes, EPSG:4979.
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def match(crs: CRS, wkt: str) -> Definition:
    """The EPSG system of a definition."""
    datum = find_datum(crs, wkt)
    # A shift to WGS 84 wraps the system it is of.
    inner = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    srid = find_epsg(inner, 100)
    if srid is not None and datum.is_sure:
        return say(crs, srid, f"the file says so ({crs.name}){datum.remark}")
    by_numbers = match_grid(inner, datum) if inner.is_projected else match_degrees(inner, datum)
    if by_numbers is not None:
        return by_numbers
    srid = find_epsg(inner, SURE_ENOUGH)
    if srid is not None:
        return say(crs, srid, f"the file's definition ({crs.name}) is that of EPSG:{srid}")
    return say(crs, None, f"no EPSG system has the definition in the file ({crs.name})")


def say(crs: CRS, srid: int | None, reason: str) -> Definition:
    """A definition that is believed."""
    return Definition(srid, reason, is_geographic=bool(crs.is_geographic))


def find_epsg(crs: CRS, confidence: int) -> int | None:
    """The EPSG code of a horizontal system like this one, None if there is none."""
    srid = crs.to_epsg(min_confidence=confidence)
    try:
        return srid if srid is not None and get_crs(srid) is not None else None
    except InvalidCrs:
        return None


def match_degrees(crs: CRS, datum: Datum) -> Definition | None:
    """Longitude/latitude on one of the two datums that are named clearly; None for any other."""
    if datum.srid is None or not is_usual_degrees(crs):
        return None
    reason = f"the file says longitude/latitude on {get_name(datum.srid)}{datum.remark}"
    return Definition(datum.srid, reason, datum.is_sure, not datum.is_sure, is_geographic=True)


def is_usual_degrees(crs: CRS) -> bool:
    """Whether angles are degrees, counted from Greenwich."""
    usual = all(math.isclose(axis.unit_conversion_factor, math.radians(1), rel_tol=1e-9) for axis in crs.axis_info)
    return usual and (crs.prime_meridian is None or crs.prime_meridian.longitude == 0)


def match_grid(crs: CRS, datum: Datum) -> Definition | None:
    """The zone a transverse Mercator grid is, by its numbers alone; None if it is none of those used in Vietnam or UTM.

    A grid with k 0.9999 on one of the meridians of VN-2000 is VN-2000's whatever the datum is called: no other datum is
    surveyed in it. With k 0.9996 on one of UTM's it may be UTM on either datum, and the name of the datum decides.
    """
    grid = find_transverse_mercator(crs)
    if grid is None or not has_wgs84_ellipsoid(crs):
        return None
    tm3 = find_by_meridian(VN2000_TM3, grid.meridian)
    if tm3 is not None and math.isclose(grid.scale, TM3_SCALE, abs_tol=1e-7):
        return match_tm3(crs, tm3, datum)
    if not math.isclose(grid.scale, UTM_SCALE, abs_tol=1e-7):
        return None
    if round(grid.meridian) in UTM_MERIDIANS and math.isclose(grid.meridian, round(grid.meridian), abs_tol=1e-4):
        return match_utm(crs, round(grid.meridian), datum)
    return tell_of_wrong_scale(crs, tm3) if tm3 is not None else None


def match_tm3(crs: CRS, srid: int, datum: Datum) -> Definition:
    """A 3-degree zone of VN-2000; only a guess if the file claims another datum."""
    if datum.srid == VN2000:
        reason = f"the file's definition ({crs.name}) has the parameters of {get_name(srid)}{datum.remark}"
        return Definition(srid, reason, datum.is_sure, not datum.is_sure)
    reason = (
        f"the file ({crs.name}) names the datum {datum.name!r}, but its grid (k 0.9999, {VN2000_TM3[srid]:g}° E) is"
        f" that of {get_name(srid)} and of nothing else: its datum is taken to be VN-2000, a guess; 226 m hang on it"
    )
    return Definition(srid, reason, is_certain=False, is_datum_guess=True)


def match_utm(crs: CRS, meridian: int, datum: Datum) -> Definition | None:
    """A zone of UTM on VN-2000 or WGS 84, of the northern half; a guess if the datum is not named."""
    of_vn2000 = find_by_meridian(VN2000_UTM, meridian)
    if (datum.srid == VN2000 and of_vn2000 is None) or (datum.srid is None and datum.is_named):
        return None
    srid = of_vn2000 if datum.srid == VN2000 and of_vn2000 is not None else 32600 + zone_at(meridian)
    if datum.srid is None:
        reason = f"the file's grid is UTM, but on an unknown datum ({crs.name}); the two that occur lie 226 m apart"
        return Definition(srid, reason, is_certain=False, is_datum_guess=True)
    reason = f"the file's definition ({crs.name}) has the parameters of {get_name(srid)}{datum.remark}"
    return Definition(srid, reason, datum.is_sure, not datum.is_sure)


def tell_of_wrong_scale(crs: CRS, srid: int) -> Definition:
    """A 3-degree zone with the scale of UTM, as a tutorial in wide use has it."""
    reason = (
        f"the file ({crs.name}) has the meridian of {get_name(srid)} ({VN2000_TM3[srid]:g}° E), but k 0.9996 where that"
        " has 0.9999: a slip that is often made, so k is taken to be 0.9999, a guess; 359 m hang on it"
    )
    return Definition(srid, reason, is_certain=False)


def find_transverse_mercator(crs: CRS) -> Grid | None:
    """The grid of a transverse Mercator system with the usual origin, in metres; None if it is another."""
    operation = crs.coordinate_operation
    metres = all(math.isclose(axis.unit_conversion_factor, 1.0) for axis in crs.axis_info)
    if operation is None or operation.method_name != "Transverse Mercator" or not metres:
        return None
    given = {int(each.code): float(each.value) * each.unit_conversion_factor for each in operation.params if each.code}
    usual = {8801: 0.0, 8806: 500_000.0, 8807: 0.0}  # latitude of origin, false easting, false northing
    if not all(math.isclose(given.get(code, math.nan), value, abs_tol=1e-6) for code, value in usual.items()):
        return None
    return Grid(math.degrees(given.get(8802, math.nan)), given.get(8805, math.nan))


def find_by_meridian(zones: Mapping[int, float], meridian: float) -> int | None:
    """The zone with that central meridian, to a ten-thousandth of a degree."""
    for srid, each in zones.items():
        if math.isclose(each, meridian, abs_tol=1e-4):
            return srid
    return None
