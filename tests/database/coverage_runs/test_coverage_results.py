"""What runs of coverage tell: by unit and for the city, gaps, facilities, sites, whatever the demand."""

import dataclasses
import datetime

import numpy as np
import pytest
from shapely import Point, box

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import reading
from gis_infra.analysis.coverage.runs.orders import Drawn, SitesOrder, WhatIf
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.model import Capacity
from tests.database.coverage_runs.scene import EAST, NORTH, house, point, shifted


def test_results_are_given_by_the_units_of_the_day_and_add_up_to_the_city(lay, wards, run):
    lay("post_office", point(0, 500))
    house(lay, 500, 500, 5)
    house(lay, 1500, 500, 7)
    house(lay, 5000, 5, 2)
    report = run()
    told = [(each.scope, each.code, each.people, each.people_served, each.places) for each in report.units]
    assert told == [("unit", "26701", 5, 5, 1), ("unit", "26702", 7, 0, 1), ("outside", None, 2, 0, 1)]
    assert (report.city.people, report.city.people_served, report.city.facilities) == (14, 5, 1)
    circle = Point(0, 500).buffer(1000, quad_segs=32)
    assert report.units[0].area_served_m2 == pytest.approx(circle.intersection(box(0, 0, 1000, 1000)).area)
    assert report.city.area_served_m2 == pytest.approx(sum(each.area_served_m2 for each in report.units))
    assert (report.run.official, report.run.shared, report.run.day) == (True, True, datetime.date(2026, 11, 23))
    before = run(day=datetime.date(2025, 6, 30))
    assert [each.code for each in before.units] == ["26600", None]
    assert not before.run.official and before.run.shared


def test_distances_are_told_by_people_and_by_class(lay, wards, run):
    lay("post_office", point(0, 500))
    for east, residents in ((100, 6), (300, 3), (900, 1), (700, 0)):
        house(lay, east, 500, residents)
    city = run().city
    assert (city.mean_distance, city.median_distance) == (pytest.approx(240), pytest.approx(100))
    assert (city.p90_distance, city.largest_distance) == (pytest.approx(300), pytest.approx(900))
    assert [(each.over, each.up_to, each.people, each.places) for each in city.classes][:5] == [
        (0, 200, 6, 1),
        (200, 400, 3, 1),
        (400, 600, 0, 0),
        (600, 800, 0, 1),
        (800, 1000, 1, 1),
    ]
    assert len(city.classes) == 11 and city.classes[-1].up_to is None


def test_targets_are_met_missed_or_not_known(lay, wards, run):
    assert {each.indicator: each.answer for each in run().city.targets} == {
        "mean_radius_m": "not_known",
        "people_per_facility": "not_known",
    }
    lay("post_office", point(100, 500))
    house(lay, 500, 500, 8001)
    report = run()
    assert {each.indicator: each.answer for each in report.city.targets} == {
        "mean_radius_m": "met",
        "people_per_facility": "missed",
    }
    # Two square kilometres around one point: the radius of a circle of that area.
    assert report.city.mean_radius_m == pytest.approx((2e6 / np.pi) ** 0.5)
    assert [(each.code, [(t.indicator, t.found, t.answer) for t in each.targets]) for each in report.units] == [
        ("26701", [("facilities", 1, "met")]),
        ("26702", [("facilities", 0, "missed")]),
    ]


def test_gaps_are_ranked_by_the_people_in_them_and_lose_nobody(lay, wards, run):
    lay("post_office", point(0, 0))
    house(lay, 900, 900, 3)
    house(lay, 1500, 500, 9)
    house(lay, 1600, 500)
    report = run(distance_m=500.0)
    assert [(each.rank, each.unit_code, each.people, each.places) for each in report.gaps] == [
        (1, "26702", 9, 2),
        (2, "26701", 3, 1),
    ]
    assert sum(each.area_m2 for each in report.gaps) + report.city.area_served_m2 == pytest.approx(2e6)
    assert report.gaps[0].geometry["type"] == "MultiPolygon"


def test_a_what_if_counts_in_and_out_and_is_no_part_of_the_series(connection, lay, wards, run, catalogue):
    out, planned = lay("post_office", point(0, 500)), lay("post_office", point(1900, 500), status="proposed")
    house(lay, 100, 500, 5)
    house(lay, 1800, 500, 7)
    drawn = Drawn(Point(EAST + 1000, NORTH + 500), reach=950.0)
    report = run(what_if=WhatIf(drawn=(drawn,), without=(out,)), title="Thử")
    assert (report.city.people_served, report.run.official, report.run.shared) == (12, False, False)
    states = {(each.id, each.state, each.people) for each in report.facilities}
    assert states == {(None, "drawn", 12), (out, "out", 0)}
    assert report.run.what_if["without"] == [out] and report.run.title == "Thử"
    counted = run(what_if=WhatIf(planned=True))
    assert {(each.id, each.state) for each in counted.facilities} == {(out, "kept"), (planned, "planned")}
    assert reading.read_latest(connection, ["post_office"], Reader(SYSTEM, catalogue)) == {}


