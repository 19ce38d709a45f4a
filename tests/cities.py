"""Streets full of assets, drawn by chance from a seed: crowded, crossing, joined, some of them very long."""

import math
import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from tests import edges
from tests.builders import insert_many
from tests.shapes import Row, area, box, line, point

WIDTH_M, HEIGHT_M = 900, 600
SYSTEMS = ("foul", "storm", "combined")


def fill(connection: Connection, tables: LayerTables, seed: int, streets: int) -> None:
    """Put a city into the layers; the same for the same seed, ids included if the layers were made anew."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for layer, values in draw(random.Random(seed), streets):
        rows.setdefault(layer, []).append({"asset_code": f"{layer}-{len(rows.get(layer, ()))}", **values})
    for layer, some in rows.items():
        insert_many(connection, tables, layer, some)


def draw(chance: random.Random, streets: int) -> Iterator[Row]:
    """Rows of every layer: streets with what lies in them, then what stands beside and what is parted."""
    for _ in range(streets):
        yield from draw_street(chance)
    for _ in range(streets):
        yield from draw_places(chance)
    # Two areas that meet where the city is parted: what crosses from one to the other is not outside of both.
    west = [(-50, -50), (edges.EDGE_M, -50), (edges.EDGE_M, HEIGHT_M + 50), (-50, HEIGHT_M + 50), (-50, -50)]
    east_m = 0.9 * WIDTH_M
    east = [*west[1:3], (0.8 * WIDTH_M, HEIGHT_M + 50), (east_m, -50), west[1]]
    yield "admin_unit", {"wkt": area(west), "name": "A", "level": "district"}
    yield "admin_unit", {"wkt": area(east), "name": "B", "level": "district"}
    yield from edges.draw()
    # One line through the whole city, whose conflicts are all of one partition.
    yield "water_pipe", {"wkt": line([(0, 0), (WIDTH_M, HEIGHT_M)]), "outer_diameter_mm": 800, "cover_m": 1.5}


def draw_street(chance: random.Random) -> Iterator[Row]:
    """A street and lines along it, some of them in 3D, some in a tunnel, some joined end to end."""
    x, y, angle = (
        chance.uniform(0, WIDTH_M),
        chance.uniform(0, HEIGHT_M),
        chance.choice([0, 90, chance.uniform(0, 180)]),
    )
    length = chance.uniform(30, 250)

    def along(start: float, end: float, offset: float) -> list[tuple[float, float]]:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        return [(x + at * cos - offset * sin, y + at * sin + offset * cos) for at in (start, (start + end) / 2, end)]

    yield "road_segment", {"wkt": line(along(0, length, 0)), "width_m": chance.choice([None, 6.0, 12.0])}
    owner = chance.choice(["Sawaco", "EVN", None])
    middle = length / 2
    near = {
        "horizontal_accuracy_m": chance.choice([None, 0.1]),
        "owner": owner,
        "cover_m": chance.choice([None, 0.3, 0.9]),
    }
    yield "water_pipe", {"wkt": line(along(0, middle, 1)), "outer_diameter_mm": 200, **near}
    yield "water_pipe", {"wkt": line(along(middle, length, 1)), "nominal_diameter_mm": 150, **near}
    offset = chance.uniform(0.8, 3.0)
    heights = [chance.uniform(-2, 0) for _ in range(3)]
    sewer = {"system": chance.choice(SYSTEMS), "invert_up_m": -1.0, "invert_down_m": -1.2, "vertical_datum": "hon_dau"}
    yield "sewer_pipe", {"wkt": line(along(0, length, offset)), "nominal_diameter_mm": 400, **near, **sewer}
    cable = {"outer_diameter_mm": 60, "level_reference": "crown", "vertical_datum": "hon_dau"}
    points = along(5, length - 5, chance.uniform(0, 2))
    yield "power_cable_underground", {"wkt": line(points, heights), **near, **cable}
    yield "telecom_duct", {"wkt": line(along(-5, length, chance.uniform(-1, 4))), "width_mm": 200}
    if chance.random() < 0.3:
        yield "utility_tunnel", {"wkt": line(along(0, length, 1.2)), "width_mm": 2400}


def draw_places(chance: random.Random) -> Iterator[Row]:
    """What stands at a place: a house, a tree, a pole, a pumping station, works."""
    x, y = chance.uniform(-20, WIDTH_M), chance.uniform(-20, HEIGHT_M)
    yield (
        "building",
        {"wkt": area(box(x, y, chance.uniform(4, 20))), "use": chance.choice(["residential", "commercial"])},
    )
    yield "tree", {"wkt": point(x + 12, y - 3)}
    if chance.random() < 0.3:
        yield "sewage_pump_station", {"wkt": point(x - 9, y + 4), "capacity_m3d": chance.choice([None, 300])}
        yield "power_line_overhead", {"wkt": line([(x, y), (x + 300, y + 40)]), "voltage_kv": 110}
        days = {"starts_on": f"2026-12-{chance.randint(1, 20):02}", "ends_on": "2026-12-24"}
        yield "works_project", {"wkt": area(box(x, y, 30)), **days}
