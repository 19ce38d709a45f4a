"""The inputs of a run of coverage: what is drawn comes into the city's CRS, and nothing goes in without bounds."""

import math
from pathlib import Path

import pytest

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import InvalidParameter, UnknownLayer
from gis_infra.processes.coverage import PROCESS
from gis_infra.processes.coverage_inputs import make_order
from gis_infra.processes.definitions import Context
from gis_infra.processes.registry import require_inputs
from gis_infra.settings import ROOT, read_settings

AT = [106.7, 10.77]
POINT = {"type": "Point", "coordinates": AT}


def draw(geometry=POINT, **properties):
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return {"add": {"type": "FeatureCollection", "features": [feature]}}


@pytest.fixture(scope="module")
def context():
    settings = read_settings({"GIS_INFRA_HOME": "/nowhere"})
    catalogue = read_catalogue(ROOT / "layers")
    return Context(None, settings, catalogue, build_tables(catalogue, settings.city_srid), SYSTEM)


@pytest.fixture
def order(context):
    """The order that inputs come to, checked as the registry checks them."""

    def make(**inputs):
        wanted = {"service": "fire_hydrant", **inputs}
        require_inputs(PROCESS, wanted)
        return make_order(wanted, context)

    return make


def test_a_run_of_a_service_assumes_nothing(order):
    made = order()
    assert (made.service, made.actor, made.demand, made.method, made.sites) == (
        "fire_hydrant",
        SYSTEM,
        None,
        None,
        None,
    )
    assert made.what_if.drawn == () and not made.what_if.planned and made.cache == Path("/nowhere/cache")


def test_what_is_drawn_comes_into_the_citys_coordinates_to_the_millimetre(order):
    made = order(
        what_if=draw(reach=120, capacity=400.5), sites={"n": 2, "from": "given", "points": [AT, [106.71, 10.78]]}
    )
    (drawn,) = made.what_if.drawn
    assert (drawn.reach, drawn.capacity) == (120.0, 400.5)
    assert math.dist(drawn.shape.coords[0], made.sites.points[0]) < 0.001
    assert 600_000 < drawn.shape.x < 610_000 and 1_190_000 < drawn.shape.y < 1_195_000


def test_points_given_keep_their_order_and_their_doubles(order):
    points = [[106.71, 10.78], AT, [106.71, 10.78], [106.69, 10.7]]
    made = order(sites={"n": 1, "from": "given", "points": points}).sites.points
    assert made[0] == made[2] and made[0][0] > made[1][0] > made[3][0]


def test_layers_ids_and_a_line_are_taken_as_they_are(order):
    line = {"type": "LineString", "coordinates": [AT, [106.701, 10.77]]}
    asked = {"add_layer": ["water_pipe"], "planned": True, "without": [3, 4], "closed": [9], "closing": line}
    made = order(what_if=asked).what_if
    assert [each.layer for each in made.layers] == ["water_pipe"] and made.planned
    assert (made.without, made.closed) == ((3, 4), (9,)) and made.closing.length == pytest.approx(109.4, abs=0.5)


def test_a_day_is_read(order):
    assert order(day="2025-07-01").day.isoformat() == "2025-07-01"


