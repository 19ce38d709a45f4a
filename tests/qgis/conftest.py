"""A real QGIS without a window, and the program on a real port over a small city for it.

QGIS is Debian's (python3-qgis, qgis-providers), which `script/setup --dev` installs; its Python is the system's.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.qgis.recording import Recorder, serve
from tests.web import wfs_city

CLIENT = Path(__file__).parent / "client.py"
PYTHON = os.environ.get("GIS_INFRA_QGIS_PYTHON", "/usr/bin/python3")
USER, PASSWORD = "lan", "a long plain password"
LIMIT_S = 240
# One more than the most features of an answer, so that they cannot come in one.
LIGHTS = 10_001


class Qgis:
    """A QGIS with a home of its own, and the server it works with."""

    def __init__(self, recorder: Recorder, address: str, home: Path) -> None:
        self.recorder = recorder
        self.client = recorder.app.test_client()
        self.address = address
        self.home = home

    def run(self, *steps):
        """What each step saw, in one QGIS; its log last, of which nothing is expected but what the test says."""
        self.recorder.exchanges.clear()
        environment = {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home), "QT_QPA_PLATFORM": "offscreen"}
        environment |= {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        told = json.dumps([[name, given] for name, given in [*steps, ("log", {})]])
        command = [PYTHON, str(CLIENT), "-"]
        done = subprocess.run(
            command, input=told, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def make_source(self, layer, version="2.0.0", signed_in=False, **given):
        """Where the features of a layer are, as QGIS writes it."""
        parts = {"srsname": "EPSG:9210", "typename": f"infra:{layer}", "url": f"{self.address}/wfs", **given}
        if signed_in:
            parts |= {"username": USER, "password": PASSWORD}
        return " ".join(
            f"{name}='{value}'" for name, value in {**parts, "version": version, "pagingEnabled": "true"}.items()
        )


def is_installed() -> bool:
    """Whether there is a QGIS for Python here."""
    return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def qgis(settings, engine, tables, catalogue, tmp_path_factory):
    """QGIS, and the program over the small city of the WFS; lan may edit the sector water."""
    if not is_installed():
        pytest.skip("QGIS is not on this machine (Debian: python3-qgis qgis-providers)")
    with writing(engine) as connection:
        wfs_city.fill(connection, tables)
        people.add_person(connection, USER, "Lan", password=PASSWORD)
        people.grant_to_person(connection, USER, "editor", "sector:water", catalogue)
        fill_lights(connection, tables)
    with serve(create_app(settings, engine)) as (recorder, address):
        yield Qgis(recorder, address, tmp_path_factory.mktemp("qgis"))
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
