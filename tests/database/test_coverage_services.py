"""The services of the city, and one it adds with a file, run for every demand: nobody is made or lost on the way."""

import datetime
import random
import shutil

import numpy as np
import pytest
from shapely import box

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.places.reading import read_places
from gis_infra.analysis.coverage.places.units import read_units
from gis_infra.analysis.coverage.runs import computing, reading, running, storing
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.reading import read_services
from tests.builders import insert, insert_many

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500
SURE = 1e-9
LIBRARY = """\
title: {vi: Nhà sách, en: Libraries}
method: streets
distance_m: 400
along: {profile: walking, direction: to}
facilities: {layer: building, where: {use: [public]}}
demand: residents
source: a decision of the city
clause: "3"
legal_basis: none
verified: yes
valid_from: 2026-01-01
targets:
  - {indicator: people_share, title: {vi: Một nửa, en: Half}, least: 0.5}
  - {indicator: mean_distance, title: {vi: Gần, en: Near}, most: 250, scope: city}
"""


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


def area(west, south, east, north):
    corners = box(EAST + west, NORTH + south, EAST + east, NORTH + north).exterior.coords
    return f"MULTIPOLYGON((({','.join(f'{x} {y}' for x, y in corners)})))"


def point(east, north):
    return f"POINT({EAST + east} {NORTH + north})"


@pytest.fixture
def lay(connection, tables):
    return lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)


@pytest.fixture
def run(connection, tables, tmp_path, catalogue):
    """Runs a service inside the test's transaction; returns the report."""

    def run(book, service, **wanted):
        order = CoverageOrder(SYSTEM, service, now=NOW, cache=tmp_path, catalogue=catalogue, **wanted)
        plan, data = running.check_order(connection, tables, book, order)
        outcome = computing.compute(connection, tables, book, order, plan)
        found = (plan, data, outcome, running.hash_outcome(outcome))
        run_id = storing.store(connection, tables.srid, book, order, found)
        return reading.read_report(connection, run_id, Reader(SYSTEM, catalogue))

    return run


# A street of 900 m; a library at its west end. Homes on it at 100, 300 and 700 m.
def test_a_service_that_a_city_adds_with_a_file_is_run_like_any_other(run, lay, settings, catalogue, tmp_path):
    folder = tmp_path / "layers"
    shutil.copytree(settings.layers / "coverage", folder / "coverage")
    (folder / "coverage" / "library.yaml").write_text(LIBRARY, encoding="utf-8")
    lay("admin_unit", area(0, 0, 1000, 1000), code="26701", level="commune")
    lay("road_segment", f"LINESTRING({EAST} {NORTH + 500}, {EAST + 900} {NORTH + 500})")
    lay("building", area(-1, 500, 1, 502), use="public")
    for east, residents in ((100, 6), (300, 3), (700, 1)):
        lay("building", area(east - 1, 499, east + 1, 501), use="residential", residents=residents)
    report = run(read_services(folder, catalogue), "library")
    assert (report.run.service, report.run.method) == ("library", "streets")
    assert (report.city.people, report.city.people_served, report.city.places) == (10, 9, 4)
    assert report.city.largest_distance == pytest.approx(699, abs=0.001)  # from the east wall of the library
    assert [each.answer for each in report.city.targets] == ["met", "met"]


