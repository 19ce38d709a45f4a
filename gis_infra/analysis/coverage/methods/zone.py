"""Zones: a place is served when a zone (pressure zone, catchment, cell of a mast) covers it."""

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods import areas
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.nearest import Floats, to_points
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Service

NOBODY = np.iinfo(np.int32).max


def reach_zones(ground: Ground, service: Service, facilities: Facilities, places: Places) -> Reached:
    """Whom the zones cover, each the first that does; no distances. Zones that are no areas cover nobody."""
    facility = find_covering(facilities.shapes, places.xy)
    area = areas.merge(facilities.shapes[shapely.get_dimensions(facilities.shapes) == 2])
    share = (facility >= 0).astype(np.float64)
    if places.areal and places.shapes is not None:
        share = areas.share_areas(places.shapes, area)
    return Reached(np.full(len(places), np.nan), facility, share, area, np.zeros(len(places)))


def find_covering(shapes: Objects, xy: Floats) -> NDArray[np.int32]:
    """The first area that covers each place, edges too: int32[n], -1 where none does."""
    rows = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    # Areas ask their points, not points their areas: an area is prepared once for all of them.
    area, place = shapely.STRtree(to_points(xy)).query(shapes[rows], predicate="intersects")
    return take_first(len(xy), place, rows[area])


def take_first(count: int, places: NDArray[np.integer], facilities: NDArray[np.integer]) -> NDArray[np.int32]:
    """Of pairs of place and facility the smallest facility of each of `count` places, -1 for none: int32[count]."""
    first = np.full(count, NOBODY, dtype=np.int32)
    np.minimum.at(first, places, facilities.astype(np.int32))
    return np.where(first == NOBODY, np.int32(-1), first)
