"""What methods of coverage read on PostGIS: facilities and what a what if changes, links, eyes and what hides."""

import dataclasses

import numpy as np
import pytest
import shapely

from gis_infra.analysis.coverage.methods.facilities import read_facilities, read_left_out
from gis_infra.analysis.coverage.methods.model import Drawn, Ground, WhatIf
from gis_infra.analysis.coverage.methods.table import METHODS
from gis_infra.analysis.coverage.places.model import UnitSet
from gis_infra.analysis.coverage.sites.finding import find_sites
from gis_infra.analysis.coverage.sites.model import SitesOrder
from gis_infra.analysis.coverage.standards.kinds import METHODS as NAMES
from gis_infra.analysis.coverage.standards.model import Capacity, Connection
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.rules.model import Member
from gis_infra.errors import InvalidParameter
from tests.builders import insert
from tests.coverage import make_places

EAST, NORTH = 603000, 1191500


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


@pytest.fixture
def lay(connection, tables):
    """Puts a row of a layer where a shape says, in metres from a corner of the city; returns its id."""

    def put(layer, shape, **values):
        return insert(connection, tables, layer, wkt=shift(shape).wkt, **values)

    return put


def shift(shape):
    """A shape where the city is."""
    return shapely.transform(shape, lambda xy: np.add(xy, (EAST, NORTH)))


@pytest.fixture
def ground(connection, tables, book, tmp_path):
    nothing = np.full(1, "", dtype=object)
    unit = np.array([shift(shapely.box(0, 0, 300, 300))], dtype=object)
    units = UnitSet(np.arange(1), nothing, nothing, unit, shapely.area(unit), np.full(1, np.nan))
    return Ground(connection, tables, book, units, tmp_path)


def assume(ground, **what):
    return dataclasses.replace(ground, what_if=WhatIf(**what))


def place(*points, shapes=None, ids=None, layer="building"):
    """Places at points, of one person each, with the shapes of buildings."""
    moved = None if shapes is None else [shift(shape) for shape in shapes]
    made = make_places([(EAST + x, NORTH + y) for x, y in points], shapes=moved, layer=layer, areal=False)
    return made if ids is None else dataclasses.replace(made, ids=np.array(ids))


def test_there_is_a_way_for_every_method_a_file_may_name():
    assert set(METHODS) == set(NAMES)


def test_facilities_are_the_rows_in_service_by_id(ground, book, lay):
    first = lay("base_station", shapely.Point(0, 0), radius_m=800, asset_code="BTS 1", name="Chợ")
    lay("base_station", shapely.Point(1, 0), status="removed")
    insert(ground.connection, ground.tables, "base_station", asset_code="no shape")
    second = lay("base_station", shapely.Point(2, 0))
    found = read_facilities(ground, book.get_service("base_station"))
    assert (found.layer, found.ids.tolist(), found.layers.tolist()) == (
        "base_station",
        [first, second],
        ["base_station"] * 2,
    )
    assert (found.codes.tolist(), found.names.tolist()) == (["BTS 1", None], ["Chợ", None])
    assert found.reach.tolist() == [800, 500]  # its own, else that of the service
    assert np.isnan(found.capacity).all() and not found.drawn.any()
    assert found.shapes[0].equals(shift(shapely.Point(0, 0)))


def test_without_facilities_the_columns_are_empty(ground, book):
    found = read_facilities(ground, book.get_service("fire_hydrant"))
    assert len(found) == 0 and found.reach.dtype == np.float64 and found.drawn.tolist() == []


