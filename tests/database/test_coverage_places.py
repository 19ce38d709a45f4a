"""Places and units as they are read from PostGIS: whom each kind of demand finds, where, and that nobody is lost."""

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from sqlalchemy import BigInteger, Boolean, Double, Integer, Text, cast, column, func, literal, null, select, true
from sqlalchemy import values as listed

from gis_infra.analysis.coverage.places.columns import read_columns, read_shapes
from gis_infra.analysis.coverage.places.model import NO_UNIT
from gis_infra.analysis.coverage.places.reading import read_places
from gis_infra.analysis.coverage.places.units import read_units
from gis_infra.analysis.coverage.standards.model import Demand
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.definitions import Title
from gis_infra.errors import InvalidParameter
from tests.builders import insert

DAY = datetime.date(2026, 11, 23)
EAST, NORTH = 603000, 1191500
CROSSED = [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)]
BOWTIE = f"MULTIPOLYGON((({','.join(f'{EAST + x} {NORTH + y}' for x, y in CROSSED)})))"  # two triangles of 25 m²


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


def area(west, south, east, north):
    return f"MULTIPOLYGON((({ring(west, south, east, north)})))"


def ring(west, south, east, north):
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return ",".join(f"{EAST + x} {NORTH + y}" for x, y in corners)


@pytest.fixture
def lay(connection, tables):
    return lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)


@pytest.fixture
def wards(lay):
    """Two wards of 1 km side by side since the reform, the one they were, and the city; ids by code."""
    commune = {"level": "commune", "valid_from": "2025-07-01"}
    return {
        "26702": lay("admin_unit", area(1000, 0, 2000, 1000), code="26702", name="Đông", population=300, **commune),
        "26701": lay("admin_unit", area(0, 0, 1000, 1000), code="26701", name="Tây", population=100, **commune),
        "26600": lay("admin_unit", area(0, 0, 2000, 1000), code="26600", level="commune", valid_to="2025-06-30"),
        "79": lay("admin_unit", area(0, 0, 2000, 1000), code="79", level="province", population=9_000_000),
    }


@pytest.fixture
def read(connection, tables, book):
    """Reads the places of a demand of the city's files, and the units of the day."""

    def read(demand, day=DAY, level=None, **options):
        units = read_units(connection, tables, book.units, day, level)
        found = book.get_demand(demand) if isinstance(demand, str) else demand
        return read_places(connection, tables, found, units, **options), units

    return read


def tell(places):
    """Id, unit and people of each row."""
    return list(zip(places.ids.tolist(), places.unit.tolist(), places.people.tolist(), strict=True))


@pytest.mark.parametrize(
    ("day", "level", "codes"),
    [
        (DAY, None, ["26701", "26702"]),
        (datetime.date(2025, 7, 1), None, ["26701", "26702"]),  # the day after the last of the old one
        (datetime.date(2025, 6, 30), None, ["26600"]),
        (DAY, "province", ["79"]),
        (DAY, "district", []),
    ],
)
def test_units_are_those_of_the_day_and_level_in_order_of_code(read, wards, day, level, codes):
    _, units = read("area", day, level)
    assert units.codes.tolist() == codes and len(units) == len(codes)


def test_a_unit_knows_its_area_and_its_people(read, wards):
    _, units = read("area")
    assert units.area_m2.tolist() == [1_000_000, 1_000_000] and units.population.tolist() == [100, 300]
    assert units.ids.tolist() == [wards["26701"], wards["26702"]] and units.names.tolist() == ["Tây", "Đông"]
    _, before = read("area", datetime.date(2025, 6, 30))
    assert math.isnan(before.population[0]) and before.names.tolist() == [""]


def test_a_level_that_is_not_there_is_refused_with_those_that_are(read):
    with pytest.raises(
        InvalidParameter, match="there is no level 'hamlet' of units; there are province, district, com"
    ):
        read("area", DAY, "hamlet")


