"""What the WFS tells of itself in each version: valid by OGC's schemas, to each caller what is theirs, and true."""

from dataclasses import replace

import pytest
from lxml import etree
from owslib.wfs import WebFeatureService
from sqlalchemy import text

from gis_infra.accounts import credentials
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.wfs import operations
from gis_infra.web.wfs.capabilities import declared
from tests.schemas import validation
from tests.web import wfs_capabilities, writing_city
from tests.web.wfs_capabilities import ask, list_operations, list_sections, read, read_constraints, sign_in

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
OLDEST = ("http://www.opengis.net/wfs", "http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd")
SCHEMAS = {**validation.WFS, "1.0.0": OLDEST}
WFS_XMLNS = {"2.0.0": "http://www.opengis.net/wfs/2.0", "1.1.0": "http://www.opengis.net/wfs"}
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    with wfs_capabilities.serving(settings, engine, tables, catalogue) as application:
        yield application


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


# -- In every version ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [None, writing_city.EDITOR, writing_city.CHIEF])
def test_capabilities_are_valid_by_the_schema_of_their_version(client, version, person):
    schema = validation.load(SCHEMAS[version])
    root = validation.require_valid(schema, ask(client, version, person).data)
    assert root.get("version") == version


def test_types_are_those_the_caller_may_see(client, version):
    assert "infra:water_pipe" not in read(client, version).xpath("//FeatureType/Name/text()")
    assert "infra:substation" not in read(client, version, writing_city.LAN).xpath("//FeatureType/Name/text()")
    seen = read(client, version, writing_city.LAN).xpath("//FeatureType/Name/text()")
    assert {"infra:fire_hydrant", "infra:water_pipe"} <= set(seen)


def test_nobody_is_told_of_what_they_may_not_do(client, version):
    for person in (None, writing_city.LAN, writing_city.VIEWER):
        assert not {"Transaction", "LockFeature", "GetFeatureWithLock"} & set(
            list_operations(read(client, version, person))
        )
    assert "Transaction" in list_operations(read(client, version, writing_city.EDITOR))


def test_a_token_opens_what_a_password_opens(client, engine):
    with writing(engine) as connection:
        secret = credentials.add_token(connection, "editor", "qgis")
    given = {"service": "WFS", "request": "GetCapabilities", "version": "2.0.0"}
    by_token = client.get("/wfs", query_string=given, headers={"Authorization": f"Bearer {secret}"})
    assert by_token.data == ask(client, "2.0.0", writing_city.EDITOR).data != ask(client, "2.0.0").data


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_the_older_versions_say_for_each_type_what_the_caller_may_do(client, version):
    root = read(client, version, writing_city.EDITOR)

    def list_rights(name):
        operations = root.xpath(f"//FeatureType[Name='infra:{name}']/Operations/*")
        return [each.text or each.tag for each in operations]

    assert list_rights("fire_hydrant")[:4] == ["Query", "Insert", "Update", "Delete"]  # the water sector is theirs
    assert list_rights("sewer_pipe") == ["Query"]


def test_the_operations_declared_are_those_that_are_answered():
    answered = {each.name: each.versions for each in operations.OPERATIONS}
    assert {each.name: each.versions for each in declared.OPERATIONS} == answered


def test_hrefs_are_addresses_the_client_can_reach(settings, engine, app, version):
    outside = create_app(replace(settings, public_url="https://gis.example.vn/city"), engine).test_client()
    root = read(outside, version)
    hrefs = {each.get(XLINK, each.get("onlineResource")) for each in root.xpath("//Get | //Post")}
    assert hrefs == {"https://gis.example.vn/city/wfs"}


def test_a_type_without_features_lies_in_the_city(client, version):
    """Of 2.0.0 the standard wants no box where nothing is; the others must have one.

    Metres: 0.55 degrees from the central meridian on the northern edge are 60.0 km, less 0.2 km between the datums.
    """
    empty = read(client, version).xpath("//FeatureType[Name='infra:public_camera']")[0]
    numbers = [*empty.xpath(".//LowerCorner/text()"), *empty.xpath(".//LatLongBoundingBox/@minx")]
    expected = {"2.0.0": [], "1.1.0": ["106.3000000 10.3000000"], "1.0.0": ["559801.63"]}
    assert numbers == expected[version]