def test_a_what_if_counts_facilities_in(ground, book, lay):
    own = lay("fire_hydrant", shapely.Point(0, 0))
    planned = lay("fire_hydrant", shapely.Point(1, 0), status="proposed")
    lay("fire_hydrant", shapely.Point(2, 0), status="removed")
    lay("fire_hydrant", shapely.Point(3, 0), status="proposed", in_service=False)
    other = lay("water_valve", shapely.Point(4, 0))
    drawn = (Drawn(shapely.Point(5, 0, 7)), Drawn(shapely.LineString([(6, 0), (7, 0)]), reach=20.0, capacity=3.0))
    service = book.get_service("fire_hydrant")
    assert read_facilities(ground, service).ids.tolist() == [own]
    found = read_facilities(assume(ground, planned=True, layers=(Member("water_valve"),), drawn=drawn), service)
    assert found.ids.tolist() == [own, planned, other, -1, -2]
    assert found.states.tolist() == ["kept", "planned", "planned", "drawn", "drawn"]
    assert found.layers.tolist() == ["fire_hydrant", "fire_hydrant", "water_valve", "", ""]
    assert found.reach.tolist() == [150, 150, 150, 150, 20]
    assert found.capacity[4] == 3 and not found.shapes[3].has_z


def test_a_what_if_counts_facilities_out_and_tells_which(ground, book, lay):
    ids = [lay("fire_hydrant", shapely.Point(x, 0)) for x in range(3)]
    changed = assume(ground, without=(ids[1], 999_999_999))
    service = book.get_service("fire_hydrant")
    assert read_facilities(changed, service).ids.tolist() == [ids[0], ids[2]]
    assert read_left_out(changed, service).ids.tolist() == [ids[1]]


def test_capacity_is_the_attribute_else_the_number(ground, book, lay):
    lay("water_connection", shapely.Point(0, 0), customers=40)
    lay("water_connection", shapely.Point(1, 0))
    service = book.get_service("water_connection")
    for capacity, told in [(Capacity("customers", 7.0), [40, 7]), (Capacity(None, 7.0), [7, 7])]:
        assert read_facilities(ground, dataclasses.replace(service, capacity=capacity)).capacity.tolist() == told


def test_an_area_that_crosses_itself_is_mended(ground, book, lay):
    lay("green_space", shapely.MultiPolygon([shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])]), kind="park")
    (shape,) = read_facilities(ground, book.get_service("green_space")).shapes
    assert shape.is_valid and shape.area == pytest.approx(50)


def reach(ground, service, places):
    return METHODS[service.method](ground, service, read_facilities(ground, service), places)


HOMES = [shapely.box(x, 0, x + 10, 10) for x in (0, 20, 40, 60)]
CENTRES = [(x + 5, 5) for x in (0, 20, 40, 60)]


def test_a_connection_serves_the_building_it_lies_in_or_near_or_whose_parcel_it_lies_in(ground, book, lay):
    lay("water_connection", shapely.Point(5, 5))
    lay("water_connection", shapely.Point(19, -1))  # 1.41 m from the second building, 9 m from the first
    lay("land_parcel", shapely.MultiPolygon([shapely.box(38, -9, 52, 12)]))
    lay("land_parcel", shapely.MultiPolygon([shapely.box(100, 0, 110, 10)]))
    lay("water_connection", shapely.Point(45, -8))
    reached = reach(ground, book.get_service("water_connection"), place(*CENTRES, shapes=HOMES))
    assert reached.served.tolist() == [1, 1, 1, 0] and reached.facility.tolist() == [0, 1, 2, -1]
    assert np.isnan(reached.distance).all()
    assert reached.area.area == 14 * 21  # the parcel that covers the centre of a served building


def test_a_connection_by_code_serves_the_building_it_names_only(ground, book, lay):
    ids = [lay("building", shapely.MultiPolygon([home]), asset_code=f"N {row}") for row, home in enumerate(HOMES)]
    lay("sewer_connection", shapely.Point(45, 5), building_code="N 1")
    lay("sewer_connection", shapely.Point(5, 5))
    lay("sewer_connection", shapely.Point(5, 5), building_code="N 3", status="removed")
    service = book.get_service("sewer_connection")
    drawn = assume(ground, drawn=(Drawn(shift(shapely.Point(5, 5))),))
    reached = reach(drawn, service, place(*CENTRES, shapes=HOMES, ids=ids))
    assert reached.served.tolist() == [0, 1, 0, 0] and reached.area is None


