"""The WFS as real clients read it, over the wire: GDAL's ogrinfo, the GDAL inside pyogrio, and OWSLib."""

import json
import re
import shutil
import subprocess
import sys
import threading

import pytest
from owslib.wfs import WebFeatureService
from werkzeug.serving import make_server

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web.wfs_city import clear, fill, list_codes

OGR_TYPES = {
    "text": "String",
    "code": "String",
    "number": "Real",
    "boolean": "Integer(Boolean)",
    "date": "Date",
    "timestamp": "DateTime",
}
# GDAL calls any curve or surface by its most general name.
OGR_GEOMETRIES = {"Point": "Point", "LineString": "Compound Curve", "MultiPolygon": "Multi Surface"}


@pytest.fixture(scope="module")
def address(settings, engine, tables):
    """The address of a WFS that is being served, on a port nobody else has."""
    with writing(engine) as connection:
        fill(connection, tables)
    server = make_server("127.0.0.1", 0, create_app(settings, engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/wfs"
    server.shutdown()
    thread.join()
    server.server_close()
    with writing(engine) as connection:
        clear(connection, tables)


def run_ogrinfo(address, *arguments):
    """What ogrinfo prints; it must have nothing to complain of."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not on this machine (Debian: gdal-bin)")
    command = ["ogrinfo", "-ro", f"WFS:{address}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout


def split_by_layer(text):
    """The parts of a report on all layers, by layer id."""
    parts = re.split(r"^Layer name: infra:(\w+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_ogrinfo_lists_every_public_layer_with_its_type_crs_fields_and_count(address, catalogue):
    reports = split_by_layer(run_ogrinfo(address, "-so", "-al"))
    public = [layer for layer in catalogue.layers.values() if layer.access == "public"]
    counts = {"fire_hydrant": 6, "sewer_pipe": 2, "building": 1}
    assert list(reports) == [layer.id for layer in public]
    for layer in public:
        report = reports[layer.id]
        assert f"Geometry: {OGR_GEOMETRIES[layer.geometry]}\n" in report, layer.id
        assert f"Feature Count: {counts.get(layer.id, 0)}\n" in report, layer.id
        assert 'ID["EPSG",9210]]\n' in report, layer.id
        found = dict(re.findall(r"^(\w+): (\S+) \(0\.0\)", report, flags=re.MULTILINE))
        for field in layer.fields:
            expected = {"Integer", "Integer64"} if field.type == "integer" else {OGR_TYPES[field.type]}
            assert found[field.name] in expected, f"{layer.id}.{field.name}"


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("-where", "asset_code = 'H2'"), 1),
        (("-where", "nominal_diameter_mm > 100 AND in_service IS NULL"), 1),
        (("-where", "name LIKE 'Trụ%'"), 1),
        (("-spat", "603000", "1191499", "603020", "1191501"), 3),
    ],
)
def test_ogrinfo_is_given_what_its_filter_asks_for(address, arguments, count):
    assert f"Feature Count: {count}\n" in run_ogrinfo(address, "-so", "infra:fire_hydrant", *arguments)


def test_ogrinfo_reads_values_and_heights(address):
    assert "603000 1191500 -1.5,603050 1191520 -2" in run_ogrinfo(address, "infra:sewer_pipe")
    hydrants = run_ogrinfo(address, "infra:fire_hydrant")
    assert "name (String) = Trụ <một> & đầu\n" in hydrants and "in_service (Integer(Boolean)) = 0\n" in hydrants
    assert "tested_on (Date) = 2025/01/02\n" in hydrants


# In a process of its own: it keeps the interpreter's lock while it waits for the server in this one.
PYOGRIO = """
import json, sys, warnings
warnings.simplefilter("error")
import pyogrio
pyogrio.set_gdal_config_options({"OGR_WFS_PAGE_SIZE": "2"})
info, _, geometries, fields = pyogrio.raw.read(sys.argv[1], layer="infra:fire_hydrant")
codes = list(fields[list(info["fields"]).index("asset_code")])
print(json.dumps([info["crs"], info["geometry_type"], len(geometries), codes]))
"""


def test_pyogrio_reads_a_layer_page_by_page_without_a_warning(address):
    command = [sys.executable, "-c", PYOGRIO, f"WFS:{address}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert json.loads(done.stdout) == ["EPSG:9210", "Point", 6, ["H0", "H1", "H2", "H3", "H4", "H5"]]


def test_owslib_lists_describes_and_reads(address):
    service = WebFeatureService(address, version="2.0.0")
    entry = service["infra:fire_hydrant"]
    assert [each.getcode() for each in entry.crsOptions] == ["EPSG:9210", "EPSG:4326", "EPSG:3857"]
    assert entry.boundingBoxWGS84[:2] == pytest.approx((106.6936, 10.7729), abs=1e-4)
    schema = service.get_schema("infra:fire_hydrant")
    assert (schema["geometry"], schema["geometry_column"]) == ("Point", "geom")
    assert schema["properties"]["nominal_diameter_mm"] == "int"
    assert list_codes(service.getfeature(typename=["infra:fire_hydrant"], startindex=1, maxfeatures=2).read()) == [
        "H1",
        "H2",
    ]
    boxed = service.getfeature(typename=["infra:fire_hydrant"], bbox=(603000, 1191499, 603010, 1191501))
    assert list_codes(boxed.read()) == ["H0", "H1"]
    as_json = service.getfeature(typename=["infra:building"], outputFormat="application/json").read()
    assert b'"asset_code":"B1"' in as_json


def test_owslib_asks_by_post_and_by_stored_query(address):
    service = WebFeatureService(address, version="2.0.0")
    posted = service.getfeature(typename=["infra:fire_hydrant"], method="Post", maxfeatures=2)
    assert list_codes(posted.read()) == ["H0", "H1"]
    names = [f"urn:ogc:def:query:OGC-WFS::{each}" for each in ("GetFeatureById", "GetFeatureByTypeName")]
    assert [each.id for each in service.storedqueries] == names
