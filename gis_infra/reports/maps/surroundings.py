"""What lies around places, for their maps: read of every layer the rules speak of, and only what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Connection, Double, Integer, Select, cast, column, func, literal, select, true, values

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_present, select_radius
from gis_infra.catalogue.definitions import Layer
from gis_infra.features.selection import select_visible
from gis_infra.reports.maps.scene import Extent, Item, Role

MOST_A_LAYER = 60  # of one layer on one map; the nearest
PLAIN_COLOR = "#5f6b76"

# Layer and id of an asset -> what it is on its map.
Roles = Mapping[tuple[str, int], Role]


@dataclass(frozen=True)
class Wanted:
    """One map to be filled: its ground, and which assets are what it is about."""

    extent: Extent
    roles: Roles


def read_surroundings(
    connection: Connection, ground: Ground, actor: Actor, wanted: Sequence[Wanted]
) -> list[tuple[Item, ...]]:
    """For each map what lies on its ground; the assets it is about are among it if the actor may see them."""
    found: list[list[Item]] = [[] for _ in wanted]
    layers = [ground.catalogue.get_layer(each) for each in ground.book.get_layer_order()]
    for layer in layers if wanted else ():
        if not actor.is_allowed("read", layer):
            continue
        for row in connection.execute(select_around(ground, layer, actor, wanted)):
            role = wanted[row.place].roles.get((layer.id, row.id), "around")
            shape = shapely.force_2d(shapely.from_wkb(bytes(row.wkb)))
            color, order = find_color(ground, layer), find_order(layer)
            found[row.place].append(Item(shape, color, role, layer.id, order, row.width_m))
    return [tuple(sorted(items, key=lambda item: item.order)) for items in found]


def select_around(ground: Ground, layer: Layer, actor: Actor, wanted: Sequence[Wanted]) -> Select[Any]:
    """Rows of a layer on the ground of each map, the nearest to its middle first, cut off a little outside of it."""
    table = ground.tables.get(layer.id)
    srid = ground.tables.srid
    boxes = values(
        column("place", Integer), *(column(name, Double) for name in ("west", "south", "east", "north")), name="box"
    ).data([(at, *each.extent.bounds) for at, each in enumerate(wanted)])
    box = func.st_makeenvelope(boxes.c.west, boxes.c.south, boxes.c.east, boxes.c.north, srid)
    visible = select_visible(table, layer, actor)
    radius = select_radius(table, layer.id, ground.book.sizes)
    near = (
        select(
            table.c.id,
            cast(2 * radius, Double).label("width_m"),
            func.st_asbinary(func.st_clipbybox2d(table.c.geom, func.st_expand(box, 5.0))).label("wkb"),
        )
        .where(table.c.geom.op("&&")(box), select_present(table), visible if visible is not None else literal(True))
        .order_by(func.st_distance(table.c.geom, func.st_centroid(box)), table.c.id)
        .limit(MOST_A_LAYER)
        .correlate(boxes)
        .lateral("near")
    )
    return select(boxes.c.place, near.c.id, near.c.width_m, near.c.wkb).select_from(boxes.join(near, true()))


def find_color(ground: Ground, layer: Layer) -> str:
    """The colour a layer is drawn in on the city's maps, else that of its sector."""
    for form in ("line", "point", "fill"):
        color = layer.style.rules.get(form, {}).get("color")
        if color:
            return str(color)
    sector = ground.catalogue.sectors.get(layer.sector)
    return sector.color if sector is not None else PLAIN_COLOR


def find_order(layer: Layer) -> int:
    """Where a layer lies in the drawing."""
    return int(layer.style.rules.get("order", 0))