def test_of_several_connections_the_first_counts(ground, book, lay):
    for _ in range(2):
        lay("water_connection", shapely.Point(5, 5))
    service = dataclasses.replace(book.get_service("water_connection"), connection=Connection("location"))
    reached = reach(ground, service, place(*CENTRES, shapes=HOMES))
    assert reached.facility.tolist() == [0, -1, -1, -1] and reached.area is None


def test_connections_are_not_counted_of_areas(ground, book):
    areal = make_places([(0, 0)], shapes=[shapely.box(0, 0, 1, 1)])
    with pytest.raises(InvalidParameter, match="buildings or parcels"):
        reach(ground, book.get_service("water_connection"), areal)


@pytest.mark.parametrize(
    ("service_id", "changes", "words"),
    [
        ("fire_hydrant", {"method": "connection"}, "does not say how connections are linked"),
        ("fire_hydrant", {"method": "sector"}, "does not say what a facility looks at"),
        ("fire_hydrant", {"method": "straight_line", "distance_m": None}, "says no distance"),
        ("public_camera", {"distance_m": None}, "says no distance"),
    ],
)
def test_a_method_that_a_service_says_too_little_for_is_refused(ground, book, lay, service_id, changes, words):
    lay(book.get_service(service_id).facilities.layer, shapely.Point(0, 0))
    with pytest.raises(InvalidParameter, match=words):
        reach(ground, dataclasses.replace(book.get_service(service_id), **changes), place((0, 0)))


def test_a_zone_serves_what_it_covers_its_edge_too(ground, book, lay):
    for shape in (shapely.box(0, 0, 100, 100), shapely.box(50, 0, 200, 100)):
        lay("drainage_catchment", shapely.MultiPolygon([shape]), system="storm")
    service = next(each for each in book.services.values() if each.method == "zone")
    reached = reach(ground, service, place((100, 100), (10, 10), (150, 5), (201, 5)))
    assert reached.facility.tolist() == [0, 0, 1, -1] and reached.area.area == 20_000


def test_a_camera_sees_what_no_building_hides(ground, book, lay):
    lay("public_camera", shapely.Point(0, 0), direction_deg=90, view_angle_deg=40, height_m=5)
    wall = lay("building", shapely.MultiPolygon([shapely.box(10, -2, 12, 2)]), height_m=4)
    behind = lay("building", shapely.MultiPolygon([shapely.box(20, -1, 30, 1)]), floors=2)
    lay("building", shapely.MultiPolygon([shapely.box(40, 3, 45, 5)]))
    lay("building", shapely.MultiPolygon([shapely.box(-500, 3, -490, 5)]))
    places = place((11, 0), (25, 0), (60, 0), (60, 20), (0, 50), ids=[wall, behind, 1, 2, 3])
    reached = reach(ground, book.get_service("public_camera"), places)
    # Over the wall (k = 3.5 / 1 = 3.5) the shadow ends at 42 m, but the house behind it is 6.6 m high.
    assert reached.served.tolist() == [1, 0, 0, 1, 0] and reached.distance[0] == 11 and np.isnan(reached.distance[1])
    assert reached.told == {"buildings_of_unknown_height": 1}
    assert reached.area.covers(shift(shapely.Point(9, 0))) and not reached.area.covers(shift(shapely.Point(60, 0)))


def test_what_is_not_recorded_of_a_camera_is_as_the_service_says(ground, book, lay):
    lay("public_camera", shapely.Point(0, 0), view_angle_deg=10)  # no direction: all round
    lay("public_camera", shapely.Point(1000, 0), direction_deg=90)  # 90 degrees wide
    drawn = assume(ground, drawn=(Drawn(shift(shapely.Point(2000, 0)), reach=30.0),))
    places = place((0, -99), (1050, 40), (1050, 60), (2000, 29), (2000, 31))
    assert reach(drawn, book.get_service("public_camera"), places).served.tolist() == [1, 1, 0, 1, 0]


