"""The coverage files: those of this checkout, how wrong ones are told, and a service that a city adds with a file."""

import datetime
import shutil

import orjson
import pytest

from gis_infra.analysis.coverage.runs.documents import to_document
from gis_infra.analysis.coverage.standards.model import Demand, Origin, Service, Step, Streets, Target, Units
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.coverage.standards.records import read_record
from gis_infra.catalogue.definitions import Title
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import InvalidParameter, LayerFileError, MissingError
from gis_infra.settings import ROOT

COVERAGE = ROOT / "layers" / "coverage"


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(ROOT / "layers")


@pytest.fixture(scope="module")
def book(catalogue):
    return read_services(ROOT / "layers", catalogue)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(COVERAGE, tmp_path / "layers" / "coverage")
    return tmp_path / "layers"


WAYS = {
    "base_station": ("base_station", "sector", 500.0, "radius_m", "residents"),
    "base_station_2g": ("base_station", "sector", 500.0, "radius_m", "residents"),
    "base_station_3g": ("base_station", "sector", 500.0, "radius_m", "residents"),
    "base_station_4g": ("base_station", "sector", 500.0, "radius_m", "residents"),
    "base_station_5g": ("base_station", "sector", 500.0, "radius_m", "residents"),
    "distribution_transformer": ("distribution_transformer", "straight_line", 300.0, None, "residents"),
    "fire_hydrant": ("fire_hydrant", "streets", 150.0, None, "residents"),
    "fire_station": ("fire_station", "streets", 3000.0, "service_radius_m", "residents"),
    "green_space": ("green_space", "straight_line", 500.0, None, "residents"),
    "monitoring_station": ("monitoring_station", "straight_line", 5000.0, None, "residents"),
    "post_office": ("post_office", "straight_line", 1000.0, None, "residents"),
    "post_office_load": ("post_office", "straight_line", 1000.0, None, "residents"),
    "public_camera": ("public_camera", "sector", 100.0, None, "buildings"),
    "sewer_connection": ("sewer_connection", "connection", None, None, "residents"),
    "stormwater_catchment": ("drainage_catchment", "zone", None, None, "residents"),
    "water_connection": ("water_connection", "connection", None, None, "residents"),
}


def test_each_service_says_how_it_is_measured_and_for_whom(book):
    assert {
        each.id: (each.facilities.layer, each.method, each.distance_m, each.distance_field, each.demand)
        for each in book.services.values()
    } == WAYS


def test_each_service_has_a_target_and_says_where_it_is_from(book):
    for service in book.services.values():
        assert service.title.vi and service.title.en and service.targets, service.id
        for origin in (service.origin, *(target.origin for target in service.targets)):
            assert origin.source and origin.clause and origin.legal_basis and not origin.verified, service.id
            assert origin.valid_from > datetime.date.min


def test_no_service_speaks_of_what_is_planned_or_gone(book):
    for service in book.services.values():
        (status,) = (each for each in service.facilities.where if each.field == "status")
        assert status.operator == "not_in" and {"proposed", "removed", "unfit"} <= set(status.values), service.id


def test_a_service_can_be_run_by_every_method_it_has_the_words_for(book):
    assert book.get_service("fire_hydrant").methods == ("streets", "straight_line")
    assert book.get_service("post_office").methods == ("straight_line", "streets")
    assert book.get_service("public_camera").methods == ("sector", "straight_line")
    assert book.get_service("water_connection").methods == ("connection",)


def test_technologies_of_masts_are_told_apart_by_the_words_of_their_list(book):
    for technology in ("2G", "3G", "4G", "5G"):
        (wanted,) = (
            each
            for each in book.get_service(f"base_station_{technology.lower()}").facilities.where
            if each.field == "technologies"
        )
        assert wanted.holds(f"2G,{technology}" if technology != "2G" else "2G") and not wanted.holds("6G")


def test_the_demands_are_of_every_kind(book):
    kinds = {each.id: (each.kind, each.member.layer if each.member else None) for each in book.demands.values()}
    assert kinds == {
        "residents": ("column", "building"),
        "dasymetric": ("dasymetric", "building"),
        "cells": ("areal", "population_cell"),
        "wards": ("areal", None),
        "buildings": ("count", "building"),
        "parcels": ("count", "land_parcel"),
        "area": ("area", None),
    }
    homes = book.get_demand("dasymetric").homes
    assert homes.occupancy == {"residential": 0.04, "mixed": 0.02} and homes.storey_m == 3.3
    assert (book.units.level, book.units.levels) == ("commune", ("province", "district", "commune"))


