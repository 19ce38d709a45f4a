"""The door the filters go through, and the features behind it."""

import json
import os
from random import Random

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.conformance.cql2 import city
from tests.conformance.cql2.rendering import render

PLANE = "http://www.opengis.net/def/crs/EPSG/0/9210"


class Door:
    """The public address of the items of a layer."""

    def __init__(self, client, features):
        self.client = client
        self.features = features

    def ask(self, layer, text, language, crs=PLANE):
        """The answer to a filter as it is written."""
        parameters = {"filter": text, "filter-lang": language, "limit": "1000", "f": "json"}
        parameters |= {"filter-crs": crs} if crs else {}
        return self.client.get(f"/ogc/collections/{layer}/items", query_string=parameters)

    def ask_both(self, layer, document, seed=0):
        """The answers to a filter in both languages, text first, and the text."""
        text = render(document, Random(seed))
        return self.ask(layer, text, "cql2-text"), self.ask(layer, json.dumps(document), "cql2-json"), text


def list_ids(answer):
    """The ids of the features in an answer."""
    assert answer.status_code == 200, answer.text
    return {each["id"] for each in answer.json["features"]}


@pytest.fixture(scope="module")
def door(settings, engine, tables):
    """The application with features in it."""
    with writing(engine) as connection:
        features = city.fill(connection, tables, int(os.environ.get("GIS_INFRA_CONFORMANCE_SEED", "0")))
    yield Door(create_app(settings, engine).test_client(), features)
    with writing(engine) as connection:
        city.clear(connection, tables)
