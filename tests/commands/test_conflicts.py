"""`gis-infra conflicts`, run as a person would."""

import csv
import json
from functools import partial

import geopandas
import pytest
from sqlalchemy import delete

from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.cli import export
from gis_infra.cli.conflicts import command
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing
from tests.builders import insert

LAYERS = ("water_pipe", "power_cable_underground", "sewer_pipe")


@pytest.fixture
def run(call, known_layers):
    """Run `gis-infra conflicts …` on the tests' database; raises what the program refuses."""
    return partial(call, command)


@pytest.fixture
def street(engine, tables):
    """A water pipe with a power cable 0.3 m beside it, and a shallow sewer; gone afterwards."""
    with writing(engine) as connection:
        wkt = "LINESTRING(603000 1191500,603100 1191500)"
        insert(connection, tables, "water_pipe", wkt=wkt, asset_code="ON-1", owner="Sawaco", cover_m=2.0)
        wkt = "LINESTRING(603000 1191500.3,603100 1191500.3)"
        values = {"asset_code": "CAP-1", "owner": "Điện lực", "cover_m": 2.0}
        insert(connection, tables, "power_cable_underground", wkt=wkt, **values)
        wkt = "LINESTRING(603000 1191520,603100 1191520)"
        insert(connection, tables, "sewer_pipe", wkt=wkt, asset_code="CONG-1", system="storm", cover_m=0.1)
    yield
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


def test_a_run_says_what_it_found_and_what_it_could_not_look_at(run, street):
    told = run("run").output
    assert "2 conflicts (2 violation): 2 new, 0 reopened; 0 resolved since" in told
    assert "1 rules in force were not checked: no area is recorded: " in told
    assert "water_pipe: 1 checked, 1 without size, 1 of unknown accuracy\n" in told


def test_the_register_is_listed_worst_first_with_unverified_rules_marked(run, street):
    run("run")
    told = run("list").output
    assert "by qcvn01.horizontal.water_main.power_cable*\n" in told
    assert "water_pipe ON-1 (Sawaco) – power_cable_underground" in told and "(Điện lực)" in told
    assert told.endswith("2 of 2 conflicts\n")
    found = json.loads(run("list", "--rule", "vn_cover", "--json").output)
    assert [each["properties"]["left_code"] for each in found["features"]] == ["CONG-1"]
    assert run("list", "--status", "resolved").output.endswith("0 of 0 conflicts\n")


def test_a_run_of_one_pack_checks_that_pack(run, street):
    assert "1 conflict (1 violation): 1 new" in run("run", "--rules", "vn_cover").output


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv"])
def test_the_register_is_written_as_the_file_is_called(run, street, tmp_path, ending):
    path = tmp_path / f"sổ.{ending}"
    run("run", "--out", path)
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert sorted(row["left_code"] for row in rows) == ["CONG-1", "ON-1"]
        # The middle of the sewer, 603050 1191520, is at 106.694047, 10.773102.
        place = next((row["longitude"][:8], row["latitude"][:7]) for row in rows if row["left_code"] == "CONG-1")
        assert place == ("106.6940", "10.7731")
    else:
        found = geopandas.read_file(path)
        assert sorted(found["left_code"]) == ["CONG-1", "ON-1"] and found.crs.to_epsg() == 4326


def test_a_file_of_no_known_kind_is_refused_before_anything_runs(run, street, tmp_path):
    with pytest.raises(GisInfraError, match=r"x.xls must end in .geojson, .gpkg, .csv"):
        run("run", "--out", tmp_path / "x.xls")
    assert run("list").output.endswith("0 of 0 conflicts\n")


def test_an_empty_register_can_be_written_too(run, engine, tmp_path):
    for ending in ("geojson", "gpkg", "csv"):
        run("list", "--out", tmp_path / f"none.{ending}")
    assert len(geopandas.read_file(tmp_path / "none.gpkg")) == 0


def test_works_in_a_file_are_checked_and_owners_named(run, street, tmp_path):
    # A strip across the street: 603050, 1191490 to 1191505.
    path = tmp_path / "works.geojson"
    line = {"type": "LineString", "coordinates": [[106.69404, 10.7728], [106.69404, 10.77295]]}
    path.write_text(json.dumps({"type": "Feature", "geometry": line, "properties": {"depth_m": 2.5}}))
    told = run("check", path).output
    assert "ask Sawaco: 1 water_pipe" in told and "2 of 2 assets within reach listed" in told
    assert "0 assets without depth" in told
    answer = json.loads(run("check", path, "--json").output)
    assert {each["properties"]["severity"] for each in answer["conflicts"]["features"]} == {"violation"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is not JSON: .*line 1"),
        ("[]", "holds no GeoJSON object"),
        ('{"type": "Topology"}', "type must be Feature, FeatureCollection"),
        ('{"type": "Point", "coordinates": [603000, 1191500]}', "must be longitude and latitude"),
    ],
)
def test_a_file_that_holds_no_works_is_refused_in_plain_words(run, tmp_path, content, words):
    path = tmp_path / "works.geojson"
    if content is not None:
        path.write_text(content)
    with pytest.raises(GisInfraError, match=words):
        run("check", path)


def test_an_unknown_pack_is_refused(run):
    with pytest.raises(GisInfraError, match="there is no rule pack 'qcvn'"):
        run("run", "--rules", "qcvn")


@pytest.mark.parametrize("box", ["1,2,3", "106.7,10.8,106.8", "a,b,c,d", "106.7,10.8,106.8,10.7", "nan,1,2,3"])
def test_a_box_that_is_none_is_refused_as_a_box(run, box):
    with pytest.raises(GisInfraError, match=r"^bbox "):
        run("run", "--box", box)


def test_who_exports_the_register_is_told_what_writes_it(call, tmp_path):
    with pytest.raises(GisInfraError, match=r"gis-infra conflicts list --out sổ.gpkg"):
        call(export.command, "conflict", tmp_path / "sổ.gpkg")
