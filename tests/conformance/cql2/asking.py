"""What the tests of requirements share: filters in few words, and the questions put to the program about them."""

from typing import Any

from tests.conformance.cql2 import city
from tests.conformance.cql2.door import Door, list_ids
from tests.conformance.cql2.holding import hold_to_oracle

LAYER = "fire_hydrant"
GEOMETRY = {"property": "geometry"}
L, B = city.LEFT, city.BOTTOM


def operate(name: str, *arguments: Any) -> dict[str, Any]:
    """An operator of CQL2 JSON."""
    return {"op": name, "args": list(arguments)}


def name(property: str) -> dict[str, str]:
    """A reference to a property."""
    return {"property": property}


def agree(door: Door, *documents: Any, layer: str = LAYER) -> None:
    """Hold every filter to the oracle, in both languages."""
    for number, document in enumerate(documents):
        hold_to_oracle(door, layer, document, seed=number)


def find(door: Door, text: str, layer: str = LAYER) -> set[int]:
    """What a filter as text finds; its geometries are in longitude and latitude."""
    return list_ids(door.ask(layer, text, "cql2-text", crs=None))


def refuse(door: Door, text: str, *words: str, layer: str = LAYER) -> None:
    """A filter as text is refused, in words that have these in them."""
    answer = door.ask(layer, text, "cql2-text", crs=None)
    assert answer.status_code == 400, f"{text}: {answer.text[:200]}"
    assert all(each in answer.text for each in words), answer.text


def pick(door: Door, property: str, *values: Any, layer: str = LAYER) -> set[int]:
    """The ids of the features whose property has one of these values."""
    return {each.id for each in door.features[layer] if each.properties[property] in values}


def make_shape(kind: str, coordinates: list[Any]) -> dict[str, Any]:
    """A GeoJSON geometry on the grid, from coordinates counted from its corner."""
    return {"type": kind, "coordinates": move(coordinates)}


def move(coordinates: list[Any]) -> list[Any]:
    """Coordinates counted from the corner of the grid, in the plane."""
    if isinstance(coordinates[0], list):
        return [move(each) for each in coordinates]
    return [L + coordinates[0], B + coordinates[1]]


SQUARE = [[[0, 0], [3, 0], [3, 3], [0, 3], [0, 0]]]
SHAPES = {
    "Point": make_shape("Point", [2, 2]),
    "MultiPoint": make_shape("MultiPoint", [[2, 2], [4, 4]]),
    "LineString": make_shape("LineString", [[0, 0], [6, 6]]),
    "MultiLineString": make_shape("MultiLineString", [[[0, 0], [6, 6]], [[0, 6], [6, 0]]]),
    "Polygon": make_shape("Polygon", SQUARE),
    "MultiPolygon": make_shape("MultiPolygon", [SQUARE, [[[4, 4], [6, 4], [6, 6], [4, 4]]]]),
    "BBox": {"bbox": [L + 1, B + 1, L + 4, B + 4]},
    "GeometryCollection": {
        "type": "GeometryCollection",
        "geometries": [make_shape("Point", [2, 2]), make_shape("Polygon", [[[4, 4], [6, 4], [6, 6], [4, 4]]])],
    },
}
