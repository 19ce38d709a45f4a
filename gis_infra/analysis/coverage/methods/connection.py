"""Connections: a place is served when a connection is linked to it, by where it lies or by the code it names."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from gis_infra.analysis.conflicts.matching import select_member
from gis_infra.analysis.coverage.methods import areas
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.nearest import to_points
from gis_infra.analysis.coverage.methods.rows import mend, read_attributes, select_shaped
from gis_infra.analysis.coverage.methods.zone import take_first
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Connection, Service
from gis_infra.analysis.rules.model import TOLERANCE_M
from gis_infra.errors import InvalidParameter

Links = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows of places, and of facilities


def reach_connected(ground: Ground, service: Service, facilities: Facilities, places: Places) -> Reached:
    """Which places a connection is linked to, each by the first; no distances.

    Raises InvalidParameter for demand whose places are no rows, and for a service that does not say what links.
    """
    connection = service.connection
    if connection is None:
        raise InvalidParameter(f"{service.id} does not say how connections are linked to places", where="method")
    if places.areal:
        message = "connections are counted of buildings or parcels; the demand chosen is one of areas"
        raise InvalidParameter(message, where="demand")
    parcels = read_parcels(ground, connection)
    if connection.by == "code":
        links = [link_by_code(ground, connection, facilities, places)]
    else:
        links = [link_near(connection, facilities, places), link_by_parcel(parcels, facilities, places)]
    place, facility = (np.concatenate(each) for each in zip(*links, strict=True))
    first = take_first(len(places), place, facility)
    served = first >= 0
    area = merge_parcels(parcels, places, served) if connection.parcels is not None else None
    return Reached(np.full(len(places), np.nan), first, served.astype(np.float64), area, np.zeros(len(places)))


def read_parcels(ground: Ground, connection: Connection) -> Objects:
    """The parcels' shapes; none where the service names no layer of them."""
    if connection.parcels is None:
        return np.empty(0, dtype=object)
    table = ground.tables.get(connection.parcels.layer)
    shape = func.st_asbinary(func.st_force2d(table.c.geom))
    statement = select(shape).where(select_shaped(table), select_member(table, connection.parcels))
    return mend([bytes(each) for each in ground.connection.execute(statement.order_by(table.c.id)).scalars()])


def link_near(connection: Connection, facilities: Facilities, places: Places) -> Links:
    """Places in which a connection lies, or within `within_m` of it."""
    shapes = to_points(places.xy) if places.shapes is None else places.shapes
    limit = connection.within_m + TOLERANCE_M if connection.within_m > 0 else 0.0
    facility, place = shapely.STRtree(shapes).query(facilities.shapes, predicate="dwithin", distance=limit)
    return place, facility


def link_by_parcel(parcels: Objects, facilities: Facilities, places: Places) -> Links:
    """Places whose point a parcel covers in which a connection lies."""
    tree = shapely.STRtree(parcels)
    place, parcel = tree.query(to_points(places.xy), predicate="intersects")
    facility, holder = tree.query(facilities.shapes, predicate="intersects")
    # A parcel's first connection is all that its places ask for.
    first = take_first(len(parcels), holder, facility)[parcel]
    return place[first >= 0], first[first >= 0].astype(np.intp)


def link_by_code(ground: Ground, connection: Connection, facilities: Facilities, places: Places) -> Links:
    """Places whose code a connection names."""
    (codes,) = read_attributes(ground, places.layer, places.ids, [connection.place_field])
    named: dict[str, int] = {}
    for row, code in enumerate(read_codes(ground, connection, facilities)):
        if code is not None:
            named.setdefault(str(code), row)
    found = [(place, named[str(code)]) for place, code in enumerate(codes) if code is not None and str(code) in named]
    pairs = np.array(found, dtype=np.intp).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def read_codes(ground: Ground, connection: Connection, facilities: Facilities) -> Objects:
    """The code each connection names, None for those drawn."""
    codes = np.full(len(facilities), None, dtype=object)
    for layer in set(facilities.layers) - {""}:
        rows = np.flatnonzero(facilities.layers == layer)
        (codes[rows],) = read_attributes(ground, layer, facilities.ids[rows], [connection.code_field])
    return codes


def merge_parcels(parcels: Objects, places: Places, served: NDArray[np.bool_]) -> BaseGeometry:
    """The parcels that cover the point of a served place, as one area."""
    _, parcel = shapely.STRtree(parcels).query(to_points(places.xy[served]), predicate="intersects")
    return areas.merge(parcels[np.unique(parcel)])
