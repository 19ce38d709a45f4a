"""The public door the filters go through: the items of a layer, asked over HTTP."""

import json
from random import Random
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conformance.cql2.evaluation import Feature
from tests.conformance.cql2.rendering import render

PLANE = "http://www.opengis.net/def/crs/EPSG/0/9210"


class Door:
    """The public address of the items of a layer."""

    def __init__(self, client: FlaskClient, features: dict[str, list[Feature]]) -> None:
        self.client = client
        self.features = features

    def ask(self, layer: str, text: str, language: str, crs: str | None = PLANE) -> TestResponse:
        """The answer to a filter as it is written."""
        parameters = {"filter": text, "filter-lang": language, "limit": "1000", "f": "json", "skipGeometry": "true"}
        parameters["properties"] = "asset_code"
        parameters |= {"filter-crs": crs} if crs else {}
        return self.client.get(f"/ogc/collections/{layer}/items", query_string=parameters)

    def ask_both(self, layer: str, document: Any, seed: int = 0) -> tuple[TestResponse, TestResponse, str]:
        """The answers to a filter in both languages, text first, and the text."""
        text = render(document, Random(seed))
        return self.ask(layer, text, "cql2-text"), self.ask(layer, json.dumps(document), "cql2-json"), text


def list_ids(answer: TestResponse) -> set[int]:
    """The ids of the features in an answer."""
    assert answer.status_code == 200, answer.text
    return {each["id"] for each in answer.json["features"]}
