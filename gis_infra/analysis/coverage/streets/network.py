"""The streets as one service meets them: read, joined and cut, or found as they were kept when nothing has changed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis_infra.analysis.coverage.standards.model import Streets
from gis_infra.analysis.coverage.streets.building import build_graph
from gis_infra.analysis.coverage.streets.caching import Cache, make_key
from gis_infra.analysis.coverage.streets.model import Barriers, Floats, Graph, Objects, Pace, Snapped, StreetLines
from gis_infra.analysis.coverage.streets.reading import read_barriers, read_state, read_streets
from gis_infra.analysis.coverage.streets.snapping import snap_points, snap_shapes
from gis_infra.catalogue.tables import LayerTables


@dataclass(frozen=True)
class Closing:
    """Streets that are not there: those of some ids, and those that a line or area meets (city's CRS)."""

    ids: tuple[int, ...] = ()
    shape: BaseGeometry | None = None


@dataclass(frozen=True)
class StreetOrder:
    """Who moves along which streets. state: how far the layers have been edited."""

    streets: Streets
    pace: Pace
    closing: Closing
    state: str


@dataclass(frozen=True)
class Network:
    """The graph and the barriers around it; snap_m: how far off a street one may be; key: what it was made from."""

    graph: Graph
    barriers: Barriers
    snap_m: float
    key: str
    cache: Cache

    def snap_points(self, xy: Floats) -> Snapped:
        """The accesses of points, float64[n,2], kept for the next run."""
        key = make_key("places", (self.key, f"{self.snap_m}", xy))
        return self.find_snapped(key) or self.keep_snapped(key, snap_points(self.graph, self.barriers, xy, self.snap_m))

    def snap_shapes(self, shapes: Objects) -> Snapped:
        """The accesses of shapes of any kind, object[m], kept for the next run."""
        key = make_key("facilities", (self.key, f"{self.snap_m}", *shapely.to_wkb(shapes)))
        found = self.find_snapped(key)
        return found or self.keep_snapped(key, snap_shapes(self.graph, self.barriers, shapes, self.snap_m))

    def find_snapped(self, key: str) -> Snapped | None:
        """The accesses kept under that key."""
        columns = self.cache.find(key)
        if columns is None:
            return None
        return Snapped(int(columns["count"][0]), *(columns[name] for name in ("row", "edge", "along_m", "off_m")))

    def keep_snapped(self, key: str, snapped: Snapped) -> Snapped:
        """The same accesses, kept."""
        columns = {name: getattr(snapped, name) for name in ("row", "edge", "along_m", "off_m")}
        self.cache.keep(key, columns | {"count": np.array([snapped.count])})
        return snapped


def open_network(
    connection: Connection, tables: LayerTables, streets: Streets, how: tuple[Pace, Closing], cache: Cache
) -> Network:
    """The streets of the city as `how` says one moves on them, in the state this transaction sees.

    An edit of the streets or of a barrier, another profile and another closing each lead to another graph.
    """
    pace, closing = how
    layers = dict.fromkeys([streets.member.layer, *(each.member.layer for each in streets.barriers)])
    order = StreetOrder(streets, pace, closing, read_state(connection, layers))
    key = name_order(order)
    barriers = read_barriers(connection, tables, streets)
    columns = cache.find(key)
    if columns is not None:
        return Network(to_graph(columns), barriers, streets.snap_m, key, cache)
    lines = leave_out(read_streets(connection, tables, streets), closing)
    graph = build_graph(lines, barriers, pace, streets.join_m)
    cache.keep(key, to_columns(graph))
    return Network(graph, barriers, streets.snap_m, key, cache)


def name_order(order: StreetOrder) -> str:
    """A key that is the same as long as the same graph would be built."""
    profile, pace = order.pace.profile, order.pace
    speeds = sorted(profile.speeds_kmh.items()) if pace.unit == "minutes" else []
    rates = (pace.walking_kmh, profile.other_kmh) if pace.unit == "minutes" else ()
    words = (
        order.state,
        repr((order.streets.member, order.streets.class_field, order.streets.one_way_field, order.streets.join_m)),
        repr(order.streets.barriers),
        repr((sorted(profile.excluded), profile.one_way, pace.unit, speeds, rates)),
        repr(sorted(order.closing.ids)),
        shapely.to_wkb(order.closing.shape, hex=True) if order.closing.shape is not None else "",
    )
    return make_key("streets", words)


def leave_out(lines: StreetLines, closing: Closing) -> StreetLines:
    """The streets without those that are closed."""
    is_there = ~np.isin(lines.ids, closing.ids)
    if closing.shape is not None:
        shapely.prepare(closing.shape)
        is_there &= ~shapely.intersects(closing.shape, lines.shapes)
    return lines.take(is_there)


def to_columns(graph: Graph) -> Mapping[str, NDArray[Any]]:
    """The graph as columns that can be kept."""
    return {each.name: np.asarray(getattr(graph, each.name)) for each in dataclasses.fields(graph)}


def to_graph(columns: Mapping[str, NDArray[Any]]) -> Graph:
    """The graph that was kept as these columns."""
    return Graph(**{**columns, "off_cost": float(columns["off_cost"])})  # type: ignore[arg-type]
