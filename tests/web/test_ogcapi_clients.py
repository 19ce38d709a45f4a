"""The OGC API as real clients use it, over the wire: GDAL's OAPIF driver (ogrinfo, and the ones inside pyogrio and
fiona), and OWSLib, which also writes.

What a client asked is written down, so that a filter which a client applied itself, after downloading all, is seen.
"""

import json
import re
import shutil
import subprocess
import sys
import warnings

import pytest
from owslib.ogcapi.features import Features
from sqlalchemy import select

from gis_infra.storage.transactions import reading, writing
from gis_infra.web.app import create_app
from tests.conformance import city
from tests.web.served import serve

HYDRANTS = "/ogc/collections/fire_hydrant/items"
PLANE = f"{city.EPSG}/9210"
# Each in a process of its own: they keep the interpreter's lock while they wait for the server in this one.
PYOGRIO = """
import json, sys, warnings
warnings.simplefilter("error")
import pyogrio
given = {name: each if name == "where" else tuple(each) for name, each in json.loads(sys.argv[3]).items()}
info, _, geometries, fields = pyogrio.raw.read(sys.argv[1], layer=sys.argv[2], **given)
values = dict(zip(info["fields"], (list(map(str, each)) for each in fields), strict=True))
print(json.dumps({"crs": info["crs"], "type": info["geometry_type"], "count": len(geometries), "values": values}))
"""
FIONA = """
import json, sys
import fiona
with fiona.open(sys.argv[1], layer=sys.argv[2], allow_unsupported_drivers=True) as source:
    rows = list(source.filter(**json.loads(sys.argv[3])))
    print(json.dumps({"crs": source.crs.to_string(), "type": source.schema["geometry"], "count": len(rows),
                      "values": {"asset_code": [each.properties["asset_code"] for each in rows]}}))
"""


@pytest.fixture(scope="module")
def served(settings, engine, tables, catalogue):
    """The API on a real port, over the small city of the conformance tests."""
    with writing(engine) as connection:
        city.clear(connection, tables)
        city.fill(connection, tables, catalogue)
    with serve(create_app(settings, engine)) as served:
        yield served
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture
def asked(served):
    """The server with nothing asked of it yet."""
    served.asked.clear()
    return served


