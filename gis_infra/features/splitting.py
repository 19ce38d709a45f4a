"""A line split in two at a place of it, as one change: the longer half stays the feature it was, the other is new.

Vertices stay where they are to the last digit; the one new vertex has a height between those beside it. Whoever splits
may name the asset code of the new half, because no two assets of an owner share one; all other attributes are copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter, UnknownFeature
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import KEPT, Applied, Change, Expected, Insert, Origin, Shape, Update
from gis_infra.features.changing.held import hold
from gis_infra.features.history import Via
from gis_infra.spatial import crs

LINE = "LineString"
CODE = "asset_code"
# How far from the line a place may be said to be, and how short a half may be, metres.
MOST_OFF_M = 1.0
LEAST_M = 0.01

Line = np.ndarray


@dataclass(frozen=True)
class Cut:
    """Where a line is split. longitude, latitude: degrees. asset_code: of the new half, None for none."""

    layer: Layer
    id: int
    longitude: float
    latitude: float
    asset_code: str | None = None
    expected: Expected | None = None


def split(connection: Connection, tables: LayerTables, cut: Cut, actor: Actor, via: Via) -> tuple[Applied, Applied]:
    """Split a line; what became of it, and of its new half.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept.
    Raises what `applying.apply` does; UnknownFeature; InvalidParameter where the feature is no line, or the place is
    not on it, or at its end.
    """
    actor.require("edit", cut.layer)
    asked = Update(cut.layer, cut.id, {}, version=cut.expected)
    held = hold(connection, tables, [asked], actor).get((cut.layer.id, cut.id))
    if held is None:
        raise UnknownFeature(f"layer {cut.layer.id} has no feature {cut.id}", where="featureId")
    line = read_line(connection, tables, cut)
    point = crs.get_transformer(crs.WGS84, tables.srid).transform(cut.longitude, cut.latitude)
    halves = sorted(cut_line(line, find_along(line, point)), key=measure, reverse=True)
    kept, piece = (Shape(shapely.to_wkb(shapely.LineString(half)), Origin(tables.srid)) for half in halves)
    changes: list[Change] = [
        Update(cut.layer, cut.id, {}, kept, cut.expected),
        Insert(cut.layer, copy_values(held.values, cut), piece),
    ]
    first, second = apply(connection, tables, changes, actor, via)
    return first, second


def copy_values(values: Mapping[str, Any], cut: Cut) -> dict[str, Any]:
    """The attributes of the new half: those of the line, but for the asset code and how the line came in."""
    return {name: value for name, value in values.items() if name not in KEPT} | {CODE: cut.asset_code}


def read_line(connection: Connection, tables: LayerTables, cut: Cut) -> Line:
    """The vertices of a line, easting first, with heights where it has them. Raises InvalidParameter."""
    table = tables.get(cut.layer.id)
    wkb = connection.execute(select(func.st_asbinary(table.c.geom)).where(table.c.id == cut.id)).scalar_one()
    shape = None if wkb is None else shapely.from_wkb(bytes(wkb))
    if shape is None or shape.geom_type != LINE:
        raise InvalidParameter(f"only a line can be split; layer {cut.layer.id} has {cut.layer.geometry}", where="at")
    return shapely.get_coordinates(shape, include_z=shape.has_z)


def find_along(line: Line, point: tuple[float, float]) -> float:
    """How far along a line the place of it nearest to a point is, metres on the plan. Raises InvalidParameter."""
    flat, place = shapely.LineString(line[:, :2]), shapely.Point(point)
    off = float(shapely.distance(flat, place))
    if not off <= MOST_OFF_M:
        raise InvalidParameter(f"the place is {off:.1f} m off the line; at most {MOST_OFF_M:g} m is taken", where="at")
    along = float(shapely.line_locate_point(flat, place))
    if not LEAST_M <= along <= measure(line) - LEAST_M:
        raise InvalidParameter("the place is an end of the line; there is nothing to be split off", where="at")
    return along


def measure(line: Line) -> float:
    """The length of a line on the plan, metres."""
    return float(np.hypot(*np.diff(line[:, :2], axis=0).T).sum())


def cut_line(line: Line, along: float) -> tuple[Line, Line]:
    """The two halves of a line, split so far along it; at one of its vertices where that is within a millimetre."""
    reached = np.concatenate([[0.0], np.hypot(*np.diff(line[:, :2], axis=0).T).cumsum()])
    inner = np.arange(1, len(line) - 1)
    near = inner[np.abs(reached[inner] - along) <= 0.001]
    if len(near):
        at = int(near[0])
        return line[: at + 1], line[at:]
    after = int(np.searchsorted(reached, along))
    share = (along - reached[after - 1]) / (reached[after] - reached[after - 1])
    vertex = line[after - 1] + (line[after] - line[after - 1]) * share
    return np.vstack([line[:after], vertex]), np.vstack([vertex, line[after:]])
