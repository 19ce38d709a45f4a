"""The sample quarter as files, as varied as promised; script/samples makes and checks them, which takes long."""

from collections import Counter

import fiona
import pytest
from ruamel.yaml import YAML
from samples.encodings import ENCODERS
from samples.files import FILES
from second_opinion import conflicts
from second_opinion.comparing import read_planted
from second_opinion.coverage import is_working
from second_opinion.reading import read_rows
from second_opinion.services import SERVICES
from shapely import STRtree
from state_samples import KEPT, tell_state

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.text.encodings import get_encoding

FOLDER = ROOT / "data" / "sample_shapefiles"


@pytest.fixture(scope="module")
def rows():
    return list(read_rows(FOLDER))


@pytest.fixture(scope="module")
def planted():
    return read_planted(FOLDER)


def test_the_files_were_made_and_checked_as_they_are_now():
    assert KEPT.read_text(encoding="ascii").strip() == tell_state(), "data/ has changed: run script/samples"


def test_the_files_are_small_and_the_features_many(rows):
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 15_000_000
    assert len(rows) >= 20_000


def test_every_layer_has_features(rows):
    layers = read_catalogue(ROOT / "layers").layers
    assert set(layers) == {row.layer for row in rows}


def test_the_manifest_says_what_is_in_the_files(rows):
    manifest = YAML(typ="safe").load(FOLDER / "manifest.yaml")["files"]
    assert {entry["layer"]: entry["features"] for entry in manifest} == Counter(row.layer for row in rows)


def test_conflicts_of_every_pack_and_answer_are_planted(planted):
    assert {entry["rule"].split(".")[0] for entry in planted["conflicts"]} == {
        "qcvn01", "vn_cover", "vn_power", "vn_environment", "works", "overbuild", "data",
    }  # fmt: skip
    assert {entry["severity"] for entry in planted["conflicts"]} == {
        "violation", "possible", "vertical_unknown", "opportunity",
    }  # fmt: skip
    assert {severity for told in planted["background"].values() for severity in told} == {"vertical_unknown"}


def test_every_kind_of_rule_is_planted_as_a_conflict_and_as_a_near_miss(planted):
    _, rules = conflicts.read_rules()
    kinds = {rule.id: (rule.kind, rule.measure) for rule in rules}
    told = [{kinds[each["rule"]] for each in planted[name]} for name in ("conflicts", "near_misses")]
    # Planned works are drawn by whoever asks.
    assert told[0] == told[1] == {*kinds.values()} - {("works", "")}


def test_near_misses_name_features_that_are_there(rows, planted):
    codes = {(row.layer, row.code) for row in rows}
    sides = [entry[side] for entry in planted["near_misses"] for side in ("left", "right") if entry[side]]
    assert [side for side in sides if (side["layer"], side["code"]) not in codes] == []


def test_the_coverage_of_every_service_is_told(planted):
    assert set(planted["coverage"]) == {path.stem for path in (ROOT / "layers" / "coverage").glob("*.yaml")} - {
        "demand", "streets",
    }  # fmt: skip


def test_every_service_that_can_miss_somebody_is_planted_as_reached_and_as_missed(planted):
    told = {
        wanted: {each["service"] for each in planted["reached"] if each["served"] == wanted} for wanted in (True, False)
    }
    assert told[True] == told[False] == {*SERVICES} - {"monitoring_station"}
    city = planted["coverage"]["monitoring_station"]["straight_line"]["city"]
    assert city["people"] == city["people_served"]


@pytest.mark.parametrize("service", ["fire_hydrant", "post_office", "distribution_transformer"])
def test_no_building_lies_on_the_edge_of_a_reach(rows, planted, service):
    # A millimetre more or less must change nobody's lot but theirs whom it was planted for.
    decided = {each["building"] for each in planted["reached"] if each["service"] == service}
    said = SERVICES[service]
    tree = STRtree([row.geometry for row in rows if row.layer == service and is_working(row, said)])
    points = [row.geometry.centroid for row in rows if row.layer == "building" and row.code not in decided]
    _, metres = tree.query_nearest(points, return_distance=True, all_matches=False)
    assert min(abs(each - said.distance_m) for each in metres) > 0.002


def test_gravity_sewers_fall_from_manhole_to_manhole(rows):
    floors = {row.geometry.coords[0][:2]: row.values["floor_level_m"] for row in rows if row.layer == "manhole"}
    sewers = [row for row in rows if row.layer == "sewer_pipe" and row.values["invert_up_m"] is not None]
    gravity = [row for row in sewers if row.values["flow"] == "gravity" and "-P" not in row.code]
    assert len(gravity) > 3000
    for row in gravity:
        up, down = row.values["invert_up_m"], row.values["invert_down_m"]
        assert up >= down, row.code
        assert floors[row.geometry.coords[0][:2]] <= up and floors[row.geometry.coords[-1][:2]] <= down, row.code


def test_columns_have_at_most_ten_letters():
    for sample in FILES:
        with fiona.open(FOLDER / sample.path, encoding="ISO-8859-1") as source:
            assert [name for name in source.schema["properties"] if len(name) > 10 or not name.isascii()] == []


def test_the_files_come_in_every_way_cities_have_them():
    prj = {sample.path: (FOLDER / sample.path).with_suffix(".prj") for sample in FILES}
    texts = {path.read_text(encoding="ascii").split('"')[1] if path.exists() else None for path in prj.values()}
    assert texts == {
        "VN2000_TM3_105-45", "VN_2000_TM-3_107-45", "TM3_HCM_105-45", "WGS_1984_UTM_Zone_48N", "GCS_WGS_1984", None,
    }  # fmt: skip
    assert not any("EPSG" in path.read_text(encoding="ascii") for path in prj.values() if path.exists())
    assert {sample.style.encoding for sample in FILES} == {"UTF-8", "TCVN3", "VNI", "CP1258"}
    for sample in FILES:
        assert (FOLDER / sample.path).with_suffix(".cpg").exists() == (sample.style.encoding == "UTF-8")


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "CP1258", "UTF-8"])
def test_what_the_generator_encodes_the_importer_decodes(encoding):
    text = "Đường Nguyễn Thị Minh Khai, hẻm 45; cống hộp sâu 1,5 m: bể, ngõ, kỹ thuật, mương, lượng"
    assert get_encoding(encoding).decode(ENCODERS[encoding](text).decode("latin-1")) == text
