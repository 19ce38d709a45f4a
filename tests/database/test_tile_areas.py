"""What the triggers note of changes: whatever may show in a tile changes its version, and nothing far away does."""

import math
import random

import pytest
from sqlalchemy import func, select, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.tiles.addresses import BUFFER_UNITS, TileAddress, get_box
from gis_infra.tiles.areas import LEVELS, list_areas, read_version
from gis_infra.tiles.making import make_dated, make_tile
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.tables import LAYER_AREA
from tests.builders import insert, insert_many

# E 603000, N 1191000 of the city's CRS in longitude and latitude.
LON, LAT = 106.693584, 10.768404
MOVE = "UPDATE infra.fire_hydrant SET geom = st_translate(geom, :dx, 0) WHERE id = :id"
SHAPES = ("LINESTRING({x} {y}, {x1} {y1})", "LINESTRING({x} {y1}, {x1} {y})")


def find_tile(zoom, lon=LON, lat=LAT):
    """The tile of `zoom` that holds a place."""
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return TileAddress(zoom, int(down * 2**zoom), int((lon + 180) / 360 * 2**zoom))


@pytest.fixture
def read(connection, catalogue):
    """A function that reads the version of a tile, and another that counts the squares of a layer."""

    def version(layer_id, address):
        return read_version(connection, catalogue.get_layer(layer_id), address)

    return version


@pytest.fixture
def count(connection):
    def squares(layer_id):
        counted = select(func.count()).select_from(LAYER_AREA).where(LAYER_AREA.c.layer == layer_id)
        return connection.execute(counted).scalar_one()

    return squares


@pytest.mark.parametrize("zoom", [3, 10, 12, 14, 15, 16, 19])
@pytest.mark.parametrize("layer_id", ["sewer_pipe", "fire_hydrant"])
def test_a_tile_comes_with_the_version_of_its_own_place(connection, tables, catalogue, read, layer_id, zoom):
    """Where nothing was, where something is, and where something was changed; whatever was drawn of the tile before."""
    query = TileQuery(catalogue.get_layer(layer_id), SYSTEM, find_tile(zoom))
    seen = set()
    for length in (10, 200):
        state, body = make_dated(connection, tables, query)
        assert (state, body) == (read(layer_id, query.address), make_tile(connection, tables, query))
        seen.add(state.revision)
        insert(connection, tables, "sewer_pipe", wkt=f"LINESTRING(603000 1191000, {603000 + length} 1191000)")
        insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    assert len(seen) == 2


@pytest.mark.parametrize("zoom", range(0, 23))
def test_an_edit_changes_the_tile_it_is_in_at_every_zoom(connection, tables, read, zoom):
    before = read("fire_hydrant", find_tile(zoom))
    insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    after = read("fire_hydrant", find_tile(zoom))
    assert after.revision > before.revision and after.changed_at > before.changed_at


@pytest.mark.parametrize(("zoom", "away_m"), [(16, 2500), (14, 8000), (12, 30_000), (10, 120_000), (8, 500_000)])
def test_an_edit_leaves_the_tiles_farther_away_as_they_are(connection, tables, read, zoom, away_m):
    insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    before = read("fire_hydrant", find_tile(zoom))
    # East of it, about one and a half tiles beyond the border of the squares at the most.
    insert(connection, tables, "fire_hydrant", wkt=f"POINT({603000 + away_m} 1191000)")
    assert read("fire_hydrant", find_tile(zoom)) == before
    assert read("fire_hydrant", find_tile(0)).revision > before.revision


def test_a_feature_that_moves_changes_where_it_was_and_where_it_is(connection, tables, read):
    made = insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    there = find_tile(16, LON + 0.0457)  # 5 km to the east
    between = find_tile(16, LON + 0.0229)
    old, new, untouched = (read("fire_hydrant", each) for each in (find_tile(16), there, between))
    connection.execute(text(MOVE), {"dx": 5000, "id": made})
    assert read("fire_hydrant", find_tile(16)).revision == read("fire_hydrant", there).revision > old.revision
    assert read("fire_hydrant", there) != new and read("fire_hydrant", between) == untouched


def test_an_edit_of_another_layer_changes_nothing(connection, tables, read):
    before = read("fire_hydrant", find_tile(16))
    insert(connection, tables, "water_pipe", wkt="LINESTRING(603000 1191000, 603010 1191000)")
    assert read("fire_hydrant", find_tile(16)) == before


def test_a_row_without_a_geometry_shows_in_no_tile(connection, tables, read):
    before = read("fire_hydrant", find_tile(0))
    insert(connection, tables, "fire_hydrant")
    connection.execute(text("UPDATE infra.fire_hydrant SET asset_code = 'x' WHERE geom IS NULL"))
    assert read("fire_hydrant", find_tile(0)) == before