def test_a_mast_that_hides_nothing_reads_no_buildings(ground, book, lay):
    lay("base_station", shapely.Point(0, 0), azimuth_deg=0)
    lay("building", shapely.MultiPolygon([shapely.box(-5, 10, 5, 12)]), height_m=90)
    reached = reach(ground, book.get_service("base_station"), place((0, 50), (0, -50)))
    assert reached.served.tolist() == [1, 0] and reached.told == {}


@pytest.mark.parametrize(
    ("order", "where"),
    [
        (SitesOrder(1, "given", points=((EAST + 900, NORTH), (EAST + 100, NORTH))), (100, 0)),
        (SitesOrder(1, "grid", spacing_m=50.0), (100, 0)),
        (SitesOrder(1, "layer", member=Member("power_pole")), (90, 0)),
    ],
)
def test_candidates_come_from_each_source(ground, book, lay, order, where):
    lay("power_pole", shapely.Point(5000, 0))
    lay("power_pole", shapely.Point(90, 0), name="Cột 2")
    service = dataclasses.replace(book.get_service("public_camera"), distance_m=30.0)
    places = place((100, 5), (100, 6))
    found = find_sites(ground, service, places, reach(ground, service, places), order)
    site = found.candidates.shapes[found.chosen.rows[0]]
    assert found.chosen.gains.tolist() == [2] and site.equals(shift(shapely.Point(where)))
    assert order.source != "layer" or found.candidates.names[1] == "Cột 2"


def test_a_candidate_camera_sees_past_no_building_either(ground, book, lay):
    lay("building", shapely.MultiPolygon([shapely.box(10, -2, 12, 2)]), height_m=40)
    service = book.get_service("public_camera")
    order = SitesOrder(1, "given", points=((EAST, NORTH), (EAST + 60.0, NORTH)))
    places = place((30, 0), (5, 0))
    found = find_sites(ground, service, places, reach(ground, service, places), order)
    assert found.chosen.rows.tolist() == [0] and found.chosen.gains.tolist() == [1] and found.chosen.bound == 1


def test_a_row_that_might_be_one_takes_as_many_as_it_says_itself(ground, book, lay):
    lay("telecom_cabinet", shapely.Point(0, 0), capacity=2)
    lay("telecom_cabinet", shapely.Point(50, 0))
    service = dataclasses.replace(book.get_service("post_office"), capacity=Capacity("capacity", 3.0))
    places = place((1, 0), (2, 0), (3, 0), (4, 0), (48, 0), (49, 0))
    order = SitesOrder(2, "layer", member=Member("telecom_cabinet"))
    chosen = find_sites(ground, service, places, reach(ground, service, places), order).chosen
    assert chosen.rows.tolist() == [1, 0] and chosen.gains.tolist() == [3, 2] and chosen.bound == 5


@pytest.mark.parametrize("service_id", ["water_connection", "stormwater"])
def test_no_sites_are_sought_for_what_knows_no_reach(ground, book, service_id):
    service = next(each for each in book.services.values() if each.id == service_id or each.method == "zone")
    places = place((0, 0))
    with pytest.raises(InvalidParameter, match="knows no reach"):
        find_sites(
            ground, service, places, reach(ground, service, places), SitesOrder(1, "given", points=((0.0, 0.0),))
        )


def test_sites_along_streets_are_street_nodes(ground, book, lay):
    lay("road_segment", shapely.LineString([(0, 0), (100, 0)]))
    lay("road_segment", shapely.LineString([(100, 0), (100, 100)]))
    service = dataclasses.replace(book.get_service("fire_hydrant"), distance_m=60.0)
    places = place((100, 50), (60, 0), (0, 10))
    order = SitesOrder(5, "nodes")
    found = find_sites(ground, service, places, reach(ground, service, places), order)
    nodes = [(shape.x - EAST, shape.y - NORTH) for shape in found.candidates.shapes]
    assert nodes == [(0, 0), (100, 0), (100, 100)]  # from south to north, then from west to east
    assert found.chosen.rows.tolist() == [0, 1] and found.chosen.gains.tolist() == [2, 1]
