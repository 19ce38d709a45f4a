"""WFS: queries that clients store under a name, and what is asked by them."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree
from sqlalchemy import delete

from gis_infra.features.locks.tables import LOCK
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.wfs.stored_queries import store
from gis_infra.web.wfs.stored_queries.tables import STORED_QUERY
from tests.builders import insert_many
from tests.schemas.validation import WFS, load, require_valid
from tests.web import transaction_city as city
from tests.web.transaction_city import CHIEF, EDITOR, FES, GML32, LAN, VIEWER, WFS2
from tests.web.wfs_city import list_codes

BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
BY_TYPE_NAME = "urn:ogc:def:query:OGC-WFS::GetFeatureByTypeName"
LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"
ID = "urn:example:wide"
SPACES = f'xmlns:wfs="{WFS2}" xmlns:fes="{FES}" xmlns:gml="{GML32}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
OWN = 'xmlns:t="urn:gis-infra:infra"'
# The names of a definition are its own: nobody else need bind t.
BY_CODE = (
    '<wfs:Query typeNames="t:fire_hydrant"><fes:Filter><fes:PropertyIsEqualTo>'
    "<fes:ValueReference>t:asset_code</fes:ValueReference><fes:Literal>${code}</fes:Literal>"
    "</fes:PropertyIsEqualTo></fes:Filter></wfs:Query>"
)
WITHIN = (
    '<wfs:Query typeNames="${type}"><fes:Filter><fes:Intersects><fes:ValueReference>geom</fes:ValueReference>'
    "<fes:Literal> ${area} </fes:Literal></fes:Intersects></fes:Filter></wfs:Query>"
)
BOX = (
    f'<gml:Envelope xmlns:gml="{GML32}" srsName="EPSG:9210">'
    "<gml:lowerCorner>603005 1191499</gml:lowerCorner><gml:upperCorner>603025 1191501</gml:upperCorner></gml:Envelope>"
)


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people and hydrants in it: H0 at E 603000, each ten metres further east."""
    rows = [{"wkt": f"POINT ({603000 + 10 * n} 1191500)", "asset_code": f"H{n}"} for n in range(4)]
    with writing(engine) as connection:
        city.fill(connection, tables, catalogue)
        ids = insert_many(connection, tables, "fire_hydrant", rows)
        insert_many(connection, tables, "water_pipe", [{"wkt": "LINESTRING (603000 1191500, 603001 1191501)"}])
    application = create_app(settings, engine)
    application.config["IDS"] = [f"fire_hydrant.{id_}" for id_ in ids]
    yield application
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture
def client(app, engine):
    """A caller; what a test stored or locked is gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        connection.execute(delete(STORED_QUERY))
        connection.execute(delete(LOCK))


@pytest.fixture
def send(client):
    """Post a document as an editor, unless said otherwise, and look at the status."""

    def send(document, status=200, auth=EDITOR):
        answer = client.post("/wfs", data=document.encode(), content_type="text/xml", auth=auth)
        assert answer.status_code == status, answer.text
        return answer

    return send


@pytest.fixture
def ask(client):
    """Ask by a URL as nobody, unless said otherwise, and look at the status."""

    def ask(status=200, auth=None, **parameters):
        everything = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **parameters}
        answer = client.get("/wfs", query_string=everything, auth=auth)
        assert answer.status_code == status, answer.text
        return answer

    return ask


def request(operation, body="", **attributes):
    """A request in XML."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<wfs:{operation} service="WFS" version="2.0.0" {SPACES}{written}>{body}</wfs:{operation}>'


def define(
    queries=BY_CODE, *, id_=ID, parameters=(("code", "xsd:string"),), types="", private=False, language=LANGUAGE
):
    """A CreateStoredQuery of one query."""
    declared = "".join(f'<wfs:Parameter name="{name}" type="{kind}"/>' for name, kind in parameters)
    text = (
        f'<wfs:QueryExpressionText returnFeatureTypes="{types}" language="{language}"'
        f' isPrivate="{str(private).lower()}">{queries}</wfs:QueryExpressionText>'
    )
    definition = (
        f'<wfs:StoredQueryDefinition id="{id_}" {OWN}><wfs:Title xml:lang="vi">Trụ &lt;rộng&gt;</wfs:Title>'
        f"{declared}{text}</wfs:StoredQueryDefinition>"
    )
    return request("CreateStoredQuery", definition)


def call(id_=ID, /, **values):
    """A StoredQuery with its parameters."""
    given = "".join(f'<wfs:Parameter name="{name}">{value}</wfs:Parameter>' for name, value in values.items())
    return f'<wfs:StoredQuery id="{id_}">{given}</wfs:StoredQuery>'


