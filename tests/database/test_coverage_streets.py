"""Coverage along streets on PostGIS: streets and barriers as they are drawn, and what is kept until they change."""

import dataclasses
import datetime

import numpy as np
import pytest
import shapely
from pytest import approx
from sqlalchemy import update

from gis_infra.analysis.coverage.methods import streets as method
from gis_infra.analysis.coverage.methods.model import Ground, WhatIf
from gis_infra.analysis.coverage.methods.streets import list_nodes, measure_sites, open_streets, reach_streets
from gis_infra.analysis.coverage.places.units import read_units
from gis_infra.analysis.coverage.standards.model import Barrier
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.coverage.streets import network
from gis_infra.analysis.rules.model import Member
from gis_infra.errors import InvalidParameter
from tests.builders import insert
from tests.coverage import make_facilities, make_places, to_points

DAY = datetime.date(2026, 11, 23)
EAST, NORTH = 603000, 1191500
BAR = "MULTIPOLYGON(((603040 1191300, 603044 1191300, 603044 1191760, 603040 1191760, 603040 1191300)))"


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


@pytest.fixture
def ground(connection, tables, book, tmp_path):
    units = read_units(connection, tables, book.units, DAY, "commune")
    return Ground(connection, tables, book, units, tmp_path / "cache")


@pytest.fixture
def street(connection, tables):
    """A street by its corners, metres from a corner of the city; its id."""

    def lay(*corners, **values):
        line = ",".join(f"{EAST + x} {NORTH + y}" for x, y in corners)
        return insert(connection, tables, "road_segment", wkt=f"LINESTRING({line})", **values)

    return lay


def at(*points):
    return [(EAST + x, NORTH + y) for x, y in points]


def run(ground, facilities, places, reach=1000.0, **values):
    """Distances from facilities to places on foot, in metres unless `values` of the service say else."""
    service = dataclasses.replace(
        ground.book.get_service("fire_hydrant"), method="streets", profile="walking", **values
    )
    given = make_facilities(to_points(at(*facilities)), [reach] * len(facilities))
    return reach_streets(ground, service, given, make_places(at(*places)))


def test_distances_are_along_the_streets_of_the_layer(ground, street):
    street((0, 0), (100, 0))
    street((100, 0), (100, 80))
    reached = run(ground, [(0, 4)], [(94, 60), (50, 3), (50, 500)], 150)
    assert reached.distance[:2] == approx([4 + 100 + 60 + 6, 4 + 50 + 3]) and np.isnan(reached.distance[2])
    assert reached.served.tolist() == [0.0, 1.0, 0.0] and reached.facility.tolist() == [0, 0, -1]
    assert reached.told == {"facilities_off_street": 0, "places_off_street": 1}


def test_streets_that_are_planned_or_gone_are_not_there(ground, street):
    street((0, 0), (100, 0), status="proposed")
    street((0, 40), (100, 40), status="removed")
    assert np.isnan(run(ground, [(0, 4)], [(50, 3)]).distance).all()


def test_classes_that_a_profile_excludes_are_not_used(ground, street):
    street((0, 0), (100, 0), road_class="motorway")
    assert np.isnan(run(ground, [(0, 4)], [(50, 3)]).distance).all()


def test_one_way_counts_for_who_drives(ground, street):
    street((0, 0), (100, 0), one_way=True)
    on_foot = run(ground, [(90, 0)], [(10, 0)])
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="driving")
    driving = reach_streets(
        ground, dataclasses.replace(service, direction="from"), make_facilities(to_points(at((90, 0))), [500.0]),
        make_places(at((10, 0))),
    )  # fmt: skip
    assert on_foot.distance == approx([80]) and np.isnan(driving.distance).all()


def test_minutes_are_those_of_the_profile(ground, street):
    street((0, 0), (1000, 0), road_class="arterial")
    service = dataclasses.replace(
        ground.book.get_service("fire_hydrant"), method="streets", profile="driving", distance_m=None, minutes=5.0
    )
    reached = reach_streets(ground, service, make_facilities(to_points(at((0, 0))), [5.0]), make_places(at((700, 15))))
    # 700 m at 35 km/h, 15 m on foot at 4.5 km/h
    assert reached.distance == approx([700 / 35000 * 60 + 15 / 4500 * 60])


def test_no_way_off_the_streets_crosses_a_canal(ground, street, connection, tables):
    street((0, 0), (30, 0), (30, 60), (0, 60))
    insert(connection, tables, "water_body", wkt=BAR, kind="canal")
    reached = run(ground, [(0, 0)], [(36, 30), (50, 30)])
    assert reached.distance[0] == approx(30 + 30 + 6) and np.isnan(reached.distance[1])
    assert reached.told["places_off_street"] == 1
    assert shapely.intersects_xy(reached.area, *np.transpose(at((36, 30), (50, 30)))).tolist() == [True, False]


def test_what_cuts_streets_is_passed_nowhere(ground, street, connection, tables):
    street((0, 0), (100, 0))
    insert(connection, tables, "water_body", wkt=BAR, kind="canal")
    streets = dataclasses.replace(ground.book.streets, barriers=(Barrier(Member("water_body"), "streets"),))
    cut = dataclasses.replace(ground, book=dataclasses.replace(ground.book, streets=streets))
    assert run(ground, [(0, 0)], [(90, 0)]).distance == approx([90])
    assert np.isnan(run(cut, [(0, 0)], [(90, 0)]).distance).all()