SERVICES = [
    "base_station",
    "distribution_transformer",
    "fire_hydrant",
    "fire_station",
    "green_space",
    "monitoring_station",
    "post_office",
    "public_camera",
    "sewer_connection",
    "stormwater_catchment",
    "water_connection",
]


@pytest.mark.parametrize("service_id", SERVICES)
def test_every_service_runs_on_an_empty_city_and_says_it_does_not_know(run, service_id):
    report = run(service_id)
    assert report.units == () and report.gaps == () and report.facilities == ()
    assert report.city.people_share is None and report.city.area_share is None
    assert {each.answer for each in report.city.targets} <= {"not_known", "missed"}


@pytest.mark.parametrize("demand", ["residents", "dasymetric", "cells", "wards", "buildings", "parcels", "area"])
def test_units_add_up_to_the_city_whatever_the_demand(connection, lay, wards, run, tables, demand):
    table = tables.get("admin_unit")
    connection.execute(table.update().values(population=1000))
    lay("post_office", point(0, 500))
    house(lay, 500, 500, 5, use="residential", floors=2)
    house(lay, 1000, 300, 3, use="mixed", height_m=9)
    lay("land_parcel", shifted(400, 400, 600, 600))
    lay("population_cell", shifted(900, 0, 1100, 200), residents=80)
    lay("population_cell", shifted(1900, 0, 2100, 200), residents=8)
    report = run(demand=demand)
    for name in ("people", "people_served", "places", "places_served", "area_m2", "area_served_m2"):
        parts = sum(getattr(each, name) for each in report.units)
        assert getattr(report.city, name) == pytest.approx(parts, rel=1e-9), name
    unserved = sum(each.people - each.people_served for each in report.units if each.scope == "unit")
    assert sum(each.people for each in report.gaps) == pytest.approx(unserved, rel=1e-9)
    if demand == "cells":
        told = [(each.people, each.places) for each in report.units]
        assert told == [pytest.approx(each) for each in ((40, 0.5), (44, 1.0), (4, 0.5))]


def test_who_is_within_reach_of_full_facilities_is_told(connection, lay, wards, run, book):
    lay("post_office", point(500, 500))
    for east, residents in ((500, 6), (600, 5), (1400, 7)):
        house(lay, east, 500, residents)
    full = dataclasses.replace(book.services["post_office"], capacity=Capacity(people=8.0))
    city = run(book=dataclasses.replace(book, services={**book.services, "post_office": full})).city
    assert (city.people_served, city.people_unassigned, city.places_served) == (8, 10, 1.4)


def test_a_capacity_fills_gaps_without_losing_anybody(lay, wards, run, book):
    lay("post_office", point(1000, 500))
    house(lay, 500, 500, 6)
    full = dataclasses.replace(book.services["post_office"], capacity=Capacity(people=2.0))
    other = dataclasses.replace(book, services={**book.services, "post_office": full})
    report = run(book=other, distance_m=5000.0)
    assert [(each.unit_code, each.people) for each in report.gaps] == [("26701", 4)]
    assert report.gaps[0].area_m2 == pytest.approx(np.pi * 25, rel=0.01)
    assert [each.people for each in report.facilities] == [2]


def test_who_is_not_served_amid_a_reached_area_is_a_gap_of_their_own(lay, wards, run, book):
    lay("post_office", point(500, 500))
    house(lay, 450, 500, 6)
    house(lay, 950, 950, 1)
    full = dataclasses.replace(book.services["post_office"], capacity=Capacity(people=2.0))
    report = run(book=dataclasses.replace(book, services={**book.services, "post_office": full}), distance_m=500.0)
    own, *others = report.gaps
    assert (own.people, own.places, own.area_m2) == (4, pytest.approx(2 / 3), pytest.approx(np.pi * 25, rel=0.01))
    assert [each.people for each in others if each.people] == [1]


def test_where_next_is_told_with_its_bound(lay, wards, run):
    for east, residents in ((100, 5), (1200, 7), (1900, 9)):
        house(lay, east, 500, residents)
    points = tuple((EAST + x, NORTH + 500.0) for x in (100, 1300, 1900))
    search = SitesOrder(n=2, source="given", points=points)
    sites = run(distance_m=400.0, sites=search).sites
    assert [(each.rank, each.gain, each.cumulative) for each in sites.ranked] == [(1, 9, 9), (2, 7, 16)]
    assert sites.candidates == 3 and sites.served == 16 and sites.bound == 16
    assert sites.share_of_bound == 1