def read_report(answer):
    """Code, locator and text of a report."""
    (found,) = etree.fromstring(answer.data)
    return found.get("exceptionCode"), found.get("locator"), "".join(found.itertext()).strip()


def list_ids(answer):
    """The ids of stored queries in an answer."""
    return [each.get("id") for each in etree.fromstring(answer.data)]


def test_a_stored_query_is_asked_by_url_and_by_xml(send, ask):
    answer = send(define())
    root = require_valid(load(WFS["2.0.0"]), answer.data)
    assert (etree.QName(root).localname, root.get("status")) == ("CreateStoredQueryResponse", "OK")
    assert list_codes(ask(STOREDQUERY_ID=ID, CODE="H2").data) == ["H2"]
    assert list_codes(ask(STOREDQUERY_ID=ID, code="H9").data) == []
    assert list_codes(send(request("GetFeature", call(code="H1")), auth=None).data) == ["H1"]
    assert b"H3" in ask(REQUEST="GetPropertyValue", STOREDQUERY_ID=ID, CODE="H3", VALUEREFERENCE="asset_code").data


def test_a_type_and_a_shape_are_parameters_too(send, ask):
    send(define(WITHIN, parameters=(("type", "xsd:QName"), ("area", "gml:EnvelopeType"))))
    posted = request("GetFeature", call(type="a:fire_hydrant", area=BOX)).replace(
        SPACES, f'{SPACES} xmlns:a="urn:gis-infra:infra"'
    )
    assert list_codes(send(posted).data) == ["H1", "H2"]
    parameters = {"STOREDQUERY_ID": ID, "AREA": BOX, "NAMESPACES": "xmlns(a,urn:gis-infra:infra)"}
    assert list_codes(ask(TYPE="a:fire_hydrant", **parameters).data) == ["H1", "H2"]
    assert list_codes(ask(TYPE="unbound:fire_hydrant", **parameters).data) == ["H1", "H2"]
    parameters["NAMESPACES"] = "xmlns(b,urn:other)"
    assert read_report(ask(400, TYPE="b:fire_hydrant", **parameters))[:2] == ("InvalidParameterValue", "typeNames")
    page = etree.fromstring(send(posted.replace("GetFeature ", 'GetFeature count="1" ', 1)).data)
    following = ask(**dict(parse_qsl(urlsplit(page.get("next")).query)))
    assert list_codes(following.data) == ["H2"]
    assert list_codes(
        ask(**dict(parse_qsl(urlsplit(etree.fromstring(following.data).get("previous")).query))).data
    ) == ["H1"]


def test_features_by_their_type_are_provided(send, ask):
    assert list_codes(ask(STOREDQUERY_ID=BY_TYPE_NAME, TYPENAME="infra:fire_hydrant", COUNT="2").data) == ["H0", "H1"]
    given = request("GetFeature", call(BY_TYPE_NAME, typeName="infra:fire_hydrant"), count="1")
    assert list_codes(send(given, auth=None).data) == ["H0"]


def test_several_stored_queries_and_others_beside_them(send, app):
    send(define())
    ids = app.config["IDS"]
    body = call(code="H2") + call(BY_ID, id=ids[3]) + '<wfs:Query typeNames="infra:fire_hydrant"/>' + call(code="H0")
    assert list_codes(send(request("GetFeature", body)).data) == ["H2", "H3", "H0", "H1", "H2", "H3", "H0"]


def test_what_a_stored_query_finds_is_locked(send, app):
    send(define())
    ids = app.config["IDS"]
    locked = send(request("LockFeature", call(code="H1")))
    assert ids[1] in locked.text and ids[0] not in locked.text
    assert read_report(send(request("LockFeature", call(BY_ID, id=ids[1])), 400))[0] == "CannotLockAllFeatures"
    assert ids[2] in send(request("LockFeature", call(BY_ID, id=ids[2]))).text
    assert list_codes(send(request("GetFeatureWithLock", call(code="H3"))).data) == ["H3"]


def test_a_value_stays_a_value_whatever_is_in_it(send, ask):
    send(define())
    for text in ("</fes:Literal>", "' OR 1=1 --", "${code}", "&lt;x&gt;", "H1)(H2", "]]>", "\u0110\u01b0\u1eddng"):
        assert list_codes(ask(STOREDQUERY_ID=ID, CODE=text).data) == []
    everything = "<fes:Literal>x</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"
    assert read_report(send(request("GetFeature", call(code=everything)), 400))[0] in {
        "InvalidParameterValue", "OperationParsingFailed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", "150", "150.5"), ("integer", "-1", "one"), ("positiveInteger", "1", "0"),
        ("nonNegativeInteger", "0", "-1"), ("double", "1.5e2", "1,5"), ("decimal", "0.5", ""),
        ("boolean", "true", "yes"),
        ("date", "2026-11-23", "23.11.2026"), ("dateTime", "2026-11-23T08:00:00Z", "noon"), ("NCName", "a.b", "a b"),
        ("QName", "infra:x", "1:x"), ("anyURI", "urn:x", "a b"), ("string", " two  words ", "\x01"),
    ],
)  # fmt: skip
def test_values_are_of_their_type(send, ask, kind, good, bad):
    send(define(parameters=(("code", f"xsd:{kind}"),)))
    ask(STOREDQUERY_ID=ID, CODE=good)
    code, locator, text = read_report(ask(400, STOREDQUERY_ID=ID, CODE=bad))
    assert code == ("InvalidParameterValue" if bad else "MissingParameterValue") and locator == "code"
    assert "code" in text


