"""Tiles made of sheets hold what PostGIS puts into them: the same features and attributes, and the same shapes."""

import random

import pytest
import shapely
import shapely.affinity
from sqlalchemy import text

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.tiles import making
from gis_infra.tiles.addresses import BUFFER_UNITS, TILE_UNITS, TileAddress, get_box, get_sheet
from gis_infra.tiles.areas import get_version, list_areas, list_areas_within, read_areas, read_version
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.sheets import reading
from gis_infra.tiles.sheets.making import render_tile
from tests.builders import insert, insert_many, make_actor
from tests.tiles import decode

# The tile of zoom 16 that holds E 603000, N 1191000.
PLACE = TileAddress(16, 30796, 52190)
LEAST, MOST = -BUFFER_UNITS, TILE_UNITS + BUFFER_UNITS
# What rounding one vertex another way may do to a line (a diagonal of the grid), and to an area along its edge.
NEAR = 1.5
CODES = (None, "A", "Ống số 1", "x" * 60, "A")
ZOOMS = (12, 13, 14, 15, 16, 18)


@pytest.fixture
def read(connection, tables, catalogue):
    """A function that reads the sheet of a tile."""

    def sheet(layer_id, address):
        layer, square = catalogue.get_layer(layer_id), get_sheet(address)
        areas = read_areas(connection, layer, square)
        return reading.read_sheet(connection, tables.get(layer_id), layer, square, get_version(areas, square))

    return sheet


@pytest.fixture
def make_both(connection, tables, catalogue, read):
    """A function that makes a tile of a sheet, and by PostGIS; the features of both by id."""

    def make(layer_id, address, actor=SYSTEM):
        query = TileQuery(catalogue.get_layer(layer_id), actor, address)
        bodies = render_tile(read(layer_id, address), query), making.make_tile(connection, tables, query)
        return [{each["id"]: each for each in decode(body).get(layer_id, [])} for body in bodies]

    return make


def zoom_to(zoom):
    """The tile of a zoom at the place."""
    shift = abs(zoom - PLACE.zoom)
    if zoom > PLACE.zoom:
        return TileAddress(zoom, (PLACE.row << shift) + 1, (PLACE.column << shift) + 1)
    return TileAddress(zoom, PLACE.row >> shift, PLACE.column >> shift)


def to_geometry(feature):
    """The shape of a feature of a tile; rings are put together by their direction."""
    parts = feature["parts"]
    if feature["kind"] == 1:
        return shapely.MultiPoint([part[0] for part in parts])
    if feature["kind"] == 2:
        return shapely.MultiLineString(parts)
    polygons = []
    for ring in parts:
        if shapely.LinearRing(ring).is_ccw:  # seen with y to the north; an outer ring where y goes south
            polygons.append((ring, []))
        else:
            polygons[-1][1].append(ring)
    return shapely.MultiPolygon(polygons)


def is_near(ours, theirs):
    """Whether two shapes are the same but for rounding; of polygons PostGIS drops more of what is next to nothing."""
    if ours.geom_type == "MultiPolygon":
        return shapely.make_valid(ours).symmetric_difference(shapely.make_valid(theirs)).buffer(-NEAR / 2).is_empty
    return ours.buffer(NEAR).covers(theirs) and theirs.buffer(NEAR).covers(ours)


def require_same(ours, theirs):
    """Return if two tiles hold the same; what is next to nothing may have vanished of one of them."""
    for number in ours.keys() | theirs.keys():
        if number in ours and number in theirs:
            assert ours[number]["properties"] == theirs[number]["properties"]
            assert is_near(to_geometry(ours[number]), to_geometry(theirs[number])), number
        else:
            left = to_geometry(ours.get(number) or theirs.get(number))
            assert shapely.area(left.buffer(0)) <= 4 and shapely.MultiPoint(shapely.get_coordinates(left)).length <= 4


def draw_line(generate):
    x, y, reach = 602400 + generate.random() * 700, 1190850 + generate.random() * 700, 10 ** generate.uniform(0, 3.5)
    points = [
        (x + generate.uniform(-reach, reach), y + generate.uniform(-reach, reach))
        for _ in range(generate.randint(2, 9))
    ]
    return shapely.LineString(points).wkt


def draw_polygon(generate):
    """A polygon, at times of several parts, at times with a hole."""
    whole = shapely.union_all([draw_patch(generate) for _ in range(generate.randint(1, 3))])
    hole = shapely.affinity.scale(draw_patch(generate), 0.3, 0.3)
    shape = whole.difference(hole) if generate.random() < 0.4 else whole
    polygons = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon" and not each.is_empty]
    return shapely.MultiPolygon(polygons).wkt


def draw_patch(generate):
    x, y, reach = 602400 + generate.random() * 700, 1190850 + generate.random() * 700, 10 ** generate.uniform(0, 3)
    points = [(x + generate.uniform(-reach, reach), y + generate.uniform(-reach, reach)) for _ in range(6)]
    return shapely.MultiPoint(points).convex_hull.buffer(0.01)


