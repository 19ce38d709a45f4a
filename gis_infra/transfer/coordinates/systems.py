"""Which coordinate system a file is in: what was asked, what the file says, what its numbers allow.

A .prj made by hand often lies about the datum, and a file often has none. Grids are therefore matched by their
parameters, and every answer says where in the world the data would land. A guess that is not certain is never used:
it is shown with its alternatives, and the caller names the system.
Source: reference tables of EPSG v11 for VN-2000; decision 05/2007/QD-BTNMT.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyproj import CRS, Geod
from pyproj.exceptions import CRSError, ProjError

from gis_infra.errors import InvalidCrs
from gis_infra.spatial.crs import (
    VN2000,
    VN2000_TM3,
    VN2000_UTM,
    WGS84,
    get_name,
    get_transformer,
    is_geographic,
    parse_crs,
)

Box = tuple[float, float, float, float]

WGS84_UTM: Mapping[int, float] = {32648: 105.0, 32649: 111.0}
# Zones in use inside a city besides its own, because it took in provinces that measured in them.
ZONES_TAKEN_IN: Mapping[int, tuple[int, ...]] = {9210: (5899,)}
SURE_ENOUGH = 70  # pyproj's confidence, percent, at which only a name differs
LEAST_NORTHING_M = 850_000.0  # of Vietnam's south end; an easting never reaches it


@dataclass(frozen=True)
class City:
    """Where the city is. srid: its metric CRS, which layers are stored in; extent: longitude/latitude box."""

    srid: int
    extent: Box


@dataclass(frozen=True)
class Landing:
    """Where the data would lie. box: longitude/latitude; distance_km: from the city's extent, 0 when it touches it."""

    box: Box
    distance_km: float

    def __str__(self) -> str:
        west, south, east, north = self.box
        place = "in the city" if self.distance_km == 0 else f"{self.distance_km:,.1f} km outside the city"
        return f"{place} (longitude {west:.4f} to {east:.4f}, latitude {south:.4f} to {north:.4f})"


@dataclass(frozen=True)
class CrsGuess:
    """The coordinate system of a file.

    srid: EPSG code, None if there is no idea. is_certain: whether it is used without being named by the caller.
    reason: why, in words. alternatives: "EPSG:n (name): where it would land". landing: None if it cannot be said.
    """

    srid: int | None
    is_certain: bool
    reason: str
    landing: Landing | None = None
    alternatives: tuple[str, ...] = ()


def find_crs(asked: str | None, wkt: str, bounds: Box | None, city: City) -> CrsGuess:
    """The coordinate system of a file.

    asked: what the caller named, which is taken; wkt: what the file says, "" if nothing; bounds: of its coordinates.
    Raises InvalidCrs if what was asked is no known system.
    """
    if asked is not None:
        srid = parse_crs(asked).srid
        return CrsGuess(srid, True, "as asked", find_landing(srid, bounds, city))
    if not wkt:
        return guess_by_extent(bounds, city, "the file does not say its coordinate system")
    try:
        crs = CRS.from_wkt(wkt.lstrip("\ufeff"))
    except CRSError:
        return guess_by_extent(bounds, city, "what the file says of its coordinate system cannot be read")
    if crs.is_geographic and bounds is not None and not fits_degrees(bounds):
        reason = f"the file says degrees ({crs.name}), but its coordinates run to {max(map(abs, bounds)):,.0f}"
        return guess_by_extent(bounds, city, reason)
    return check_landing(match(crs), bounds, city)


def match(crs: CRS) -> CrsGuess:
    """The EPSG system of a definition: by authority, by the parameters of its grid, by likeness."""
    srid = crs.to_epsg(min_confidence=100)
    if srid is not None and is_offered(srid):
        return CrsGuess(srid, True, f"the file says so ({crs.name})")
    by_grid = match_grid(crs) if crs.is_projected else match_datum(crs)
    if by_grid is not None:
        return by_grid
    srid = crs.to_epsg(min_confidence=SURE_ENOUGH)
    if srid is not None and is_offered(srid):
        return CrsGuess(srid, True, f"the file's definition ({crs.name}) is that of EPSG:{srid}")
    return CrsGuess(None, False, f"no EPSG system has the definition in the file ({crs.name})")


def is_offered(srid: int) -> bool:
    """Whether EPSG has a horizontal system of that code."""
    try:
        get_name(srid)
    except InvalidCrs:
        return False
    return True


