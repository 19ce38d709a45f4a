"""Which datum a definition means, by its name and by the shift to WGS 84 written into it.

The 226 m between VN-2000 and WGS 84 hang on this, and it is where hand-made definitions lie most: a grid of VN-2000 on
"WGS 84", a shift of nought, the rotations of the official shift with their sign as the decision prints them, although
TOWGS84 takes them the other way round. PROJ mends some of that without a word; the text is therefore read here.
Source: decision 05/2007/QD-BTNMT, EPSG:6960.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyproj import CRS

from gis_infra.spatial.crs import TOWGS84_6960, VN2000, WGS84

Shift = tuple[float, float, float, float, float, float, float]

OFFICIAL = tuple(float(number) for number in TOWGS84_6960.split(","))
TOWGS84 = re.compile(r"TOWGS84\s*[\[(]\s*([-+0-9.eE,\s]+)[\])]", re.IGNORECASE)
TRANSLATION_M = 0.01  # to which three shifts are the same
ROTATION_ARCSEC = 1e-6
NEAR_OFFICIAL_M = 10.0  # within which the shifts are those of VN-2000 by another determination


@dataclass(frozen=True)
class Datum:
    """What a definition says of its datum.

    srid: of its longitude/latitude, 4756 or 4326; None for any other. name: as the definition calls it.
    is_sure: False if the definition contradicts itself. remark: a clause on what is wrong with it, or "".
    """

    srid: int | None
    name: str
    is_sure: bool = True
    remark: str = ""

    @property
    def is_named(self) -> bool:
        """Whether it is called by the name of a datum, any datum."""
        return not self.name.casefold().startswith(NO_NAMES)


def find_datum(crs: CRS, wkt: str) -> Datum:
    """The datum of a definition. wkt: the text it was read from."""
    name = get_datum_name(crs)
    named = find_by_name(name)
    shift = find_shift(crs, wkt)
    if shift is None or not has_wgs84_ellipsoid(crs):
        return Datum(named, name)
    if not any(shift):
        return tell_of_no_shift(named, name)
    if all(math.isclose(shift[axis], OFFICIAL[axis], abs_tol=NEAR_OFFICIAL_M) for axis in range(3)):
        return Datum(VN2000, name, remark=tell_of_shift(shift))
    remark = "; its shift to WGS 84 is none that VN-2000 is known by"
    return Datum(named, name, is_sure=named is None, remark=remark if named is not None else "")


def tell_of_no_shift(named: int | None, name: str) -> Datum:
    """The datum of a definition with a shift of nought: WGS 84's, whatever it is called."""
    if named != VN2000:
        return Datum(named, name)
    remark = "; it names VN-2000 but shifts it to WGS 84 by nothing, and the two lie 226 m apart"
    return Datum(VN2000, name, is_sure=False, remark=remark)


def tell_of_shift(shift: Shift) -> str:
    """A clause on a shift that is not quite the official one; "" if it is."""
    same = all(math.isclose(shift[axis], OFFICIAL[axis], abs_tol=TRANSLATION_M) for axis in range(3))
    turned = shift[3:6]
    if same and not any(turned):
        return "; its shift to WGS 84 lacks the rotations, about 0.3 m: the official one is used"
    if same and has_rotations(turned, -1):
        return "; the rotations of its shift to WGS 84 have the wrong sign, about 0.5 m: the official one is used"
    if same and has_rotations(turned, 1):
        return ""
    return "; its shift to WGS 84 is not the official one, which is used instead"


def has_rotations(turned: tuple[float, ...], sign: int) -> bool:
    """Whether three rotations are the official ones, times 1 or -1."""
    pairs = zip(turned, OFFICIAL[3:6], strict=True)
    return all(math.isclose(found, sign * official, abs_tol=ROTATION_ARCSEC) for found, official in pairs)


def find_shift(crs: CRS, wkt: str) -> Shift | None:
    """The seven numbers of a shift to WGS 84 as the text has them, rotations as TOWGS84 takes them; None if none."""
    if match := TOWGS84.search(wkt):
        numbers = [float(part) for part in match[1].split(",") if part.strip()]
    elif crs.is_bound and crs.coordinate_operation is not None:
        numbers = list(crs.coordinate_operation.towgs84)
    else:
        return None
    if len(numbers) not in {3, 7}:
        return None
    first, second, third, *turned = numbers
    rx, ry, rz, scale = turned or (0.0, 0.0, 0.0, 0.0)
    return first, second, third, rx, ry, rz, scale


def get_datum_name(crs: CRS) -> str:
    """What the datum is called, "unknown" if nothing."""
    geodetic = crs.geodetic_crs
    return str(geodetic.datum.name) if geodetic is not None and geodetic.datum is not None else "unknown"


def find_by_name(name: str) -> int | None:
    """4756 or 4326 by what a datum is called, None for any other."""
    if name.casefold().startswith(NO_NAMES):
        return None  # "Unknown based on WGS 84 ellipsoid" names none
    key = "".join(letter for letter in name.casefold() if letter.isalnum())
    if any(part in key for part in VN2000_NAMES):
        return VN2000
    return WGS84 if any(part in key for part in WGS84_NAMES) else None


def has_wgs84_ellipsoid(crs: CRS) -> bool:
    """Whether the ellipsoid is that of WGS 84, which is VN-2000's too."""
    ellipsoid = crs.ellipsoid
    return ellipsoid is not None and all(
        math.isclose(getattr(ellipsoid, name), value, abs_tol=tolerance)
        for name, (value, tolerance) in WGS84_ELLIPSOID.items()
    )


NO_NAMES = ("unknown", "unnamed", "d_unknown", "not specified", "not_specified", "undefined", "mif ")
VN2000_NAMES = ("vietnam2000", "vn2000")
WGS84_NAMES = ("wgs1984", "wgs84", "worldgeodeticsystem1984")
WGS84_ELLIPSOID: Mapping[str, tuple[float, float]] = {
    "semi_major_metre": (6378137.0, 0.01),
    "inverse_flattening": (298.257223563, 1e-6),
}
