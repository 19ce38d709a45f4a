"""Answers in each version against the schemas of OGC, and against the schema the service itself describes."""

from datetime import UTC, date, datetime

import pytest
from lxml import etree

from gis_infra.features.formats.gml.dialects import GML2, GML31, GML32
from gis_infra.features.formats.gml.schema import SchemaForm, render_schema
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.schemas.validation import load_types, require_valid
from tests.web.wfs_city import clear, fill

VERSIONS = {"2.0.0": GML32, "1.1.0": GML31, "1.0.0": GML2}
OPEN = ("fire_hydrant", "sewer_pipe", "building")
ALL = {"fire_hydrant": 6, "sewer_pipe": 2, "building": 1}
FULL = {
    **{"wkt": "POINT Z (603020 1191540 3.25)", "asset_code": "F<1>", "name": "a & b", "remarks": "\x0b]]>"},
    **{"nominal_diameter_mm": 150, "in_service": False, "tested_on": date(1985, 12, 31)},
    **{"updated_at": datetime(2025, 1, 2, 3, 4, 5, 678901, UTC)},
}


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application with a few features in it, one of them with a value of every type."""
    with writing(engine) as connection:
        fill(connection, tables)
        insert_many(connection, tables, "fire_hydrant", [FULL])
    yield create_app(settings, engine)
    with writing(engine) as connection:
        clear(connection, tables)


@pytest.fixture
def client(app):
    return app.test_client()


def get(client, **parameters):
    """The body of an answer, which is no report."""
    answer = client.get("/wfs", query_string={"SERVICE": "WFS", "REQUEST": "GetFeature", **parameters})
    assert answer.status_code == 200, answer.text
    return answer.data


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture
def schema(client, version):
    """The schema of the version with the types that the service describes in it."""
    names = ",".join(f"infra:{layer}" for layer in OPEN)
    return load_types(get(client, VERSION=version, REQUEST="DescribeFeatureType", TYPENAME=names), version)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_layer_has_a_valid_schema_in_every_version(catalogue, version):
    layers = list(catalogue.layers.values())
    assert load_types(render_schema(layers, SchemaForm(dialect=VERSIONS[version])), version)


@pytest.mark.parametrize("layer", OPEN)
@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"SRSNAME": "urn:ogc:def:crs:EPSG::4326"},
        {"SRSNAME": "EPSG:3857", "MAXFEATURES": "1"},
        {"PROPERTYNAME": "asset_code"},
        {"PROPERTYNAME": "geom"},
        {"MAXFEATURES": "0"},
        {"FEATUREID": "{layer}.999999999"},
    ],
    ids=lambda extra: ",".join(extra) or "all",
)
def test_features_are_valid(client, version, schema, layer, extra):
    asked = {name: text.format(layer=layer) for name, text in extra.items()}
    require_valid(schema, get(client, VERSION=version, TYPENAME=f"infra:{layer}", **asked))


def test_all_features_come_with_their_ids_and_boxes(client, version, schema):
    root = require_valid(schema, get(client, VERSION=version, TYPENAME="infra:fire_hydrant"))
    hydrants = list(root.iter("{urn:gis-infra:infra}fire_hydrant"))
    dialect = VERSIONS[version]
    id_name = "fid" if dialect is GML2 else f"{{{dialect.namespace}}}id"
    assert len(hydrants) == 7 and len({each.get(id_name) for each in hydrants}) == 7
    shapes = [each.find("{urn:gis-infra:infra}geom") is not None for each in hydrants]
    assert shapes == [True, True, True, True, True, False, True]
    # The box of a point would say no more than the point.
    boundary = f"{{{dialect.namespace}}}boundedBy"
    assert [each.find(boundary) for each in hydrants] == [None] * 7
    buildings = require_valid(schema, get(client, VERSION=version, TYPENAME="infra:building"))
    assert [each.find(boundary) is not None for each in buildings.iter("{urn:gis-infra:infra}building")] == [True]


def test_a_collection_has_the_box_of_its_features(client, version):
    root = etree.fromstring(get(client, VERSION=version, TYPENAME="infra:building", SRSNAME="EPSG:9210"))
    box = root[0]
    assert etree.QName(box).localname == "boundedBy"
    numbers = [float(each) for each in " ".join(box.itertext()).replace(",", " ").split()]
    assert numbers == [603000, 1191500, 603010, 1191510]


def test_a_collection_without_shapes_has_no_box_or_says_that_it_is_unknown(client, version):
    root = etree.fromstring(get(client, VERSION=version, TYPENAME="infra:building", MAXFEATURES="0"))
    assert ["".join(each.itertext()) for each in root] == (["unknown"] if version == "1.0.0" else [])


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0"], indirect=True)
def test_numbers_alone_are_valid(client, version, schema):
    root = require_valid(schema, get(client, VERSION=version, TYPENAME="infra:fire_hydrant", RESULTTYPE="hits"))
    assert root.get("numberMatched", root.get("numberOfFeatures")) == "7" and not list(root.iter("{*}fire_hydrant"))


@pytest.mark.parametrize("version", ["2.0.0"], indirect=True)
def test_collections_within_a_collection_are_valid(client, version, schema):
    names = "".join(f"(infra:{layer})" for layer in OPEN)
    root = require_valid(schema, get(client, VERSION=version, TYPENAMES=names))
    assert [each[0].get("numberReturned") for each in root] == ["7", "2", "1"]


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"], indirect=True)
def test_several_types_stand_in_one_collection_of_the_older_versions(client, version, schema):
    names = ",".join(f"infra:{layer}" for layer in OPEN)
    root = require_valid(schema, get(client, VERSION=version, TYPENAME=names))
    assert len(list(root.iter("{http://www.opengis.net/gml}featureMember"))) == 10


@pytest.mark.parametrize("layer", OPEN)
def test_a_feature_by_its_id_is_valid_as_a_document_of_its_own(client, layer):
    described = get(client, VERSION="2.0.0", REQUEST="DescribeFeatureType", TYPENAMES=f"infra:{layer}")
    page = etree.fromstring(get(client, VERSION="2.0.0", TYPENAMES=f"infra:{layer}", COUNT="1"))
    feature_id = page.find(f".//{{urn:gis-infra:infra}}{layer}").get(f"{{{GML32.namespace}}}id")
    query = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
    body = get(client, VERSION="2.0.0", STOREDQUERY_ID=query, ID=feature_id)
    root = require_valid(load_types(described, "2.0.0"), body)
    assert etree.QName(root).localname == layer and root.get(f"{{{GML32.namespace}}}id") == feature_id


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b">150<", b">wide<"), (b"infra:asset_code", b"infra:asset"), (b"gml:Point", b"gml:Spot")],
)
def test_what_is_wrong_is_found(client, version, schema, good, bad):
    body = get(client, VERSION=version, TYPENAME="infra:fire_hydrant")
    assert good in body
    with pytest.raises(AssertionError):
        require_valid(schema, body.replace(good, bad))