def draw_point(generate):
    return f"POINT Z ({602400 + generate.random() * 700} {1190850 + generate.random() * 700} 3)"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("layer_id", "draw", "column"),
    [
        ("sewer_pipe", draw_line, "nominal_diameter_mm"),
        ("fire_hydrant", draw_point, None),
        ("works_project", draw_polygon, None),
        ("building", draw_polygon, None),
    ],
)
def test_a_tile_of_a_sheet_is_the_one_postgis_makes(
    make_both, connection, tables, catalogue, monkeypatch, layer_id, draw, column, seed
):
    monkeypatch.setattr("gis_infra.tiles.making.get_least_zoom", lambda _: 0)
    monkeypatch.setattr("gis_infra.tiles.sheets.making.get_least_zoom", lambda _: 0)
    generate = random.Random(seed)
    rows = [
        {"wkt": draw(generate), "asset_code": generate.choice(CODES)}
        | ({column: generate.choice((None, 300, 1500))} if column else {})
        for _ in range(60)
    ]
    if catalogue.get_layer(layer_id).geometry == "Polygon":
        rows = [{**row, "wkt": shapely.from_wkt(row["wkt"]).geoms[0].wkt} for row in rows]
    insert_many(connection, tables, layer_id, rows)
    drawn = 0
    for zoom in ZOOMS:
        ours, theirs = make_both(layer_id, zoom_to(zoom))
        require_same(ours, theirs)
        drawn += len(ours)
    assert drawn > 60


@pytest.mark.parametrize("seed", range(3))
def test_polygons_of_a_tile_are_valid_whatever_the_grid_did_to_them(read, connection, tables, catalogue, seed):
    generate = random.Random(seed)
    insert_many(connection, tables, "works_project", [{"wkt": draw_polygon(generate)} for _ in range(80)])
    for zoom in (13, 14, 16):
        query = TileQuery(catalogue.get_layer("works_project"), SYSTEM, zoom_to(zoom))
        features = decode(render_tile(read("works_project", query.address), query))["works_project"]
        for each in features:
            shape = to_geometry(each)
            assert shape.is_valid, shapely.is_valid_reason(shape)
            assert shape.bounds[0] >= LEAST and shape.bounds[2] <= MOST


def test_a_line_that_comes_back_on_itself_and_one_that_comes_and_goes_are_drawn_whole(make_both, connection, tables):
    box = get_box(PLACE)
    forth = "LINESTRING(603000 1191000, 603010 1191000, 602990 1191000, 603050 1191100)"
    to_and_fro = "LINESTRING(602000 1191000, 604000 1191010, 602000 1191020, 604000 1191030)"
    made = insert_many(connection, tables, "sewer_pipe", [{"wkt": forth}, {"wkt": to_and_fro}])
    ours, theirs = make_both("sewer_pipe", PLACE)
    assert set(ours) == set(made) and box.west < box.east
    assert len(ours[made[1]]["parts"]) == 3
    require_same(ours, theirs)


@pytest.mark.parametrize(
    "actor", [ANONYMOUS, make_actor(), make_actor(("water_pipe", "viewer")), make_actor(("sewer_pipe", "viewer"))]
)
def test_a_tile_of_a_sheet_shows_what_its_reader_may_see(make_both, connection, tables, actor):
    steps = (None, "public", "shared", "restricted")
    line = "LINESTRING(603000 1191000, 603100 1191010)"
    insert_many(connection, tables, "sewer_pipe", [{"wkt": line, "sensitivity": step} for step in steps])
    ours, theirs = make_both("sewer_pipe", PLACE, actor)
    assert ours.keys() == theirs.keys() and 2 <= len(ours) <= 4


def test_a_crowded_tile_keeps_the_same_features_as_postgis_does(make_both, connection, monkeypatch):
    rows = (
        "INSERT INTO infra.sewer_pipe (geom, asset_code) SELECT st_setsrid(st_makeline(st_makepoint(x, y), "
        "st_makepoint(x + 20 + i % 7, y + 15)), 9210), 'a code ' || i FROM generate_series(1, 2000) AS i, "
        "LATERAL (SELECT 602600 + i % 300 AS x, 1190900 + i / 20 AS y) AS place"
    )
    connection.execute(text(rows))
    for module in ("gis_infra.tiles.making", "gis_infra.tiles.sheets.making"):
        monkeypatch.setattr(f"{module}.LARGEST_TILE", 20_000)
    ours, theirs = make_both("sewer_pipe", PLACE)
    assert ours.keys() == theirs.keys() and 100 < len(ours) < 1000


def test_a_square_of_too_much_says_so_and_one_of_nothing_makes_an_empty_tile(read, connection, tables, monkeypatch):
    assert len(read("sewer_pipe", PLACE).ids) == 0
    insert_many(connection, tables, "sewer_pipe", [{"wkt": "LINESTRING(603000 1191000, 603100 1191010)"}] * 3)
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert read("sewer_pipe", PLACE).is_crowded


def test_an_empty_sheet_makes_an_empty_tile(read, catalogue):
    query = TileQuery(catalogue.get_layer("sewer_pipe"), SYSTEM, PLACE)
    assert render_tile(read("sewer_pipe", PLACE), query) == b""


@pytest.mark.parametrize("zoom", [8, 12, 13, 14, 15, 16, 19])
def test_the_squares_of_a_sheet_tell_the_version_of_every_tile_of_it(connection, tables, catalogue, zoom):
    layer, address = catalogue.get_layer("sewer_pipe"), zoom_to(zoom)
    insert(connection, tables, "sewer_pipe", wkt="LINESTRING(603000 1191000, 603100 1191010)")
    insert(connection, tables, "sewer_pipe", wkt="LINESTRING(603000 1191000, 653100 1191010)")
    assert set(list_areas(address)) <= set(list_areas_within(get_sheet(address)))
    areas = read_areas(connection, layer, get_sheet(address))
    assert get_version(areas, address) == read_version(connection, layer, address)
