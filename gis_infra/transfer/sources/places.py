"""Which columns of a table say where its rows are, and their values as shapes.

Coordinates are written as 603000.5, 603000,5, 603.000,5 or 10°46'06.3"N, shapes as WKT or the hex of WKB. A value that
is none of these gives its row no shape, is counted, and stays in the row.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis_infra.transfer.text.encodings import VIETNAMESE_8_BIT, get_encoding

# Names as `fold` makes them; easting or longitude first.
PAIRS = (
    ("x", "y"),
    ("lon", "lat"), ("long", "lat"), ("lng", "lat"), ("longitude", "latitude"), ("kinhdo", "vido"),
    ("e", "n"), ("easting", "northing"), ("east", "north"), ("dong", "bac"),
    ("toadox", "toadoy"), ("tdx", "tdy"), ("xcoord", "ycoord"), ("coordx", "coordy"), ("pointx", "pointy"),
    ("xvn2000", "yvn2000"), ("vn2000x", "vn2000y"), ("xm", "ym"), ("utmx", "utmy"), ("utme", "utmn"),
)  # fmt: skip
HEIGHTS = ("z",)
SHAPE_NAMES = ("wkt", "geom", "geometry", "thegeom", "wkbgeometry", "shape", "hinhhoc", "wkb", "geomwkt")
WKT = re.compile(
    r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION|CURVE|SURFACE|CIRCULARSTRING|COMPOUNDCURVE"
    r"|CURVEPOLYGON)\b",
    re.IGNORECASE,
)
HEX = re.compile(r"\s*0[01][0-9A-Fa-f]{10,}\s*")
SRID = re.compile(r"\s*SRID=(\d+);", re.IGNORECASE)
DEGREES = re.compile(
    r"""([NSEWBTĐD]?)\s*([-+]?\d+(?:[.,]\d+)?)\s*[°º]\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*)?"""
    r"""(?:(\d+(?:[.,]\d+)?)\s*(?:"|″|”|''))?\s*([NSEWBTĐD]?)""",
    re.IGNORECASE,
)
SPACES = re.compile(r"[\s\xa0']")
GROUPED = re.compile(r"[-+]?(\d*|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+)")
SOUTH_OR_WEST = "SWT"  # T for tây, west

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """The columns that say where a row is, by index: two or three of coordinates, or one of shapes."""

    coordinates: tuple[int, ...] = ()
    shape: int | None = None


@dataclass(frozen=True)
class Shaped:
    """The shapes of a batch: as Shapely has them, None without; the rows whose value is no shape; SRIDs it names."""

    shapes: npt.NDArray[np.object_]
    faulty: npt.NDArray[np.bool_]
    srids: frozenset[int] = frozenset()


def fold(name: str) -> str:
    """A column's name in small letters without marks, in whichever of the usual encodings that gives a known name."""
    readings = [bare(name)]
    for encoding in ("UTF-8", *VIETNAMESE_8_BIT):
        try:
            readings.append(bare(get_encoding(encoding).decode(name)))
        except ValueError:
            continue
    known = {each for pair in PAIRS for each in pair}.union(SHAPE_NAMES, HEIGHTS)
    return next((each for each in readings if each in known), readings[0])


def bare(text: str) -> str:
    """The letters and digits of a text, small and without marks."""
    flat = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in flat if letter.isascii() and letter.isalnum())