def run(program, served, layer, **arguments):
    """What a program in a process of its own prints as JSON; it must have nothing to complain of."""
    command = [sys.executable, "-c", program, f"OAPIF:{served.address}/ogc", layer, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def run_ogrinfo(served, *arguments):
    """What ogrinfo prints; it must have nothing to complain of."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not on this machine (Debian: gdal-bin)")
    command = ["ogrinfo", "-ro", f"OAPIF:{served.address}/ogc", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    return done.stdout


def test_ogrinfo_lists_every_public_layer_with_its_fields_and_count(served, catalogue):
    parts = re.split(r"^Layer name: (\w+)$", run_ogrinfo(served, "-so", "-al"), flags=re.MULTILINE)[1:]
    reports = dict(zip(parts[::2], parts[1::2], strict=True))
    public = [layer for layer in catalogue.layers.values() if layer.access == "public"]
    counts = {"fire_hydrant": city.HYDRANTS, "works_project": 3}
    assert sorted(reports) == sorted(layer.id for layer in public)
    for layer in public:
        assert f"Feature Count: {counts.get(layer.id, 0)}\n" in reports[layer.id], layer.id
        found = dict(re.findall(r"^(\w+): (\S+) \(0\.0\)", reports[layer.id], flags=re.MULTILINE))
        assert {field.name for field in layer.fields} <= set(found), layer.id


def test_ogrinfo_has_the_server_apply_an_equality_and_a_box(asked):
    assert "Feature Count: 1\n" in run_ogrinfo(asked, "-so", "fire_hydrant", "-where", "asset_code = 'H02'")
    assert any(each.get("filter") == "asset_code = 'H02'" for each in asked.list_asked(HYDRANTS))
    asked.asked.clear()
    assert "Feature Count: 0\n" in run_ogrinfo(asked, "-so", "fire_hydrant", "-spat", "100", "10", "101", "11")
    assert any(each.get("bbox", "").startswith("100,10,101,11") for each in asked.list_asked(HYDRANTS))


@pytest.mark.parametrize("program", [PYOGRIO, FIONA], ids=["pyogrio", "fiona"])
def test_gdal_in_a_wheel_reads_layers_in_the_stored_system(asked, program):
    hydrants = run(program, asked, "fire_hydrant")
    assert (hydrants["crs"], hydrants["count"]) == ("EPSG:9210", city.HYDRANTS)
    assert "Point" in hydrants["type"]
    assert asked.list_asked(HYDRANTS)[-1]["crs"] == PLANE
    assert run(program, asked, "works_project")["type"] in ("MultiPolygon", "3D MultiPolygon")


@pytest.mark.parametrize("program", [PYOGRIO, FIONA], ids=["pyogrio", "fiona"])
def test_gdal_in_a_wheel_has_the_server_apply_an_equality_and_a_box(asked, program):
    found = run(program, asked, "fire_hydrant", where="asset_code = 'H02'")
    assert found["values"]["asset_code"] == ["H02"]
    assert asked.list_asked(HYDRANTS)[-1]["filter"] == "asset_code = 'H02'"
    box = [602999, 1190000, 603011, 1193000]
    boxed = run(program, asked, "fire_hydrant", bbox=box)
    assert 0 < boxed["count"] < city.HYDRANTS
    request = asked.list_asked(HYDRANTS)[-1]
    assert (request["bbox"], request["bbox-crs"]) == (",".join(map(str, box)), PLANE)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("asset_code LIKE 'h0%'", 10),
        ("asset_code > 'H08' AND asset_code < 'H11'", 2),
        ("operator IS NULL", city.HYDRANTS),
    ],
)
def test_ogrinfo_has_the_server_apply_what_is_no_equality(asked, where, count):
    assert f"Feature Count: {count}\n" in run_ogrinfo(asked, "-so", "fire_hydrant", "-where", where)
    assert any(each.get("filter-lang") == "cql-text" for each in asked.list_asked(HYDRANTS))


def test_gdal_follows_the_pages_to_the_last(asked):
    command = ["-so", "fire_hydrant", "-oo", "PAGE_SIZE=5", "-where", "asset_code <> 'none'"]
    assert f"Feature Count: {city.HYDRANTS}\n" in run_ogrinfo(asked, *command)
    pages = [each for each in asked.list_asked(HYDRANTS) if each.get("limit") == "5"]
    assert len([each for each in pages if "cursor" in each]) >= 2


def connect(served, headers):
    """OWSLib with these headers; it keeps them for every later connection too, so all must be given their own."""
    with warnings.catch_warnings():
        # OWSLib leaves the files it looks its settings up in open.
        warnings.simplefilter("ignore", ResourceWarning)
        return Features(f"{served.address}/ogc", headers=headers)


@pytest.fixture
def editor(served):
    """OWSLib, signed in as somebody who may edit."""
    return connect(served, city.LAN)


def test_owslib_reads_what_describes_a_collection(editor):
    assert "fire_hydrant" in editor.feature_collections()
    assert editor.api()["openapi"].startswith("3.0")
    assert editor.collection_queryables("fire_hydrant")["properties"]["asset_code"]["type"] == "string"
    assert f"{city.SPEC}/ogcapi-features-4/1.0/conf/create-replace-delete" in editor.conformance()["conformsTo"]


def test_owslib_has_the_server_apply_a_filter_a_box_and_a_property(asked, editor):
    by_filter = editor.collection_items("fire_hydrant", filter="asset_code IN ('H01','H02')", limit=10)
    assert [each["properties"]["asset_code"] for each in by_filter["features"]] == ["H01", "H02"]
    assert editor.collection_items("fire_hydrant", bbox=[100, 10, 101, 11])["numberMatched"] == 0
    assert editor.collection_items("fire_hydrant", asset_code="H03")["numberMatched"] == 1


def test_owslib_creates_updates_and_deletes(editor, engine, tables):
    table = tables.get("fire_hydrant")
    shape = {"type": "Point", "coordinates": [106.7, 10.77]}
    new = {"type": "Feature", "geometry": shape, "properties": {"asset_code": "NEW", "outlets": 2, "kind": "pillar"}}
    assert editor.collection_item_create("fire_hydrant", json.dumps(new))
    # Asked for rather than told: OWSLib keeps the headers of the answer and nothing of its body.
    id = editor.response_headers["Location"].rsplit("/", 1)[1]
    new["properties"] = {"asset_code": "NEW", "outlets": 3}
    assert editor.collection_item_update("fire_hydrant", id, json.dumps(new))
    with reading(engine, 5) as connection:
        row = connection.execute(select(table).where(table.c.id == int(id))).one()
    assert (row.asset_code, row.outlets, row.kind, row.nominal_diameter_mm) == ("NEW", 3, None, None)
    assert editor.collection_item_delete("fire_hydrant", id)
    with reading(engine, 5) as connection:
        assert connection.execute(select(table).where(table.c.id == int(id))).first() is None


def test_owslib_is_refused_a_change_by_somebody_who_may_not(served, engine, tables):
    table = tables.get("works_project")
    with reading(engine, 5) as connection:
        project = connection.execute(select(table.c.id).limit(1)).scalar_one()
    editor_of_water = connect(served, city.LAN)
    with pytest.raises(RuntimeError, match='"status":403'):
        editor_of_water.collection_item_delete("works_project", str(project))
    with reading(engine, 5) as connection:
        assert connection.execute(select(table).where(table.c.id == project)).first() is not None
