"""The systems files of a city come in, and where in the world coordinates would lie when read by one of them.

Every answer about a coordinate system says where the data would land, because that is what a person can judge.
Source: reference tables of EPSG v11 for VN-2000; decision 05/2007/QD-BTNMT.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyproj import Geod
from pyproj.exceptions import ProjError

from gis_infra.spatial.crs import (
    VN2000,
    VN2000_TM3,
    VN2000_UTM,
    WEB_MERCATOR,
    WGS84,
    get_crs,
    get_datum_srid,
    get_name,
    get_transformer,
    is_geographic,
)

Box = tuple[float, float, float, float]

# Zones in use inside a city besides its own, because it took in provinces that measured in them.
ZONES_TAKEN_IN: Mapping[int, tuple[int, ...]] = {9210: (5899,)}
NEAR_KM = 100.0  # what lands farther away is no suggestion


@dataclass(frozen=True)
class City:
    """Where the city is. srid: its metric CRS, which layers are stored in; extent: longitude/latitude box."""

    srid: int
    extent: Box


@dataclass(frozen=True)
class Landing:
    """Where the data would lie.

    box: longitude/latitude; distance_km: from the city's extent, 0 when it touches it; is_within: all of it is in it.
    """

    box: Box
    distance_km: float
    is_within: bool = True

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if self.distance_km:
            return f"{self.distance_km:,.1f} km outside the city"
        return "in the city" if self.is_within else "partly outside the city"

    def __str__(self) -> str:
        west, south, east, north = self.box
        return f"{self.place} (longitude {west:.4f} to {east:.4f}, latitude {south:.4f} to {north:.4f})"


@dataclass(frozen=True)
class Candidate:
    """A system a file may be in. swap_xy: if its first coordinate is the northing. landing: None for nowhere."""

    srid: int
    swap_xy: bool
    landing: Landing | None

    @property
    def is_within(self) -> bool:
        """Whether all of the data lands in the city."""
        return self.landing is not None and self.landing.is_within

    @property
    def is_touching(self) -> bool:
        """Whether some of the data lands in the city."""
        return self.landing is not None and self.landing.distance_km == 0

    @property
    def words(self) -> str:
        """What to add to the command to say so."""
        return f"--crs EPSG:{self.srid}{' --swap-xy' if self.swap_xy else ''}"

    def __str__(self) -> str:
        swapped = ", its axes swapped" if self.swap_xy else ""
        landing = self.landing if self.landing is not None else "nowhere"
        return f"EPSG:{self.srid} ({get_name(self.srid)}){swapped}: {landing}"


@dataclass(frozen=True)
class CrsGuess:
    """The coordinate system of a file.

    srid: EPSG code, None if there is no idea. is_certain: whether it is used without being named by the caller.
    reason: why, in words. landing: None if it cannot be said. alternatives: what else would land in or near the city.
    swap_xy: the file's first coordinate is the northing. is_datum_guess: only its datum is guessed. is_nowhere: the
    system has no place for the file's numbers.
    """

    srid: int | None
    is_certain: bool
    reason: str
    landing: Landing | None = None
    alternatives: tuple[Candidate, ...] = ()
    swap_xy: bool = False
    is_datum_guess: bool = False
    is_nowhere: bool = False

    @property
    def words(self) -> str:
        """What to add to the command to say so; "" if there is no idea."""
        return Candidate(self.srid, self.swap_xy, self.landing).words if self.srid is not None else ""

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """The guess and its alternatives, the likeliest first."""
        own = (Candidate(self.srid, self.swap_xy, self.landing),) if self.srid is not None else ()
        return own + self.alternatives


def list_candidates(city: City) -> tuple[int, ...]:
    """The systems files of the city come in, likeliest first.

    Its own, those of provinces it took in, UTM on its datum and on WGS 84, degrees on both, the web map's. Zones of
    other provinces are left out: several of them would land in the city too, tens of kilometres off.
    """
    own = (city.srid, *ZONES_TAKEN_IN.get(city.srid, ()))
    datum = get_datum_srid(get_crs(city.srid))
    wgs84_utm = list_utm(city.extent)
    vn2000_utm = tuple(
        srid for srid, meridian in VN2000_UTM.items() if datum == VN2000 and 32600 + zone_at(meridian) in wgs84_utm
    )
    degrees = (WGS84, datum) if datum else (WGS84,)
    return tuple(dict.fromkeys((*own, *vn2000_utm, *wgs84_utm, *degrees, WEB_MERCATOR)))


def list_utm(extent: Box) -> tuple[int, ...]:
    """EPSG codes of the zones of UTM on WGS 84 that an extent lies in."""
    west, south, east, north = extent
    base = 32600 if south + north >= 0 else 32700
    return tuple(base + zone for zone in range(zone_at(west), zone_at(east) + 1))


def zone_at(longitude: float) -> int:
    """The number of the UTM zone, 1 to 60."""
    return min(int((longitude + 180) // 6) + 1, 60)


def find_candidates(bounds: Box | None, city: City) -> tuple[Candidate, ...]:
    """What puts a box in the city or near it: first what lands within it, then by distance, else likeliest first.

    Each system is tried with its axes as they are and swapped.
    """
    if bounds is None:
        return ()
    tried = (
        Candidate(srid, swap, find_landing(srid, bounds, city, swap_xy=swap))
        for swap in (False, True)
        for srid in list_candidates(city)
    )
    near = [(each.landing.distance_km, each) for each in tried if each.landing and each.landing.distance_km <= NEAR_KM]
    found = [each for _, each in sorted(near, key=lambda pair: (not pair[1].is_within, pair[0]))]
    # Where one puts all of it in the city, those that put it beside the city are no help.
    return tuple(each for each in found if each.is_touching or not found[0].is_within)


def list_systems(bounds: Box | None, city: City) -> tuple[Candidate, ...]:
    """Every system files of the country come in, the city's first, and where it puts a box: for who knows better."""
    known = dict.fromkeys((*list_candidates(city), *VN2000_TM3, *VN2000_UTM))
    return tuple(Candidate(srid, False, find_landing(srid, bounds, city)) for srid in known)


def find_landing(srid: int | None, bounds: Box | None, city: City, *, swap_xy: bool = False) -> Landing | None:
    """Where a box would lie; None without a system, without a box, or where the projection has no answer."""
    if srid is None or bounds is None:
        return None
    bounds = swap(bounds) if swap_xy else bounds
    if is_geographic(srid) and not fits_degrees(bounds):
        return None
    try:
        box = get_transformer(srid, WGS84).transform_bounds(*bounds)
    except ProjError:
        return None
    if not all(map(math.isfinite, box)):
        return None
    return Landing(box, measure_distance_km(box, city.extent), is_inside(box, city.extent))


def swap(bounds: Box) -> Box:
    """The same box with its axes exchanged."""
    xmin, ymin, xmax, ymax = bounds
    return ymin, xmin, ymax, xmax


def fits_degrees(bounds: Box) -> bool:
    """Whether a box can be longitudes and latitudes."""
    return -360 <= bounds[0] <= bounds[2] <= 360 and -90 <= bounds[1] <= bounds[3] <= 90


def is_inside(box: Box, extent: Box) -> bool:
    """Whether the whole of a box lies in another."""
    return extent[0] <= box[0] and extent[1] <= box[1] and box[2] <= extent[2] and box[3] <= extent[3]


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
