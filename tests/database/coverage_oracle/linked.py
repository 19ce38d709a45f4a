"""Methods without a distance: by connection and by zone."""

from collections.abc import Iterable

from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import MILLIMETRE, Facility, Found, Place


def serve_by_zone(places: Iterable[Place], zones: list[Facility]) -> Found:
    """Who lies in a zone, its edge included."""
    return Found({place.id: float(any(zone.shape.covers(place.point) for zone in zones)) for place in places})


def serve_by_connection(
    places: Iterable[Place], connections: list[Facility], parcels: list[BaseGeometry], within_m: float
) -> Found:
    """Who has a connection in the building, in its parcel, or near enough to the building."""
    served = {}
    for place in places:
        own = place.shape if place.shape is not None else place.point
        grounds = [parcel for parcel in parcels if parcel.covers(own.centroid)]
        near = (each.shape.distance(own) <= within_m + MILLIMETRE for each in connections)
        inside = (ground.intersects(each.shape) for ground in grounds for each in connections)
        served[place.id] = float(any(near) or any(inside))
    return Found(served)


def serve_by_code(places: Iterable[Place], connections: list[Facility]) -> Found:
    """Whose code a connection names."""
    named = {each.code for each in connections} - {None}
    return Found({place.id: float(place.code in named) for place in places})
