"""The sample quarter through the program: every file goes in whole, and what is planted comes out, and nothing else."""

import datetime
from collections import Counter
from functools import cache

import pytest
import shapely
from click.testing import CliRunner
from ruamel.yaml import YAML
from sqlalchemy import func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.reading import read_report
from gis_infra.analysis.coverage.runs.running import run_coverage
from gis_infra.analysis.coverage.runs.tables import COVERAGE_GAP, COVERAGE_PLACE
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.register.tables import CONFLICT
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.cli.samples import command
from gis_infra.errors import InvalidSource
from gis_infra.features.state import get_tallies
from gis_infra.storage.engine import make_engine
from gis_infra.transfer import samples
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.tables import IMPORT_BATCH

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
PLANTED = YAML(typ="safe").load(samples.FOLDER / "planted.yaml")
DEMANDS = [(service, method, demand) for service, methods in PLANTED["demands"].items()
           for method, demands in methods.items() for demand in demands]  # fmt: skip
SAME_EDGE_M = 0.001
COVERAGES = [(service, method) for service, methods in PLANTED["coverage"].items() for method in methods]
BACKGROUND = YAML(typ="safe").load(samples.FOLDER.parent / "second_opinion" / "background.yaml")


@pytest.fixture(scope="module")
def target(copy_database, settings, catalogue, tables):
    """A database of its own: what is loaded here is committed, by the road a newcomer takes."""
    engine = make_engine(copy_database("samples"))
    yield samples.Target(engine, catalogue, tables, City(settings.city_srid, settings.city_extent))
    engine.dispose()


@pytest.fixture(scope="module")
def reports(target):
    files = samples.read_manifest()
    first = list(samples.load(target, files[:3]))
    with target.engine.connect() as connection:  # as if the load had been broken off after three files
        missing = samples.find_missing(connection, files, target.catalogue)
    return [*first, *samples.load(target, missing)]


def test_every_file_goes_in_whole_though_the_load_was_broken_off(target, reports):
    files = samples.read_manifest()
    assert [(each.layer_id, each.accepted, each.rejected) for each in reports] == [
        (each.layer_id, each.features, 0) for each in files
    ]
    with target.engine.connect() as connection:
        tallies = get_tallies(connection, target.catalogue.layers.values(), SYSTEM)
        assert samples.find_missing(connection, files, target.catalogue) == ()
    counts = {each.layer_id: each.features for each in files}
    assert {layer: tally.features for layer, tally in tallies.items()} == counts


def test_every_column_finds_its_field(reports):
    kept = [line for report in reports for line in report.decisions if line.startswith("kept in source_attributes")]
    assert kept == []


def test_text_comes_out_of_every_encoding_as_it_was_meant(target, reports):
    wanted = {
        "road_segment": ("name", "Nguyễn Huệ"),  # CP1258
        "sewer_pipe": ("operator", "Công ty Thoát nước Sài Gòn Mới"),  # TCVN3
        "power_cable_underground": ("owner", "Công ty Điện lực Sao Hôm"),  # VNI
        "telecom_duct": ("street", "Võ Văn Kiệt"),  # UTF-8
        "tree": ("species", "Phượng vĩ"),  # CP1258
        "excavation_permit": ("purpose", "Sửa chữa công trình ngầm"),  # TCVN3
    }
    with target.engine.connect() as connection:
        for layer, (field, text) in wanted.items():
            column = target.tables.get(layer).c[field]
            assert connection.execute(select(func.count()).where(column == text)).scalar_one() > 0, layer


def test_a_sample_loaded_twice_is_refused_whole(target, reports):
    (water,) = [each for each in samples.read_manifest() if each.layer_id == "water_valve"]
    with pytest.raises(InvalidSource, match=r"rows of valves\.shp were rejected, so none was loaded: row 1: "):
        list(samples.load(target, (water,)))
    with target.engine.connect() as connection:
        statement = select(func.count()).where(IMPORT_BATCH.c.layer_id == "water_valve")
        assert connection.execute(statement).scalar_one() == 1


