"""Geometries of a sheet are those the database sent, against Shapely."""

import random

import numpy as np
import pytest
import shapely

from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.elements import parse_elements
from gis_infra.tiles.sheets.shapes import parse_shapes, to_world
from gis_infra.tiles.sheets.sheet import Kind
from tests.tiles import send_array

SQUARE = TileAddress(14, 7699, 13047)
RING = [(106.7, 10.7), (106.8, 10.7), (106.8, 10.8), (106.7, 10.7)]
HOLE = [(106.75, 10.72), (106.78, 10.75), (106.78, 10.72), (106.75, 10.72)]
POLYGON = shapely.Polygon(RING, [HOLE])
AWAY = shapely.box(106.9, 10.1, 107.0, 10.2)
GEOMETRIES = {
    "points": [shapely.Point(106.7, 10.7), shapely.Point(-180, 85)],
    "several points": [shapely.MultiPoint([(106.7, 10.7), (106.8, 10.9)]), shapely.MultiPoint([(1, 2)])],
    "lines": [shapely.LineString(RING), shapely.LineString(HOLE[:2])],
    "several lines": [shapely.MultiLineString([RING, HOLE]), shapely.MultiLineString([HOLE])],
    "polygons": [POLYGON, AWAY, POLYGON.reverse()],
    "several polygons": [shapely.MultiPolygon([POLYGON, AWAY]), shapely.MultiPolygon([AWAY.reverse()])],
    "one": [POLYGON],
}


def parse(geometries):
    """Shapes and boxes of what the database would send."""
    sent = send_array(geometries, lambda each: shapely.to_wkb(each, byte_order=1, flavor="iso"))
    return parse_shapes(parse_elements(sent), SQUARE)


@pytest.mark.parametrize("heights", [False, True])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_parts_vertices_and_boxes_are_those_of_the_geometries(name, heights):
    geometries = GEOMETRIES[name]
    sent = list(shapely.force_3d(geometries, 5.5)) if heights else geometries
    shapes, boxes = parse(sent)
    assert np.array_equal(boxes, shapely.bounds(geometries).T)
    assert shapes.kind == Kind(shapely.get_dimensions(geometries[0]) + 1)
    found = 0
    for row, geometry in enumerate(geometries):
        turned = shapely.orient_polygons(geometry, exterior_cw=True)
        rings = shapely.get_parts(turned)
        rings = shapely.get_rings(rings) if shapes.kind is Kind.POLYGON else rings
        first, end = shapes.feature_starts[row : row + 2]
        assert end - first == len(rings)
        for part, ring in zip(range(first, end), rings, strict=True):
            expected = to_world(shapely.get_coordinates(ring)) * 2.0**14 - (SQUARE.column, SQUARE.row)
            start, stop = shapes.part_starts[part : part + 2]
            assert np.array_equal(shapes.xy[start:stop], expected.astype(np.float32))
            found += stop - start
    assert found == len(shapes.xy) and len(shapes.are_shells) == len(shapes.part_starts) - 1


def test_outer_rings_are_told_from_holes():
    shapes, _ = parse(GEOMETRIES["several polygons"])
    assert shapes.are_shells.tolist() == [True, False, True, True]


def test_a_part_without_vertices_is_none():
    shapes, boxes = parse([shapely.from_wkt("LINESTRING EMPTY"), shapely.LineString(RING)])
    assert shapes.feature_starts.tolist() == [0, 0, 1] and len(shapes.xy) == 4
    assert np.isinf(boxes[:, 0]).all()  # it touches no tile


def test_thousands_of_lines_come_as_they_are():
    generate = random.Random(1)
    lines = [
        shapely.LineString(
            [(generate.uniform(106, 107), generate.uniform(10, 11)) for _ in range(generate.randint(2, 9))]
        )
        for _ in range(2000)
    ]
    shapes, boxes = parse(lines)
    assert np.array_equal(shapes.part_starts, np.cumsum([0, *map(shapely.count_coordinates, lines)]))
    assert np.array_equal(boxes, shapely.bounds(lines).T)