def test_profiles_say_who_may_go_where_and_how_fast(book):
    driving = book.streets.get_profile("driving")
    assert driving.one_way and driving.excluded == {"footpath"}
    assert [driving.get_speed_kmh(each) for each in ("arterial", "other", None)] == [35, 20, 20]
    assert not book.streets.get_profile("walking").one_way
    assert [(each.member.layer, each.blocks) for each in book.streets.barriers] == [("water_body", "access")]


def test_what_is_not_there_is_refused_with_what_is(book):
    with pytest.raises(MissingError, match="there is no service 'taxi'; there are base_station, base_station_2g"):
        book.get_service("taxi")
    with pytest.raises(InvalidParameter, match="there is no demand 'dogs'; there are residents, dasymetric"):
        book.get_demand("dogs")
    with pytest.raises(InvalidParameter, match="there is no street profile 'sled'; there are walking, hose, driving"):
        book.streets.get_profile("sled")


# reference: Directive 2008/50/EC, Annex V, A.1 as shared/reference/domain.md gives it: 1 below 0.25 million, 4 from 1
# to 1.5 million, 6 from 2 to 2.75, 8 from 3.75 to 4.75, 10 above 6; particles 2, 6, 8, 11, 15.
@pytest.mark.parametrize(
    ("people", "stations"),
    [(0, (1, 2)), (249_999, (1, 2)), (250_000, (2, 3)), (1_200_000, (4, 6)), (2_100_000, (6, 8)),
     (4_000_000, (8, 11)), (5_999_999.5, (9, 13)), (6_000_000, (10, 15)), (9_500_000, (10, 15))],
)  # fmt: skip
def test_a_target_may_rise_with_the_people(book, people, stations):
    targets = book.get_service("monitoring_station").targets
    assert tuple(target.find_least(people) for target in targets) == stations


def test_a_target_without_steps_asks_the_same_of_all():
    target = Target("people_share", Title("", ""), Origin(), least=0.8)
    assert (target.find_least(0), target.find_least(1e6)) == (0.8, 0.8)
    stepped = Target("facilities", Title("", ""), Origin(), by_population=(Step(10, 1),))
    assert (stepped.find_least(9), stepped.find_least(10)) == (1, None)


def test_a_standard_holds_on_its_last_day_and_not_after(book):
    plan = book.get_service("green_space").targets[1].origin
    days = [
        datetime.date(2019, 12, 31),
        datetime.date(2020, 1, 1),
        datetime.date(2025, 12, 31),
        datetime.date(2026, 1, 1),
    ]
    assert [plan.is_valid_on(day) for day in days] == [False, True, True, False]


def test_a_target_is_from_where_the_service_is_unless_it_says_otherwise(book):
    mean, _, _ = book.get_service("post_office").targets
    assert (mean.origin.source, mean.origin.legal_basis) == ("from memory", "QCVN 1:2015/BTTTT")
    assert mean.origin.valid_from == datetime.date(2015, 1, 1)


LIBRARY = """\
title: {vi: Thư viện, en: Libraries}
method: streets
minutes: 15
along: {profile: walking, direction: to}
facilities: {layer: building, where: {use: [public]}}
demand: cells
capacity: {people: 2000}
source: a decision of the city
clause: "3"
legal_basis: none
verified: yes
valid_from: 2026-01-01
targets:
  - {indicator: mean_distance, title: {vi: Mười phút, en: Ten minutes}, most: 10}
"""


def test_a_city_adds_a_service_with_a_file(folder, catalogue):
    (folder / "coverage" / "library.yaml").write_text(LIBRARY, encoding="utf-8")
    service = read_services(folder, catalogue).get_service("library")
    assert (service.method, service.methods, service.minutes, service.distance_m) == (
        "streets",
        ("streets",),
        15.0,
        None,
    )
    assert (service.profile, service.direction, service.demand, service.capacity.people) == (
        "walking",
        "to",
        "cells",
        2000,
    )
    assert service.origin.verified and service.targets[0].most == 10


def test_every_problem_of_every_file_is_told_at_once(folder, catalogue):
    (folder / "coverage" / "library.yaml").write_text(LIBRARY.replace("cells", "dogs"), encoding="utf-8")
    streets = folder / "coverage" / "streets.yaml"
    streets.write_text(streets.read_text(encoding="utf-8").replace("join_m: 0.5", "join_m: far"), encoding="utf-8")
    with pytest.raises(LayerFileError) as refusal:
        read_services(folder, catalogue)
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("layers/coverage/library.yaml:6: demand must be one of residents, dasymetric, cells")
    assert lines[1] == "layers/coverage/streets.yaml:9: streets: join_m must be a number, got 'far'" and len(lines) == 2


