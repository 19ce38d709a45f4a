"""Boxes: four ordered numbers and the CRS they are in.

Order is always xmin, ymin, xmax, ymax, easting (longitude) first, whatever the authority says of the axes.
"""

import math
from dataclasses import dataclass, replace

from gis_infra.errors import InvalidBbox


@dataclass(frozen=True)
class Bbox:
    """A box in the units of `srid`, easting first; with xmin > xmax (degrees only) it crosses the antimeridian.

    heights: the lowest and the highest height inside, in metres as the data have them; None is any.
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    srid: int
    heights: tuple[float, float] | None = None

    @property
    def crosses_antimeridian(self) -> bool:
        """True when the box runs eastwards over 180 degrees."""
        return self.xmin > self.xmax


def parse(text: str, srid: int) -> Bbox:
    """Read the `bbox` parameter of a request.

    text: "xmin,ymin,xmax,ymax", easting first, in units of `srid`; six numbers are x,y,z twice.
    srid: EPSG code of the numbers; 4326 is read as CRS84, longitude first.
    Returns a Bbox in that same CRS; nothing is reprojected here.
    Raises InvalidBbox if there are not four (or six) finite numbers, if ymin is above ymax or zmin above zmax, or
    if xmin is right of xmax in a CRS that is not longitude/latitude.
    Source: OGC 17-069r4, /req/core/fc-bbox-definition.
    """
    numbers = parse_numbers(text)
    if len(numbers) == 6:
        xmin, ymin, zmin, xmax, ymax, zmax = numbers
        if zmin > zmax:
            raise InvalidBbox(f"bbox has zmin {zmin} above zmax {zmax}", where="bbox")
        return replace(make(xmin, ymin, xmax, ymax, srid=srid), heights=(zmin, zmax))
    if len(numbers) != 4:
        raise InvalidBbox(
            f"bbox must be four numbers (or six with heights), got {len(numbers)} in {text!r}", where="bbox"
        )
    return make(*numbers, srid=srid)


def make(xmin: float, ymin: float, xmax: float, ymax: float, *, srid: int) -> Bbox:
    """A box of four numbers that are in order. Raises InvalidBbox if they are not."""
    if ymin > ymax:
        raise InvalidBbox(f"bbox has ymin {ymin} above ymax {ymax}", where="bbox")
    if xmin > xmax and srid != 4326:
        raise InvalidBbox(f"bbox has xmin {xmin} right of xmax {xmax}", where="bbox")
    return Bbox(xmin, ymin, xmax, ymax, srid)


def parse_numbers(text: str) -> tuple[float, ...]:
    """The finite numbers of a comma-separated list. Raises InvalidBbox for anything else."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InvalidBbox(f"bbox must be four numbers, got {text[:100]!r}", where="bbox") from None
    if not all(math.isfinite(number) for number in numbers):
        raise InvalidBbox(f"bbox must be finite numbers, got {text[:100]!r}", where="bbox")
    return numbers
