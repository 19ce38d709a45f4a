"""Geometry columns of the tables that analyses work in and leave behind."""

from geoalchemy2 import Geometry


def make_geometry() -> Geometry:
    """A geometry column whose CRS is that of the city, known only when the database is made."""
    return Geometry(geometry_type=None, srid=-1, spatial_index=False)