def test_a_parameter_that_is_missing_or_of_another_kind_is_named(send, ask):
    send(define(WITHIN, parameters=(("type", "xsd:QName"), ("area", "gml:EnvelopeType"))))
    assert read_report(ask(400, STOREDQUERY_ID=ID, TYPE="infra:fire_hydrant"))[:2] == ("MissingParameterValue", "area")
    for area in ("no XML", "<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        assert read_report(ask(400, STOREDQUERY_ID=ID, TYPE="infra:fire_hydrant", AREA=area))[:2] == (
            "InvalidParameterValue", "area",
        )  # fmt: skip
    posted = request("GetFeature", call(type=BOX, area=BOX))
    assert read_report(send(posted, 400))[:2] == ("InvalidParameterValue", "type")
    posted = request("GetFeature", call(type="infra:fire_hydrant", area="here"))
    assert read_report(send(posted, 400))[:2] == ("InvalidParameterValue", "area")


@pytest.mark.parametrize(
    ("document", "status", "code", "locator"),
    [
        (define(language="http://qry.example.org"), 400, "InvalidParameterValue", "language"),
        (define(id_=""), 400, "MissingParameterValue", "id"),
        (define(id_="two words"), 400, "InvalidParameterValue", "id"),
        (define(id_="a,b"), 400, "InvalidParameterValue", "id"),
        (define(id_=BY_ID), 409, "DuplicateStoredQueryIdValue", BY_ID),
        (define(id_=BY_TYPE_NAME), 409, "DuplicateStoredQueryIdValue", BY_TYPE_NAME),
        (define(parameters=()), 400, "InvalidParameterValue", "code"),
        (define(parameters=(("code", "xsd:string"),) * 2), 409, "DuplicateStoredQueryParameterName", "code"),
        (
            define(parameters=(("code", "xsd:string"), ("CODE", "xsd:string"))),
            409,
            "DuplicateStoredQueryParameterName",
            "CODE",
        ),
        (define(parameters=(("count", "xsd:string"),)), 400, "InvalidParameterValue", "name"),
        (define(parameters=(("a b", "xsd:string"),)), 400, "InvalidParameterValue", "name"),
        (define(parameters=(("code", "xsd:thing"),)), 400, "InvalidParameterValue", "type"),
        (define(parameters=(("code", "string"),)), 400, "InvalidParameterValue", "type"),
        (define(queries=""), 400, "OperationParsingFailed", "QueryExpressionText"),
        (define(queries=call()), 400, "OperationParsingFailed", "QueryExpressionText"),
        (define(queries='<wfs:Query typeNames="infra:nothing"/>'), 400, "InvalidParameterValue", "typeNames"),
        (define(types="infra:nothing"), 400, "InvalidParameterValue", "typeNames"),
        (define(queries=BY_CODE + "${code}" * 201), 400, "InvalidParameterValue", "QueryExpressionText"),
        (define(queries=BY_CODE + "x" * 100_000), 400, "InvalidParameterValue", "StoredQueryDefinition"),
    ],
)
def test_what_is_no_stored_query_is_refused(send, ask, document, status, code, locator):
    assert read_report(send(document, status))[:2] == (code, locator)
    assert list_ids(ask(REQUEST="ListStoredQueries")) == [BY_ID, BY_TYPE_NAME]


def test_all_of_a_request_are_stored_or_none(send, ask):
    one = define()
    second = re.search("<wfs:StoredQueryDefinition.*</wfs:StoredQueryDefinition>", define(id_="urn:x", language="x"))[0]
    send(one.replace("</wfs:CreateStoredQuery>", f"{second}</wfs:CreateStoredQuery>"), 400)
    assert list_ids(ask(REQUEST="ListStoredQueries")) == [BY_ID, BY_TYPE_NAME]
    send(request("CreateStoredQuery"))


def test_an_id_is_taken_once(send):
    send(define())
    assert read_report(send(define(), 409, auth=CHIEF))[:2] == ("DuplicateStoredQueryIdValue", ID)


