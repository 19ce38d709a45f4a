"""Where things are put in the city of these tests: metres from its south-west corner."""

import datetime

from shapely import box

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500


def shifted(west, south, east, north):
    """An area as WKT."""
    corners = box(EAST + west, NORTH + south, EAST + east, NORTH + north).exterior.coords
    return f"MULTIPOLYGON((({','.join(f'{x} {y}' for x, y in corners)})))"


def point(east, north):
    """A point as WKT."""
    return f"POINT({EAST + east} {NORTH + north})"


def house(lay, east, north, residents=None, **values):
    """The id of a house of 10 m around a point."""
    return lay("building", shifted(east - 5, north - 5, east + 5, north + 5), residents=residents, **values)