# By file: what stands there, what stands there instead, and words of the refusal.
WRONG = {
    "base_station": [
        ("distance_m: 500", "distance_m: 0", "base_station.yaml:3: distance_m must be from 1 to 100000, got 0"),
        ("distance_m: 500\n", "", "base_station.yaml:1: method sector needs 'distance_m'"),
        ("method: sector", "method: taxi", "base_station.yaml:2: method must be one of straight_line, streets"),
        ("layer: base_station", "layer: taxi_rank", "base_station.yaml:7: there is no layer 'taxi_rank'"),
        ("field: radius_m", "field: name", "base_station.yaml:4: distance_field 'name' is text, not a number"),
        ("field: radius_m", "field: reach", "base_station.yaml:4: layer base_station has no field 'reach'"),
        ("unfit]", "dead]", "base_station.yaml:8: 'status' cannot be 'dead'; its codes are proposed"),
        ("clause: none", "claus: none", "unknown key 'claus'; did you mean 'clause'"),
        ("verified: no", "verified: maybe", "verified must be one of no, yes, got 'maybe'"),
        ("demand: residents", "demand: dogs", "base_station.yaml:9: demand must be one of residents, dasym"),
        ("least: 0.998", "least: 99.8", "target: least must be from 0 to 1.0, got 99.8"),
        ("    least: 0.998\n", "", "target asks for nothing: it needs least, most or by_population"),
        ("least: 0.998", "{least: 1, most: 0.5}", "is not YAML"),
        ("least: 0.998", "least: 0.9\n    most: 0.8", "target: most 0.8 is below least 0.9"),
        ("people_share", "happiness", "target: indicator must be one of people_share, places_share"),
        ("people_share", "amount_per_person", "a target of amount_per_person needs 'amount'"),
        ("scope: city", "scope: moon", "target: scope must be one of both, city, unit, got 'moon'"),
        ("angle_deg: 120", "angle_deg: 400", "sector: angle_deg must be from 0.1 to 360, got 400"),
        ("direction: azimuth_deg", "direction: carriers", "sector: direction 'carriers' is text, not a number"),
    ],
    "public_camera": [
        ("floors: floors", "floors: use", "hidden_by: floors 'use' is code, not a number"),
        ("layer: building", "layer: tree", "hidden_by is of areas, and tree is a layer of Point"),
    ],
    "fire_hydrant": [
        ("profile: hose", "profile: sled", "along: profile must be one of walking, hose, driving, got 'sled'"),
        ("direction: from", "direction: up", "along: direction must be one of to, from, got 'up'"),
        ("distance_m: 150\n", "", "method streets needs 'distance_m' or 'minutes'"),
        ("distance_m: 150", "distance_m: 150\nminutes: 5", "distance_m and minutes are both given; give one"),
        ("distance_m: 150", "distance_m: 150\ncapacity: {}", "capacity needs people, field or both"),
        ("method: streets", "method: zone", "zones are areas, and fire_hydrant is a layer of Point"),
    ],
    "green_space": [
        ("distance_m", "minutes", "minutes are of method streets, not straight_line"),
        ("amount: area", "amount: kind", "amount 'kind' is code, not a number"),
    ],
    "post_office": [
        ("distance_m: 1000", "distance_m: 9\namount: area", "amount is the area, and post_office is a layer of Po"),
    ],
    "water_connection": [
        ("by: location", "by: smell", "connection: by must be one of location, code, got 'smell'"),
        ("by: location", "by: code", "connection by code has no 'within_m'"),
        ("by: location", "by: code", "connection by code lacks 'code_field'"),
        ("demand: residents", "demand: cells", "connections are linked to single places, not to demand"),
        ("people_share", "mean_distance", "method connection tells no distance, so there is no target"),
    ],
    "sewer_connection": [
        ("code_field: building_code", "code_field: customers", "code_field 'customers' is integer, not text"),
        ("code_field: building_code", "code_field: building_code, within_m: 3", "by code has no 'within_m'"),
    ],
    "stormwater_catchment": [
        ("demand:", "capacity: {people: 9}\ndemand:", "capacity is of methods straight_line and str"),
        ("demand:", "distance_field: area_ha\ndemand:", "distance_field needs a distance for facilities"),
    ],
    "monitoring_station": [
        ("below: 750000", "below: 250000", "by_population must rise from step to step"),
        ("{below: 250000, least: 1}", "{least: 1}", "only the last is without below"),
        ("{below: 250000, least: 1}", "{below: 250000}", "step lacks 'least'"),
        ("    scope: city", "    least: 1\n    scope: city", "target has both least and by_population"),
    ],
    "demand": [
        ("people: residents", "people: inhabitants", "layer building has no field 'inhabitants'"),
        ("layer: admin_unit", "layer: county", "there is no layer 'county'"),
        ("  to: valid_to\n", "", "units lacks 'to'"),
        ("usual_level: commune", "usual_level: hamlet", "units: usual_level cannot be 'hamlet'; the codes of level ar"),
        ("demands:", "supply:", "unknown key 'supply'"),
        ("kind: column", "kind: guess", "demand 'residents': kind must be one of column, dasymetric"),
        ("kind: column", "kind: count", "demand 'residents' of kind count has an unknown key 'people'"),
        ("    people: residents\n", "", "demand 'residents' of kind column lacks 'people'"),
        ("residential: 0.04", "castle: 0.04", "occupancy cannot be 'castle'; the codes of use are residential"),
        ("residential: 0.04", "residential: 40", "occupancy of residential must be from 0 to 10.0, got 40"),
        ("layer: population_cell", "layer: tree", "demand 'cells' is of areas, and tree is a layer of Point"),
        ("units: yes", "units: no", "demand 'wards' of kind areal needs 'layer' and 'people', or 'units: yes'"),
        ("units: yes", "units: yes\n    people: population", "is of the units themselves, so it has no 'people'"),
    ],
    "streets": [
        ("layer: road_segment", "layer: tree", "streets are lines, and tree is a layer of Point"),
        ("one_way: one_way", "one_way: lanes", "streets: one_way 'lanes' is integer, not boolean"),
        ("layer: water_body", "layer: tree", "a barrier is a line or an area, and tree is a layer of Point"),
        ("blocks: access", "blocks: views", "barrier: blocks must be one of access, streets, got 'views'"),
        ("not: [footpath]", "not: [runway]", "profile 'driving': not cannot be 'runway'; the codes of road_class"),
        ("arterial: 35", "runway: 35", "profile 'driving': speeds_kmh cannot be 'runway'"),
        ("arterial: 35", "arterial: 0", "profile 'driving': speed on arterial must be from 0.1 to 300, got 0"),
        ("snap_m: 100\n", "", "streets lacks 'snap_m'"),
    ],
}