def test_an_area_as_wide_as_the_city_is_noted_in_few_squares(connection, tables, read, count):
    square = "MULTIPOLYGON(((560000 1140000, 690000 1140000, 690000 1260000, 560000 1260000, 560000 1140000)))"
    before = {zoom: read("works_project", find_tile(zoom)) for zoom in (8, 12, 16)}
    squares = count("works_project")
    insert(connection, tables, "works_project", wkt=square)
    assert all(read("works_project", find_tile(zoom)) != before[zoom] for zoom in (8, 12, 16))
    assert count("works_project") - squares <= 40


def test_a_large_statement_notes_the_box_around_it(connection, read, count):
    rows = (
        "INSERT INTO infra.fire_hydrant (geom) "
        "SELECT st_setsrid(st_makepoint(603000 + i % 50 * 20, 1191000 + i), 9210) FROM generate_series(1, 1000) AS i"
    )
    near, far = find_tile(16), find_tile(16, LON + 0.4)
    before, squares = (read("fire_hydrant", near), read("fire_hydrant", far)), count("fire_hydrant")
    connection.execute(text(rows))
    assert read("fire_hydrant", near) != before[0] and read("fire_hydrant", far) == before[1]
    assert count("fire_hydrant") - squares <= 40
    for statement in ("UPDATE infra.fire_hydrant SET asset_code = NULL", "DELETE FROM infra.fire_hydrant"):
        known = read("fire_hydrant", near)
        connection.execute(text(statement))
        assert read("fire_hydrant", near).revision > known.revision


def test_emptying_a_table_changes_every_tile_and_forgets_the_rest(connection, tables, read, count):
    insert_many(connection, tables, "fire_hydrant", [{"wkt": f"POINT({600000 + 5000 * n} 1191000)"} for n in range(4)])
    places = [find_tile(zoom, LON + 0.3) for zoom in (0, 9, 16)]
    before = [read("fire_hydrant", each).revision for each in places]
    connection.execute(text("TRUNCATE infra.fire_hydrant"))
    assert all(read("fire_hydrant", each).revision > known for each, known in zip(places, before, strict=True))
    assert count("fire_hydrant") == 2


def test_a_layer_that_is_watched_again_counts_as_changed(connection, read):
    before = read("fire_hydrant", find_tile(16))
    connection.execute(text("SELECT gis.detach_layer('infra.fire_hydrant')"))
    connection.execute(text("SELECT gis.attach_layer('infra.fire_hydrant')"))
    after = read("fire_hydrant", find_tile(16))
    assert after.changed_at > before.changed_at


def test_a_statement_that_changes_no_row_changes_nothing(connection, read):
    before = read("fire_hydrant", find_tile(0))
    connection.execute(text("DELETE FROM infra.fire_hydrant WHERE false"))
    connection.execute(text("UPDATE infra.fire_hydrant SET asset_code = 'x' WHERE false"))
    assert read("fire_hydrant", find_tile(0)) == before


@pytest.mark.parametrize("box", ["BOX(-1e300 -1e300, 1e300 1e300)", "BOX(180 90, 180 90)", "BOX(-180 -90, -180 -90)"])
def test_boxes_at_the_edge_of_the_world_and_beyond_it_are_noted(connection, count, box):
    connection.execute(text("SELECT gis.mark_areas('fire_hydrant', ARRAY[NULL, CAST(:box AS box2d)])"), {"box": box})
    assert count("fire_hydrant") > 0


def test_whatever_may_show_in_a_tile_changes_its_version_and_little_else_does(connection, tables, read):
    draw = random.Random(20261123)
    needless = wanted = 0
    for _ in range(150):
        x, y, width = draw.uniform(595000, 625000), draw.uniform(1180000, 1205000), draw.choice((1, 50, 3000))
        ends = {"x": x, "y": y, "x1": x + draw.uniform(0, width), "y1": y + draw.uniform(0, width)}
        tiles = [
            find_tile(draw.choice((3, 8, 11, 13, 15, 16, 18)), LON + draw.gauss(0, 0.05), LAT + draw.gauss(0, 0.05))
            for _ in range(12)
        ]
        before = [read("water_pipe", each) for each in tiles]
        made = insert(connection, tables, "water_pipe", wkt=draw.choice(SHAPES).format(**ends))
        for address, known in zip(tiles, before, strict=True):
            changed = read("water_pipe", address) != known
            if may_show(connection, tables, made, address):
                wanted += 1
                assert changed, (address, ends)
            else:
                needless += changed
    assert wanted > 100 and needless < 300  # of 1800


def may_show(connection, tables, feature_id, address):
    """Whether the feature's box touches the tile's, as a tile's statement asks."""
    box = get_box(address, BUFFER_UNITS)
    table = tables.get("water_pipe")
    around = func.st_makeenvelope(box.west, box.south, box.east, box.north, 4326)
    found = select(table.c.id).where(table.c.id == feature_id, table.c.lonlat.op("&&")(around))
    return connection.execute(found).first() is not None


def test_a_tile_looks_at_few_squares():
    for zoom in range(23):
        areas = list(list_areas(find_tile(zoom)))
        assert len(areas) == len(set(areas)) <= 9 + 4 * len(LEVELS)
