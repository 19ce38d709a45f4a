"""What means harm is refused early, in a report, with little memory: of every operation, by XML and by URL."""

import base64
import json
import os
import subprocess
import sys
from io import BytesIO

import pytest
from lxml import etree
from sqlalchemy import delete
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.settings import to_environment
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.wfs import operations
from tests.web import hostile

PASSWORD = "một mật khẩu dài"
OWS = "{http://www.opengis.net/ows/1.1}"
MOST_MB = 300  # of which the 16 MB that are read stand in memory as bytes, as a tree and as values


@pytest.fixture(scope="module")
def app(settings, engine, catalogue):
    """The application, with somebody who may change everything and somebody who may not."""
    with writing(engine) as connection:
        for name in ("lan", "chief"):
            people.add_person(connection, name, name, password=PASSWORD)
        people.grant_to_person(connection, "chief", "editor", "*", catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        connection.execute(delete(PERSON))


@pytest.fixture
def client(app):
    return app.test_client()


def sign_in(name):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


def read_report(answer):
    """Code and text of a report of WFS 2.0.0."""
    exception = etree.fromstring(answer.data).find(f"{OWS}Exception")
    return exception.get("exceptionCode"), exception.findtext(f"{OWS}ExceptionText")


def test_every_operation_is_attacked_here():
    assert {each.name for each in operations.OPERATIONS} <= set(hostile.OPERATIONS)


@pytest.mark.parametrize("operation", hostile.OPERATIONS)
def test_a_trap_is_refused_at_once_in_few_words(client, operation):
    for kind, body in hostile.list_traps(operation).items():
        answer = client.post("/wfs", data=body, content_type="text/xml")
        code, words = read_report(answer)
        assert (answer.status_code, code) == (400, "InvalidParameterValue"), (kind, words)
        assert words.startswith("body ") and len(answer.data) < 1000, kind
        assert "root:" not in words


@pytest.mark.parametrize("operation", hostile.OPERATIONS)
def test_what_is_large_is_answered_shortly(client, operation):
    """Some operations look past what does not concern them, and answer; a report quotes little of what was sent."""
    for kind, body in hostile.list_large(operation).items():
        answer = client.post("/wfs", data=body, content_type="text/xml")
        assert answer.status_code < 500, (kind, answer.text[:300])
        if answer.status_code != 200:
            assert len(answer.data) < 3000, kind


def send(app, stream, **environ):
    """The answer to a body that is made as it is read."""
    request = create_environ("/wfs", method="POST", content_type="text/xml")
    request.pop("CONTENT_LENGTH", None)
    request["wsgi.input"] = stream
    return Response(*run_wsgi_app(app, request | environ))


def test_of_100_mb_nothing_is_read(app):
    stream = hostile.Stream(100_000_000)
    answer = send(app, stream, CONTENT_LENGTH="100000000")
    assert answer.status_code == 413 and stream.given == 0
    assert etree.fromstring(answer.data).tag == f"{OWS}ExceptionReport"


def test_of_a_body_that_does_not_tell_its_size_no_more_is_read_than_may_come(app):
    chunked, authorization = {"wsgi.input_terminated": True}, sign_in("chief")["Authorization"]
    unknown, known = hostile.Stream(100_000_000), hostile.Stream(100_000_000)
    answer = send(app, unknown, **chunked)
    assert answer.status_code == 401 and unknown.given == 2_000_001
    assert "at most 2000000 bytes of XML are read" in read_report(answer)[1]
    answer = send(app, known, **chunked, HTTP_AUTHORIZATION=authorization)
    assert answer.status_code == 413 and known.given == 16 * 2**20
    assert etree.fromstring(answer.data).tag == f"{OWS}ExceptionReport"


def test_a_body_that_does_not_tell_its_size_is_read_all_the_same(client):
    body = BytesIO(hostile.wrap("GetFeature", '<Query typeNames="infra:dragon"/>'))
    answer = send(client.application, body, **{"wsgi.input_terminated": True})
    assert answer.status_code == 400 and "'infra:dragon'" in read_report(answer)[1]


def test_of_somebody_unknown_nothing_is_read_that_is_longer_than_a_question(app):
    stream = hostile.Stream(2_000_001)
    answer = send(app, stream, CONTENT_LENGTH="2000001")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")
    assert stream.given == 0 and "at most 2000000 bytes of XML are read" in read_report(answer)[1]


def test_a_question_is_no_longer_for_who_is_signed_in(client):
    body = hostile.wrap("GetFeature", "x" * 2_000_000)
    answer = client.post("/wfs", data=body, content_type="text/xml", headers=sign_in("lan"))
    assert answer.status_code == 400 and "at most 2000000 are read" in read_report(answer)[1]


@pytest.mark.parametrize(
    "parameters",
    [
        {"TYPENAMES": "infra:x," * 50_000},
        {"BBOX": "1," * 200_000},
        {"FILTER": "<Filter>" + "<Not>" * 80_000},
        {"SORTBY": "name," * 80_000},
        {"PROPERTYNAME": "a/" * 200_000},
        {"RESOURCEID": "building.1" + "0" * 400_000},
        {"NAMESPACES": "xmlns(" * 60_000},
        {"SRSNAME": "urn:ogc:def:crs:EPSG::" + "9" * 400_000},
        {"OUTPUTFORMAT": "x" * 400_000},
        {"COUNT": "9" * 400_000},
        {"VERSION": "1." * 200_000},
        {"ACCEPTVERSIONS": "1.0.0.0," * 50_000, "REQUEST": "GetCapabilities"},
        {"SECTIONS": "x," * 200_000, "REQUEST": "GetCapabilities"},
        {"REQUEST": "G" * 400_000},
        {"SERVICE": "W" * 400_000},
        {"STOREDQUERY_ID": "u" * 400_000},
        {"RESULTTYPE": "h" * 400_000},
    ],
)
def test_a_long_parameter_is_refused_in_few_words(client, parameters):
    given = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "infra:building"}
    answer = client.post("/wfs", data=given | parameters)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or len(answer.data) < 3000


# In a process of its own: the largest it ever was is all that the system tells.
MEASURE = """
import json, resource, sys
from gis_infra.settings import read_settings
from gis_infra.web.app import create_app
from tests.web import hostile

def measure():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

client, headers = create_app(read_settings()).test_client(), {"Authorization": sys.argv[1]}
client.post("/wfs", data=hostile.wrap("GetCapabilities"), content_type="text/xml", headers=headers)
bodies = [hostile.list_traps("GetFeature"), hostile.list_large("GetFeature"), hostile.list_largest()]
before, statuses = measure(), []
for body in (each for group in bodies for each in group.values()):
    answer = client.post("/wfs", data=body, content_type="text/xml", headers=headers)
    statuses.append(answer.status_code)
print(json.dumps([measure() - before, statuses]))
"""


def test_all_of_it_takes_little_memory(app, settings):
    """Sent by somebody who may change everything, whose Transactions may be long."""
    command = [sys.executable, "-c", MEASURE, sign_in("chief")["Authorization"]]
    environment = {**os.environ, **to_environment(settings), "GIS_INFRA_HOST": "127.0.0.1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    grown_mb, statuses = json.loads(done.stdout)
    assert grown_mb < MOST_MB and max(statuses) < 500, (grown_mb, statuses)