FAR = {"type": "Point", "coordinates": [2.35, 48.85]}
NESTED = {"type": "GeometryCollection", "geometries": [POINT]}
LONG = {"type": "LineString", "coordinates": [[106 + at / 1e5, 10.7] for at in range(6000)]}


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"day": "2025-13-01"}, "day must be a day as 2026-11-23, got '2025-13-01'"),
        ({"day": "tomorrow"}, "day must be a day as 2026-11-23, got 'tomorrow'"),
        ({"distance_m": 0}, "distance_m must be a number more than 0 and at most 100000, got 0$"),
        ({"distance_m": 1e9}, "distance_m must be a number .* at most 100000, got 1000000000.0"),
        ({"minutes": -1}, "minutes must be a number more than 0 and at most 600, got -1"),
        ({"method": "magic"}, "method must be one of straight_line, streets, .* got 'magic'"),
        ({"title": "x" * 201}, r"title must be a text at most 200 letters long, got 'x+\.\.\. \(201 letters\)"),
        ({"period": "week"}, "period must be one of month, half_year, year, got 'week'"),
        ({"speed": 3}, "coverage has no input 'speed'"),
        ({"what_if": {"teleport": True}}, "what_if has no 'teleport'; it has add, add_layer, planned"),
        ({"what_if": {"without": ["1"]}}, r"what_if.without\[0\] must be a whole number at least 1 .* got '1'"),
        ({"what_if": {"without": [0]}}, r"what_if.without\[0\] must be a whole number at least 1 .* got 0"),
        ({"what_if": {"closed": [2**63]}}, r"what_if.closed\[0\] must be .* at most 9223372036854775807, got"),
        (
            {"what_if": {"without": list(range(1, 10_002))}},
            "what_if.without must be a list of at most 10000 items, got 10001 items",
        ),
        ({"what_if": {"without": [3, 4, 3]}}, "what_if.without must not have anything twice, got 3 more than once"),
        ({"what_if": {"add": POINT}}, "what_if.add must be a GeoJSON FeatureCollection"),
        ({"what_if": {"add": {"type": "FeatureCollection", "features": ["x"]}}}, "must be a GeoJSON Feature"),
        ({"what_if": {"add": {"type": "FeatureCollection", "features": [{}] * 1001}}}, "at most 1000 facilities"),
        ({"what_if": draw(None)}, "the geometry must be one of"),
        ({"what_if": draw(NESTED)}, "the geometry must be one of"),
        ({"what_if": draw(LONG)}, "has 6000 vertices, at most 5000"),
        ({"what_if": draw({"type": "Point", "coordinates": ["x", 1]})}, "cannot be read"),
        ({"what_if": draw({"type": "Point", "coordinates": []})}, "the geometry is empty"),
        ({"what_if": draw({"type": "Point", "coordinates": [603000, 1191500]})}, "must be longitude and latitude"),
        ({"what_if": draw(FAR)}, "what is drawn lies far outside the city"),
        ({"what_if": draw(reach="wide")}, "reach of a drawn facility must be a number, got 'wide'"),
        ({"what_if": draw(capacity=True)}, "capacity of a drawn facility must be a number, got True"),
        ({"what_if": {"closing": FAR}}, "what is drawn lies far outside the city"),
        ({"sites": {"n": 0, "from": "nodes"}}, "sites.n must be a whole number at least 1 and at most 100, got 0"),
        ({"sites": {"n": 101, "from": "nodes"}}, "sites.n must be .* at most 100, got 101"),
        ({"sites": {"n": 1, "from": "wishes"}}, "sites.from must be one of given, nodes, grid, layer, got 'wishes'"),
        ({"sites": {"from": "nodes"}}, "sites needs 'n'"),
        (
            {"sites": {"n": 1, "from": "grid", "spacing_m": 1}},
            "sites.spacing_m must be a number at least 10 and at most 100000, got 1",
        ),
        ({"sites": {"n": 1, "from": "given", "points": [[603000, 1191500]]}}, "longitude and latitude in degrees"),
        (
            {"sites": {"n": 1, "from": "given", "points": [[1, 2, 3]]}},
            r"points\[0\] must be a list of 2 items, got \[1, 2, 3\]",
        ),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(order, inputs, words):
    with pytest.raises(InvalidParameter, match=words):
        order(**inputs)


@pytest.mark.parametrize("layer", ["substation", "taxi"])
@pytest.mark.parametrize("ask", [
    lambda layer: {"what_if": {"add_layer": [layer]}},
    lambda layer: {"sites": {"n": 1, "from": "layer", "layer": layer}},
])  # fmt: skip
def test_a_layer_that_may_not_be_seen_is_as_one_that_is_not_there(context, ask, layer):
    stranger = Context(None, context.settings, context.catalogue, context.tables, ANONYMOUS)
    with pytest.raises(UnknownLayer, match=f"there is no layer '{layer}'"):
        make_order({"service": "fire_hydrant", **ask(layer)}, stranger)