def test_residents_are_at_the_centroid_of_their_building_in_the_unit_that_covers_it(read, lay, wards):
    ids = [
        lay("building", area(490, 490, 510, 510), residents=5),
        lay("building", area(990, 490, 1010, 510), residents=1),  # its centroid is on the border: the smaller code
        lay("building", area(991, 490, 1011, 510)),
        lay("building", area(5000, 0, 5010, 10), residents=2),
        lay("building", area(0, 0, 10, 10), residents=9, status="removed"),
    ]
    places, _ = read("residents")
    assert tell(places) == [(ids[0], 0, 5), (ids[1], 0, 1), (ids[2], 1, 0), (ids[3], NO_UNIT, 2)]
    assert places.xy[1].tolist() == [EAST + 1000, NORTH + 500] and places.layer == "building" and not places.areal
    assert places.total == 8 and places.shapes is None
    assert places.told == {"places": 4, "not_recorded": 1, "outside_places": 1, "outside_people": 2}


def test_people_without_a_place_are_told_and_not_counted(read, lay, wards):
    lay("building", None, residents=7)
    lay("building", "MULTIPOLYGON EMPTY", residents=4)
    lay("building", area(490, 490, 510, 510), residents=5)
    places, _ = read("residents")
    assert (places.total, places.told["without_geometry"], places.told["people_without_geometry"]) == (5, 2, 11)


def test_a_city_without_anything_has_no_places(read, wards):
    for demand in ("residents", "cells", "buildings", "parcels"):
        places, _ = read(demand)
        assert len(places) == 0 and places.total == 0 and places.xy.shape == (0, 2), demand


def test_of_a_count_each_row_is_one(read, lay):
    ids = [lay("land_parcel", area(0, 0, 10, 10)), lay("land_parcel", area(20, 0, 30, 10))]
    places, units = read("parcels")
    assert tell(places) == [(ids[0], NO_UNIT, 1), (ids[1], NO_UNIT, 1)] and len(units) == 0


def test_a_column_of_any_layer_is_a_demand(read, lay, wards):
    lay("distribution_transformer", f"POINT({EAST + 5} {NORTH + 5})", customers=40)
    lay("water_pipe", f"LINESTRING({EAST} {NORTH}, {EAST + 20} {NORTH})", nominal_diameter_mm=200)
    customers = Demand("kh", Title("", ""), "column", Member("distribution_transformer"), "customers")
    assert read(customers)[0].people.tolist() == [40]
    pipes = Demand("ong", Title("", ""), "column", Member("water_pipe"), "nominal_diameter_mm")
    assert read(pipes)[0].xy.tolist() == [[EAST + 10, NORTH]]


def test_shapes_come_along_when_a_method_needs_them(read, lay, wards):
    lay("building", area(100, 100, 110, 120), residents=5)
    lay("building", BOWTIE, residents=1)
    places, _ = read("residents", shapes=True)
    assert not places.areal and shapely.area(places.shapes).tolist() == [200, 50]
    assert shapely.is_valid(places.shapes).all()


# 100 m² of residential floor are 4 people, of mixed 2; nobody lives in an office.
def test_a_units_people_are_shared_out_by_floor_area(read, lay, wards):
    ids = [
        lay("building", area(0, 0, 10, 10), use="residential", floors=3),  # 12
        lay("building", area(20, 0, 30, 10), use="mixed", height_m=6.7),  # 3 floors, 6
        lay("building", area(40, 0, 50, 10), use="residential", floors=0, height_m=0),  # 1 floor, 4; 22 in all
        lay("building", area(60, 0, 70, 10), use="office", floors=9),
        lay("building", area(80, 0, 90, 10), floors=9),
        lay("building", area(-20, 0, -10, 10), use="residential"),
    ]
    places, _ = read("dasymetric")
    people = {id_: people for id_, unit, people in tell(places)}
    assert [people[each] for each in ids[:3]] == pytest.approx([100 * 12 / 22, 100 * 6 / 22, 100 * 4 / 22], rel=1e-12)
    assert people[ids[5]] == 4 and not {ids[3], ids[4]} & people.keys()
    assert people[-wards["26702"]] == 300 and places.ids[0] == -wards["26702"]  # nobody's home is in that ward
    assert places.total == pytest.approx(404, rel=1e-12)
    assert places.told == {
        "places": 5, "outside_places": 1, "outside_people": 4, "use_not_recorded": 1, "floors_from_height": 1,
        "floors_assumed": 2, "units_not_recorded": 0, "units_without_homes": 1, "people_without_homes": 300,
    }  # fmt: skip