def match_grid(crs: CRS) -> CrsGuess | None:
    """The zone a transverse Mercator grid is, by its numbers alone; None if it is none of those used in Vietnam.

    A grid with k 0.9999 on one of the meridians of VN-2000 is VN-2000's whatever the datum is called: no other datum is
    surveyed in it. With k 0.9996 it may be UTM on either datum, and then the name of the datum decides.
    """
    grid = find_transverse_mercator(crs)
    if grid is None:
        return None
    meridian, scale = grid
    datum = find_datum(crs)
    if math.isclose(scale, 0.9999, abs_tol=1e-7):
        srid = find_by_meridian(VN2000_TM3, meridian)
        return None if srid is None else tell_of_tm3(crs, srid, datum)
    srid = find_by_meridian(VN2000_UTM if datum == VN2000 else WGS84_UTM, meridian)
    if srid is None or not math.isclose(scale, 0.9996, abs_tol=1e-7):
        return None
    if datum is None:
        reason = f"the file's grid is UTM, but on an unknown datum ({crs.name}); the two that occur lie 226 m apart"
        return CrsGuess(srid, False, reason)
    return CrsGuess(srid, True, f"the file's definition ({crs.name}) has the parameters of {get_name(srid)}")


def tell_of_tm3(crs: CRS, srid: int, datum: int | None) -> CrsGuess:
    """The guess for a 3-degree zone, which says so if the file claims another datum."""
    if datum == VN2000:
        return CrsGuess(srid, True, f"the file's definition ({crs.name}) has the parameters of {get_name(srid)}")
    claimed = crs.geodetic_crs.datum.name if crs.geodetic_crs and crs.geodetic_crs.datum else "unknown"
    reason = (
        f"the file ({crs.name}) names the datum {claimed!r}, but its grid (k 0.9999, {VN2000_TM3[srid]:g}° E) is that"
        f" of {get_name(srid)} and of nothing else: its datum is taken to be VN-2000, a guess; 226 m hang on it"
    )
    return CrsGuess(srid, True, reason)


def match_datum(crs: CRS) -> CrsGuess | None:
    """Longitude/latitude on one of the two datums that are named clearly; None for any other."""
    srid = find_datum(crs)
    return None if srid is None else CrsGuess(srid, True, f"the file says longitude/latitude on {get_name(srid)}")


def find_transverse_mercator(crs: CRS) -> tuple[float, float] | None:
    """Central meridian (degrees) and scale of a grid with the usual origin, in metres; None if it is another."""
    operation = crs.coordinate_operation
    metres = all(math.isclose(axis.unit_conversion_factor, 1.0) for axis in crs.axis_info)
    if operation is None or operation.method_name != "Transverse Mercator" or not metres:
        return None
    given = {int(each.code): float(each.value) * each.unit_conversion_factor for each in operation.params if each.code}
    usual = {8801: 0.0, 8806: 500_000.0, 8807: 0.0}  # latitude of origin, false easting, false northing
    if not all(math.isclose(given.get(code, math.nan), value, abs_tol=1e-6) for code, value in usual.items()):
        return None
    return math.degrees(given.get(8802, math.nan)), given.get(8805, math.nan)


def find_by_meridian(zones: Mapping[int, float], meridian: float) -> int | None:
    """The zone with that central meridian, to a ten-thousandth of a degree."""
    for srid, each in zones.items():
        if math.isclose(each, meridian, abs_tol=1e-4):
            return srid
    return None


def find_datum(crs: CRS) -> int | None:
    """4756 or 4326 by what the datum is called, None for any other."""
    geodetic = crs.geodetic_crs
    name = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    key = "".join(letter for letter in name.casefold() if letter.isalnum())
    if "vietnam2000" in key or "vn2000" in key:
        return VN2000
    return WGS84 if "wgs1984" in key or "wgs84" in key or "worldgeodeticsystem1984" in key else None


def check_landing(guess: CrsGuess, bounds: Box | None, city: City) -> CrsGuess:
    """The same guess with where it lands; no longer certain if that is outside the city while another system fits."""
    landing = find_landing(guess.srid, bounds, city)
    if guess.srid is not None and (landing is None or landing.distance_km == 0):
        return CrsGuess(guess.srid, guess.is_certain, guess.reason, landing, name_twins(guess, bounds, city))
    others = tuple(srid for srid in find_fitting(bounds, city) if srid != guess.srid)
    alternatives = tuple(describe(srid, bounds, city) for srid in others)
    return CrsGuess(guess.srid, guess.is_certain and not others, guess.reason, landing, alternatives)


def name_twins(guess: CrsGuess, bounds: Box | None, city: City) -> tuple[str, ...]:
    """The same grid on the other datum, for a guess that is not certain."""
    if guess.is_certain or guess.srid is None:
        return ()
    twins = tuple(VN2000_UTM) + tuple(WGS84_UTM)
    return tuple(describe(srid, bounds, city) for srid in find_fitting(bounds, city, twins) if srid != guess.srid)