def test_what_may_not_be_seen_does_not_widen_a_box(client, version):
    """Hydrant H6, 60 m to the east of H0, is restricted; H4, 40 m away, is the last that the public sees."""
    east = {}
    for person in (None, writing_city.EDITOR):
        hydrants = read(client, version, person).xpath("//FeatureType[Name='infra:fire_hydrant']")[0]
        corner = [*hydrants.xpath(".//UpperCorner/text()"), *hydrants.xpath(".//LatLongBoundingBox/@maxx")]
        east[person] = float(corner[0].split()[0])
    metres = 1 if version == "1.0.0" else 109_400  # to a degree of longitude here
    assert (east[writing_city.EDITOR] - east[None]) * metres == pytest.approx(20, rel=0.02)


@pytest.mark.parametrize("person", [None, writing_city.EDITOR])
def test_owslib_reads_the_capabilities_of_every_version(client, version, person):
    service = WebFeatureService("http://localhost/wfs", version=version, xml=ask(client, version, person).data)
    hydrants = service["infra:fire_hydrant"]
    assert hydrants.boundingBoxWGS84 == pytest.approx((106.6936, 10.7729, 106.6940, 10.7729), abs=3e-4)
    assert (hydrants.title, hydrants.crsOptions[0].getcode()) == ("Trụ nước chữa cháy", "EPSG:9210")
    names = {each.name for each in service.operations}
    assert "GetFeature" in names and ("Transaction" in names) == (person is not None)


def test_terms_of_use_are_told(settings, engine, app, version):
    terms = replace(settings, licence_url="https://example.vn/terms", licence_title="Open data of the city")
    for each, expected in ((settings, "NONE"), (terms, "Open data of the city https://example.vn/terms")):
        root = read(create_app(each, engine).test_client(), version)
        assert root.xpath("//AccessConstraints/text()") == [expected]


# -- CRSs and titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("2.0.0", [f"urn:ogc:def:crs:EPSG::{srid}" for srid in (9210, 4326, 3857)]),
        ("1.1.0", [f"urn:ogc:def:crs:EPSG::{srid}" for srid in (9210, 4326, 3857)]),
        ("1.0.0", ["EPSG:9210"]),
    ],
)
def test_crs_are_named_as_the_version_wants_them(client, version, names):
    hydrants = read(client, version).xpath("//FeatureType[Name='infra:fire_hydrant']")[0]
    assert [each.text for each in hydrants if each.tag.endswith(("CRS", "SRS"))] == names


def test_the_address_for_those_who_sign_in_tells_its_own(client):
    given = {"service": "WFS", "request": "GetCapabilities", "version": "2.0.0"}
    answer = client.get("/wfs/signed-in", query_string=given, headers=sign_in(writing_city.EDITOR))
    root = etree.fromstring(answer.data)
    hrefs = set(root.xpath("//*[local-name()='Get' or local-name()='Post']/@*[local-name()='href']"))
    assert hrefs == {"http://localhost/wfs/signed-in"}
    pages = root.xpath("//*[local-name()='MetadataURL']/@*[local-name()='href']")
    assert pages[0].startswith("http://localhost/ogc/collections/")


def test_types_have_titles_keywords_and_metadata(client):
    hydrants = read(client, "2.0.0").xpath("//FeatureType[Name='infra:fire_hydrant']")[0]
    assert [each.text for each in hydrants.findall("Title")] == ["Trụ nước chữa cháy", "Fire hydrant"]
    assert hydrants.xpath("Keywords/Keyword/text()")[0] == "water"
    assert hydrants.find("MetadataURL").get(XLINK) == "http://localhost/ogc/collections/fire_hydrant"


# -- What clients must know ------------------------------------------------------------------------------------------


def test_2_0_says_what_clients_must_know_to_page(client):
    constraints = read_constraints(read(client, "2.0.0"))
    assert constraints["ImplementsResultPaging"] == "TRUE" and constraints["CountDefault"] == "10000"
    assert constraints["PagingIsTransactionSafe"] == "FALSE"


def test_conformance_classes_are_told_to_those_for_whom_they_hold(client):
    names = ("ImplementsBasicWFS", "ImplementsTransactionalWFS")
    for person, flags in ((None, ["TRUE", "FALSE"]), (writing_city.EDITOR, ["TRUE", "TRUE"])):
        constraints = read_constraints(read(client, "2.0.0", person))
        assert [constraints[each] for each in names] == flags