def test_people_of_a_unit_without_homes_are_put_on_a_point_of_it(read, wards):
    places, units = read("dasymetric", shapes=True)
    assert tell(places) == [(-wards["26701"], 0, 100), (-wards["26702"], 1, 300)] and places.total == 400
    assert all(
        shapely.covers(units.shapes[unit], shape) for unit, shape in zip(places.unit, places.shapes, strict=True)
    )


def test_a_unit_without_a_known_number_keeps_what_occupancy_says(read, lay):
    lay("admin_unit", area(0, 0, 100, 100), code="26703", level="commune")
    lay("building", area(0, 0, 10, 10), use="residential", floors=2)
    places, _ = read("dasymetric")
    assert places.people.tolist() == [8] and places.told["units_not_recorded"] == 1


def test_a_use_that_is_not_recorded_may_house_people(read, book, lay):
    lay("building", area(0, 0, 10, 10))
    demand = book.get_demand("dasymetric")
    some = replace(demand, homes=replace(demand.homes, unrecorded=0.03))
    assert read(some)[0].people.tolist() == [3]
    blind = replace(demand, homes=replace(demand.homes, unrecorded=0.03, use_field=None, floors_field=None))
    assert read(blind)[0].people.tolist() == [3]


def test_a_cell_is_cut_along_the_units_and_its_people_with_it(read, lay, wards):
    over = lay("population_cell", area(800, 900, 1200, 1100), residents=80)  # a quarter in each ward, half in none
    inside = lay("population_cell", area(0, 0, 100, 100), residents=3)
    empty = lay("population_cell", area(200, 0, 300, 100))
    places, _ = read("cells")
    assert tell(places) == [(over, 0, 20), (over, 1, 20), (over, NO_UNIT, 40), (inside, 0, 3), (empty, 0, 0)]
    assert places.areal and shapely.area(places.shapes).tolist() == [20_000, 20_000, 40_000, 10_000, 10_000]
    assert places.xy[0].tolist() == [EAST + 900, NORTH + 950]
    assert places.told == {"places": 3, "not_recorded": 1, "outside_places": 1, "outside_people": 40}


def test_the_units_themselves_can_be_the_places(read, wards):
    peopled, _ = read("wards")
    assert tell(peopled) == [(wards["26701"], 0, 100), (wards["26702"], 1, 300)]
    assert peopled.total == 400 and peopled.areal
    bare, units = read("area")
    assert bare.people.tolist() == [0, 0] and bare.shapes is units.shapes and bare.told["places"] == 2


def test_a_unit_that_crosses_itself_is_mended(read, lay):
    lay("admin_unit", BOWTIE, code="26703", level="commune")
    _, units = read("area")
    assert units.area_m2.tolist() == [50] and shapely.is_valid(units.shapes).all()


def make_rows(*rows):
    table = listed(
        column("id", BigInteger), column("size", Double), column("few", Integer), column("open", Boolean), name="made"
    ).data(list(rows))
    return select(table)


def test_columns_come_as_numbers_of_the_machine(connection):
    found = read_columns(connection, make_rows((2**40, 1.25, -3, True), (-7, 1e300, 2**31 - 1, False)))
    assert found.dtype.names == ("id", "size", "few", "open") and found.dtype["size"] == np.float64
    assert found.tolist() == [(2**40, 1.25, -3, True), (-7, 1e300, 2**31 - 1, False)]


def test_a_number_that_is_not_recorded_is_nan(connection):
    rows = select(literal(1, BigInteger).label("id"), cast(null(), Double).label("size"))
    assert math.isnan(read_columns(connection, rows)["size"][0])


def test_no_rows_are_columns_of_nothing(connection):
    rows = make_rows((1, 1.0, 1, True)).where(~true())
    assert read_columns(connection, rows)["few"].tolist() == []
    ids, shapes = read_shapes(
        connection, select(literal(1, BigInteger), func.st_asbinary(func.st_point(1, 2))).where(~true())
    )
    assert ids.tolist() == [] and len(shapes) == 0


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (cast(null(), Integer), "a column of id, few has a value that is null"),
        (literal("x", Text), "column few is TEXT"),
    ],
)
def test_what_has_no_fixed_length_is_refused(connection, second, words):
    with pytest.raises(ValueError, match=words):
        read_columns(connection, select(literal(1, BigInteger).label("id"), second.label("few")))
