"""GetFeature in formats other than GML: the same features, by the names that clients write."""

import csv
import io
import zipfile
from urllib.parse import urlsplit

import orjson
import pyogrio
import pytest
import shapely
from sqlalchemy import delete

from gis_infra.storage.transactions import writing
from gis_infra.web import sending
from gis_infra.web.app import create_app
from gis_infra.web.wfs.formats import list_output_formats, list_schema_formats, parse_output, parse_schema_output
from tests.builders import insert_many
from tests.web.wfs_city import clear, fill

HYDRANTS = ["H0", "H1", "H2", "H3", "H4", "H5"]


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application with a few features in it."""
    with writing(engine) as connection:
        fill(connection, tables)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        clear(connection, tables)


@pytest.fixture
def client(app):
    return app.test_client()


def get(client, status=200, **parameters):
    """The answer about hydrants in a format."""
    fixed = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "infra:fire_hydrant"}
    answer = client.get("/wfs", query_string=fixed | parameters)
    assert answer.status_code == status, answer.text
    return answer


@pytest.mark.parametrize(
    ("text", "version", "output"),
    [
        (None, "2.0.0", "gml32"),
        (None, "1.1.0", "gml31"),
        (None, "1.0.0", "gml2"),
        ("text/xml", "1.1.0", "gml31"),
        ("XMLSCHEMA", "1.0.0", "gml2"),
        ("GML2", "2.0.0", "gml2"),
        ("GML3", "1.0.0", "gml31"),
        ("text/xml; subtype=gml/3.2", "1.0.0", "gml32"),
        ("application/gml xml; version=3.2", "1.1.0", "gml32"),
        ('text/xml; subtype="gml/3.1.1"', "2.0.0", "gml31"),
        ("text/xml; subtype=gml/2.1.2; charset=UTF-8", "2.0.0", "gml2"),
        ("application/geo json", "2.0.0", "json"),
        ("shape-zip", "2.0.0", "shapefile"),
        ("CSV", "2.0.0", "csv"),
        ("application/flatgeobuf", "2.0.0", "flatgeobuf"),
    ],
)
def test_a_format_is_known_by_every_name_clients_write(text, version, output):
    assert parse_output(text, version) == output


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_every_name_that_is_listed_is_understood(version):
    assert all(parse_output(name, version) for name in list_output_formats(version))
    assert all(parse_schema_output(name, version) for name in list_schema_formats(version))


def test_geojson_has_ids_of_several_layers_apart(client):
    page = orjson.loads(
        get(client, OUTPUTFORMAT="application/json", TYPENAMES="(infra:fire_hydrant)(infra:building)").data
    )
    assert [each["id"].partition(".")[0] for each in page["features"]] == ["fire_hydrant"] * 6 + ["building"]
    assert page["numberReturned"] == page["numberMatched"] == 7
    assert page["features"][0]["geometry"]["coordinates"] == pytest.approx([106.6936, 10.7729], abs=1e-3)


def test_csv_has_a_line_a_feature_and_wkt_in_the_order_of_the_axes(client):
    answer = get(client, OUTPUTFORMAT="csv", SRSNAME="urn:ogc:def:crs:EPSG::4326")
    assert answer.content_type.startswith("text/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=fire_hydrant.csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode())))
    assert [row["asset_code"] for row in rows] == HYDRANTS
    assert shapely.from_wkt(rows[0]["WKT"]).x == pytest.approx(10.773, abs=1e-3)


def test_flatgeobuf_is_read_back(client):
    table = pyogrio.read_dataframe(io.BytesIO(get(client, OUTPUTFORMAT="application/flatgeobuf", COUNT="3").data))
    assert list(table.asset_code) == HYDRANTS[:3] and table.crs.to_epsg() == 9210


def test_a_page_comes_as_a_zipped_shapefile(client, tmp_path):
    answer = get(client, OUTPUTFORMAT="SHAPE-ZIP", STARTINDEX="1", COUNT="3", SORTBY="asset_code DESC")
    assert answer.content_type == "application/zip"
    (tmp_path / "x.zip").write_bytes(answer.data)
    assert zipfile.ZipFile(tmp_path / "x.zip").testzip() is None
    table = pyogrio.read_dataframe(f"/vsizip/{tmp_path}/x.zip/fire_hydrant.shp")
    assert list(table.asset_code) == ["H4", "H3", "H2"]


def test_a_shapefile_of_nothing_has_no_rows(client, tmp_path):
    (tmp_path / "x.zip").write_bytes(get(client, OUTPUTFORMAT="SHAPE-ZIP", COUNT="0").data)
    assert len(pyogrio.read_dataframe(f"/vsizip/{tmp_path}/x.zip/fire_hydrant.shp")) == 0


@pytest.mark.parametrize("output", ["csv", "SHAPE-ZIP", "application/flatgeobuf"])
def test_numbers_alone_are_told_in_the_format_of_the_version(client, output):
    answer = get(client, OUTPUTFORMAT=output, RESULTTYPE="hits")
    assert b'numberMatched="6"' in answer.data and answer.content_type.startswith("application/gml+xml")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"OUTPUTFORMAT": "csv", "TYPENAMES": "(infra:fire_hydrant)(infra:building)"}, "features of one query, got 2"),
        ({"OUTPUTFORMAT": "KML"}, "is not offered; these are: application/gml+xml; version=3.2, "),
        (
            {"OUTPUTFORMAT": "csv", "STOREDQUERY_ID": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "ID": "building.1"},
            "GML or GeoJSON",
        ),
        ({"OUTPUTFORMAT": "csv", "REQUEST": "DescribeFeatureType"}, "a schema comes as one of: application/gml+xml"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(client, parameters, words):
    answer = get(client, 400, **parameters)
    assert 'locator="outputFormat"' in answer.text and words in answer.text


@pytest.mark.parametrize(
    ("version", "output", "expected"),
    [
        ("2.0.0", "GML2", 'xmlns:gml="http://www.opengis.net/gml"'),
        ("1.0.0", "text/xml; subtype=gml/3.2", 'xmlns:wfs="http://www.opengis.net/wfs/2.0"'),
        ("1.1.0", "text/xml; subtype=gml/2.1.2", "WFS-basic.xsd"),
    ],
)
def test_a_format_fixes_the_whole_document_in_any_version(client, version, output, expected):
    text = get(client, VERSION=version, OUTPUTFORMAT=output).text
    assert expected in text and text.count("<infra:fire_hydrant ") == 6


def test_links_of_an_older_version_lead_to_it(client):
    page = orjson.loads(get(client, VERSION="1.1.0", OUTPUTFORMAT="json", MAXFEATURES="2").data)
    (link,) = page["links"]
    assert "VERSION=1.1.0" in urlsplit(link["href"]).query
    follow = client.get(link["href"])
    assert [each["properties"]["asset_code"] for each in orjson.loads(follow.data)["features"]] == ["H2", "H3"]


@pytest.fixture
def many(engine, tables, app):
    """A few thousand features more."""
    with writing(engine) as connection:
        ids = insert_many(connection, tables, "building", [{"asset_code": f"M{number}"} for number in range(5500)])
    yield
    with writing(engine) as connection:
        table = tables.get("building")
        connection.execute(delete(table).where(table.c.id.in_(ids)))


@pytest.mark.parametrize("output", ["GML2", "GML3", "gml32", "application/json"])
def test_a_long_answer_is_sent_as_it_is_read(client, many, output, monkeypatch):
    monkeypatch.setattr(sending, "SHORT_BYTES", 100)  # else the first megabyte is one piece
    query = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAME": "infra:building", "OUTPUTFORMAT": output}
    answer = client.get("/wfs", query_string=query, buffered=False)
    pieces = [len(piece) for piece in answer.response]
    whole = client.get("/wfs", query_string={**query, "COUNT": "2000"}).data
    assert len(pieces) >= 4 and max(pieces) <= 1.1 * len(whole)
