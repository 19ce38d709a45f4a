"""Coordinates as people write them: degrees or metres, points or commas, any order, marks of compass in two languages.

Pure. What a text can mean is tried out: the axes by their letters where there are any, else by where the place would
lie. Two numbers that lie nowhere near the city in any reading are no coordinates, unless they are written as such.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from gis_infra.errors import InvalidCrs
from gis_infra.spatial import crs

Axis = Literal["east", "north"]
Extent = tuple[float, float, float, float]

LONGEST = 200
# Beyond the box of the city, in degrees, where a place still counts as near.
MARGIN_DEG = 0.5
# What surveyors of a Vietnamese city may have in hand besides its own grid: other zones, and UTM of either datum; and
# how far from its middle each is used, in metres: 1.5 and 3 degrees.
OTHER_GRIDS = {**dict.fromkeys(crs.VN2000_TM3, 165_000), **dict.fromkeys((*crs.VN2000_UTM, 32648, 32649), 330_000)}
MIDDLE_M = 500_000

SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("′’‘´`ʹ", "'"),
        **dict.fromkeys("″“”„ʺ", '"'),
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("−–‒", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2007\t\n\r", " "),
    }
)
SYSTEMS = re.compile(r"\b(?:vn[ -]?2000|wgs[ -]?84)\b")
# In this order: "vĩ độ" is a name, "độ" alone a degree.
WORDS = (
    (re.compile(r"\b(?:vĩ độ|vĩ tuyến|latitude|lat|bắc|north(?:ing)?|m?n|b)\b\.?"), " {north} "),
    (re.compile(r"\b(?:kinh độ|kinh tuyến|longitude|long|lon|lng|đông|east(?:ing)?|m?e|đ)\b\.?"), " {east} "),
    (re.compile(r"\b(?:nam|south|s)\b\.?"), " {south} "),
    (re.compile(r"\b(?:tây|west|w|t)\b\.?"), " {west} "),
    (re.compile(r"\b(?:tọa độ|toạ độ|coordinates?|hệ|x|y|m)\b"), " "),
    (re.compile(r"\s*\bđộ\b\s*"), "° "),
    (re.compile(r"\s*\bphút\b\s*"), "' "),
    (re.compile(r"\s*\bgiây\b\s*"), '" '),
)
# A letter right behind or before a number is parted from it, or it would be no word of its own.
GLUED = (re.compile(r"(?<=[\d°'\"])(?=[^\W\d_])"), re.compile(r"(?<=[^\W\d_])(?=[-+]?\d)"))
MARK = re.compile(r"\{(north|east|south|west)\}")
EPSG = re.compile(r"\bepsg\s*:?\s*(\d{4,6})\b")
# Addresses of maps, this one's own among them: latitude, then longitude.
ADDRESS = re.compile(
    r"(?:@|[?&](?:q|ll|query|center)=|^geo:|#\d{1,2}(?:\.\d+)?/)(-?\d{1,2}\.\d+)(?:,|/|%2c)(-?\d{1,3}\.\d+)"
)
DEGREES = re.compile(
    r"""([-+]?\d{1,3}(?:[.,]\d+)?)\s*°\s*
        (?:(\d{1,2}(?:[.,]\d+)?)\s*'\s*(?:(\d{1,2}(?:[.,]\d+)?)(?![\d.,]*\s*°)\s*"?)?)?""",
    re.VERBOSE,
)
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
GROUPED = re.compile(r"[-+]?\d{1,3}(?:([., '])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
SEPARATORS = (re.compile(r"\s*[;|/·]\s*"), re.compile(r",\s+"), re.compile(r"\s*,\s*"))


@dataclass(frozen=True)
class Reading:
    """One place a text can mean.

    srid: EPSG code of the system it was read in; x, y: easting or longitude, northing or latitude, in its units.
    is_inside: whether the place lies in or near the city.
    """

    srid: int
    x: float
    y: float
    longitude: float
    latitude: float
    is_inside: bool


@dataclass(frozen=True)
class Pair:
    """Two numbers and what is said of them. axes: which the first is and which the second; None if nothing tells.

    is_plain: written as degrees beyond doubt, wherever they lie.
    """

    first: float
    second: float
    axes: tuple[Axis, Axis] | None = None
    is_plain: bool = False


def find_places(text: str, city_srid: int, extent: Extent) -> tuple[Reading, ...]:
    """The places a text can mean, likeliest first; none if it is no pair of coordinates.

    extent: the city's box, longitude/latitude. Metres are of the city's grid; only where that is not used so
    far out, of the other grids in use too. A text that names an EPSG code is read in that alone.
    """
    if len(text) > LONGEST:
        return ()
    plain = unicodedata.normalize("NFC", text).translate(SAME_SIGNS).lower().strip()
    named = EPSG.search(plain)
    pairs = list(list_pairs(EPSG.sub(" ", plain)))
    if named:
        return read_named(pairs, int(named[1]), extent)
    found = [reading for pair in pairs for reading in read_degrees(pair, extent)]
    found += [reading for pair in pairs for reading in read_metres(pair, city_srid, extent)]
    if not any(is_usual(reading) for reading in found):
        readings = (read_metres(pair, srid, extent) for pair in pairs for srid in OTHER_GRIDS if srid != city_srid)
        found += [reading for group in readings for reading in group if is_usual(reading)]
    if not found:
        found = [reading for pair in pairs for reading in read_far(pair)]
    return tuple(dict.fromkeys(found))


def list_pairs(plain: str) -> Iterator[Pair]:
    """Every way to take a text, in small letters, as two numbers."""
    address = ADDRESS.search(plain)
    if address:
        yield Pair(float(address[1]), float(address[2]), ("north", "east"), is_plain=True)
        return
    plain = SYSTEMS.sub(" ", plain)
    for pattern in GLUED:
        plain = pattern.sub(" ", plain)
    for pattern, sign in WORDS:
        plain = pattern.sub(sign, plain)
    marks = MARK.findall(plain)
    numbers = re.sub(r"[=:()\[\]]", " ", MARK.sub(" ", plain)).strip(" ,;.")
    if "°" in numbers:
        yield from list_degrees(numbers, marks)
    else:
        yield from list_numbers(numbers, marks)


def list_degrees(numbers: str, marks: list[str]) -> Iterator[Pair]:
    """The pair of two angles with signs of degrees; none if anything else is in the text."""
    angles = list(DEGREES.finditer(numbers))
    if len(angles) == 2 and not DEGREES.sub("", numbers).strip(" ,;"):
        yield make_pair(to_degrees(angles[0]), to_degrees(angles[1]), marks, is_plain=True)


def to_degrees(angle: re.Match[str]) -> float:
    """Degrees, minutes and seconds as degrees."""
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in angle.groups())
    return math.copysign(abs(degrees) + minutes / 60 + seconds / 3600, -1 if angle[1].startswith("-") else 1)