def find_place(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Place | None:
    """The columns that say where rows are, None if there are none; a column of shapes before coordinates.

    rows: the first of them, by which a column of shapes is known.
    """
    folded = [fold(name) for name in names]
    shaped = [index for index in range(len(names)) if holds_shapes(index, rows)]
    named = [index for index in shaped if folded[index] in SHAPE_NAMES] or shaped
    if named:
        return Place(shape=named[0])
    for pair in PAIRS:
        if folded.count(pair[0]) == 1 and folded.count(pair[1]) == 1:
            height = tuple(folded.index(each) for each in HEIGHTS if folded.count(each) == 1)
            return Place((folded.index(pair[0]), folded.index(pair[1]), *height[:1]))
    return None


def holds_shapes(index: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first values of a column that are there are mostly shapes."""
    values = [row[index] for row in rows if index < len(row) and row[index].strip()]
    good = sum(WKT.match(value) is not None or HEX.fullmatch(value) is not None for value in values)
    return good > len(values) / 2


def read_place(place: Place, columns: Sequence[pa.Array]) -> Shaped:
    """The shapes of a batch. columns: all of the table's, as text."""
    if place.shape is not None:
        return read_shapes(columns[place.shape])
    numbers = [read_coordinates(columns[index]) for index in place.coordinates]
    x, y = numbers[0], numbers[1]
    is_empty = np.logical_and(*(is_blank(columns[index]) for index in place.coordinates[:2]))
    is_good = np.isfinite(x) & np.isfinite(y)
    shapes = np.full(len(x), None, object)
    shapes[is_good] = shapely.points(x[is_good], y[is_good])
    if len(numbers) > 2:
        is_high = is_good & np.isfinite(numbers[2])
        shapes[is_high] = shapely.points(x[is_high], y[is_high], numbers[2][is_high])
    return Shaped(shapes, ~is_good & ~is_empty)


def is_blank(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Which values are empty."""
    blank = pc.equal(pc.utf8_trim_whitespace(column.fill_null("")), "")
    found: npt.NDArray[np.bool_] = blank.to_numpy(zero_copy_only=False)
    return found


def read_coordinates(column: pa.Array) -> Floats:
    """A column of coordinates as numbers, NaN for what is none."""
    trimmed = pc.utf8_trim_whitespace(column)
    try:
        numbers = trimmed.cast(pa.float64())
    except pa.ArrowInvalid:
        numbers = pa.array([to_coordinate(value) for value in trimmed.to_pylist()], pa.float64())
    found: Floats = numbers.to_numpy(zero_copy_only=False).astype(float)
    return found


def to_coordinate(text: str | None) -> float:
    """A coordinate from its text, NaN if it is none."""
    if not text:
        return math.nan
    degrees = DEGREES.fullmatch(text)
    if degrees is not None:
        return to_degrees(degrees)
    try:
        return float(to_point(SPACES.sub("", text)))
    except ValueError:
        return math.nan


def to_point(text: str) -> str:
    """A number with a point before its decimals and nothing between its thousands; what is not so written, as it is.

    The last of points and commas begins the decimals if it is there once, else it parts thousands like those before.
    """
    last = max(text.rfind("."), text.rfind(","))
    is_decimal = last >= 0 and text.count(text[last]) == 1
    whole, rest = (text[:last], text[last + 1 :]) if is_decimal else (text, "")
    if GROUPED.fullmatch(whole) is None:
        return text
    return re.sub("[.,]", "", whole) + ("." + rest if rest else "")


def to_degrees(match: re.Match[str]) -> float:
    """Degrees, minutes and seconds as degrees, south and west negative."""
    before, degrees, minutes, seconds, after = match.groups()
    value = abs(to_number(degrees)) + to_number(minutes) / 60 + to_number(seconds) / 3600
    is_negative = degrees.startswith("-") or (before or after or " ").upper() in SOUTH_OR_WEST
    return -value if is_negative else value


def to_number(text: str | None) -> float:
    """A number with a point or a comma, 0 for none."""
    return float(text.replace(",", ".")) if text else 0.0


def read_shapes(column: pa.Array) -> Shaped:
    """A column of WKT or hex WKB as shapes."""
    texts = [text.strip() if text else None for text in column.to_pylist()]
    srids = frozenset(int(said[1]) for text in texts if text and (said := SRID.match(text)))
    bare_texts = [SRID.sub("", text) if text else None for text in texts]
    is_hex = np.array([bool(text and HEX.fullmatch(text)) for text in bare_texts])
    values = np.array(bare_texts, object)
    shapes = np.full(len(values), None, object)
    readers: tuple[tuple[npt.NDArray[np.bool_], Callable[..., npt.NDArray[np.object_]]], ...] = (
        (is_hex, shapely.from_wkb),
        (~is_hex, shapely.from_wkt),
    )
    for chosen, reader in readers:
        shapes[chosen] = reader(values[chosen], on_invalid="ignore")
    inside = frozenset(int(srid) for srid in np.unique(shapely.get_srid(shapes[is_hex])) if srid > 0)
    is_there = np.array([bool(text) for text in texts])
    return Shaped(shapes, is_there & shapely.is_missing(shapes), srids | inside)