@pytest.fixture(scope="module")
def register(target, reports, settings):
    book = read_rules(settings.layers, target.catalogue)
    ground = Ground(book, target.catalogue, target.tables)
    packs = ("qcvn01", "vn_cover", "vn_power", "vn_environment", "works", "overbuild", "data")
    run_conflicts(target.engine, ground, RunOrder(SYSTEM, packs, NOW))
    with target.engine.connect() as connection:
        return connection.execute(select(CONFLICT)).all()


def sort_sides(rule, *sides):
    return (rule, *sorted(side for side in sides if side is not None))


def read_sides(entry):
    sides = [entry["left"], entry["right"]]
    return sort_sides(entry["rule"], *((side["layer"], side["code"]) for side in sides if side))


def get_sides(row):
    right = (row.right_layer, row.right_code) if row.right_layer else None
    return sort_sides(row.rule, (row.left_layer, row.left_code), right)


def test_the_register_holds_what_is_planted_and_nothing_else(register):
    found, besides = {}, Counter()
    planted = {read_sides(entry): entry for entry in PLANTED["conflicts"]}
    for row in sorted(register, key=lambda row: row.stretch):
        sides = get_sides(row)
        if sides in planted and sides not in found:
            found[sides] = row
        else:
            besides[row.rule, row.severity] += 1
    assert found.keys() == planted.keys() and len(planted) == len(PLANTED["conflicts"])
    for sides, entry in planted.items():
        row = found[sides]
        assert (row.severity, row.required_m) == (entry["severity"], entry["required_m"]), sides
        wanted = entry["distance_m"]
        assert row.distance_m == (wanted if wanted is None else pytest.approx(wanted, abs=0.0011)), sides
    assert besides == {(rule, severity): count for rule, told in BACKGROUND.items() for severity, count in told.items()}


def test_no_near_miss_is_in_the_register(register):
    assert {get_sides(row) for row in register}.isdisjoint(map(read_sides, PLANTED["near_misses"]))


@pytest.fixture(scope="module")
def run(target, reports, settings, tmp_path_factory):
    """Runs a service by a method over the sample, each once, and gives the id; streets are drawn once."""
    book = read_services(settings.layers, target.catalogue)
    folder = tmp_path_factory.mktemp("cache")

    @cache
    def run_service(service, method, demand=None):
        order = CoverageOrder(SYSTEM, service, NOW, folder, target.catalogue, method=method, demand=demand)
        return run_coverage(target.engine, target.tables, book, order)

    return run_service


@pytest.mark.parametrize(("service", "method"), COVERAGES)
def test_coverage_is_what_is_planted(target, run, service, method):
    run_id = run(service, method)
    planted = PLANTED["coverage"][service][method]
    with target.engine.connect() as connection:
        report = read_report(connection, run_id, Reader(SYSTEM, target.catalogue))
        reached = read_reached(connection, target, run_id)
    assert tell(report.city, planted["city"]) == pytest.approx(planted["city"], rel=1e-9, abs=1e-6)
    assert {each.code for each in report.units if each.code} == planted["wards"].keys()
    for each in report.units:
        wanted = planted["wards"].get(each.code or "", {})
        assert tell(each, wanted) == pytest.approx(wanted, rel=1e-9, abs=1e-6)
    for kind, wanted in (("served", 1.0), ("unserved", 0.0)):
        codes = {code for code, served in reached.items() if served == wanted}
        assert codes == set(planted.get(f"{kind}_building_codes", codes))
    if method == next(iter(PLANTED["coverage"][service])):
        decided = {each["building"]: float(each["served"]) for each in PLANTED["reached"] if each["service"] == service}
        assert {code: reached[code] for code in decided} == decided


def tell(figures, names):
    """Some of the figures of a unit, by name."""
    return {name: getattr(figures, name) for name in names}


@pytest.mark.parametrize("method", PLANTED["coverage"]["post_office_load"])
def test_full_facilities_turn_away_whom_was_planted(target, run, method):
    planted = PLANTED["coverage"]["post_office_load"][method]
    run_id = run("post_office_load", method)
    with target.engine.connect() as connection:
        report = read_report(connection, run_id, Reader(SYSTEM, target.catalogue))
        reached = read_reached(connection, target, run_id)
    assert {each.code: each.people for each in report.facilities if each.people} == planted["people_by_facility"]
    assert report.city.people_unassigned == planted["people_unassigned"]
    over = {each.code: each.people_unassigned for each in report.units if each.code}
    assert over == planted["people_unassigned_by_ward"]
    shared = {code: served for code, served in reached.items() if 0 < served < 1}
    people = read_residents(target, shared)
    assert {code: served * people[code] for code, served in shared.items()} == pytest.approx(
        planted["people_served_of_buildings_shared"], abs=1e-6
    )


