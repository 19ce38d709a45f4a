"""People who may import or may not, files to import, and the requests to do so."""

import io
import json

from sqlalchemy import delete, func, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.processes.tables import JOB
from gis_infra.transfer.tables import IMPORT_BATCH

PASSWORD = "một mật khẩu dài"
CHIEF, WATER, OTHER, LAN = (
    (name, PASSWORD) for name in ("chief", "water", "other", "lan")
)  # administrator, importer of the water sector, another one, somebody who may not import
LAYERS = ("fire_hydrant", "water_valve")
PLACE = (106.69, 10.77)  # longitude, latitude; in the middle of the city


def fill(connection, tables, catalogue):
    """Put in the people."""
    clear(connection, tables)
    for name, _ in (CHIEF, WATER, OTHER, LAN):
        people.add_person(connection, name, name, password=PASSWORD)
    people.grant_to_person(connection, "chief", "admin", "*", catalogue)
    people.grant_to_person(connection, "water", "importer", "sector:water", catalogue)
    people.grant_to_person(connection, "other", "importer", "sector:water", catalogue)


def clear(connection, tables):
    """Take away what tests put in."""
    for table in (JOB, PERSON, IMPORT_BATCH, *(tables.get(each) for each in LAYERS)):
        connection.execute(delete(table))


def count(engine, tables, layer_id="fire_hydrant"):
    """How many rows a layer has."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.get(layer_id))).scalar_one()


def make_points(number, prefix="H", **columns):
    """A GeoJSON file of points with asset codes."""
    features = [
        {
            "type": "Feature",
            "properties": {"asset_code": f"{prefix}-{each}", **columns},
            "geometry": {
                "type": "Point",
                "coordinates": [PLACE[0] + each % 1000 * 1e-5, PLACE[1] + each // 1000 * 1e-5],
            },
        }
        for each in range(number)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(client, content, name="hydrants.geojson", auth=WATER):
    """The answer to handing in a file, or several given as name -> content."""
    files = content if isinstance(content, dict) else {name: content}
    data = {"file": [(io.BytesIO(each), called) for called, each in files.items()]}
    return client.post("/imports/uploads", data=data, auth=auth)


def execute(client, inputs, process="import", auth=WATER, **members):
    """The answer to a request to run a process as a job."""
    headers = {"Prefer": "respond-async"}
    return client.post(
        f"/ogc/processes/{process}/execution", json={"inputs": inputs, **members}, auth=auth, headers=headers
    )


def get_status(client, job_id, auth=WATER):
    """What a job says of itself."""
    return client.get(f"/ogc/jobs/{job_id}", auth=auth).json
