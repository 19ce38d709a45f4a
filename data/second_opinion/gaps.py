"""Where services do not reach, as shapes: parts of wards out of reach, and parcels of homes that are not joined.

The worst of each, with area and centroid; of catchments, whose edges are exact, the outline of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import networkx
from shapely import STRtree, unary_union
from shapely.geometry.base import BaseGeometry

from second_opinion.coverage import Ground, find_served
from second_opinion.demands import draw_reach
from tests.database.coverage_oracle import results
from tests.database.coverage_oracle.values import Found

WORST = 10
DISC_M = 5.0
OUTLINED = ("stormwater_catchment", "zone")
ASKED: tuple[tuple[str, str], ...] = (
    ("distribution_transformer", "straight_line"), ("water_connection", "connection"),
    ("sewer_connection", "connection"), OUTLINED,
)  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """One gap: its ward, whom it leaves unserved, square metres, and its shape in EPSG:9210."""

    ward: str
    people: float
    places: int
    shape: BaseGeometry


@dataclass(frozen=True)
class Gaps:
    """How many gaps a service leaves, and the worst of them, the worst first."""

    number: int
    worst: tuple[Gap, ...]


def measure_gaps(ground: Ground) -> dict[tuple[str, str], Gaps]:
    """By service and method."""
    found = {}
    for service, method in ASKED:
        list_them = list_parcels if method == "connection" else list_parts
        gaps = sorted(list_them(ground, service, method), key=lambda gap: (-gap.people, -gap.places, -gap.shape.area))
        found[service, method] = Gaps(len(gaps), tuple(gaps[:WORST]))
    return found


def list_parts(ground: Ground, service: str, method: str) -> Iterable[Gap]:
    """Connected parts of wards that lie out of reach."""
    served = find_served(ground, service, method)
    found = Found({place.id: float(place.id in served) for place in ground.places})
    ward_of = {place.id: ward or None for place, ward in zip(ground.places, ground.wards, strict=True)}
    gaps = results.find_gaps(ground.units, draw_reach(ground, service, method), ground.places, found, ward_of)
    return [Gap(each.unit, each.people, each.places, each.shape) for each in gaps]


def list_parcels(ground: Ground, service: str, method: str) -> Iterable[Gap]:
    """The parcels of buildings that are not joined, or discs without one; those of a ward that touch in one."""
    served = find_served(ground, service, method)
    # Of sewers the service names no parcels.
    parcels = [row.geometry for row in ground.layers["land_parcel"] if service == "water_connection"]
    tree = STRtree(parcels)
    left = [(place, ward) for place, ward in zip(ground.places, ground.wards, strict=True)
            if ward and place.id not in served]  # fmt: skip
    shapes = {}
    for place, _ in left:
        own = sorted(tree.query(place.point, predicate="intersects").tolist())
        shapes[place.id] = parcels[own[0]] if own else place.point.buffer(DISC_M, quad_segs=8)
    for ward in sorted({ward for _, ward in left}):
        here = [place for place, own in left if own == ward]
        touching = networkx.Graph()
        touching.add_nodes_from(place.id for place in here)
        near = STRtree([shapes[place.id] for place in here])
        for place in here:
            for other in near.query(shapes[place.id], predicate="intersects"):
                touching.add_edge(place.id, here[other].id)
        people = {place.id: place.people for place in here}
        for group in networkx.connected_components(touching):
            shape = unary_union([shapes[each] for each in sorted(group)])
            yield Gap(ward, sum(people[each] for each in group), len(group), shape)


def list_corners(shape: BaseGeometry) -> list[list[tuple[float, float]]]:
    """The rings of a gap of one part, the outer one first, without the corner that closes each."""
    (part,) = getattr(shape, "geoms", [shape])
    return [[(x, y) for x, y, *_ in ring.coords[:-1]] for ring in (part.exterior, *part.interiors)]