def guess_by_extent(bounds: Box | None, city: City, why: str) -> CrsGuess:
    """The system in which the coordinates lie in the city; certain if it is exactly one."""
    fitting = find_fitting(bounds, city)
    alternatives = tuple(describe(srid, bounds, city) for srid in fitting)
    if len(fitting) == 1:
        srid = fitting[0]
        reason = f"{why}; of the systems in use here only {get_name(srid)} puts it in the city, a guess"
        return CrsGuess(srid, True, reason, find_landing(srid, bounds, city))
    if fitting:
        names = ", ".join(f"EPSG:{srid}" for srid in fitting)
        reason = f"{why}, and several put it in the city ({names}); name it with --crs"
        return CrsGuess(fitting[0], False, reason, find_landing(fitting[0], bounds, city), alternatives)
    reason = f"{why}, and none in use here puts it in the city{tell_of_swap(bounds)}"
    return CrsGuess(None, False, reason, alternatives=tuple(describe_nearest(bounds, city)))


def describe_nearest(bounds: Box | None, city: City, most: int = 3) -> list[str]:
    """The candidates that put the data nearest to the city, in words."""
    landings = ((find_landing(srid, bounds, city), srid) for srid in list_candidates(city))
    found = sorted((landing.distance_km, srid) for landing, srid in landings if landing is not None)
    return [describe(srid, bounds, city) for _, srid in found[:most]]


def tell_of_swap(bounds: Box | None) -> str:
    """A clause for coordinates that come northing first, as Vietnamese surveyors write them."""
    if bounds is None or bounds[0] < LEAST_NORTHING_M or bounds[3] > LEAST_NORTHING_M:
        return "; name it with --crs"
    return "; its first coordinate looks like a northing, so the axes seem to be swapped: mend that first"


def find_fitting(bounds: Box | None, city: City, among: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """The candidates in which all of the data lies in the city."""
    if bounds is None:
        return ()
    return tuple(srid for srid in among or list_candidates(city) if is_in_city(srid, bounds, city))


def list_candidates(city: City) -> tuple[int, ...]:
    """The systems files of the city come in: its own, those of provinces it took in, UTM and degrees on both datums.

    Zones of other provinces are left out: several of them would land in the city too, tens of kilometres off.
    """
    own = (city.srid, *ZONES_TAKEN_IN.get(city.srid, ()))
    return tuple(dict.fromkeys((*own, *VN2000_UTM, *WGS84_UTM, WGS84, VN2000)))


def is_in_city(srid: int, bounds: Box, city: City) -> bool:
    """Whether the whole box lies in the city's extent."""
    landing = find_landing(srid, bounds, city)
    if landing is None:
        return False
    west, south, east, north = landing.box
    xmin, ymin, xmax, ymax = city.extent
    return xmin <= west and ymin <= south and east <= xmax and north <= ymax


def find_landing(srid: int | None, bounds: Box | None, city: City) -> Landing | None:
    """Where a box would lie; None without a system, without a box, or where the projection has no answer."""
    if srid is None or bounds is None or (is_geographic(srid) and not fits_degrees(bounds)):
        return None
    try:
        box = get_transformer(srid, WGS84).transform_bounds(*bounds)
    except ProjError:
        return None
    if not all(map(math.isfinite, box)):
        return None
    return Landing(box, measure_distance_km(box, city.extent))


def measure_distance_km(box: Box, extent: Box) -> float:
    """Kilometres along the ellipsoid between the nearest points of two longitude/latitude boxes; 0 if they meet."""
    west, east = nearest(box[0], box[2], extent[0], extent[2])
    south, north = nearest(box[1], box[3], extent[1], extent[3])
    if west == east and south == north:
        return 0.0
    return float(Geod(ellps="WGS84").inv(west, south, east, north)[2]) / 1000


def nearest(low: float, high: float, other_low: float, other_high: float) -> tuple[float, float]:
    """The points of two intervals nearest to each other; the same twice if they overlap."""
    if high < other_low:
        return high, other_low
    if low > other_high:
        return low, other_high
    shared = max(low, other_low)
    return shared, shared


def fits_degrees(bounds: Box) -> bool:
    """Whether a box can be longitudes and latitudes."""
    return -360 <= bounds[0] <= bounds[2] <= 360 and -90 <= bounds[1] <= bounds[3] <= 90


def describe(srid: int, bounds: Box | None, city: City) -> str:
    """A candidate in words: its code, its name, where the data would land."""
    landing = find_landing(srid, bounds, city)
    return f"EPSG:{srid} ({get_name(srid)}): {landing if landing is not None else 'nowhere'}"