def test_a_client_of_1_1_is_told_that_hits_can_be_asked_and_how_many_features_come(client):
    root = read(client, "1.1.0")
    assert root.xpath("//Operation[@name='GetFeature']/Parameter[@name='resultType']/Value/text()") == [
        "results",
        "hits",
    ]
    assert root.xpath("//Constraint[@name='DefaultMaxFeatures']/Value/text()") == ["10000"]


# -- Sections, formats and what is new -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "sections", "expected"),
    [
        ("2.0.0", "FeatureTypeList,ServiceProvider", ["ServiceProvider", "FeatureTypeList"]),
        ("2.0.0", "All", list(declared.SECTIONS["2.0.0"])),
        ("2.0.0", "All,FeatureTypeList", list(declared.SECTIONS["2.0.0"])),
        ("1.1.0", "OperationsMetadata", ["OperationsMetadata", "Filter_Capabilities"]),  # its schema cannot be without
        ("1.0.0", "FeatureTypeList", ["Service", "Capability", "FeatureTypeList", "Filter_Capabilities"]),
    ],
)
def test_sections_can_be_asked_for_where_there_are_any(client, version, sections, expected):
    assert list_sections(read(client, version, sections=sections)) == expected


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("application/xml", "application/xml"),
        ("application/json,application/xml", "application/xml"),
        ("TEXT/XML,application/xml", "text/xml"),
        ("application/json", "text/xml"),
        ("", "text/xml"),
    ],
)
def test_the_media_type_is_the_first_accepted_that_there_is(client, version, accepted, given):
    assert ask(client, version, acceptformats=accepted).mimetype == given


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0"])
def test_who_has_the_newest_capabilities_is_told_so(client, engine, version):
    first = read(client, version)
    sequence = first.get("updateSequence")
    again = read(client, version, updatesequence=sequence)
    assert again.get("updateSequence") == sequence
    assert list_sections(again) == ([] if version == "2.0.0" else ["Filter_Capabilities"])
    assert list_sections(read(client, version, updatesequence="0")) == list_sections(first)
    assert read(client, version, sections="ServiceProvider").get("updateSequence") == sequence
    with engine.begin() as connection:
        connection.execute(text("UPDATE infra.building SET geom = ST_Translate(geom, 5000, 0)"))
    try:
        assert read(client, version, updatesequence=sequence).get("updateSequence") != sequence
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE infra.building SET geom = ST_Translate(geom, -5000, 0)"))
    assert read(client, version).get("updateSequence") == sequence


def test_a_change_one_may_not_see_changes_nothing_one_is_told(client, engine):
    sequence = read(client, "2.0.0").get("updateSequence")
    with engine.begin() as connection:
        connection.execute(text("UPDATE infra.substation SET geom = ST_Translate(geom, 5000, 0)"))
        connection.execute(
            text("UPDATE infra.fire_hydrant SET geom = ST_Translate(geom, 9000, 0) WHERE asset_code = 'H6'")
        )
    assert read(client, "2.0.0").get("updateSequence") == sequence


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0"])
def test_what_is_asked_by_post_is_what_is_asked_by_url(client, version):
    """AcceptVersions, Sections, AcceptFormats and updateSequence."""
    wfs, ows = (
        WFS_XMLNS[version],
        "http://www.opengis.net/ows/1.1" if version == "2.0.0" else "http://www.opengis.net/ows",
    )
    body = f"""<GetCapabilities xmlns="{wfs}" xmlns:ows="{ows}" service="WFS" updateSequence="0">
        <ows:AcceptVersions><ows:Version>9.9.9</ows:Version><ows:Version>{version}</ows:Version></ows:AcceptVersions>
        <ows:Sections><ows:Section>ServiceProvider</ows:Section></ows:Sections>
        <ows:AcceptFormats><ows:OutputFormat>application/xml</ows:OutputFormat></ows:AcceptFormats></GetCapabilities>"""
    answer = client.post("/wfs", data=body, content_type="text/xml")
    root = etree.fromstring(answer.data)
    assert root.get("version") == version and answer.mimetype == "application/xml"
    names = [etree.QName(each).localname for each in root]
    assert names == (["ServiceProvider"] if version == "2.0.0" else ["ServiceProvider", "Filter_Capabilities"])
    sequence = root.get("updateSequence")
    newest = client.post("/wfs", data=body.replace('"0"', f'"{sequence}"'), content_type="text/xml")
    assert len(etree.fromstring(newest.data)) == len(names) - 1