def list_numbers(numbers: str, marks: list[str]) -> Iterator[Pair]:
    """The pairs of a text of figures, by each sign that can stand between the two."""
    for first, second in dict.fromkeys(split(numbers)):
        values = product(list_values(first), list_values(second))
        for one, other in values:
            is_plain = all(len(re.split(r"[.,]", part)[-1]) > 3 for part in (first, second) if not part.isdigit())
            yield make_pair(one, other, marks, is_plain=is_plain and not (first.isdigit() or second.isdigit()))


def split(numbers: str) -> Iterator[tuple[str, str]]:
    """The two parts of a text of figures, in every way that leaves two numbers."""
    for separator in SEPARATORS:
        parts = separator.split(numbers)
        if len(parts) == 2:
            yield parts[0], parts[1]
        elif len(parts) == 4 and separator is SEPARATORS[-1]:
            # Commas for points and between the two: 10,7751,106,6958.
            yield f"{parts[0]},{parts[1]}", f"{parts[2]},{parts[3]}"
    words = numbers.split()
    for place in range(1, len(words)):
        yield " ".join(words[:place]).rstrip(","), " ".join(words[place:])


def list_values(number: str) -> Iterator[float]:
    """What a number can be: 603.000 is 603, or 603 thousand. Nothing for what is none."""
    if NUMBER.fullmatch(number):
        yield float(number.replace(",", "."))
    grouped = GROUPED.fullmatch(number)
    if grouped:
        yield float(number.replace(grouped[1], "").replace(",", "."))


