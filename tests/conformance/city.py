"""The small city the conformance tests ask about, and a caller that asks it over HTTP.

Hydrants are points with heights, projects are areas with dates, pipes are lines of every sensitivity, of which one has
no shape. lan may edit the sector water; everybody may see hydrants and projects.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete
from werkzeug.test import TestResponse

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from tests.builders import insert_many

LAYERS = ("fire_hydrant", "works_project", "water_pipe")
PASSWORD = "một mật khẩu dài"
LAN = {"Authorization": "Basic " + base64.b64encode(f"lan:{PASSWORD}".encode()).decode()}
ROOT = "http://localhost/ogc"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
SPEC = "http://www.opengis.net/spec"
HYDRANTS = 12


def fill(connection: Connection, tables: LayerTables, catalogue: Catalogue) -> None:
    """Put the city and its one editor into the database."""
    insert_many(
        connection,
        tables,
        "fire_hydrant",
        [
            {
                "wkt": f"POINT Z ({603000 + 100 * n} 1191000 2.5)",
                "asset_code": f"H{n:02}",
                "name": "Nguyễn Huệ" if n % 2 else None,
                "status": "in_service" if n < 5 else "proposed",
                "cover_m": n / 10,
                "installed_on": f"20{10 + n}-06-30",
            }
            for n in range(HYDRANTS)
        ],
    )
    square = "MULTIPOLYGON(((603000 1191000, 603010 1191000, 603010 1191010, 603000 1191000)))"
    dates = ({"starts_on": "2026-03-01", "ends_on": "2026-04-30"}, {"starts_on": "2026-05-01"}, {})
    insert_many(
        connection,
        tables,
        "works_project",
        [{"wkt": square, "asset_code": f"P{n}", **each} for n, each in enumerate(dates)],
    )
    pipe = "LINESTRING(603000 1191000, 603010 1191000)"
    steps = (None, "public", "shared", "restricted")
    rows = [{"wkt": pipe, "asset_code": f"W{n}", "sensitivity": step} for n, step in enumerate(steps)]
    insert_many(connection, tables, "water_pipe", [*rows, {"asset_code": "W4"}])
    people.add_person(connection, "lan", "Lan", password=PASSWORD)
    people.grant_to_person(connection, "lan", "editor", "sector:water", catalogue)


def clear(connection: Connection, tables: LayerTables) -> None:
    """Take away all of it."""
    for layer_id in LAYERS:
        connection.execute(delete(tables.get(layer_id)))
    connection.execute(delete(PERSON))


class Caller:
    """Somebody who asks the API; signed in where `headers` say so."""

    def __init__(self, app: Flask, headers: Mapping[str, str] | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = dict(headers or {})

    def ask(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """The answer to a request; `path` is below the landing page, or a whole address."""
        headers = {**self.headers, **options.pop("headers", {})}
        address = path.removeprefix("http://localhost") if path.startswith("http") else f"/ogc{path}"
        return self.client.open(address, method=method, headers=headers, **options)

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """The JSON of an answer that must have this status."""
        answer = self.ask(path, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return answer.get_json(force=True)

    def send(self, method: str, path: str, document: Any, **headers: str) -> TestResponse:
        """The answer to a request that carries a document; GeoJSON if no other type is said."""
        told = {"Content-Type": "application/geo+json", **{name.replace("_", "-"): headers[name] for name in headers}}
        return self.ask(path, method, data=json.dumps(document), headers=told)


def find_links(document: Mapping[str, Any], rel: str) -> list[dict[str, Any]]:
    """The links of that relation."""
    return [link for link in document["links"] if link["rel"] == rel]


def resolve(document: Mapping[str, Any], part: Any) -> Any:
    """What a part of an API definition is, followed if it is a reference within it."""
    while isinstance(part, dict) and "$ref" in part:
        steps = part["$ref"].removeprefix("#/").split("/")
        part = document
        for step in steps:
            part = part[step]
    return part


def get_parameter(api: Mapping[str, Any], path: str, name: str) -> dict[str, Any]:
    """The parameter of the GET of that path. Fails if there is none."""
    every = [resolve(api, each) for each in api["paths"][path]["get"]["parameters"]]
    return next(each for each in every if each["name"] == name)


def inline(api: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A schema of the definition as JSON Schema: with what it refers to, and null where OpenAPI 3.0 says nullable."""
    schemas = to_json_schema(api["components"]["schemas"])
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}


def to_json_schema(part: Any) -> Any:
    """A part of a definition in JSON Schema's words."""
    if isinstance(part, list):
        return [to_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {key: to_json_schema(each) for key, each in part.items() if key != "nullable"}
    return {"anyOf": [{"type": "null"}, plain]} if part.get("nullable") is True else plain
