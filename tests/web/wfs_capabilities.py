"""Capabilities asked for and read in tests: elements without namespaces, so that one path serves every version."""

import base64
from contextlib import contextmanager

from lxml import etree

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import wfs_city, writing_city


@contextmanager
def serving(settings, engine, tables, catalogue):
    """The application with a few features and, in the water sector, somebody who edits and somebody who views."""
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
        wfs_city.fill(connection, tables)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)
        writing_city.clear(connection, tables)


def sign_in(person):
    return {"Authorization": "Basic " + base64.b64encode(":".join(person).encode()).decode()}


def ask(client, version, person=None, **parameters):
    """The answer to a GetCapabilities."""
    everything = {"service": "WFS", "request": "GetCapabilities", "version": version, **parameters}
    answer = client.get("/wfs", query_string=everything, headers=sign_in(person) if person else None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def read(client, version, person=None, **parameters):
    """The capabilities, by elements without namespaces, so that one path serves every version."""
    root = etree.fromstring(ask(client, version, person, **parameters).data)
    for each in root.iter():
        each.tag = etree.QName(each).localname
    return root


def list_sections(root):
    return [each.tag for each in root]


def list_operations(root):
    """The operations that are listed."""
    return root.xpath("//Operation/@name") or [each.tag for each in root.find("Capability/Request")]


def read_constraints(root):
    return {each.get("name"): each.findtext("DefaultValue") for each in root.iter("Constraint")}