def test_lists_and_descriptions_are_valid_and_say_what_was_stored(send, ask):
    send(define(types="t:fire_hydrant"))
    schema = load(WFS["2.0.0"])
    listed = require_valid(schema, ask(REQUEST="ListStoredQueries").data)
    assert [each.get("id") for each in listed] == [BY_ID, BY_TYPE_NAME, ID]
    assert [each.text for each in listed[2]] == ["Trụ <rộng>", "infra:fire_hydrant"]
    assert "infra:fire_hydrant" in [each.text for each in listed[0]]
    described = ask(REQUEST="DescribeStoredQueries", STOREDQUERY_ID=ID)
    (only,) = require_valid(schema, described.data)
    assert only.get("id") == ID and "${code}" in described.text and only.nsmap["t"] == "urn:gis-infra:infra"
    assert list_ids(ask(REQUEST="DescribeStoredQueries")) == [BY_ID, BY_TYPE_NAME, ID]
    posted = send(request("DescribeStoredQueries", f"<wfs:StoredQueryId>{ID}</wfs:StoredQueryId>"))
    assert list_ids(posted) == [ID]
    assert (
        read_report(ask(400, REQUEST="DescribeStoredQueries", STOREDQUERY_ID="urn:none"))[0] == "InvalidParameterValue"
    )


def test_private_queries_are_shown_to_nobody_else_and_asked_by_all(send, ask):
    send(define(private=True))
    shown = {"REQUEST": "DescribeStoredQueries", "STOREDQUERY_ID": ID}
    assert "${code}" in ask(auth=EDITOR, **shown).text
    for auth in (None, LAN, CHIEF):
        assert "${code}" not in ask(auth=auth, **shown).text
    page = ask(STOREDQUERY_ID=ID, CODE="H1", COUNT="0")
    assert "FILTER" not in page.text and "PropertyIsEqualTo" not in page.text
    beside = request("GetFeature", call(code="H1") + '<wfs:Query typeNames="infra:fire_hydrant"/>')
    assert read_report(send(beside, 400, auth=None))[:2] == ("InvalidParameterValue", "id")


def test_a_query_of_what_one_may_not_see_is_not_there(send, ask):
    send(define('<wfs:Query typeNames="infra:substation"/>', parameters=()), 400)  # the editor may not see those
    send(define('<wfs:Query typeNames="infra:water_pipe"/>', parameters=()))
    assert ID in list_ids(ask(REQUEST="ListStoredQueries", auth=LAN))
    assert ID not in list_ids(ask(REQUEST="ListStoredQueries"))
    for parameters in ({}, {"REQUEST": "DescribeStoredQueries"}):
        code, locator, text = read_report(ask(400, STOREDQUERY_ID=ID, **parameters))
        assert (code, locator) == ("InvalidParameterValue", "storedQuery_id")
        assert text == f"there is no stored query '{ID}'"


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403), (VIEWER, 403)])
def test_who_may_edit_nothing_stores_nothing(send, ask, auth, status):
    answer = send(define(), status, auth=auth)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ID not in list_ids(ask(REQUEST="ListStoredQueries"))


def test_a_stored_query_is_dropped_by_whose_it_is(send, ask):
    send(define())
    assert read_report(send(request("DropStoredQuery", id=ID), 403, auth=CHIEF))[2].endswith("administers the city")
    send(request("DropStoredQuery", id=ID), 401, auth=None)
    answer = send(request("DropStoredQuery", id=ID))
    root = require_valid(load(WFS["2.0.0"]), answer.data)
    assert (etree.QName(root).localname, root.get("status")) == ("DropStoredQueryResponse", "OK")
    for document in (request("GetFeature", call(code="H1")), request("DropStoredQuery", id=ID)):
        assert read_report(send(document, 400))[:2] == ("InvalidParameterValue", "id")
    send(define())
    ask(auth=EDITOR, REQUEST="DropStoredQuery", STOREDQUERY_ID=ID)
    assert read_report(ask(400, auth=EDITOR, REQUEST="DropStoredQuery", STOREDQUERY_ID=ID))[:2] == (
        "InvalidParameterValue", "storedQuery_id",
    )  # fmt: skip
    assert read_report(send(request("DropStoredQuery", id=BY_ID), 403))[0] == "NoApplicableCode"


def test_nobody_stores_without_end(send, monkeypatch):
    monkeypatch.setattr(store, "MOST_OF_ONE", 1)
    send(define())
    assert "has stored 1 queries of at most 1" in read_report(send(define(id_="urn:x"), 403))[2]
    send(define(id_="urn:x"), auth=CHIEF)


def test_a_query_does_not_grow_without_end(send):
    many = BY_CODE.replace("${code}", "${code}" * 150)
    send(define(many))
    answer = send(request("GetFeature", call(code="x" * 100_000)), 400)
    assert "at most 2000000 letters" in read_report(answer)[2]
