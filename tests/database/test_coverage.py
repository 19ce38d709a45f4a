"""Coverage on PostGIS: who is served, by which ward, what is left out, and the same by plain Shapely."""

import datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import Point, box
from sqlalchemy import func, select

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis import scratch
from gis_infra.analysis.coverage import running
from gis_infra.analysis.coverage.reading import Reader, get_visible, list_visible, read_latest_runs, read_report
from gis_infra.analysis.coverage.service_reading import read_services
from gis_infra.analysis.coverage.tables import COVERAGE_GAP, COVERAGE_RUN
from gis_infra.errors import MissingError, NotPermitted
from tests.builders import insert, make_actor

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


def area(west, south, east, north):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"MULTIPOLYGON((({','.join(f'{EAST + x} {NORTH + y}' for x, y in ring)})))"


def point(east, north):
    return f"POINT({EAST + east} {NORTH + north})"


def run(connection, tables, catalogue, book, service_id):
    service = book.get_service(service_id)
    running.run_in(connection, tables, book, service, running.CoverageOrder(SYSTEM, NOW))
    scratch.SCRATCH.drop_all(connection)  # they would end with the transaction, which a test goes on with
    return read_report(connection, service, Reader(SYSTEM, catalogue))


@pytest.fixture
def lay(connection, tables):
    return lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)


@pytest.fixture
def wards(lay):
    """Two wards of 1 km, side by side, and the one they were before the reform."""
    lay("admin_unit", area(0, 0, 1000, 1000), code="26701", name="Tây", level="commune", valid_from="2025-07-01")
    lay("admin_unit", area(1000, 0, 2000, 1000), code="26702", name="Đông", level="commune", valid_from="2025-07-01")
    lay("admin_unit", area(0, 0, 2000, 1000), code="26600", name="Cũ", level="commune", valid_to="2025-07-01")
    lay("admin_unit", area(0, 0, 2000, 1000), code="79", name="Thành phố", level="province")


def test_a_building_is_served_when_its_centroid_is_within_reach(connection, tables, catalogue, book, lay, wards):
    lay("fire_hydrant", point(500, 500))
    lay("building", area(640, 495, 660, 505), residents=4)  # centroid at 150 m exactly
    lay("building", area(641, 495, 661, 505), residents=10)  # at 151 m, its near wall at 141 m
    report = run(connection, tables, catalogue, book, "fire_hydrant")
    assert (report.run.city.population, report.run.city.population_served) == (14, 4)
    assert (report.run.city.buildings, report.run.city.buildings_served) == (2, 1)
    assert report.run.facilities == 1 and report.run.city.population_share == pytest.approx(4 / 14)


def test_results_are_given_by_the_wards_of_today(connection, tables, catalogue, book, lay, wards):
    lay("fire_hydrant", point(500, 500))
    lay("building", area(490, 490, 510, 510), residents=5)
    lay("building", area(1490, 490, 1510, 510), residents=7)
    lay("building", area(990, 490, 1010, 510), residents=1)  # its centroid lies on the border
    lay("building", area(5000, 0, 5010, 10), residents=2)
    wards = run(connection, tables, catalogue, book, "fire_hydrant").wards
    told = [(each.code, each.name, each.population, each.population_served, each.buildings) for each in wards]
    assert told == [("26701", "Tây", 6, 5, 2), ("26702", "Đông", 7, 0, 1), (None, None, 2, 0, 1)]
    # A circle of 150 m is 70,686 m²; drawn with 128 sides it is 0.04 % less.
    assert wards[0].area_m2 == 1_000_000 and wards[0].area_served_m2 == pytest.approx(70_686, rel=0.0005)
    assert wards[1].area_served_m2 == 0 and wards[1].area_share == 0 and wards[2].area_share is None


@pytest.mark.parametrize(
    ("values", "facilities"),
    [
        ({}, 1),
        ({"in_service": True, "status": "in_service"}, 1),
        ({"in_service": False}, 0),
        ({"status": "out_of_commission"}, 0),
        ({"status": "proposed"}, 0),
    ],
)
def test_only_facilities_in_service_count(connection, tables, catalogue, book, lay, wards, values, facilities):
    lay("fire_hydrant", point(500, 500), **values)
    lay("building", area(490, 490, 510, 510), residents=5)
    report = run(connection, tables, catalogue, book, "fire_hydrant")
    assert report.run.facilities == facilities and report.run.city.population_served == 5 * facilities


