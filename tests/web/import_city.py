"""People who may import or may not, files to import, and the requests to do so."""

import io
import json

from sqlalchemy import delete, func, select, text
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.processes.jobs import records
from gis_infra.processes.jobs.tables import JOB
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.workers import wait_for

PASSWORD = "một mật khẩu dài"
CHIEF, WATER, OTHER, LAN = (
    (name, PASSWORD) for name in ("chief", "water", "other", "lan")
)  # administrator, importer of the water sector, another one, somebody who may not import
LAYERS = ("fire_hydrant", "water_valve", "water_pipe")
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


def upload(client, content, name="hydrants.geojson", auth=WATER, **values):
    """The answer to handing in a file, or several given as name -> content."""
    files = content if isinstance(content, dict) else {name: content}
    parts = MultiDict([("file", FileStorage(io.BytesIO(each), called)) for called, each in files.items()])
    # The client itself would put a large body into a temporary file, and leave it open.
    boundary, body = encode_multipart(parts)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/imports/uploads", data=body, content_type=kind, auth=auth, **values)


def execute(client, inputs, process="import", auth=WATER, **members):
    """The answer to a request to run a process as a job."""
    headers = {"Prefer": "respond-async"}
    return client.post(
        f"/ogc/processes/{process}/execution", json={"inputs": inputs, **members}, auth=auth, headers=headers
    )


def get_status(client, job_id, auth=WATER):
    """What a job says of itself."""
    return client.get(f"/ogc/jobs/{job_id}", auth=auth).json


def start_import(client, content, **inputs):
    """The id of a job that imports hydrants."""
    handed_in = upload(client, content).json["id"]
    answer = execute(client, {"upload": handed_in, "layer": "fire_hydrant", "owner": "Sawaco", **inputs})
    assert answer.status_code == 201, answer.json
    return answer.json["jobID"]


def wait_for_end(client, job_id):
    """What a job says of itself when it has ended."""
    return wait_for(
        lambda: (told := get_status(client, job_id))["status"] not in records.OPEN and told, "the end of the job"
    )


def wait_for_status(client, job_id, status):
    """Return when a job has a status."""
    wait_for(lambda: get_status(client, job_id)["status"] == status, f"status {status}")


def put_off(engine):
    """A connection that holds up whoever writes hydrants, until it is closed."""
    connection = engine.connect()
    connection.execute(text("LOCK TABLE infra.fire_hydrant IN EXCLUSIVE MODE"))
    return connection
