"""The features the filters are tried on: three public layers with a value of every kind, the same for the program and
for the oracle.

They lie on whole metres of a small grid of EPSG:9210, so that many touch, cross and cover each other, and no relation
hangs on rounding.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from shapely import from_wkt
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, delete

from gis_infra.catalogue.tables import LayerTables
from tests.builders import insert_many
from tests.conformance.cql2.evaluation import Feature
from tests.conformance.cql2.kinds import Kinds

LEFT, BOTTOM, SIDE = 603000, 1191500, 6
ROWS = 40

NAMES = (
    "Nguyễn Huệ",
    "nguyễn huệ",
    "NGUYỄN HUỆ",
    "Nguyen Hue",
    "Đường Đồng Khởi",
    "duong dong khoi",
    "Lê Lợi",
    "Le Loi",
    "",
)
FOLDED = ("Straße", "STRASSE", "strasse", "Οδος", "ΟΔΟΣ", "οδοσ", "ﬁre", "FIRE", "Đà Nẵng", "đà nẵng")
PATTERNED = ("50% off", "50 off", "a_b", "axb", "O'Brien", "back\\slash", "tab\there", "two\nlines", "a", "")
SERIAL = ("h01", "h02", "h05", "h1", "h20", "h39", "i", "")
STATUSES = ("in_service", "proposed", "abandoned", "removed")
WHOLE = (64, 100, 150, 200, 256)
COUNTS = (1, 2, 3, 4, 8)
HALVES = (0, 0.25, 0.5, 1, 2.5, 8, 100)
DAYS = tuple(date(2020, 1, 1) + timedelta(days=each) for each in (0, 1, 30, 366, 800))
MOMENTS = tuple(
    datetime(2022, 4, 24, 7, 59, 57, tzinfo=UTC) + timedelta(seconds=each)
    for each in (0, 0.25, 0.000001, 86400, -3 * 86400)
)

COMMON: Kinds = {
    "id": "number",
    "geometry": "geometry",
    "asset_code": "text",
    "name": "text",
    "owner": "text",
    "operator": "text",
    "remarks": "text",
    "status": "text",
    "installed_on": "date",
    "decommissioned_on": "date",
    "planned_from": "date",
    "planned_to": "date",
    "created_at": "timestamp",
    "updated_at": "timestamp",
    "cover_m": "number",
    "horizontal_accuracy_m": "number",
}
LAYERS: dict[str, Kinds] = {
    "fire_hydrant": {
        **COMMON,
        "nominal_diameter_mm": "number",
        "outlets": "number",
        "flow_lps": "number",
        "tested_on": "date",
        "in_service": "boolean",
    },
    "sewer_pipe": {**COMMON, "nominal_diameter_mm": "number", "slope_percent": "number"},
    "building": COMMON,
}


def fill(connection: Connection, tables: LayerTables, seed: int) -> dict[str, list[Feature]]:
    """The features made, by layer; another seed makes others."""
    return {layer: fill_layer(connection, tables, layer, Random(f"{layer}{seed}")) for layer in LAYERS}


def fill_layer(connection: Connection, tables: LayerTables, layer: str, chance: Random) -> list[Feature]:
    """The features made in one layer."""
    rows = [make_row(layer, number, chance) for number in range(ROWS)]
    ids = insert_many(connection, tables, layer, rows)
    return [make_feature(id, row, LAYERS[layer]) for id, row in zip(ids, rows, strict=True)]


def clear(connection: Connection, tables: LayerTables) -> None:
    """Take the features away again."""
    for layer in LAYERS:
        connection.execute(delete(tables.get(layer)))


def make_feature(id: int, row: dict[str, Any], kinds: Kinds) -> Feature:
    """The feature as the oracle has it, from the row the database was given."""
    values = {name: row.get(name) for name in kinds}
    return Feature(id, values | {"id": id, "geometry": from_wkt(row["wkt"]) if row["wkt"] else None})


def make_row(layer: str, number: int, chance: Random) -> dict[str, Any]:
    """The columns of one row; about one value in five is missing."""
    wkt = None if chance.random() < 0.1 else SHAPES[layer](chance).wkt
    row = {"wkt": wkt, "asset_code": f"h{number:02}", **make_times(chance)}
    choices: dict[str, tuple[Any, ...]] = {
        "name": NAMES,
        "owner": NAMES,
        "operator": FOLDED,
        "remarks": PATTERNED,
        "status": STATUSES,
        "cover_m": HALVES,
        "horizontal_accuracy_m": HALVES,
        "nominal_diameter_mm": WHOLE,
        "outlets": COUNTS,
        "flow_lps": HALVES,
        "slope_percent": HALVES,
        "tested_on": DAYS,
        "in_service": (True, False),
    }
    for name in LAYERS[layer]:
        if name in choices:
            row[name] = None if chance.random() < 0.2 else chance.choice(choices[name])
    return row


def make_times(chance: Random) -> dict[str, Any]:
    """Dates in order, as the checks of every layer have them, some missing, and moments."""
    found: dict[str, Any] = {"created_at": chance.choice(MOMENTS), "updated_at": chance.choice(MOMENTS)}
    for start, end in (("installed_on", "decommissioned_on"), ("planned_from", "planned_to")):
        pair = sorted((chance.choice(DAYS), chance.choice(DAYS)))
        found[start], found[end] = (None if chance.random() < 0.2 else each for each in pair)
    return found


def make_place(chance: Random) -> tuple[int, int]:
    """A corner of the grid."""
    return (LEFT + chance.randint(0, SIDE), BOTTOM + chance.randint(0, SIDE))


def make_point(chance: Random) -> BaseGeometry:
    """A point."""
    return Point(make_place(chance))


def make_line(chance: Random) -> BaseGeometry:
    """A line of two to four different corners."""
    places = list(dict.fromkeys(make_place(chance) for _ in range(chance.randint(2, 4))))
    return LineString(places) if len(places) > 1 else make_line(chance)


def make_polygon(chance: Random) -> Polygon:
    """A rectangle, a rectangle with a hole, or a triangle."""
    (x1, y1), (x2, y2) = make_place(chance), make_place(chance)
    if x1 == x2 or y1 == y2:
        return make_polygon(chance)
    whole = box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    if chance.random() < 0.3:
        return Polygon([(x1, y1), (x2, y1), (x2, y2)])
    hole = whole.buffer(-1, join_style="mitre")
    return Polygon(whole.exterior, [hole.exterior]) if chance.random() < 0.3 and not hole.is_empty else whole


def make_polygons(chance: Random) -> BaseGeometry:
    """One polygon or two that do not meet, as a multipolygon."""
    first, second = make_polygon(chance), make_polygon(chance)
    return MultiPolygon([first, second] if first.disjoint(second) else [first])


SHAPES: dict[str, Callable[[Random], BaseGeometry]] = {
    "fire_hydrant": make_point,
    "sewer_pipe": make_line,
    "building": make_polygons,
}