def fill(connection, tables, chance):
    """A city of three wards, one without a known number, with something of every layer services speak of."""
    wards = [(0, 0, 500, 800, 400), (500, 0, 1000, 800, None), (1000, 0, 1300, 800, 250)]
    rows = {
        "admin_unit": [
            {"wkt": area(*sides), "code": f"2670{n}", "level": "commune", "population": people}
            for n, (*sides, people) in enumerate(wards)
        ],
        "building": [draw_building(chance, n) for n in range(60)],
        "population_cell": [draw_cell(chance) for _ in range(15)],
        "land_parcel": [{"wkt": draw_box(chance, 30)} for _ in range(30)],
        "drainage_catchment": [{"wkt": draw_box(chance, 400)} for _ in range(3)],
        "green_space": [{"wkt": draw_box(chance, 80), "kind": "park"} for _ in range(3)],
        "road_segment": [
            {"wkt": f"LINESTRING({EAST} {NORTH + 200 * n}, {EAST + 1300} {NORTH + 200 * n})"} for n in range(5)
        ],
        "sewer_connection": [{"wkt": draw_point(chance), "building_code": f"B{3 * n}"} for n in range(15)],
        "monitoring_station": [{"wkt": draw_point(chance), "medium": "air"}],
    }
    points = ("base_station", "distribution_transformer", "fire_hydrant", "fire_station", "post_office")
    for layer in (*points, "public_camera", "water_connection"):
        rows[layer] = [{"wkt": draw_point(chance)} for _ in range(8)]
    for layer, some in rows.items():
        insert_many(connection, tables, layer, some)


def draw_point(chance):
    return point(chance.uniform(-50, 1350), chance.uniform(-50, 850))


def draw_box(chance, largest_m):
    west, south = chance.uniform(-50, 1350), chance.uniform(-50, 850)
    return area(west, south, west + chance.uniform(2, largest_m), south + chance.uniform(2, largest_m))


def draw_building(chance, number):
    return {
        "wkt": draw_box(chance, 20),
        "asset_code": f"B{number}",
        "use": chance.choice(["residential", "mixed", "office", None]),
        "floors": chance.choice([None, 0, 1, 4]),
        "height_m": chance.choice([None, 0, 7.5]),
        "residents": chance.choice([None, 0, 3, 11]),
    }


def draw_cell(chance):
    return {"wkt": draw_box(chance, 300), "residents": chance.choice([None, 0, 40, 1000])}


@pytest.mark.parametrize("seed", range(8))
def test_no_demand_makes_or_loses_anybody(connection, tables, book, seed):
    fill(connection, tables, random.Random(seed))
    units = read_units(connection, tables, book.units, NOW.date())
    for demand in book.demands.values():
        places = read_places(connection, tables, demand, units)
        by_unit = np.bincount(places.unit + 1, places.people, len(units) + 1)
        assert by_unit.sum() == pytest.approx(places.total, rel=SURE), demand.id
        assert (places.people >= 0).all() and places.told["outside_people"] == pytest.approx(by_unit[0], rel=SURE)
        if demand.kind == "dasymetric":
            assert by_unit[[1, 3]] == pytest.approx([400, 250], rel=SURE)
    cells = read_places(connection, tables, book.get_demand("cells"), units)
    table = tables.get("population_cell")
    known = sum(row.residents for row in connection.execute(table.select()) if row.residents is not None)
    assert cells.total == pytest.approx(known, rel=SURE)


def pair(book):
    """Each service with each demand that fits it, every third of them; none of either is left out."""
    rows = {"connection": ("column", "dasymetric", "count")}
    fitting = [
        (service, demand)
        for service in book.services.values()
        for demand in book.demands.values()
        if demand.kind in rows.get(service.method, (demand.kind,))
    ]
    return fitting[::3]


def test_every_service_may_be_asked_for_every_demand_that_fits(connection, tables, book, run):
    fill(connection, tables, random.Random(7))
    units = read_units(connection, tables, book.units, NOW.date())
    pairs = pair(book)
    assert {service.id for service, _ in pairs} == set(book.services)
    assert {demand.id for _, demand in pairs} == set(book.demands)
    for service, demand in pairs:
        report, told = run(book, service.id, demand=demand.id), (service.id, demand.id)
        total = read_places(connection, tables, demand, units).total
        assert report.city.people == pytest.approx(total, rel=SURE), told
        for figure in ("people", "people_served", "places", "places_served"):
            parts = sum(getattr(each, figure) for each in report.units)
            assert getattr(report.city, figure) == pytest.approx(parts, rel=SURE, abs=1e-12), (told, figure)
        assert 0 <= report.city.people_served <= report.city.people * (1 + SURE), told
        asked = [each for each in service.targets if each.scope != "unit" and each.origin.is_valid_on(NOW.date())]
        assert len(report.city.targets) == len(asked), told