@pytest.mark.parametrize(
    ("file", "old", "new", "words"), [(file, *row) for file, rows in WRONG.items() for row in rows]
)
def test_a_wrong_file_is_told_by_name_and_line(folder, catalogue, file, old, new, words):
    path = folder / "coverage" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LayerFileError) as refusal:
        read_services(folder, catalogue)
    assert words in str(refusal.value)
    assert all(line.startswith("layers/coverage/") for line in str(refusal.value).splitlines())


def test_a_folder_without_its_shared_files_is_told_by_their_names(folder, catalogue):
    (folder / "coverage" / "demand.yaml").unlink()
    (folder / "coverage" / "streets.yaml").unlink()
    with pytest.raises(LayerFileError) as refusal:
        read_services(folder, catalogue)
    assert "layers/coverage/demand.yaml:1: cannot be read" in str(refusal.value)
    assert "layers/coverage/streets.yaml:1: cannot be read" in str(refusal.value)


def test_standards_are_read_back_from_what_a_run_keeps_of_them(book):
    for kind, values in ((Service, book.services.values()), (Demand, book.demands.values())):
        for value in values:
            kept = orjson.loads(orjson.dumps(to_document(value)))
            assert read_record(kind, kept) == value, value.id
    assert read_record(Streets, orjson.loads(orjson.dumps(to_document(book.streets)))) == book.streets
    assert read_record(Units, orjson.loads(orjson.dumps(to_document(book.units)))) == book.units


def test_what_is_younger_than_a_run_is_as_if_it_were_not_said(book):
    kept = to_document(book.get_service("post_office"))
    for name in ("capacity", "amount", "note"):
        del kept[name]
    assert read_record(Service, kept) == book.get_service("post_office")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distance_m": "far"}, "'far' is not of"),
        ({"method": "taxi"}, "'taxi' is not of"),
        ({"origin": 3}, "3 is not of"),
        ({"targets": "all"}, "'all' is not of"),
    ],
)
def test_a_document_of_something_else_is_refused(book, change, words):
    with pytest.raises(TypeError, match=words):
        read_record(Service, {**to_document(book.get_service("post_office")), **change})
