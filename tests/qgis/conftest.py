"""A real QGIS without a window, and the program on a real port over a small city for it.

QGIS is Debian's (python3-qgis, qgis-providers), which `script/setup --dev` installs; `running` finds it.
"""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.qgis.recording import Recorder, serve
from tests.qgis.running import Installed, find_installed
from tests.web import wfs_city

CLIENT = Path(__file__).parent / "client.py"
USER, PASSWORD = "lan", "a long plain password"
# One more than the most features of an answer, so that they cannot come in one.
LIGHTS = 10_001


class Qgis:
    """A QGIS with a home of its own, and the server it works with."""

    def __init__(self, installed: Installed, recorder: Recorder, address: str, home: Path) -> None:
        self.installed = installed
        self.recorder = recorder
        self.client = recorder.app.test_client()
        self.address = address
        self.home = home

    def run(self, *steps):
        """What each step saw, in one QGIS; its log last, of which nothing is expected but what the test says."""
        self.recorder.exchanges.clear()
        told = json.dumps([[name, given] for name, given in [*steps, ("log", {})]])
        return json.loads(self.installed.run(CLIENT, self.home, "-", told=told))

    def keep(self, name, text):
        """Put a file where QGIS can read it; its path as QGIS sees it."""
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return self.installed.to_path(path)

    def make_source(self, layer, version="2.0.0", signed_in=False, **given):
        """Where the features of a layer are, as QGIS writes it."""
        parts = {"srsname": "EPSG:9210", "typename": f"infra:{layer}", "url": f"{self.address}/wfs", **given}
        if signed_in:
            parts |= {"username": USER, "password": PASSWORD}
        return " ".join(
            f"{name}='{value}'" for name, value in {**parts, "version": version, "pagingEnabled": "true"}.items()
        )


@pytest.fixture(scope="module")
def qgis(settings, engine, tables, catalogue):
    """QGIS, and the program over the small city of the WFS; lan may edit the sector water."""
    installed = find_installed()
    if not installed.has_qgis():
        pytest.skip("QGIS is not on this machine (Debian: python3-qgis qgis-providers)")
    with writing(engine) as connection:
        wfs_city.fill(connection, tables)
        people.add_person(connection, USER, "Lan", password=PASSWORD)
        people.grant_to_person(connection, USER, "editor", "sector:water", catalogue)
        fill_lights(connection, tables)
    # One home for all steps, so that what QGIS keeps of an answer would show in the next.
    with installed.make_home() as home, serve(create_app(settings, engine)) as (recorder, address):
        yield Qgis(installed, recorder, address, home)
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)
        connection.execute(tables.get("street_light").delete())
        connection.execute(PERSON.delete())


def fill_lights(connection, tables):
    """More street lights than one answer holds."""
    table = tables.get("street_light")
    number = func.generate_series(1, LIGHTS).column_valued("number")
    place = func.st_setsrid(func.st_makepoint(603000 + number % 100, 1191500 + number / 100), tables.srid)
    rows = select(func.concat("L", number), place)
    connection.execute(insert(table).from_select(["asset_code", "geom"], rows))