def test_closed_streets_are_not_there(ground, street):
    street((0, 0), (100, 0))
    closed = street((100, 0), (200, 0))
    street((100, 0), (100, 50), (200, 50), (200, 0))
    for what_if in (WhatIf(closed=(closed,)), WhatIf(closing=shapely.LineString(at((150, -5), (150, 5))))):
        shut = dataclasses.replace(ground, what_if=what_if)
        assert run(shut, [(0, 0)], [(200, 0)]).distance == approx([300])
    assert run(ground, [(0, 0)], [(200, 0)]).distance == approx([200])


def test_facilities_with_their_own_reach_serve_as_far_as_they_go(ground, street):
    street((0, 0), (400, 0))
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="walking")
    given = make_facilities(to_points(at((0, 0), (100, 0))), [250.0, 20.0])
    reached = reach_streets(ground, service, given, make_places(at((110, 0), (150, 0), (300, 0))))
    # 50 m from the one that goes 20 m, 150 m from the one that goes 250 m
    assert reached.facility.tolist() == [1, 0, 1] and reached.served.tolist() == [1, 1, 0]
    assert reached.distance == approx([10, 150, 200])


def test_facilities_that_are_full_leave_people_over(ground, street):
    street((0, 0), (100, 0))
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="walking")
    given = make_facilities(to_points(at((0, 0))), [1000.0], capacity=[5.0])
    reached = reach_streets(ground, service, given, make_places(at((10, 0), (20, 0)), people=[3.0, 4.0]))
    assert reached.served.tolist() == [1.0, 0.5] and reached.unassigned.tolist() == [0.0, 2.0]


def test_places_that_are_areas_are_served_by_the_share_within_reach(ground, street):
    street((0, 0), (100, 0))
    cell = shapely.box(EAST, NORTH - 50, EAST + 100, NORTH + 50)
    far = shapely.box(EAST, NORTH + 300, EAST + 100, NORTH + 400)
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="walking")
    places = make_places(at((50, 0), (50, 350)), shapes=[cell, far])
    reached = reach_streets(ground, service, make_facilities(to_points(at((50, 0))), [1000.0]), places)
    assert reached.served == approx([1.0, 0.0])


def test_an_unknown_profile_is_refused_by_name(ground):
    with pytest.raises(InvalidParameter, match="flying"):
        run_with = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="flying")
        open_streets(ground, run_with)


def test_sites_are_measured_like_facilities(ground, street):
    street((0, 0), (400, 0))
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), method="streets", profile="walking")
    places = make_places(at((10, 0), (200, 0), (390, 0)))
    pairs = measure_sites(ground, service, to_points(at((0, 0), (300, 5))), np.array([50.0, 150.0]), places)
    assert list(zip(pairs.facility.tolist(), pairs.place.tolist(), strict=True)) == [(0, 0), (1, 1), (1, 2)]
    assert pairs.distance == approx([10, 105, 95])


def test_nodes_are_ends_and_joints_of_streets_one_may_use(ground, street):
    street((0, 0), (50, 10), (100, 0))
    street((60, 30), (60, 8))
    street((0, 500), (100, 500), road_class="motorway")
    service = dataclasses.replace(ground.book.get_service("fire_hydrant"), profile="walking")
    nodes = list_nodes(ground, service) - (EAST, NORTH)
    assert sorted(map(tuple, nodes.round(6).tolist())) == [(0, 0), (60, 8), (60, 30), (100, 0)]


def count_builds(monkeypatch):
    """How often a graph is built from drawn streets."""
    built = []
    build = network.build_graph
    monkeypatch.setattr(network, "build_graph", lambda *given: built.append(1) or build(*given))
    return built


def test_the_graph_is_built_once_until_a_street_changes(ground, street, monkeypatch, connection, tables):
    built = count_builds(monkeypatch)
    number = street((0, 0), (100, 0))
    first = run(ground, [(0, 0)], [(100, 0)])
    again = run(ground, [(0, 0)], [(100, 0)])
    assert built == [1] and again.distance.tolist() == first.distance.tolist() == [100.0]
    table = tables.get("road_segment")
    longer = f"SRID=9210;LINESTRING({EAST} {NORTH}, {EAST + 50} {NORTH + 50}, {EAST + 100} {NORTH})"
    connection.execute(update(table).where(table.c.id == number).values(geom=longer))
    assert run(ground, [(0, 0)], [(100, 0)]).distance == approx([2 * 50 * 2**0.5])
    assert built == [1, 1]


def test_a_new_canal_changes_who_walks_where(ground, street, connection, tables):
    street((0, 0), (30, 0), (30, 60))
    assert run(ground, [(0, 0)], [(50, 30)]).distance == approx([30 + 30 + 20])
    insert(connection, tables, "water_body", wkt=BAR, kind="canal")
    assert np.isnan(run(ground, [(0, 0)], [(50, 30)]).distance).all()


def test_another_profile_or_closing_has_a_graph_of_its_own(ground, street, monkeypatch):
    built = count_builds(monkeypatch)
    number = street((0, 0), (100, 0))
    service = ground.book.get_service("fire_hydrant")
    keys = {
        open_streets(each, dataclasses.replace(service, profile=profile)).key
        for each in (ground, dataclasses.replace(ground, what_if=WhatIf(closed=(number,))))
        for profile in ("walking", "driving", None)
    }
    # In metres, on foot and with a hose are one.
    assert len(keys) == 6 and len(built) == 6
    hose = open_streets(ground, dataclasses.replace(service, profile="hose")).key
    assert hose in keys and len(built) == 6


def test_reading_streets_leaves_the_connection_as_it_was(ground, street):
    street((0, 0), (100, 0))
    before = ground.connection.get_execution_options()
    run(ground, [(0, 0)], [(100, 0)])
    assert ground.connection.get_execution_options() == before


def test_the_methods_name_it():
    from gis_infra.analysis.coverage.methods.table import METHODS

    assert METHODS["streets"] is method.reach_streets