def test_a_facility_reaches_as_far_as_it_says_itself(connection, tables, catalogue, book, lay, wards):
    lay("base_station", point(100, 500), radius_m=50)
    lay("base_station", point(1100, 500))
    lay("building", area(190, 490, 210, 510), residents=5)
    lay("building", area(1490, 490, 1510, 510), residents=7)
    assert run(connection, tables, catalogue, book, "base_station").run.city.population_served == 7


def test_gaps_are_ranked_by_the_people_in_them(connection, tables, catalogue, book, lay, wards):
    for east in (150, 450, 750):  # circles that part the west ward's middle from its ends only in the corners
        lay("fire_hydrant", point(east, 500))
    lay("building", area(490, 890, 510, 910), residents=3)
    lay("building", area(1490, 490, 1510, 510), residents=9)
    lay("building", area(1590, 490, 1610, 510))
    gaps = run(connection, tables, catalogue, book, "fire_hydrant").gaps
    assert [(each.rank, each.ward_code, each.population, each.buildings) for each in gaps][:2] == [
        (1, "26702", 9, 2),
        (2, "26701", 3, 1),
    ]


def test_a_city_without_the_service_is_one_gap_a_ward(connection, tables, catalogue, book, lay, wards):
    lay("building", area(490, 490, 510, 510), residents=5)
    report = run(connection, tables, catalogue, book, "post_office")
    assert [each.area_m2 for each in report.gaps] == [1_000_000, 1_000_000]
    assert report.run.city.area_served_m2 == 0


def test_a_city_without_wards_or_buildings_is_no_error(connection, tables, catalogue, book):
    report = run(connection, tables, catalogue, book, "post_office")
    assert report.wards == () and report.gaps == () and report.run.city.population_share is None


def test_a_ward_that_crosses_itself_is_no_error(connection, tables, catalogue, book, lay):
    bow_tie = "MULTIPOLYGON(((603000 1191500,604000 1192500,604000 1191500,603000 1192500,603000 1191500)))"
    lay("admin_unit", bow_tie, code="26701", level="commune")
    lay("fire_hydrant", point(200, 500))
    # Two triangles of 500 m by 1 km; the circle lies whole in the west one.
    ward = run(connection, tables, catalogue, book, "fire_hydrant").wards[0]
    assert ward.area_m2 == 500_000 and ward.area_served_m2 == pytest.approx(70_686, rel=0.0005)


def test_a_run_keeps_what_is_needed_to_repeat_it(connection, tables, catalogue, book, wards):
    run(connection, tables, catalogue, book, "fire_hydrant")
    kept = connection.execute(select(COVERAGE_RUN)).one()
    assert (kept.distance_m, kept.actor, kept.parameters["day"]) == (150, "system", "2026-11-23")
    assert kept.parameters["service"]["clause"] == "10.9 (spacing along roads at most 150 m)"


def test_a_service_shows_only_to_those_who_see_its_facilities(book, catalogue):
    public = {each.id for each in list_visible(book, catalogue, ANONYMOUS)}
    assert "fire_hydrant" in public and "distribution_transformer" not in public
    with pytest.raises(MissingError, match="service 'distribution_transformer'; there are fire_hydrant, f"):
        get_visible(book, catalogue, ANONYMOUS, "distribution_transformer")
    shown = get_visible(book, catalogue, make_actor(), "distribution_transformer")
    assert shown.distance_m == 300


def test_only_an_administrator_may_run_it(engine, tables, book):
    order = running.CoverageOrder(make_actor(("fire_hydrant", "editor")), NOW)
    with pytest.raises(NotPermitted, match="administrator"):
        running.run_coverage(engine, tables, book, "fire_hydrant", order)
    with pytest.raises(MissingError, match="there is no service 'x'; there are base_station"):
        running.run_coverage(engine, tables, book, "x", running.CoverageOrder(SYSTEM, NOW))


def test_a_service_that_was_never_run_is_said_to_be_so(connection, catalogue, book):
    with pytest.raises(MissingError, match="the coverage of green_space was never run"):
        service = book.get_service("green_space")
        read_report(connection, service, Reader(SYSTEM, catalogue))


