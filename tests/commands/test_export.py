"""`gis-infra export`, run as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pyogrio
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, insert, select

from gis_infra.accounts import people
from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.tables import PERSON
from gis_infra.cli import export
from gis_infra.cli.main import cli
from gis_infra.errors import (
    ConflictError,
    InvalidBbox,
    InvalidCrs,
    InvalidParameter,
    MissingError,
    UnknownLayer,
    UnknownProperty,
)
from gis_infra.processes.definitions import Context
from gis_infra.storage.transactions import writing
from tests.builders import insert_many

COMMAND = Path(sys.executable).with_name("gis-infra")


@pytest.fixture
def run(settings, engine, catalogue, tables, monkeypatch):
    """A function that runs the command with the layers and the database of this run, read once for all tests."""
    context = Context(engine, settings, catalogue, tables, SYSTEM)
    monkeypatch.setattr(export, "open_context", lambda: nullcontext(context))

    def run(*arguments):
        result = CliRunner().invoke(cli, ["export", *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture(autouse=True)
def pipes(engine, tables):
    """Three pipes in a row, one of them restricted."""
    rows = [
        {
            "wkt": f"LINESTRING ({603000 + 100 * n} 1191000, {603050 + 100 * n} 1191000)",
            "asset_code": f"P{n}",
            "zone": "Đ",
        }
        for n in range(3)
    ]
    rows[2]["sensitivity"] = "restricted"
    with writing(engine) as connection:
        insert_many(connection, tables, "water_pipe", rows)
    yield
    with writing(engine) as connection:
        connection.execute(delete(tables.get("water_pipe")))
        connection.execute(delete(PERSON))


def read(path):
    return pyogrio.read_arrow(path)[1]["asset_code"].to_pylist()


def test_a_layer_becomes_a_file_and_a_line_says_so(run, tmp_path):
    result = run("water_pipe", tmp_path / "ống.gpkg")
    assert result.exit_code == 0 and read(tmp_path / "ống.gpkg") == ["P0", "P1", "P2"]
    line = result.output.splitlines()[-1]
    assert "ống.gpkg: 3 features of water_pipe as GeoPackage in EPSG:9210 (" in line and line.endswith(" s)")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--bbox", "603060,1190000,603160,1192000", "--bbox-crs", "EPSG:9210"], ["P1"]),
        (["--bbox", "106.6935,10.76,106.6942,10.78"], ["P0"]),
        (["--where", "asset_code=P1", "--where", "zone=Đ"], ["P1"]),
        (["--where", "zone="], []),
        (
            [
                "--filter",
                "<Filter xmlns='http://www.opengis.net/fes/2.0'><PropertyIsGreaterThan><ValueReference>asset_code"
                "</ValueReference><Literal>P0</Literal></PropertyIsGreaterThan></Filter>",
            ],
            ["P1", "P2"],
        ),
    ],
)
def test_options_choose_the_features(run, tmp_path, options, expected):
    assert run("water_pipe", tmp_path / "a.gpkg", *options).exit_code == 0
    assert read(tmp_path / "a.gpkg") == expected


def test_options_choose_the_attributes_and_the_system(run, tmp_path):
    run("water_pipe", tmp_path / "a.gpkg", "--properties", "asset_code, zone", "--crs", "EPSG:5899")
    info = pyogrio.read_info(tmp_path / "a.gpkg")
    assert (list(info["fields"]), info["crs"]) == (["zone", "asset_code"], "EPSG:5899")


def test_the_system_s_order_of_axes_never_turns_a_file_round(run, tmp_path):
    run("water_pipe", tmp_path / "a.gpkg", "--crs", "urn:ogc:def:crs:EPSG::4326")
    west, south, *_ = pyogrio.read_bounds(tmp_path / "a.gpkg")[1][:, 0]
    assert (int(west), int(south)) == (106, 10)


def test_what_a_format_cannot_hold_is_said(run, tmp_path):
    said = run("water_pipe", tmp_path / "a.zip").output
    assert "names of columns are shortened to ten letters; NAMES.txt in the zip lists them" in said
    assert "RFC 7946" in run("water_pipe", tmp_path / "a.geojson", "--crs", "EPSG:9210").output


def test_programs_get_json(run, tmp_path):
    report = json.loads(run("water_pipe", tmp_path / "a.csv", "--excel", "--json").output)
    assert report.pop("seconds") >= 0 and report.pop("bytes") == (tmp_path / "a.csv").stat().st_size
    assert report == {
        "file": str(tmp_path / "a.csv"),
        "layer": "water_pipe",
        "format": "csv",
        "srid": 9210,
        "features": 3,
        "notes": ["text that begins like a formula has an apostrophe before it"],
    }


def test_somebody_s_own_view_is_exported_when_named(run, tmp_path, engine):
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan")
    run("water_pipe", tmp_path / "a.gpkg", "--as", "lan")
    assert read(tmp_path / "a.gpkg") == ["P0", "P1"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["gas_main", "a.gpkg"], UnknownLayer, "there is no layer 'gas_main'"),
        (["water_pipe", "a.shp"], InvalidParameter, "name it a.zip"),
        (["water_pipe", "a.xlsx"], InvalidParameter, "allowed: .gpkg"),
        (["water_pipe", "none/a.gpkg"], InvalidParameter, "there is no folder"),
        (["water_pipe", "there.gpkg"], ConflictError, "is there already; take another name, or replace it with --over"),
        (["water_pipe", "a.gpkg", "--crs", "VN2000"], InvalidCrs, "names no coordinate system; write it as EPSG:9210"),
        (["water_pipe", "a.gpkg", "--bbox", "1,2,3"], InvalidBbox, "bbox must be four numbers"),
        (["water_pipe", "a.gpkg", "--where", "zone"], InvalidParameter, "--where takes FIELD=VALUE, got 'zone'"),
        (["water_pipe", "a.gpkg", "--where", "a=1"], UnknownProperty, "has no property 'a'"),
        (["water_pipe", "a.gpkg", "--where", "zone=1", "--where", "zone=2"], InvalidParameter, "names zone twice"),
        (["water_pipe", "a.gpkg", "--filter", "zone = 'Đ'"], InvalidParameter, "filter is not well-formed XML"),
        (["water_pipe", "a.gpkg", "--properties", "geom"], UnknownProperty, "has no property 'geom'"),
        (["water_pipe", "a.gpkg", "--excel"], InvalidParameter, "--excel is for .csv, and a.gpkg is none"),
        (["water_pipe", "a.gpkg", "--as", "nobody"], MissingError, "nobody"),
    ],
)
def test_what_is_asked_wrongly_is_refused_and_leaves_nothing(run, tmp_path, monkeypatch, arguments, error, words):
    monkeypatch.chdir(tmp_path)
    Path("there.gpkg").write_text("mine")
    with pytest.raises(error) as caught:
        run(*arguments)
    assert words in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["there.gpkg"] and Path("there.gpkg").read_text() == "mine"


def end_at_work(path, environment, number):
    """The status and the words of an export that is sent a signal once it writes; it may be done before."""
    # What runs in the background of a shell ignores Ctrl-C, and so does what it starts.
    command = ["env", "--default-signal=INT", COMMAND, "export", "water_pipe", path]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any(each.stat().st_size for each in path.parent.rglob(path.name)) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    if process.returncode == 0:
        path.unlink()
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ended_from_outside_it_leaves_nothing(settings, engine, tables, tmp_path, number):
    with writing(engine) as connection:
        table, n = tables.get("water_pipe"), func.generate_series(1, 60_000).column_valued("n")
        shape = func.st_makeline(func.st_makepoint(603000 + n, 1191000), func.st_makepoint(603001 + n, 1191000))
        rows = select(func.st_setsrid(shape, tables.srid))
        connection.execute(insert(table).from_select(["geom"], rows))
    environment = {**os.environ, "GIS_INFRA_DATABASE_URL": settings.database_url, "GIS_INFRA_HOME": str(settings.home)}
    ended = (end_at_work(tmp_path / "a.geojson", environment, number) for _ in range(10))
    status, said = next(each for each in ended if each[0] != 0)
    assert status != 0 and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
