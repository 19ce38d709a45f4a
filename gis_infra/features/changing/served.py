"""Shapes and vertices that come back as they were served: they are the stored ones, not to be rounded by the journey.

What is served is rounded to the centimetre. Written back with a changed attribute, as a PUT of what a GET gave, it
would move every vertex by some millimetres; and with one vertex moved, all the others.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ARRAY, BigInteger, Connection, any_, func, literal, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.changing.changes import KEEP, Origin, Shape
from gis_infra.features.changing.checking import group_by_origin
from gis_infra.features.changing.folding import Draft
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import DECIMALS_DEGREES, DECIMALS_METRES, select_shape
from gis_infra.spatial import crs

Vertices = np.ndarray
SLACK = 1.001  # of half a last digit, for what is lost in binary


def keep_served(connection: Connection, tables: LayerTables, drafts: Sequence[Draft], actor: Actor) -> None:
    """Let the drafts of one layer keep the shape they have where the one given is that, as it was served."""
    held = [draft for draft in drafts if draft.held is not None and draft.held.has_shape]
    for origin, rows in group_by_origin(held).items():
        query = FeatureQuery(
            held[0].layer, actor, srid=origin.srid, ids=tuple(id_ for row in rows if (id_ := held[row].id))
        )
        stored = read_shapes(connection, tables, query)
        for row in rows:
            draft = held[row]
            known = stored.get(draft.id or 0)
            if is_served(draft, known, origin):
                draft.shape = KEEP
            elif known is not None and isinstance(draft.shape, Shape):
                draft.shape = Shape(keep_vertices(draft.shape.wkb, known, origin), origin)


def read_shapes(connection: Connection, tables: LayerTables, query: FeatureQuery) -> dict[int, bytes]:
    """The stored shapes as WKB in the CRS of a query, easting first, by id."""
    table = tables.get(query.layer.id)
    shape = func.st_asbinary(select_shape(table, query, tables.srid))
    ids = literal(query.ids, ARRAY(BigInteger))
    return {
        id_: bytes(wkb) for id_, wkb in connection.execute(select(table.c.id, shape).where(table.c.id == any_(ids)))
    }


def is_served(draft: Draft, stored: bytes | None, origin: Origin) -> bool:
    """Whether the shape of a draft is the stored one, rounded as it is served."""
    if stored is None or draft.shape is KEEP or draft.shape is None:
        return False
    given, known = shapely.from_wkb([draft.shape.wkb, stored], on_invalid="ignore")
    if given is None or not is_alike(given, known):
        return False
    decimals = DECIMALS_DEGREES if crs.is_geographic(origin.srid) else DECIMALS_METRES
    theirs, ours = (shapely.get_coordinates(each, include_z=known.has_z) for each in (given, known))
    if origin.swap_axes:
        theirs[:, [0, 1]] = theirs[:, [1, 0]]
    return bool((np.abs(theirs - ours) <= 0.5 * 10.0**-decimals * SLACK).all())


def keep_vertices(given: bytes, stored: bytes, origin: Origin) -> bytes:
    """The shape given, with its vertices that are stored ones as served where the stored ones are.

    Heights stay as they are given. Of stored vertices that are served alike none is meant more than the other.
    """
    shape, known = shapely.from_wkb([given, stored], on_invalid="ignore")
    if shape is None:
        return given
    decimals = DECIMALS_DEGREES if crs.is_geographic(origin.srid) else DECIMALS_METRES
    meant = find_meant(shapely.get_coordinates(known), decimals)
    has_z = bool(shape.has_z)
    vertices = shapely.get_coordinates(shape, include_z=has_z)
    plan = [1, 0] if origin.swap_axes else [0, 1]
    for vertex in vertices:
        place = meant.get(tuple(vertex[plan].tolist()))
        if place is not None:
            vertex[plan] = place
    kept: bytes = shapely.to_wkb(shapely.set_coordinates(shape, vertices), flavor="iso")
    return kept


def find_meant(stored: Vertices, decimals: int) -> dict[tuple[float, ...], Vertices]:
    """The stored vertices by how they are served, easting first; those that are served as another is are left out."""
    found: dict[tuple[float, ...], Vertices] = {}
    unclear = set()
    for served, vertex in zip(map(tuple, np.round(stored, decimals).tolist()), stored, strict=True):
        if served in found and (found[served] != vertex).any():
            unclear.add(served)
        found[served] = vertex
    return {served: vertex for served, vertex in found.items() if served not in unclear}


def is_alike(given: BaseGeometry, known: BaseGeometry) -> bool:
    """Whether two shapes are built alike, whatever their coordinates: type, heights, parts, rings and vertices."""
    return describe(given) == describe(known)


def describe(shape: BaseGeometry) -> tuple[str, bool, list[list[int]]]:
    """How a shape is built: type, whether it has heights, and for each part the vertices of its rings, or its own."""
    parts = shapely.get_parts(shape)
    rings = [shapely.get_rings(part) if part.geom_type == "Polygon" else [part] for part in parts]
    return shape.geom_type, bool(shape.has_z), [shapely.get_num_coordinates(each).tolist() for each in rings]