def make_pair(first: float, second: float, marks: list[str], *, is_plain: bool) -> Pair:
    """The pair with the axes its marks name, south and west turned about; marks that do not fit say nothing.

    N is north: nothing of a city that writes Nam for south lies there.
    """
    axes: list[Axis] = ["north" if mark in ("north", "south") else "east" for mark in marks]
    if len(axes) != 2 or axes[0] == axes[1]:
        return Pair(first, second, None, is_plain)
    first, second = (
        -abs(each) if mark in ("south", "west") else each for each, mark in zip((first, second), marks, strict=True)
    )
    return Pair(first, second, (axes[0], axes[1]), is_plain)


def list_orders(pair: Pair) -> list[tuple[float, float]]:
    """The pair easting first, in each order it can have been meant."""
    orders = {"east": (pair.first, pair.second), "north": (pair.second, pair.first)}
    return [orders[pair.axes[0]]] if pair.axes else [orders["north"], orders["east"]]


def read_degrees(pair: Pair, extent: Extent) -> Iterator[Reading]:
    """The pair as longitude and latitude near the city. Two whole numbers are a house and a street sooner."""
    if pair.is_plain or not (pair.first.is_integer() and pair.second.is_integer()):
        for x, y in list_orders(pair):
            if is_inside(x, y, extent):
                yield Reading(crs.WGS84, x, y, x, y, is_inside=True)


def read_metres(pair: Pair, srid: int, extent: Extent) -> Iterator[Reading]:
    """The pair as easting and northing of the grid `srid`, where that lies near the city."""
    for x, y in list_orders(pair):
        if max(abs(x), abs(y)) > 1000:
            longitude, latitude = crs.get_transformer(srid, crs.WGS84).transform(x, y)
            if is_inside(longitude, latitude, extent):
                yield Reading(srid, x, y, longitude, latitude, is_inside=True)


def read_far(pair: Pair) -> Iterator[Reading]:
    """Degrees beyond doubt that lie nowhere near: who mistyped one sees where it would be."""
    if pair.is_plain:
        for x, y in list_orders(pair)[:1]:
            if abs(x) <= 180 and abs(y) <= 90:
                yield Reading(crs.WGS84, x, y, x, y, is_inside=False)


def read_named(pairs: list[Pair], srid: int, extent: Extent) -> tuple[Reading, ...]:
    """The pairs read in the system that the text names; none where EPSG has none of that code."""
    try:
        is_degrees = crs.is_geographic(srid)
    except InvalidCrs:
        return ()
    if is_degrees:
        return tuple(reading for pair in pairs for reading in read_degrees(pair, extent))
    return tuple(reading for pair in pairs for reading in read_metres(pair, srid, extent))


def is_usual(reading: Reading) -> bool:
    """Whether a reading lies where its grid is used, and not in the zone of a neighbour; degrees are anywhere."""
    width_m = OTHER_GRIDS.get(reading.srid)
    return width_m is None or abs(reading.x - MIDDLE_M) <= width_m


def is_inside(longitude: float, latitude: float, extent: Extent) -> bool:
    """Whether a place lies in the box or no farther from it than the margin; false for what has no numbers."""
    west, south, east, north = extent
    return west - MARGIN_DEG <= longitude <= east + MARGIN_DEG and south - MARGIN_DEG <= latitude <= north + MARGIN_DEG