PLACE = st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda p: (p[0] * 50.0, p[1] * 50.0))
SCENE = st.tuples(
    st.lists(PLACE, max_size=4),
    st.lists(st.tuples(PLACE, st.one_of(st.none(), st.integers(0, 50))), max_size=8),
)


def find_served(hydrants, buildings):
    """(people served, buildings served) of the west ward, the east ward and the rest, without any index."""
    served = {"26701": [0, 0], "26702": [0, 0], None: [0, 0]}
    for (east, north), residents in buildings:
        centroid = Point(east, north)
        ward = None if east > 2000 else "26701" if east <= 1000 else "26702"
        if any(centroid.distance(Point(each)) <= 150.001 for each in hydrants):
            served[ward][0] += residents or 0
            served[ward][1] += 1
    return {ward: tuple(each) for ward, each in served.items()}


@pytest.fixture(scope="module")
def compare(engine, tables, catalogue, book):
    """Runs a scene of hydrants and buildings; returns the report and the area of the gaps, and keeps nothing."""

    def run_scene(scene):
        with engine.connect() as connection:
            transaction = connection.begin()
            for code, west in (("26701", 0), ("26702", 1000)):
                wkt = area(west, 0, west + 1000, 1000)
                insert(connection, tables, "admin_unit", wkt=wkt, code=code, level="commune")
            for place in scene[0]:
                insert(connection, tables, "fire_hydrant", wkt=point(*place))
            for (east, north), residents in scene[1]:
                wkt = area(east - 5, north - 5, east + 5, north + 5)
                insert(connection, tables, "building", wkt=wkt, residents=residents)
            report = run(connection, tables, catalogue, book, "fire_hydrant")
            gap_m2 = connection.execute(select(func.sum(COVERAGE_GAP.c.area_m2))).scalar_one()
            transaction.rollback()
        return report, gap_m2

    return run_scene


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(scene=SCENE)
def test_coverage_agrees_with_a_slow_oracle_and_loses_nobody(compare, scene):
    report, gap_m2 = compare(scene)
    wanted = find_served(*scene)
    assert {each.code: (each.population_served, each.buildings_served) for each in report.wards} == {
        code: wanted[code] for code in [each.code for each in report.wards]
    }
    city = report.run.city
    assert city.population == sum(residents or 0 for _, residents in scene[1])
    assert city.population_served == sum(each.population_served for each in report.wards)
    assert city.population - city.population_served == sum(each.population for each in report.gaps)
    reached = box(0, 0, 2000, 1000).intersection(
        Point(0, 0).buffer(0) if not scene[0] else unite([Point(each).buffer(150, 64) for each in scene[0]])
    )
    assert city.area_served_m2 == pytest.approx(reached.area, rel=0.001, abs=1)
    assert city.area_m2 == pytest.approx(city.area_served_m2 + gap_m2, abs=2)


def unite(shapes):
    found = shapes[0]
    for each in shapes[1:]:
        found = found.union(each)
    return found


@pytest.mark.parametrize("layer", ["fire_hydrant", "building", "admin_unit"])
def test_a_run_shows_only_to_those_who_see_every_row_in_it(connection, tables, catalogue, book, lay, wards, layer):
    place = point(500, 500) if layer == "fire_hydrant" else area(100, 100, 900, 900)
    lay(layer, place, sensitivity="restricted", **({"level": "commune"} if layer == "admin_unit" else {}))
    assert run(connection, tables, catalogue, book, "fire_hydrant").run.service == "fire_hydrant"
    service = book.get_service("fire_hydrant")
    for actor in (ANONYMOUS, make_actor(), make_actor(("water_pipe", "admin"))):
        reader = Reader(actor, catalogue)
        assert read_latest_runs(connection, (service,), reader) == {}
        with pytest.raises(MissingError, match="never run"):
            read_report(connection, service, reader)
    reader = Reader(make_actor((layer, "viewer")), catalogue)
    assert read_report(connection, service, reader).run.facilities == (layer == "fire_hydrant")


def test_a_run_on_public_rows_shows_to_the_public(connection, tables, catalogue, book, lay, wards):
    lay("fire_hydrant", point(500, 500), sensitivity="public")
    run(connection, tables, catalogue, book, "fire_hydrant")
    reader = Reader(ANONYMOUS, catalogue)
    assert read_report(connection, book.get_service("fire_hydrant"), reader).run.facilities == 1