def read_residents(target, codes):
    """People of some buildings by code."""
    building = target.tables.get("building").c
    with target.engine.connect() as connection:
        rows = connection.execute(select(building.asset_code, building.residents).where(building.asset_code.in_(codes)))
        return {row.asset_code: row.residents for row in rows}


@pytest.mark.parametrize(("service", "method", "demand"), DEMANDS)
def test_every_other_demand_is_reached_as_planted(target, run, service, method, demand):
    planted = PLANTED["demands"][service][method][demand]
    run_id = run(service, method, demand)
    with target.engine.connect() as connection:
        report = read_report(connection, run_id, Reader(SYSTEM, target.catalogue))
    assert tell(report.city, planted["city"]) == pytest.approx(planted["city"], rel=1e-7, abs=1e-5)
    for each in report.units:
        wanted = planted["wards"].get(each.code or "", {})
        assert tell(each, wanted) == pytest.approx(wanted, rel=1e-7, abs=1e-5), each.code


@pytest.mark.parametrize("service", PLANTED["gaps"])
def test_the_worst_gaps_lie_where_they_were_planted(target, run, service):
    planted = PLANTED["gaps"][service]
    run_id, gap = run(service, planted["method"]), COVERAGE_GAP.c
    with target.engine.connect() as connection:
        rows = connection.execute(
            select(gap.unit_code, gap.people, gap.places, func.st_asbinary(gap.geom).label("shape"))
            .where(gap.run_id == run_id)
            .order_by(gap.rank)
        ).all()
    assert len(rows) == planted["number"]
    for row, wanted in zip(rows, planted["worst"], strict=False):
        shape = shapely.from_wkb(bytes(row.shape))
        assert (row.unit_code, row.people, row.places) == (wanted["ward"], wanted["people"], wanted["places"])
        assert shape.area == pytest.approx(wanted["area_m2"], abs=shape.length * SAME_EDGE_M)
        assert shape.centroid.distance(shapely.Point(wanted["centroid"])) <= SAME_EDGE_M
    if "rings_of_the_worst" in planted:
        outer, *inner = planted["rings_of_the_worst"]
        outline = shapely.from_wkb(bytes(rows[0].shape))
        assert outline.hausdorff_distance(shapely.Polygon(outer, inner)) <= SAME_EDGE_M


def read_reached(connection, target, run_id):
    """The share served of each building of a run, by its code."""
    building, place = target.tables.get("building").c, COVERAGE_PLACE.c
    both = select(building.asset_code, place.served).join_from(
        COVERAGE_PLACE, target.tables.get("building"), building.id == place.place_id
    )
    return {row.asset_code: row.served for row in connection.execute(both.where(place.run_id == run_id))}


ALONG_STREETS = [
    name for name, methods in PLANTED["coverage"].items()
    if "streets" in methods and "people_unassigned" not in methods["streets"]  # a full one sends people further
]  # fmt: skip


@pytest.mark.parametrize("service", ALONG_STREETS)
def test_nobody_is_reached_along_streets_who_is_not_reached_straight(target, run, service):
    straight, streets = run(service, "straight_line"), run(service, "streets")
    with target.engine.connect() as connection:
        reached = [{code for code, served in read_reached(connection, target, each).items() if served}
                   for each in (streets, straight)]  # fmt: skip
    assert reached[0] < reached[1]


def test_the_command_does_nothing_where_samples_are_and_refuses_to_load_them_twice(target, reports, monkeypatch):
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", target.engine.url.render_as_string(hide_password=False))
    result = CliRunner().invoke(command, ["load", "--if-empty"])
    assert (result.exit_code, result.output) == (0, "")
    result = CliRunner().invoke(command, ["load"])
    assert isinstance(result.exception, InvalidSource) and "none was loaded" in str(result.exception)
