"""QGIS reads and edits the collections over the OGC API; what it did is then looked for in the database itself.

What it does over the WFS is in `tests/qgis`. Run by `script/conformance qgis`, which has a Debian with QGIS in a folder
of its own ready (GIS_INFRA_QGIS_ROOT); this is no part of the everyday suite, because that folder takes two gigabytes
and root.
"""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gis_infra.accounts import people
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.conformance import city
from tests.qgis.running import find_installed
from tests.web.served import serve

CLIENT = Path(__file__).parent / "client.py"
PASSWORD = "a long plain password"
HYDRANTS = "/ogc/collections/fire_hydrant/items"
# QGIS 3.40 does not read the schema: it guesses the types of fields from the first ten features.
TYPED = {
    "wkt": "POINT Z (603000 1191900 1.5)",
    "asset_code": "T1",
    "outlets": 4,
    "nominal_diameter_mm": 100,
    "flow_lps": 12.5,
    "in_service": True,
    "tested_on": date(2025, 1, 2),
}
NEW = {"wkt": "Point(603333.25 1191444.125)", "attributes": {"asset_code": "Q1", "kind": "pillar", "flow_lps": 2.5}}


class Qgis:
    """A QGIS in a root of its own, and the server it works with."""

    def __init__(self, installed, served, home):
        self.installed = installed
        self.served = served
        self.home = home

    def run(self, collection, step, given=None, signed_in=True):
        """What QGIS saw in one step."""
        self.served.asked.clear()
        user = {"GIS_USER": "lan", "GIS_PASSWORD": PASSWORD} if signed_in else {}
        told = (f"{self.served.address}/ogc", collection, step, json.dumps(given))
        return json.loads(self.installed.run(CLIENT, self.home, *told, **user))

    def list_changes(self):
        """The requests of the last step that change something: method and path."""
        return [(each.method, each.path) for each in self.served.asked if each.method not in ("GET", "OPTIONS")]


@pytest.fixture(scope="module")
def qgis(settings, engine, tables, catalogue):
    """QGIS, and the API on a real port over the small city of the conformance tests."""
    with writing(engine) as connection:
        city.clear(connection, tables)
        insert_many(connection, tables, "fire_hydrant", [TYPED])
        city.fill(connection, tables, catalogue)
        people.set_password(connection, "lan", PASSWORD)
    # One home for all steps, so that what QGIS keeps of an answer would show in the next.
    installed = find_installed()
    with installed.make_home() as home, serve(create_app(settings, engine)) as served:
        yield Qgis(installed, served, home)
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture
def row_of(engine, tables):
    """A function: the row of a hydrant by its code, with its coordinates as `place`; None if there is none."""

    def find(code):
        table = tables.get("fire_hydrant")
        place = func.concat_ws(" ", func.st_x(table.c.geom), func.st_y(table.c.geom))
        with reading(engine, 5) as connection:
            row = connection.execute(select(*table.c, place.label("place")).where(table.c.asset_code == code)).first()
        return row and row._asdict()

    return find


def parse_place(row):
    """Easting and northing of a row."""
    return list(map(float, row["place"].split()))


def test_qgis_opens_a_layer_with_its_types_system_and_count(qgis):
    seen = qgis.run("fire_hydrant", "read", signed_in=False)
    count = city.HYDRANTS + 1
    assert (seen["crs"], seen["count"], len(seen["features"])) == ("EPSG:9210", count, count)
    assert seen["geometry"] in ("Point", "PointZ")
    names = ("outlets", "flow_lps", "in_service", "tested_on", "created_at", "asset_code")
    assert [seen["fields"][name] for name in names] == ["Integer", "Real", "Boolean", "Date", "DateTime", "String"]
    assert "Add Features" not in seen["can"]
    assert qgis.run("works_project", "read")["geometry"].startswith("MultiPolygon")
    # A layer without a feature opens too, though this QGIS cannot tell its fields.
    assert qgis.run("manhole", "read")["count"] == 0


def test_qgis_has_the_server_apply_a_filter_and_a_box(qgis):
    seen = qgis.run("fire_hydrant", "filter", "\"asset_code\" IN ('H02','H03') AND \"cover_m\" > 0.2")
    assert [each["values"]["asset_code"] for each in seen["features"]] == ["H03"]
    assert any("cover_m" in each.get("filter", "") for each in qgis.served.list_asked(HYDRANTS))
    boxed = qgis.run("fire_hydrant", "box", [602950, 1190950, 603150, 1191050])
    assert len(boxed["features"]) == 2
    assert any("bbox" in each for each in qgis.served.list_asked(HYDRANTS))


def test_qgis_inserts_changes_moves_and_deletes(qgis, row_of):
    assert qgis.run("fire_hydrant", "insert", NEW)["done"]
    assert qgis.list_changes() == [("POST", HYDRANTS)]
    made = row_of("Q1")
    assert (made["kind"], made["flow_lps"]) == ("pillar", 2.5)
    assert [made[name] for name in ("outlets", "nominal_diameter_mm", "in_service", "tested_on")] == [None] * 4
    assert parse_place(made) == pytest.approx([603333.25, 1191444.125], abs=1e-3)
    where = {"where": ["asset_code", "Q1"]}

    assert qgis.run("fire_hydrant", "change", {**where, "attributes": {"outlets": 3}})["done"]
    changed = row_of("Q1")
    assert qgis.list_changes() == [("PATCH", f"{HYDRANTS}/{made['id']}")]
    leave = ("outlets", "updated_at")
    assert changed["outlets"] == 3
    assert {n: v for n, v in changed.items() if n not in leave} == {n: v for n, v in made.items() if n not in leave}

    assert qgis.run("fire_hydrant", "move", {**where, "wkt": "Point(603400.5 1191500.25)"})["done"]
    moved = row_of("Q1")
    assert qgis.list_changes() == [("PATCH", f"{HYDRANTS}/{made['id']}")]
    assert parse_place(moved) == pytest.approx([603400.5, 1191500.25], abs=1e-6)
    assert (moved["outlets"], moved["nominal_diameter_mm"], moved["in_service"]) == (3, None, None)

    assert qgis.run("fire_hydrant", "delete", where)["done"]
    assert qgis.list_changes() == [("DELETE", f"{HYDRANTS}/{made['id']}")]
    assert row_of("Q1") is None
    assert row_of("H01") is not None
