"""How the WFS says no: the report, code, locator and status that the standard has, in each version."""

import base64
from http import HTTPStatus

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from gis_infra import errors
from gis_infra.storage.transactions import writing
from gis_infra.web import problems
from gis_infra.web.app import create_app
from gis_infra.web.wfs import exceptions, faults, reports
from gis_infra.web.wfs.capabilities import answering
from tests.schemas import validation
from tests.web import wfs_city, writing_city

FORMS = {
    "2.0.0": ("http://www.opengis.net/ows/1.1", "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"),
    "1.1.0": ("http://www.opengis.net/ows", "http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd"),
    "1.0.0": ("http://www.opengis.net/ogc", "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd"),
}
HYDRANTS = {"typeName": "infra:fire_hydrant", "typeNames": "infra:fire_hydrant"}


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with a few features and people."""
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
        wfs_city.fill(connection, tables)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)
        writing_city.clear(connection, tables)


@pytest.fixture
def client(app):
    return app.test_client()


def read_report(version, answer):
    """Code, locator and text of a report, which is valid by the schema of its version."""
    root = validation.require_valid(validation.load(FORMS[version]), answer.data)
    assert root.get("version") == {"1.0.0": "1.2.0"}.get(version, version)
    assert answer.mimetype == "text/xml" and len(root) == 1
    told = root[0]
    if version == "1.0.0":
        return told.get("code"), told.get("locator"), told.text
    return told.get("exceptionCode"), told.get("locator"), told[0].text


NEWEST, MIDDLE, OLDEST = FORMS


# -- Over HTTP -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "status", "newest", "earlier"),
    [
        ({"service": None}, 400, ("MissingParameterValue", "service"), None),
        ({"service": "WMS"}, 400, ("InvalidParameterValue", "service"), None),
        ({"request": None}, 400, ("MissingParameterValue", "request"), None),
        ({"request": "GetMap"}, 400, ("OperationNotSupported", "GetMap"), None),
        ({"typeName": None, "typeNames": None}, 400, ("MissingParameterValue", "typeNames"),
         ("MissingParameterValue", "typeName")),
        ({"typeName": "infra:dragon", "typeNames": "infra:dragon"}, 400, ("InvalidParameterValue", "typeNames"),
         ("InvalidParameterValue", "typeName")),
        ({"count": "x", "maxFeatures": "x"}, 400, ("InvalidParameterValue", "count"),
         ("InvalidParameterValue", "maxFeatures")),
        ({"resultType": "x"}, 400, ("InvalidParameterValue", "resultType"), None),
        ({"outputFormat": "x"}, 400, ("InvalidParameterValue", "outputFormat"), None),
        ({"srsName": "urn:ogc:def:crs:EPSG::32690"}, 400, ("InvalidParameterValue", "srsName"), None),
        ({"bbox": "1,2"}, 400, ("InvalidParameterValue", "bbox"), None),
        ({"sortBy": "geom"}, 400, ("InvalidParameterValue", "sortBy"), None),
        ({"propertyName": "colour"}, 400, ("InvalidParameterValue", "colour"), None),
        ({"filter": "<Filter/>"}, 400, ("InvalidParameterValue", "filter"), None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", FORMS)
def test_what_cannot_be_served_is_reported_as_the_version_has_it(client, version, parameters, status, newest, earlier):
    given = {"service": "WFS", "version": version, "request": "GetFeature", **HYDRANTS, **parameters}
    answer = client.get("/wfs", query_string={name: value for name, value in given.items() if value is not None})
    code, locator, text = read_report(version, answer)
    assert answer.status_code == status and text
    assert (code, locator) == (newest if version == NEWEST or earlier is None else earlier)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [(NEWEST, 403, "OperationProcessingFailed"), (MIDDLE, 400, "NoApplicableCode"), (OLDEST, 400, "NoApplicableCode")],
)
def test_what_cannot_be_done_here_is_told_from_what_was_wrongly_asked(client, version, status, code):
    """An operator that filters may have and that is not here."""
    given = {
        "service": "WFS",
        "version": version,
        "request": "GetFeature",
        **HYDRANTS,
        "filter": "<Filter><X/></Filter>",
    }
    answer = client.get("/wfs", query_string=given)
    assert answer.status_code == status
    assert read_report(version, answer)[:2] == (code, "filter")


@pytest.mark.parametrize("version", FORMS)
def test_who_is_unknown_and_may_not_change_is_asked_to_sign_in(client, version):
    space = "http://www.opengis.net/wfs/2.0" if version == NEWEST else "http://www.opengis.net/wfs"
    hydrant = '<fire_hydrant xmlns="urn:gis-infra:infra"><asset_code>x</asset_code></fire_hydrant>'
    root = f'Transaction xmlns="{space}" version="{version}" service="WFS"'
    body = f"<{root}><Insert>{hydrant}</Insert></Transaction>"
    unknown = client.post("/wfs", data=body, content_type="text/xml")
    assert unknown.status_code == 401 and unknown.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert read_report(version, unknown)[0] == "NoApplicableCode"
    pair = base64.b64encode(":".join(writing_city.LAN).encode()).decode()
    known = client.post("/wfs", data=body, content_type="text/xml", headers={"Authorization": f"Basic {pair}"})
    assert "WWW-Authenticate" not in known.headers and "lan may not edit" in known.text
    if version == OLDEST:  # its answer to a Transaction has a place for this
        assert known.status_code == 200 and "FAILED" in known.text
    else:
        assert known.status_code == 403 and read_report(version, known)[0] == "NoApplicableCode"


@pytest.mark.parametrize("version", FORMS)
@pytest.mark.parametrize("header", ["Basic bGFuOm5v", "Bearer no", "Digest x"])
def test_wrong_credentials_are_asked_for_again(client, version, header):
    given = {"service": "WFS", "version": version, "request": "GetFeature", **HYDRANTS}
    answer = client.get("/wfs", query_string=given, headers={"Authorization": header})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert read_report(version, answer)[0] == "NoApplicableCode"


def test_a_report_is_in_the_version_of_the_document_that_was_posted(client):
    for namespace, version in (("http://www.opengis.net/wfs", "1.1.0"), ("http://www.opengis.net/wfs/2.0", "2.0.0")):
        answer = client.post("/wfs", data=f'<GetFeature xmlns="{namespace}" service="WFS"><Query/></GetFeature>')
        assert read_report(version, answer)[0] == "MissingParameterValue"


def test_no_report_tells_of_the_database(settings, engine, app, monkeypatch):
    """The log has it all."""

    def fail(*arguments):
        raise errors.StorageError('relation "infra.secret" does not exist')

    monkeypatch.setattr(answering, "get_tallies", fail)
    for version in FORMS:
        answer = create_app(settings, engine).test_client().get(
            "/wfs", query_string={"service": "WFS", "request": "GetCapabilities", "version": version}
        )  # fmt: skip
        assert answer.status_code == 500
        assert read_report(version, answer)[2] == problems.OUR_FAULT


# -- The tables ------------------------------------------------------------------------------------------------------


def list_kinds(kind=errors.GisInfraError):
    """Every kind of error there is."""
    return {kind, *(each for below in kind.__subclasses__() for each in list_kinds(below))}


@pytest.mark.parametrize(
    ("kind", "codes", "statuses"),
    [
        (faults.MissingParameter, ["MissingParameterValue"] * 3, [400] * 3),
        (faults.UnknownOperation, ["OperationNotSupported"] * 3, [400] * 3),
        (faults.VersionNotSpoken, ["VersionNegotiationFailed"] * 3, [400] * 3),
        (faults.UnreadableRequest, ["OperationParsingFailed", "NoApplicableCode", "NoApplicableCode"], [400] * 3),
        (faults.ActionRefused, ["OperationProcessingFailed", "NoApplicableCode", "NoApplicableCode"], [403, 400, 400]),
        (errors.InvalidFeature, ["InvalidValue", "InvalidParameterValue", "InvalidParameterValue"], [400] * 3),
        (errors.UnknownFeature, ["NotFound", "InvalidParameterValue", "InvalidParameterValue"], [404, 400, 400]),
        (errors.UnknownLayer, ["InvalidParameterValue"] * 3, [400] * 3),
        (errors.UnknownProperty, ["InvalidParameterValue"] * 3, [400] * 3),
        (errors.SignInNeeded, ["NoApplicableCode"] * 3, [401] * 3),
        (errors.NotPermitted, ["NoApplicableCode"] * 3, [403] * 3),
        (errors.StaleVersion, ["OperationProcessingFailed", "NoApplicableCode", "NoApplicableCode"], [403, 412, 412]),
        (errors.CannotLock, ["CannotLockAllFeatures", "NoApplicableCode", "NoApplicableCode"], [400, 409, 409]),
        (errors.LockExpired, ["LockHasExpired", "InvalidParameterValue", "InvalidParameterValue"], [403, 400, 400]),
        (errors.UnknownLock, ["InvalidLockId", "InvalidParameterValue", "InvalidParameterValue"], [400] * 3),
        (faults.DuplicateStoredQuery, ["DuplicateStoredQueryIdValue"] * 3, [409] * 3),
        (errors.BusyError, ["NoApplicableCode"] * 3, [503] * 3),
        (errors.StorageError, ["NoApplicableCode"] * 3, [500] * 3),
    ],
)
def test_every_kind_of_error_has_its_code_and_status(kind, codes, statuses):
    error = kind("no")
    assert [exceptions.get_code(error, version) for version in FORMS] == codes
    assert [exceptions.get_status(error, version, problems.get_status(error)) for version in FORMS] == statuses


def test_the_earlier_versions_use_no_code_that_they_do_not_know():
    known = {
        *("OperationNotSupported", "MissingParameterValue", "InvalidParameterValue", "VersionNegotiationFailed"),
        *("InvalidUpdateSequence", "NoApplicableCode"),
    }  # OGC 05-008 table 20
    of_2_0_alone = {faults.DuplicateStoredQuery, faults.DuplicateStoredQueryParameter}
    for kind in list_kinds() - of_2_0_alone:
        assert exceptions.get_code(kind("no"), MIDDLE) in known, kind


def test_a_text_that_xml_cannot_hold_is_told_without_what_it_cannot(app):
    for version in FORMS:
        with app.test_request_context("/wfs"):
            answer = reports.render_ours(errors.InvalidParameter("a\x00b<c>\x1b", where="x\x00" + "y" * 500), version)
        code, locator, text = read_report(version, answer)
        assert (code, text) == ("InvalidParameterValue", "a\ufffdb<c>\ufffd")
        assert locator.startswith("x\ufffdyyy") and len(locator) == 200


def test_what_the_framework_refuses_keeps_its_status(app):
    for version in FORMS:
        with app.test_request_context("/wfs"):
            answer = reports.render_http(RequestEntityTooLarge(), version)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert read_report(version, answer)[0] == "NoApplicableCode"
